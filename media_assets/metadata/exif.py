"""Fields of EXIF (CIPA DC-008) and the ones that Windows adds, as Pillow hands them over."""

from PIL import Image

from .dates import edtf_of
from .texts import decoded, tidy

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TEXTS = {"caption": 0x010E, "author": 0x013B, "rights": 0x8298}
_WINDOWS = {"title": 0x9C9B, "caption": 0x9C9C, "author": 0x9C9D, "keywords": 0x9C9E}  # UTF-16, little-endian
_MAKE, _MODEL = 0x010F, 0x0110
_TAKEN, _COMMENT = 0x9003, 0x9286
# What cameras write into every picture.
_OF_THE_CAMERA = ("olympus digital camera", "sony dsc", "dcim", "digital camera", "minolta", "default", "screenshot")


def fields(exif: Image.Exif) -> dict:
    """{"title", "caption", "author", "rights", "keywords", "date", "position", "camera"}, those that there are."""
    found = {name: decoded(exif[tag]) for name, tag in _TEXTS.items() if isinstance(exif.get(tag), (str, bytes))}
    inner = exif.get_ifd(_EXIF_IFD)
    if not found.get("caption") and isinstance(inner.get(_COMMENT), bytes):
        found["caption"] = _comment(inner[_COMMENT])
    for name, tag in _WINDOWS.items():
        raw = exif.get(tag)
        if isinstance(raw, (bytes, tuple)) and not found.get(name):
            found[name] = tidy(bytes(raw).decode("utf-16-le", "replace"))
    camera = _camera(exif)
    if camera:
        found["camera"] = camera
    if isinstance(inner.get(_TAKEN), str):
        found["date"] = edtf_of(inner[_TAKEN])
    if "keywords" in found:
        found["keywords"] = [word.strip() for word in found["keywords"].replace("；", ";").split(";")]
    if found.get("caption", "").lower().startswith(_OF_THE_CAMERA):
        del found["caption"]
    position = _position(exif.get_ifd(_GPS_IFD))
    return found | ({"position": position} if position else {})


def _camera(exif: Image.Exif) -> str:
    """Make and model; many makers write their name into the model too."""
    told = (exif.get(tag) for tag in (_MAKE, _MODEL))
    make, model = (decoded(value).strip() if isinstance(value, (str, bytes)) else "" for value in told)
    return model if model.lower().startswith(make.lower()) and model else f"{make} {model}".strip()


def _comment(raw: bytes) -> str:
    """Eight bytes name the encoding; many programs leave them empty and write what they like."""
    mark, text = raw[:8], raw[8:]
    if mark.startswith(b"UNICODE"):
        order = "utf-16-be" if text[:1] == b"\x00" else "utf-16-le"
        return tidy(text.decode(order, "replace"))
    return decoded(text)


def _position(gps: dict) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, north and east positive."""
    try:
        latitude = _degrees(gps[2]) * (-1 if str(gps.get(1, "N")).upper().startswith("S") else 1)
        longitude = _degrees(gps[4]) * (-1 if str(gps.get(3, "E")).upper().startswith("W") else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    is_somewhere = -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude or longitude)
    return (round(latitude, 6), round(longitude, 6)) if is_somewhere else None


def _degrees(parts) -> float:
    return sum(float(part) / 60**place for place, part in enumerate(parts))
