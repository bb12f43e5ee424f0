"""News from the models for the layers above them."""

from django.dispatch import Signal

changes_published = Signal()
"""Sent with `book` and `runs` (keys of the imports among its changes) inside the transaction that publishes the changes
of a book's text, after all others came true."""

record_changed = Signal()
"""Sent with `page` (an ArchivePage or one of its types) inside the transaction that saved it, published or not."""
