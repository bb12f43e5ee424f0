"""The pages of a TIFF, each as a file of its own (TIFF 6.0): the directories are written anew, the pixels are carried
over byte for byte, compressed as they are."""

import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from media_assets.file_errors import UnreadableFile
from media_assets.file_errors import marked as _

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_SHORT, _LONG, _LONG8 = 3, 4, 16
_SUBFILE, _COMPRESSION = 254, 259
_STRIPS, _TILES = (273, 279), (324, 325)
_ELSEWHERE = frozenset((330, 34665, 34853, 40965, 513, 514, 519, 520, 521, 288, 289))
"""Tags that say where something else lies in the old file: it would not lie there in the new one."""
_OLD_JPEG = 6
_REDUCED_OR_MASK = 0b101
_MOST_PAGES, _MOST_ENTRIES, _MOST_VALUE_BYTES = 5_000, 4_096, 32 * 1024 * 1024


@dataclass(frozen=True)
class _Entry:
    kind: int
    count: int
    data: bytes


@dataclass(frozen=True)
class Page:
    """The directory of one page in the file at `path`. Thumbnails and masks are no pages."""

    path: Path
    order: str
    entries: dict[int, _Entry]

    def copy(self, target: Path) -> None:
        """Raises UnreadableFile when its pixels lie outside the file, or are packed in a way that cannot be moved."""
        try:
            with self.path.open("rb") as source, target.open("wb") as file:
                _write(source, file, self)
        except (struct.error, KeyError, ValueError, OSError) as error:
            target.unlink(missing_ok=True)
            raise UnreadableFile(_("TIFF 文件的这一页已损坏，或采用了少见的编码。")) from error


def pages(path: Path) -> Iterator[Page]:
    """In the file's order. Raises UnreadableFile when a directory cannot be followed; those before it have been
    given."""
    try:
        with path.open("rb") as file:
            yield from _pages(path, file)
    except (struct.error, KeyError, ValueError) as error:
        raise UnreadableFile(_("TIFF 文件的目录已损坏，其后的各页无法读出。")) from error


def _pages(path: Path, file: BinaryIO) -> Iterator[Page]:
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}[head[:2]]
    is_big = struct.unpack(order + "H", head[2:4])[0] == 43  # noqa: PLR2004 -- BigTIFF's version
    at = struct.unpack(order + ("Q" if is_big else "I"), head[8:16] if is_big else head[4:8])[0]
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        entries, at = _directory(file, at, order, is_big)
        kind = entries.get(_SUBFILE)
        if kind is None or not _numbers(kind, order)[0] & _REDUCED_OR_MASK:
            yield Page(path, order, entries)


def _directory(file: BinaryIO, at: int, order: str, is_big: bool) -> tuple[dict[int, _Entry], int]:
    file.seek(at)
    layout = order + ("Q" if is_big else "H")
    count = struct.unpack(layout, file.read(struct.calcsize(layout)))[0]
    if not 0 < count <= _MOST_ENTRIES:
        raise ValueError("a directory without an end")
    layout = order + ("HHQ8s" if is_big else "HHI4s")
    raw = file.read(struct.calcsize(layout) * count)
    following = struct.unpack(order + ("Q" if is_big else "I"), file.read(8 if is_big else 4))[0]
    entries = {}
    for tag, kind, values, field in struct.iter_unpack(layout, raw):
        size = _SIZES.get(kind, 0) * values
        if not 0 < size <= _MOST_VALUE_BYTES:
            continue
        if size > len(field):
            file.seek(struct.unpack(order + ("Q" if is_big else "I"), field)[0])
            field = file.read(size)  # noqa: PLW2901 -- the value instead of the place where it lies
            if len(field) < size:
                raise ValueError("a value outside the file")
        entries[tag] = _Entry(kind, values, field[:size])
    return entries, following


def _numbers(entry: _Entry, order: str) -> tuple[int, ...]:
    letter = {1: "B", _SHORT: "H", _LONG: "I", 13: "I", _LONG8: "Q", 18: "Q"}[entry.kind]
    return struct.unpack(f"{order}{entry.count}{letter}", entry.data)


def _write(source: BinaryIO, file: BinaryIO, page: Page) -> None:
    compression = page.entries.get(_COMPRESSION)
    if compression and _numbers(compression, page.order)[0] == _OLD_JPEG:
        raise ValueError("the JPEG of old TIFFs is strewn over the file")
    file.write((b"II" if page.order == "<" else b"MM") + struct.pack(page.order + "HI", 42, 0))
    entries = {tag: _classic(entry, page.order) for tag, entry in page.entries.items() if tag not in _ELSEWHERE}
    offsets_tag, counts_tag = _TILES if _TILES[0] in entries else _STRIPS
    offsets = _numbers(page.entries[offsets_tag], page.order)
    counts = _numbers(page.entries[counts_tag], page.order)
    moved = [_carry(source, file, at, count) for at, count in zip(offsets, counts, strict=True)]
    entries[offsets_tag] = _longs(moved, page.order)
    entries[counts_tag] = _longs(counts, page.order)
    _finish(file, page.order, {tag: entry for tag, entry in entries.items() if entry is not None})


def _carry(source: BinaryIO, file: BinaryIO, at: int, count: int) -> int:
    """The piece of the picture at this place of the source, appended; gives where it begins now."""
    if source.seek(0, 2) < at + count:
        raise ValueError("pixels outside the file")
    source.seek(at)
    begins = file.seek(0, 2)
    shutil.copyfileobj(_Limited(source, count), file)
    return begins


class _Limited:
    """The next `left` bytes of a file."""

    def __init__(self, file: BinaryIO, left: int):
        self._file, self._left = file, left

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


def _classic(entry: _Entry, order: str) -> _Entry | None:
    """As a classic TIFF can hold it: numbers of 64 bits become those of 32."""
    if entry.kind not in (_LONG8, 17, 18):
        return entry
    return None if entry.kind == 17 else _longs(_numbers(entry, order), order)  # noqa: PLR2004 -- signed, and no tag has it


def _longs(numbers, order: str) -> _Entry:
    return _Entry(_LONG, len(numbers), struct.pack(f"{order}{len(numbers)}I", *numbers))


def _finish(file: BinaryIO, order: str, entries: dict[int, _Entry]) -> None:
    """The long values, then the directory, then where it lies."""
    places = {}
    for tag, entry in entries.items():
        if len(entry.data) > 4:  # noqa: PLR2004 -- what fits into the directory itself
            places[tag] = _aligned(file)
            file.write(entry.data)
    directory = _aligned(file)
    file.write(struct.pack(order + "H", len(entries)))
    for tag in sorted(entries):
        entry = entries[tag]
        value = struct.pack(order + "I", places[tag]) if tag in places else entry.data.ljust(4, b"\0")
        file.write(struct.pack(order + "HHI", tag, entry.kind, entry.count) + value)
    file.write(struct.pack(order + "I", 0))
    file.seek(4)
    file.write(struct.pack(order + "I", directory))


def _aligned(file: BinaryIO) -> int:
    at = file.seek(0, 2)
    if at % 2:
        file.write(b"\0")
    return at + at % 2
