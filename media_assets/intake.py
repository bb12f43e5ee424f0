"""The one way in for every file: what it is, whether it may be kept, and its fingerprints."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import captions, probing
from .file_errors import FileError, RefusedFile, UnreadableFile, UnshownFile
from .filetypes import FileKind, file_type

__all__ = [
    "FileError",
    "FileFacts",
    "RefusedFile",
    "UnreadableFile",
    "UnshownFile",
    "clean_name",
    "describe",
    "describe_many",
    "max_bytes",
]

BLOCK_BYTES = 1024 * 1024
LOT = 40  # files that one process of the sandbox looks into
_MIB = 1024 * 1024
MAX_BYTES = {
    FileKind.IMAGE: 1024 * _MIB,
    FileKind.DOCUMENT: 4096 * _MIB,
    FileKind.AUDIO: 4096 * _MIB,
    FileKind.VIDEO: 65536 * _MIB,
}
CAPTIONS = ("text/vtt", "application/x-subrip")
KIND_NAMES = {
    FileKind.IMAGE: gettext_lazy("图片"),
    FileKind.VIDEO: gettext_lazy("影片"),
    FileKind.AUDIO: gettext_lazy("录音"),
    FileKind.DOCUMENT: gettext_lazy("文档"),
}


@dataclass(frozen=True)
class FileFacts:
    """`size` in bytes; `sha256` and `sha1` in hexadecimal (SHA-1 only because Wagtail finds duplicates by
    it); `duration` in seconds; `width` and `height` as it is seen. None where there is no such thing.
    `likeness` is 64 bits that pictures which look alike share, nearly (0: none); `unshown` says why a file that is kept
    cannot be shown; `said` is what a picture tells of itself, by the names of `metadata.reading.Said`.
    """

    sha256: str
    sha1: str
    size: int
    mime_type: str
    kind: FileKind
    original_name: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    pages: int | None = None
    likeness: int = 0
    unshown: str = ""
    said: dict | None = None


def max_bytes(kind: FileKind) -> int:
    """The most that a file of this kind may hold; `settings.MEDIA_MAX_BYTES` ({"image": …}) goes first."""
    return getattr(settings, "MEDIA_MAX_BYTES", {}).get(kind.value, MAX_BYTES[kind])


def describe(file: BinaryIO, name: str = "", kinds: Iterable[FileKind] = tuple(FileKind)) -> FileFacts:
    """Everything that is to be known of a file before it is kept. Read in blocks, left at its beginning.

    `kinds` are those wanted here; `name` is what the person called it. Raises UnreadableFile for one that is
    empty, damaged or cut short, RefusedFile for one of another kind, of no type that is kept, or too large, and for
    captions that are wrong, with the line.
    """
    name = clean_name(name or getattr(file, "name", None) or "")
    wanted = frozenset(kinds)
    mime_type = probing.sniff(file, name)
    size = file.seek(0, 2)
    file.seek(0)
    _check_kind(file_type(mime_type).kind, wanted)
    _check_size(size, file_type(mime_type).kind)
    if mime_type in CAPTIONS:
        captions.read(captions.decoded(file.read(captions.MAX_BYTES + 1)))
        file.seek(0)
    seen = asdict(probing.look_inside(file, mime_type))
    kind = file_type(seen["mime_type"]).kind
    if kind not in wanted:
        raise _wrong_kind(kind, wanted)
    sha256, sha1 = _fingerprints(file)
    return FileFacts(sha256, sha1, size, kind=kind, original_name=name, **seen)


def describe_many(paths: Iterable[Path], kinds: Iterable[FileKind]) -> Iterator[FileFacts | FileError]:
    """`describe` for files of this machine that came together, a lot of them in one process of the sandbox; an error in
    the place of each that cannot be kept."""
    wanted, remaining = frozenset(kinds), iter(paths)
    while lot := list(islice(remaining, LOT)):
        yield from _describe_lot(lot, wanted)


def _describe_lot(lot: list[Path], wanted: frozenset[FileKind]) -> Iterator[FileFacts | FileError]:
    types: dict[Path, str | FileError] = {}
    for path in lot:
        try:
            with path.open("rb") as file:
                types[path] = probing.sniff(file, path.name)
            _check_kind(file_type(types[path]).kind, wanted)
            _check_size(path.stat().st_size, file_type(types[path]).kind)
        except FileError as error:
            types[path] = error
    asked = [(str(path), found) for path, found in types.items() if isinstance(found, str)]
    try:
        seen = dict(zip((path for path, _type in asked), probing.look_inside_many(asked) if asked else (), strict=True))
    except FileError:  # one of them ended the process: which, is known when each has one of its own
        seen = {}
    for path in lot:
        if isinstance(types[path], FileError):
            yield types[path]
        elif str(path) in seen:
            yield _facts(path, seen[str(path)])
        else:
            yield _described_alone(path, wanted)


def _facts(path: Path, seen: "probing.Examined | FileError") -> FileFacts | FileError:
    if isinstance(seen, FileError):
        return seen
    with path.open("rb") as file:
        sha256, sha1 = _fingerprints(file)
    said = asdict(seen)
    kind = file_type(said["mime_type"]).kind
    return FileFacts(sha256, sha1, path.stat().st_size, kind=kind, original_name=clean_name(path.name), **said)


def _described_alone(path: Path, wanted: frozenset[FileKind]) -> FileFacts | FileError:
    try:
        with path.open("rb") as file:
            return describe(file, path.name, wanted)
    except FileError as error:
        return error


def facts_of(file: BinaryIO, name: str, kinds: Iterable[FileKind]) -> FileFacts:
    """The facts that were found when the file was first looked at, else those that `describe` finds now; kept
    on the file itself (a Django File), so that it is looked into once on its way from a form to the storage."""
    known = getattr(file, "facts", None)
    if known is None or known.kind not in kinds:
        known = file.facts = describe(file, name, kinds)
    return known


def clean_name(name: str) -> str:
    """The person's file name, fit to be shown and given back: without a path, without invisible characters
    (those that turn the reading direction hide an extension), at most 255 long, extension kept."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()
    if len(name) > 255:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: 254 - len(extension)]}.{extension}" if dot and len(extension) < 20 else name[:255]
    return name


def _check_kind(kind: FileKind, wanted: frozenset[FileKind]) -> None:
    """A container may hold a film or sound alone: which, is known only after it has been opened."""
    moving = {FileKind.VIDEO, FileKind.AUDIO}
    if kind not in wanted and not (kind in moving and wanted & moving):
        raise _wrong_kind(kind, wanted)


def _wrong_kind(kind: FileKind, wanted: frozenset[FileKind]) -> RefusedFile:
    places = _("或").join(str(KIND_NAMES[k]) for k in FileKind if k in wanted)
    return RefusedFile(_("这是%(kind)s文件，此处只收%(wanted)s。") % {"kind": KIND_NAMES[kind], "wanted": places})


def _check_size(size: int, kind: FileKind) -> None:
    limit = max_bytes(kind)
    if size > limit:
        raise RefusedFile(
            _("文件过大（%(size)s），%(kind)s最大可收 %(limit)s。")
            % {"size": filesizeformat(size), "kind": KIND_NAMES[kind], "limit": filesizeformat(limit)}
        )


def _fingerprints(file: BinaryIO) -> tuple[str, str]:
    sha256, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        sha256.update(block)
        sha1.update(block)
    file.seek(0)
    return sha256.hexdigest(), sha1.hexdigest()
