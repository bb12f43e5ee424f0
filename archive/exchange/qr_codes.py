"""Permanent addresses as QR codes, for labels in a showcase and for phones."""

import io
from functools import lru_cache

import segno

_QUIET_ZONE = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""


@lru_cache(maxsize=512)
def qr_svg(address: str) -> bytes:
    """A QR code (ISO/IEC 18004, error correction M) as an SVG document, black on white whatever the theme: readers
    of codes need the contrast."""
    out = io.BytesIO()
    segno.make_qr(address, error="m").save(
        out, kind="svg", border=_QUIET_ZONE, dark="#000", light="#fff", xmldecl=False, omitsize=True, nl=False
    )
    return out.getvalue()
