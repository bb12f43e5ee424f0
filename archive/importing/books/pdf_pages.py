"""The one picture that a scanned page consists of, taken out of a PDF as it was stored (ISO 32000-1, 8.9 and 14.8)."""

import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

MOST_PIXELS = 200_000_000
_COVERS = 0.95
"""Of the page, either way: a scan may end a little before the paper does."""
_ALONE = 0.6
"""Of the page's area, for the only thing on it: a scan with a white margin about it."""
_COUNTS = 0.02
"""Of the page's area: the resolution of smaller pictures does not matter."""
_MOST_STRIPES = 400
_DEEPEST = 5
_MOST_STREAM = 4_000_000
_PATHS = frozenset(("f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"))
_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_COLOURS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_OPERATORS = " ".join(("q", "Q", "cm", "Do", "BI", "ID", "EI", "Tr", *_PATHS, *_SHOWS, *_COLOURS))
_INVISIBLE = 3
_HEAD = 256 * 1024
"""Bytes at the beginning of a JPEG in which its EXIF stands, if it has any."""
DAMAGE = (
    pikepdf.PdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    ArithmeticError,
)
NOT_DECODED = (*DAMAGE, NotImplementedError, OSError, MemoryError, Image.DecompressionBombError)
"""What taking a stored picture apart raises besides: unread packings, pictures beyond all bounds."""

Matrix = tuple[float, float, float, float, float, float]


class NotTakenOut(Exception):  # noqa: N818 (nothing is wrong: the page is drawn instead)
    """The page is not one picture, or its picture is packed in a way that is not read here."""


class DamagedPicture(NotTakenOut):
    """What is stored is not the picture that it says it is."""


@dataclass(frozen=True)
class Frame:
    """What of a page is seen: `left`, `bottom`, `right`, `top` in its own units of 1/72 inch, and by how many degrees
    it is turned clockwise for the reader."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as the reader sees them."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn in (90, 270) else (width, height)

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is for the reader: from the upper left corner, to the right and down."""
        across, up = x - self.left, y - self.bottom
        width, height = self.right - self.left, self.top - self.bottom
        match self.turn:
            case 90:
                return up, across
            case 180:
                return width - across, up
            case 270:
                return height - up, width - across
            case _:
                return across, height - up


@dataclass(frozen=True)
class Placed:
    """A picture and where it lies for the reader: `rectangle` is left, top, width, height in the page's units;
    `orientation` as in EXIF (1 upright, 6 to be turned right)."""

    image: Any
    rectangle: tuple[float, float, float, float]
    orientation: int


def frame_of(page: pikepdf.Page) -> Frame:
    """Raises ValueError for a page without a size."""
    media = _box(_inherited(page, "/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(_inherited(page, "/CropBox")) or media
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    right, top = min(crop[2], media[2]), min(crop[3], media[3])
    if not (right > left and top > bottom):
        left, bottom, right, top = media
    if not (right > left and top > bottom):
        raise ValueError("a page without a size")
    turn = _inherited(page, "/Rotate")
    return Frame(left, bottom, right, top, int(turn) % 360 // 90 * 90 if isinstance(turn, int) else 0)


def may_hold_text(page: pikepdf.Page) -> bool:
    """Whether there are letters at all: nothing is written without a font."""
    return _has_fonts(_inherited(page, "/Resources"), _DEEPEST)


@dataclass(frozen=True)
class Seen:
    """What is seen of a page: `covering` is the picture that is all of it, `stripes` those that make up all of it
    together; `resolution` the pixels to a unit of the finest picture on it, 0 where there is none."""

    covering: Placed | None = None
    stripes: tuple[Placed, ...] = ()
    resolution: float = 0.0


def seen(page: pikepdf.Page, frame: Frame) -> Seen:
    """What lies below a picture, or is invisible as the letters of a text layer are, does not count."""
    walk = _Walk(frame)
    try:
        walk.through(page.obj, _inherited(page, "/Resources"), (1, 0, 0, 1, 0, 0), 0)
    except (NotTakenOut, *DAMAGE):
        return Seen(resolution=walk.resolution)
    stripes = walk.stripes if walk.marks == len(walk.stripes) > 1 else []
    return Seen(walk.covering, tuple(stripes), walk.resolution)


def take_out(placed: Placed, folder: Path, stem: str) -> str:
    """Write the picture losslessly into the folder and return its name: JPEG and JPEG 2000 as they are stored, the
    others unpacked. Raises NotTakenOut."""
    try:
        if int(placed.image.Width) * int(placed.image.Height) > MOST_PIXELS:
            raise NotTakenOut
        if (stored := _stored_jpeg(placed.image)) is not None:
            if not _is_jpeg(memoryview(stored)):
                raise DamagedPicture
            (folder / f"{stem}.jpg").write_bytes(oriented_jpeg(stored, placed.orientation))
            return f"{stem}.jpg"
        return _unpacked(pikepdf.PdfImage(placed.image), placed.orientation, folder, stem)
    except NotTakenOut:
        raise
    except NOT_DECODED as error:
        raise NotTakenOut from error


def _stored_jpeg(image: Any) -> Any:
    """The bytes of a picture that is a JPEG and nothing besides; None of any other."""
    packed = image.get("/Filter")
    packings = list(packed) if isinstance(packed, pikepdf.Array) else [packed]
    if packings != ["/DCTDecode"] or "/Decode" in image or "/DecodeParms" in image:
        return None
    return image.get_raw_stream_buffer()


def _is_jpeg(stored: memoryview) -> bool:
    """Whether its beginning says how large it is: that is before the pixels, and behind what else it carries."""
    for length in (_HEAD, len(stored)):
        try:
            Image.open(io.BytesIO(stored[:length]), formats=["JPEG"]).close()
        except (OSError, SyntaxError, ValueError, struct.error, IndexError):
            continue
        return True
    return False


def _is_negative(picture: pikepdf.PdfImage) -> bool:
    """A JPEG whose colours are turned round outside of it would come out as a negative; that of four colours says so
    itself."""
    turned = picture.obj.get("/Decode")
    if turned is None or "/DCTDecode" not in picture.filters or len(turned) == 8:
        return False
    return any(float(low) > float(high) for low, high in zip(list(turned)[::2], list(turned)[1::2], strict=False))


def _unpacked(picture: pikepdf.PdfImage, orientation: int, folder: Path, stem: str) -> str:
    if _is_negative(picture):
        raise NotTakenOut
    unpacked = io.BytesIO()
    suffix = picture.extract_to(stream=unpacked, apply_mask=False)
    suffix = {".jpeg": ".jpg", ".tiff": ".tif"}.get(suffix, suffix)
    data: Any = unpacked.getbuffer()
    if suffix == ".jpg":
        data = oriented_jpeg(data, orientation)
    elif orientation != 1:
        if suffix not in (".png", ".tif"):
            raise NotTakenOut
        suffix, data = ".png", _turned(unpacked, orientation)
    name = f"{stem}{suffix}"
    (folder / name).write_bytes(data)
    return name


TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turned(unpacked: io.BytesIO, orientation: int) -> bytes:
    with Image.open(unpacked, formats=["PNG", "TIFF"]) as picture:
        turned = io.BytesIO()
        picture.transpose(TRANSPOSED[orientation]).save(turned, "PNG")
    return turned.getvalue()


def oriented_jpeg(data: Any, orientation: int) -> Any:
    """The same JPEG, saying how it is to be turned: a PDF says so outside the picture, and what the camera had said
    does not count there. Untouched when it says the right thing already."""
    found = _exif_orientation(memoryview(data)[:_HEAD].tobytes())
    if found is None and orientation == 1 or found is not None and found[2] == orientation:
        return data
    data = bytes(data)
    if found is None:
        return data[:2] + _exif_segment(orientation) + data[2:]
    at, order, _value = found
    return data[:at] + struct.pack(order + "H", orientation) + data[at + 2 :]


def _exif_segment(orientation: int) -> bytes:
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _exif_orientation(data: bytes) -> tuple[int, str, int] | None:
    """Where the orientation is written in a JPEG, in which byte order, and what it is."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        length = struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            return _tag_of(data[: at + 2 + length], at + 10)
        at += 2 + max(length, 2)
    return None


def _tag_of(data: bytes, start: int) -> tuple[int, str, int] | None:
    order = {b"II": "<", b"MM": ">"}.get(data[start : start + 2])
    try:
        directory = start + struct.unpack_from(order + "I", data, start + 4)[0] if order else len(data)
        for number in range(struct.unpack_from(f"{order}H", data, directory)[0] if order else 0):
            entry = directory + 2 + 12 * number
            if struct.unpack_from(order + "H", data, entry)[0] == 0x0112:
                return entry + 8, order, struct.unpack_from(order + "H", data, entry + 8)[0]
    except struct.error:
        return None
    return None


@dataclass
class _State:
    matrix: Matrix
    text_mode: int = 0
    is_black: bool = True


@dataclass
class _Walk:
    """Goes through what is drawn, in order; `covering` is the picture that hides everything before it."""

    frame: Frame
    covering: Placed | None = None
    marks: int = 0
    stripes: list[Placed] = field(default_factory=list)
    resolution: float = 0.0

    def through(self, content: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        if depth > _DEEPEST or _length(content) > _MOST_STREAM:
            raise NotTakenOut
        state, kept = _State(matrix), []
        for operands, operator in pikepdf.parse_content_stream(content, _OPERATORS):
            match str(operator):
                case "q":
                    kept.append(_State(state.matrix, state.text_mode, state.is_black))
                case "Q":
                    state = kept.pop() if kept else state
                case "cm":
                    state.matrix = _times(tuple(float(n) for n in operands), state.matrix)
                case "Tr":
                    state.text_mode = int(operands[0])
                case "Do":
                    self._draw(resources["/XObject"][str(operands[0])], resources, state, depth)
                case name if name in _COLOURS:
                    state.is_black = _is_black(name, operands)
                case name if name in _SHOWS:
                    if state.text_mode != _INVISIBLE:
                        self._mark()
                case _:
                    self._mark()

    def _draw(self, drawn: Any, resources: Any, state: _State, depth: int) -> None:
        if drawn.get("/Subtype") == "/Form":
            own = drawn.get("/Matrix")
            matrix = _times(tuple(float(n) for n in own), state.matrix) if own is not None else state.matrix
            self.through(drawn, drawn.get("/Resources", resources), matrix, depth + 1)
        elif drawn.get("/Subtype") == "/Image":
            self._picture(drawn, state)

    def _picture(self, image: Any, state: _State) -> None:
        placed = _placed(image, state.matrix, self.frame)
        is_stencil = bool(image.get("/ImageMask", False))
        is_open = "/SMask" in image or "/Mask" in image
        share = _share(placed.rectangle, self.frame.size) if placed else (0.0, 0.0)
        is_first = self.covering is None and not self.marks
        if placed and share[0] * share[1] >= _COUNTS:
            pixels = int(image.Width) * int(image.Height)
            self.resolution = max(self.resolution, math.sqrt(pixels / placed.rectangle[2] / placed.rectangle[3]))
        if placed is None or is_open or (is_stencil and not (is_first and state.is_black)):
            self._mark()
        elif min(share) >= _COVERS or (is_first and share[0] * share[1] >= _ALONE):
            self.covering, self.marks = placed, 0
            self.stripes.clear()
        else:
            if self.covering is None and self.marks == len(self.stripes) < _MOST_STRIPES and not is_stencil:
                self.stripes.append(placed)
            self._mark()

    def _mark(self) -> None:
        """Something is seen, above all that came before."""
        self.covering = None
        self.marks += 1


def _placed(image: Any, matrix: Matrix, frame: Frame) -> Placed | None:
    """None for a picture that lies askew, is cut off by the page, or has no size."""
    upper_left, upper_right = frame.seen(*_point(matrix, 0, 1)), frame.seen(*_point(matrix, 1, 1))
    lower_left = frame.seen(*_point(matrix, 0, 0))
    right = (upper_right[0] - upper_left[0], upper_right[1] - upper_left[1])
    down = (lower_left[0] - upper_left[0], lower_left[1] - upper_left[1])
    orientation = _ORIENTATIONS.get((_direction(right), _direction(down)))
    if orientation is None:
        return None
    corners = [upper_left, upper_right, lower_left, (upper_right[0] + down[0], upper_right[1] + down[1])]
    left, top = min(x for x, _y in corners), min(y for _x, y in corners)
    width, height = max(x for x, _y in corners) - left, max(y for _x, y in corners) - top
    page_width, page_height = frame.size
    inside_x = min(left + width, page_width) - max(left, 0)
    inside_y = min(top + height, page_height) - max(top, 0)
    if inside_x < 0.9 * width or inside_y < 0.9 * height:
        return None
    return Placed(image, (left, top, width, height), orientation)


_ORIENTATIONS = {
    ("+x", "+y"): 1,
    ("-x", "+y"): 2,
    ("-x", "-y"): 3,
    ("+x", "-y"): 4,
    ("+y", "+x"): 5,
    ("+y", "-x"): 6,
    ("-y", "-x"): 7,
    ("-y", "+x"): 8,
}


def _direction(vector: tuple[float, float]) -> str:
    x, y = vector
    if abs(x) > 50 * abs(y):
        return "+x" if x > 0 else "-x"
    if abs(y) > 50 * abs(x):
        return "+y" if y > 0 else "-y"
    return ""


def _share(rectangle: tuple[float, float, float, float], size: tuple[float, float]) -> tuple[float, float]:
    left, top, width, height = rectangle
    across = min(left + width, size[0]) - max(left, 0)
    down = min(top + height, size[1]) - max(top, 0)
    return max(across, 0) / size[0], max(down, 0) / size[1]


def _is_black(operator: str, operands: Any) -> bool:
    try:
        numbers = [float(number) for number in operands]
    except (TypeError, ValueError):
        return False
    return {"g": sum(numbers) < 0.2, "rg": sum(numbers) < 0.6, "k": numbers[-1:] > [0.8]}.get(operator, False)


def _times(first: tuple, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    m, n, o, p, q, r = second
    return a * m + b * o, a * n + b * p, c * m + d * o, c * n + d * p, e * m + f * o + q, e * n + f * p + r


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _length(content: Any) -> int:
    """Of the packed streams of a page or a form."""
    streams = [content] if isinstance(content, pikepdf.Stream) else content.get("/Contents", [])
    return sum(int(s.get("/Length", 0)) for s in (streams if isinstance(streams, pikepdf.Array | list) else [streams]))


def _box(value: Any) -> tuple[float, ...] | None:
    try:
        x, y, z, w = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    return min(x, z), min(y, w), max(x, z), max(y, w)


def _inherited(page: pikepdf.Page, name: str) -> Any:
    for node in _upwards(page.obj):
        if name in node:
            return node[name]
    return None


def _upwards(node: Any) -> Iterator[Any]:
    for _step in range(50):
        if not isinstance(node, pikepdf.Dictionary):
            return
        yield node
        node = node.get("/Parent")


def _has_fonts(resources: Any, deepest: int) -> bool:
    if not isinstance(resources, pikepdf.Dictionary):
        return False
    if len(resources.get("/Font", {})):
        return True
    if not deepest:
        return True
    drawn = resources.get("/XObject", {})
    return any(_has_fonts(drawn[name].get("/Resources"), deepest - 1) for name in drawn.keys())  # noqa: SIM118 (a Dictionary is no dict)
