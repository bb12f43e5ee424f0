"""News from the models for the layers above them."""

from django.dispatch import Signal

record_changed = Signal()
"""Sent with `page` (an ArchivePage or one of its types) inside the transaction that saved it, published or not."""
