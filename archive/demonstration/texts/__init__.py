"""What the demonstration says: an invented county, its people and its books. Every word was written for it."""
