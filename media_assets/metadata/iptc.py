"""Fields of IPTC-IIM 4.2, as bytes."""

from .dates import edtf_of
from .texts import decoded

_TEXTS = {"title": (2, 5), "caption": (2, 120), "author": (2, 80), "rights": (2, 116)}
_PLACES = ((2, 101), (2, 95), (2, 90), (2, 92))  # country, province, city, place in it
_KEYWORDS, _CREATED = (2, 25), (2, 55)


def fields(records: dict) -> dict:
    """As `exif.fields`, of what Pillow's `getiptcinfo` found: {(record, dataset): bytes or a list of them}."""
    found = {name: _text(records[key]) for name, key in _TEXTS.items() if key in records}
    place = "".join(dict.fromkeys(_text(records[key]) for key in _PLACES if key in records))
    if place:
        found["place"] = place
    if _KEYWORDS in records:
        words = records[_KEYWORDS]
        found["keywords"] = [decoded(word) for word in (words if isinstance(words, list) else [words])]
    if _CREATED in records:
        found["date"] = edtf_of(_text(records[_CREATED]))
    return found


def _text(value: bytes | list[bytes]) -> str:
    return "；".join(decoded(part) for part in value) if isinstance(value, list) else decoded(value)
