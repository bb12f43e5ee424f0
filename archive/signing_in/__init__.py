"""Coming in: attempts that are slowed down, and the second factor after the password."""
