"""The public views that are no pages: sections and leaves of a book, permanent addresses."""
