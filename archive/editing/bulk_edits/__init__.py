"""Changing many catalogue records in one go: a wish, a preview of every change, the change itself, and one undo."""
