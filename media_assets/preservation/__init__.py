"""What keeps the masters what they were when they came in."""
