"""Type for drawn sheets without a font of the system: the pieces of the site's own web font, opened as needed."""

import json
import logging
from pathlib import Path

from PIL import Image, ImageFont

logger = logging.getLogger(__name__)

PACKAGE = Path("@fontsource-variable") / "noto-serif-sc"
REGULAR, BOLD = 420, 700
_WITH_DESCENDERS = 1.25


class Typeface:
    """Noto Serif SC from its npm package: a hundred WOFF2 pieces, which FreeType reads as they are.

    Raises OSError when a piece cannot be read.
    """

    def __init__(self, folder: Path, weight: int = BOLD):
        self.folder, self.weight = folder, weight
        self._pieces = _pieces(json.loads((folder / "unicode.json").read_text(encoding="utf-8")))
        self._fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}
        self._masks: dict[tuple[str, int], Image.Image | None] = {}
        self.glyph("方", 16)

    def glyph(self, character: str, size: int) -> Image.Image | None:
        """The character in white on black, in its own square of `size` pixels; None where the typeface has none."""
        key = (character, size)
        if key not in self._masks:
            piece = self._pieces.get(ord(character))
            self._masks[key] = None if piece is None else self._drawn(piece, character, size, size)
        return self._masks[key]

    def letter(self, character: str, size: int) -> Image.Image | None:
        """As `glyph`, with room for what hangs beneath the line in Latin script."""
        piece = self._pieces.get(ord(character))
        return None if piece is None else self._drawn(piece, character, size, round(size * _WITH_DESCENDERS))

    def advance(self, character: str, size: int) -> float | None:
        """How far the next character stands, in pixels; None where the typeface has none."""
        piece = self._pieces.get(ord(character))
        return None if piece is None else self._font(piece, size).getlength(character)

    def _drawn(self, piece: str, character: str, size: int, height: int) -> Image.Image:
        font = self._font(piece, size)
        square = Image.new("L", (size, height), 0)
        glyph = font.getmask(character, mode="L", anchor="ls")
        if all(glyph.size):
            left, top, _right, _bottom = font.getbbox(character, anchor="ls")
            square.paste(Image.frombytes("L", glyph.size, bytes(glyph)), (round(left), round(size * 0.88 + top)))
        return square

    def _font(self, piece: str, size: int) -> ImageFont.FreeTypeFont:
        key = (piece, size)
        if key not in self._fonts:
            file = self.folder / "files" / f"noto-serif-sc-{piece}-wght-normal.woff2"
            self._fonts[key] = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
            self._fonts[key].set_variation_by_axes([self.weight])
        return self._fonts[key]


def no_type(character: str, size: int) -> None:
    """The lettering of a machine without the typeface: every place stays empty."""
    return


def lettering(node_modules: Path, weight: int = BOLD):
    """A function from (character, size) to its mask; where the browser libraries are not installed, or this Pillow
    cannot read them, `no_type`: pages are then drawn with rules and grey blocks."""
    folder = Path(node_modules) / PACKAGE
    if not (folder / "unicode.json").is_file():
        logger.warning("no typeface in %s: run npm ci for pages with type", folder)
        return no_type
    try:
        return Typeface(folder, weight).glyph
    except OSError as error:
        logger.warning("the typeface in %s cannot be read: %s", folder, error)
        return no_type


def _pieces(ranges: dict[str, str]) -> dict[int, str]:
    """Code point → name of its piece as in file names, from the package's CSS ranges (``U+4e00-4e10,U+5b57``)."""
    found: dict[int, str] = {}
    for name, written in ranges.items():
        for span in written.split(","):
            first, _dash, last = span.strip().removeprefix("U+").partition("-")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                found.setdefault(code, name.strip("[]"))
    return found
