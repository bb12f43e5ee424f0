"""Whole addresses, as they stand in a citation, a feed or a QR code: they must hold elsewhere and later, so they are
made of the museum's own address and never of the host that a request happened to name."""

from django.conf import settings


def absolute(path: str) -> str:
    """A path of this site with the museum's own address before it; a whole address stays as it is."""
    return path if "://" in path else f"{settings.PUBLIC_BASE_URL.rstrip('/')}{path}"


def permanent(reference: str) -> str:
    """The permanent address behind a reference: an identifier, or "<identifier>/p/<key>" for a leaf of a book."""
    return absolute(f"/id/{reference}")
