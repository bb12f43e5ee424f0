"""Fields of an XMP packet (ISO 16684-1): RDF in XML, parsed without entities."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .dates import edtf_of
from .texts import mended, tidy

MAX_BYTES = 4 * 1024 * 1024
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DC, _PHOTOSHOP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/photoshop/1.0/}"
_EXIF, _CORE = "{http://ns.adobe.com/exif/1.0/}", "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_TERMS = "{http://ns.adobe.com/xap/1.0/rights/}UsageTerms"
_FIRST_OF = {
    "title": (f"{_DC}title", f"{_PHOTOSHOP}Headline"),
    "caption": (f"{_DC}description",),
    "author": (f"{_DC}creator",),
    "rights": (f"{_DC}rights", _TERMS),
    "date": (f"{_PHOTOSHOP}DateCreated", f"{_EXIF}DateTimeOriginal"),
}
_PLACES = (f"{_PHOTOSHOP}Country", f"{_PHOTOSHOP}State", f"{_PHOTOSHOP}City", f"{_CORE}Location")
_ANGLE = re.compile(r"(\d+),(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?([NSEW])")


def fields(packet: bytes) -> dict:
    """As `exif.fields`; nothing of a packet that is broken, too large, or declares entities."""
    if len(packet) > MAX_BYTES:
        return {}
    try:
        root = fromstring(packet.strip(b"\x00 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}
    values = _properties(root)
    found = {
        name: next((("、" if name == "author" else "\n").join(values[p]) for p in names if values.get(p)), "")
        for name, names in _FIRST_OF.items()
    }
    found["date"] = edtf_of(found["date"])
    found["place"] = "".join(dict.fromkeys(v for p in _PLACES for v in values.get(p, ())))
    found["keywords"] = values.get(f"{_DC}subject", [])
    position = _position(values)
    return {k: v for k, v in found.items() if v} | ({"position": position} if position else {})


def _properties(root: Element) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, text in description.attrib.items():
            values.setdefault(name, []).append(_clean(text))
        for element in description:
            values.setdefault(element.tag, []).extend(_texts(element))
    return {name: [text for text in texts if text] for name, texts in values.items()}


def _texts(element: Element) -> list[str]:
    """A plain value, the items of a list, or of alternatives in several languages the Chinese one, else the first."""
    alternatives = element.find(f"{_RDF}Alt")
    items = list(element.iter(f"{_RDF}li"))
    if alternatives is not None and items:
        chinese = [i for i in items if i.get(_LANG, "").lower().startswith("zh")]
        items = (chinese or items)[:1]
    return [_clean(item.text) for item in items] if items else [_clean(element.text)]


def _clean(text: str | None) -> str:
    return tidy(mended(text or ""))


def _position(values: dict[str, list[str]]) -> tuple[float, float] | None:
    sides = []
    for name in ("GPSLatitude", "GPSLongitude"):
        found = _ANGLE.fullmatch("".join(values.get(f"{_EXIF}{name}", [])[:1]))
        if not found:
            return None
        degrees, minutes, seconds, side = found.groups()
        angle = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
        sides.append(round(-angle if side in "SW" else angle, 6))
    return (sides[0], sides[1]) if abs(sides[0]) <= 90 and abs(sides[1]) <= 180 else None
