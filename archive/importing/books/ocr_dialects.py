"""The ways in which recognised pages are written down in XML: ALTO, PAGE XML and the National Diet Library's own."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element  # noqa: S405 -- a type; parsing is defusedxml's

from .ocr_lines import Frame, Line, Sheet, Word, frame_of, joined

_NUMBER = re.compile(r"[-+]?\d{1,9}(?:\.\d{0,12})?(?:[eE][-+]?\d{1,2})?")
_CUSTOM_ORDER = re.compile(r"readingOrder\s*\{[^}]*?index\s*:\s*(\d{1,6})")
_DEEPEST = 60


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _number(text: str | None) -> float | None:
    return float(text) if text and _NUMBER.fullmatch(text.strip()) else None


def _parts(element: Element, name: str) -> list[Element]:
    return [part for part in element if local(part) == name]


# --- ALTO 2 to 4 (Library of Congress) --------------------------------------------------------------------------------


def alto(root: Element) -> Iterator[Sheet]:
    """A sheet for each Page. Frames are in MeasurementUnit, which pages are measured in too."""
    unit = next((e.text or "" for e in root.iter() if local(e) == "MeasurementUnit"), "pixel").strip()
    name = next((e.text or "" for e in root.iter() if local(e) == "fileName"), "").strip()
    roles = {
        e.get("ID", ""): _alto_role(e.get("TYPE", ""), e.get("LABEL", ""))
        for e in root.iter()
        if local(e) in ("LayoutTag", "StructureTag", "OtherTag")
    }
    for page in root.iter():
        if local(page) != "Page":
            continue
        sheet = Sheet(
            _number(page.get("WIDTH")) or 0, _number(page.get("HEIGHT")) or 0, picture=name, in_pixels=unit == "pixel"
        )
        _alto_lines(page, sheet, roles, _alto_order(root))
        yield sheet


def _alto_order(root: Element) -> dict[str, int]:
    """The places of blocks and lines in the ReadingOrder of version 4.3."""
    groups = [e for e in root.iter() if local(e) == "ReadingOrder"]
    refs = [e.get("REF", "") for group in groups for e in group.iter() if local(e) == "ElementRef"]
    return {ref: place for place, ref in enumerate(refs)}


def _alto_role(kind: str, label: str) -> str:
    words = f"{kind} {label}".lower()
    return (
        "number"
        if "page number" in words or "pagenum" in words or "numberingzone" in words
        else ("heading" if re.search(r"\b(?:title|heading|headline)\b", words) else "")
    )


def _alto_lines(page: Element, sheet: Sheet, roles: dict[str, str], order: dict[str, int]) -> None:
    number = 0
    for block in page.iter():
        if local(block) != "TextBlock":
            continue
        number += 1
        role = next(filter(None, (roles.get(tag, "") for tag in block.get("TAGREFS", "").split())), "")
        for at, element in enumerate(_parts(block, "TextLine")):
            line = _alto_line(element)
            line.block, line.role = number, role
            places = (order.get(element.get("ID", ""), order.get(block.get("ID", ""))),)
            if places[0] is not None:
                line.rank = (places[0], at)
            if line.text:
                sheet.lines.append(line)


def _alto_line(element: Element) -> Line:
    pieces: list[Word] = []
    for part in element:
        if local(part) == "String":
            pieces.append(Word(_clean(part.get("CONTENT", "")), _alto_frame(part)))
        elif local(part) == "HYP" and pieces:
            pieces[-1].text += _clean(part.get("CONTENT", ""))
    words = [word for word in pieces if word.text]
    frame = _alto_frame(element) or frame_of([word.frame for word in words])
    direction = element.get("BASEDIRECTION", "")
    return Line(joined([word.text for word in words]), frame, words, is_vertical=True if direction == "ttb" else None)


def _alto_frame(element: Element) -> Frame | None:
    return _frame(element, ("HPOS", "VPOS", "WIDTH", "HEIGHT"))


def _frame(element: Element, names: tuple[str, str, str, str]) -> Frame | None:
    left, top, width, height = (_number(element.get(name)) for name in names)
    if left is None or top is None or not width or not height:
        return None
    return left, top, left + width, top + height


# --- PAGE XML 2010 to 2019 (PRImA) ------------------------------------------------------------------------------------


def page_xml(root: Element) -> Iterator[Sheet]:
    for page in root.iter():
        if local(page) != "Page":
            continue
        sheet = Sheet(_number(page.get("imageWidth")) or 0, _number(page.get("imageHeight")) or 0)
        sheet.picture = page.get("imageFilename", "")
        sheet.is_vertical = _page_direction(page)
        order = _page_order(page)
        for number, region in enumerate(e for e in page.iter() if local(e) == "TextRegion"):
            _page_region(region, number, order, sheet)
        if not all(line.rank for line in sheet.lines):
            for line in sheet.lines:
                line.rank = ()
        yield sheet


def _page_direction(element: Element) -> bool | None:
    direction = element.get("readingDirection", "")
    return True if direction in ("top-to-bottom", "bottom-to-top") else None


def _page_order(page: Element) -> dict[str, tuple[float, ...]]:
    """Where regions stand in the ReadingOrder: by the indexes of the groups around them."""
    found: dict[str, tuple[float, ...]] = {}

    def walk(element: Element, above: tuple[float, ...]) -> None:
        for at, part in enumerate(element):
            index = _number(part.get("index"))
            place = (*above, at if index is None else index)
            if region := part.get("regionRef", ""):
                found.setdefault(region, place)
            if len(place) < _DEEPEST:
                walk(part, place)

    for order in _parts(page, "ReadingOrder"):
        walk(order, ())
    return found


def _page_region(region: Element, number: int, order: dict[str, tuple[float, ...]], sheet: Sheet) -> None:
    place = order.get(region.get("id", ""))
    if place is None and not order and (custom := _CUSTOM_ORDER.search(region.get("custom", ""))):
        place = (float(custom[1]),)
    kind = region.get("type", "")
    role = {"page-number": "number", "heading": "heading", "caption": "caption"}.get(kind, "")
    for at, element in enumerate(_parts(region, "TextLine")):
        line = _page_line(element)
        if not line.text:
            continue
        line.block, line.role = number, role
        if line.is_vertical is None:
            line.is_vertical = _page_direction(region)
        custom = _CUSTOM_ORDER.search(element.get("custom", ""))
        if place is not None:
            # What the groups hold, then the region's lines: -1 keeps a region before those within it.
            line.rank = (*place, -1.0, float(custom[1]) if custom else at)
        sheet.lines.append(line)


def _page_line(element: Element) -> Line:
    words = [
        Word(_page_text(part) or joined([_page_text(glyph) for glyph in _parts(part, "Glyph")]), _page_frame(part))
        for part in _parts(element, "Word")
    ]
    words = [word for word in words if word.text]
    frame = _page_frame(element) or frame_of([word.frame for word in words])
    text = _page_text(element) or joined([word.text for word in words])
    return Line(text, frame, words, is_vertical=_page_direction(element))


def _page_text(element: Element) -> str:
    """Of several readings the first: the one with the lowest index."""
    readings = sorted(_parts(element, "TextEquiv"), key=lambda e: _number(e.get("index")) or 0)
    for reading in readings:
        for unicode_ in _parts(reading, "Unicode"):
            if text := _clean(unicode_.text or ""):
                return text
    return ""


def _page_frame(element: Element) -> Frame | None:
    for coordinates in _parts(element, "Coords"):
        written = coordinates.get("points") or " ".join(
            f"{point.get('x')},{point.get('y')}" for point in _parts(coordinates, "Point")
        )
        if frame := polygon(written):
            return frame
    return None


def polygon(points: str) -> Frame | None:
    """The frame around "x,y x,y …"."""
    numbers = [float(found) for found in _NUMBER.findall(points)]
    xs, ys = numbers[::2], numbers[1::2]
    if len(ys) < 2 or len(xs) != len(ys):  # noqa: PLR2004 -- a place needs two corners
        return None
    frame = min(xs), min(ys), max(xs), max(ys)
    return frame if frame[0] < frame[2] and frame[1] < frame[3] else None


# --- NDLOCR (National Diet Library, Japan) ----------------------------------------------------------------------------

_NDL_ROLES = {"割注": "note", "ノンブル": "number", "キャプション": "caption"}


def ndl(root: Element) -> Iterator[Sheet]:
    pages = [root] if local(root) == "PAGE" else [e for e in root.iter() if local(e) == "PAGE"]
    for page in pages:
        sheet = Sheet(_number(page.get("WIDTH")) or 0, _number(page.get("HEIGHT")) or 0)
        sheet.picture = page.get("IMAGENAME", "")
        _ndl_lines(page, sheet, 0, 0)
        _ndl_numbers(page, sheet)
        yield sheet


def _ndl_lines(element: Element, sheet: Sheet, block: int, depth: int) -> int:
    """The lines below this element; gives the number of the last block."""
    last = block
    for part in element:
        if local(part) == "TEXTBLOCK" and depth < _DEEPEST:
            last = _ndl_lines(part, sheet, last + 1, depth + 1)
        elif local(part) in ("LINE", "BLOCK"):
            text = _clean(part.get("STRING", ""))
            if text:
                sheet.lines.append(_ndl_line(part, text, block))
            if depth < _DEEPEST:
                last = _ndl_lines(part, sheet, max(last, block), depth + 1)
    return last


def _ndl_line(element: Element, text: str, block: int) -> Line:
    kind = element.get("TYPE", "")
    is_title = kind.startswith("タイトル") or element.get("TITLE", "").upper() == "TRUE"
    line = Line(text, _frame(element, ("X", "Y", "WIDTH", "HEIGHT")), block=block)
    line.role = _NDL_ROLES.get(kind, "heading" if is_title else "")
    line.is_vertical = {"縦": True, "横": False}.get(element.get("DIRECTION", ""))
    order = _number(element.get("ORDER"))
    if order is not None:
        line.rank = (order,)
    # Running titles and page numbers are blocks without a place in the order: they stand outside the text.
    elif local(element) == "BLOCK":
        line.rank = (float("inf"),)
    return line


def _ndl_numbers(page: Element, sheet: Sheet) -> None:
    """A line that lies where a block says that the page number is."""
    frames = [
        _frame(e, ("X", "Y", "WIDTH", "HEIGHT"))
        for e in page.iter()
        if local(e) == "BLOCK" and e.get("TYPE") == "ノンブル"
    ]
    sheet.numbers = len(frames)
    for line in sheet.lines:
        if line.frame is not None and line.frame in frames:
            line.role = "number"


def _clean(text: str) -> str:
    return " ".join(text.split(" ")).replace("\n", " ").replace("\r", " ").replace("\t", " ").strip()
