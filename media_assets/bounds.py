"""What the settings allow a file to ask for, on its way into the sandbox."""

from django.conf import settings

from .decoding.bounds import Bounds


def bounds() -> Bounds:
    """The defaults, changed by `settings.MEDIA_BOUNDS` ({"pixels": …, "pages": …})."""
    return Bounds(**getattr(settings, "MEDIA_BOUNDS", {}))
