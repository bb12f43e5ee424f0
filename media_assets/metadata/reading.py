"""All that a picture tells of itself, each field from the first source that has it: XMP, then IPTC, then EXIF (the
order of the Metadata Working Group for files whose sources differ)."""

import logging
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import Path

from PIL import Image, IptcImagePlugin

from . import exif, iptc, xmp
from .dates import written

logger = logging.getLogger(__name__)

_LENGTHS = {"title": 255, "caption": 2000, "author": 255, "place": 255, "rights": 1000, "camera": 100}
_MAX_KEYWORDS, _KEYWORD_LENGTH = 40, 100


@dataclass(frozen=True)
class Said:
    """Proposals for a record. `date_written` is “2019年10月1日” and `date` the same in EDTF; `position` is latitude and
    longitude in degrees, for the staff alone."""

    title: str = ""
    caption: str = ""
    author: str = ""
    date_written: str = ""
    date: str = ""
    place: str = ""
    rights: str = ""
    camera: str = ""
    keywords: tuple[str, ...] = ()
    position: tuple[float, float] | None = None


def read(path: Path | str, reader: str) -> Said:
    """Of a picture that Pillow calls by this format name. Metadata that is damaged is as if it were not there: it is
    no reason to refuse a picture."""
    if reader == "HEIF":
        import pillow_heif  # a large library, for one type of file

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # no pixel is decoded here
    try:
        with Image.open(path, formats=[reader]) as picture:
            return _joined(picture)
    except Exception:  # the parsers raise whatever they run into
        logger.info("metadata of a picture could not be read", exc_info=True)
        return Said()


def _joined(picture: Image.Image) -> Said:
    found: dict = {}
    for source in (_of_exif, _of_iptc, _of_xmp):
        try:
            found |= {name: value for name, value in source(picture).items() if value}
        except Exception:  # one source that is broken does not take the others along
            logger.info("metadata could not be read", exc_info=True)
    found = {name: value[: _LENGTHS[name]] if name in _LENGTHS else value for name, value in found.items()}
    words = dict.fromkeys(word[:_KEYWORD_LENGTH] for word in found.get("keywords", ()) if word)
    found["keywords"] = tuple(words)[:_MAX_KEYWORDS]
    found["date_written"] = written(found.get("date", ""))
    known = {f.name for f in fields_of(Said)}
    return Said(**{name: value for name, value in found.items() if name in known})


def _of_exif(picture: Image.Image) -> dict:
    return exif.fields(picture.getexif())


def _of_iptc(picture: Image.Image) -> dict:
    return iptc.fields(IptcImagePlugin.getiptcinfo(picture) or {})


def _of_xmp(picture: Image.Image) -> dict:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return xmp.fields(packet.encode() if isinstance(packet, str) else bytes(packet))
