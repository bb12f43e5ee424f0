"""One file that is two: a picture that is a web page as well, a recording with an archive of programs behind it.

Originals go out with `nosniff` and as attachments, so none of this runs here; but who keeps such a file on his own
machine and renames it would run it, and no camera or scanner makes one.
"""

import io
import re
import zipfile
from pathlib import Path

from ..file_errors import RefusedFile
from ..file_errors import marked as _
from ..filetypes import FileKind
from .executables import is_executable
from .zip_damage import ZIP_DAMAGE

_BLOCK = 4 * 1024 * 1024
_EDGE = 1024 * 1024
# The two shortest are asked for with text behind them: five letters alone turn up by chance in one of some ten thousand
# photographs, and a picture must not be refused for its noise.
_MARKUP = re.compile(
    rb"<script|<!doctype html|<iframe|<body onload|<svg onload|<html[\s>][\t\n\r -~]{3}|<\?php\s[\t\n\r -~]{3}",
    re.IGNORECASE,
)
_LONGEST = 16
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557


def check(path: Path | str, kind: FileKind, mime_type: str) -> None:
    """Raises RefusedFile. A picture is read whole, a film or a recording at both ends, a document at its end."""
    if kind is FileKind.DOCUMENT and mime_type != "application/pdf":
        return
    with Path(path).open("rb") as file:
        size = file.seek(0, 2)
        if kind is FileKind.IMAGE:
            _refuse_markup(file, 0, size)
        elif kind is FileKind.DOCUMENT:
            _refuse_leading(file)
        else:
            _refuse_markup(file, 0, min(size, _EDGE))
            _refuse_markup(file, max(0, size - _EDGE), size)
        _refuse_archive(file, size, any_at_all=kind is FileKind.IMAGE)
        if kind is not FileKind.DOCUMENT:
            _refuse_document(file)


def _refuse_markup(file: io.BufferedIOBase, start: int, end: int) -> None:
    file.seek(start)
    rest, place = b"", start
    while place < end and (block := file.read(min(_BLOCK, end - place))):
        place += len(block)
        block = rest + block
        if _MARKUP.search(block):
            raise RefusedFile(_("文件里藏有网页或脚本代码，不能收存。"))
        rest = block[-_LONGEST:]


def _refuse_leading(file: io.BufferedIOBase) -> None:
    """Readers of PDF allow a kilobyte of anything before its head."""
    file.seek(0)
    leading = file.read(1024).lower().partition(b"%pdf-")[0]
    if _MARKUP.search(leading) or leading.startswith((b"mz", b"\x7felf", b"#!")):
        raise RefusedFile(_("文件开头藏有网页、脚本或程序，不能收存。"))


def _refuse_archive(file: io.BufferedIOBase, size: int, *, any_at_all: bool) -> None:
    file.seek(max(0, size - _ZIP_TAIL))
    if _ZIP_END not in file.read():
        return
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except ZIP_DAMAGE:
        return  # four bytes that happened to be there
    if names and (any_at_all or any(is_executable(name) for name in names)):
        raise RefusedFile(_("文件末尾藏有压缩包，不能收存。"))


def _refuse_document(file: io.BufferedIOBase) -> None:
    file.seek(0)
    if b"%PDF-" in file.read(1024):
        raise RefusedFile(_("文件同时又是 PDF，不能收存。"))
