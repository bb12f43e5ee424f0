"""The text of books, pure: its notation, its paragraphs, its place on the scan, the tree of its contents."""
