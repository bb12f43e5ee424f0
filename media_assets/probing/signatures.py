"""What type a file is, by its first bytes.

A table of our own, because the list of what is kept is closed and short: a general library would know a
thousand types more, still not tell a film from a recording or a table from a note, and each type here is
opened by its own reader afterwards in any case.
"""

import re
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from ..file_errors import RefusedFile, UnreadableFile

HEAD_BYTES = 4096
MAX_ZIP_DIRECTORY_BYTES = 16 * 1024 * 1024

_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"II+\x00", 0, "image/tiff"),
    (b"MM\x00+", 0, "image/tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", 0, "image/jp2"),
    (b"\xffO\xffQ\x00", 0, "image/j2c"),
    (b"WEBP", 8, "image/webp"),
    (b"AVI ", 8, "video/x-msvideo"),
    (b"WAVE", 8, "audio/wav"),
    (b"AIFF", 8, "audio/aiff"),
    (b"AIFC", 8, "audio/aiff"),
    (b"OggS", 0, "video/ogg"),
    (b"fLaC", 0, "audio/flac"),
    (b"\x00\x00\x01\xba", 0, "video/mpeg"),
    (b"\x00\x00\x01\xb3", 0, "video/mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel", 0, "video/x-ms-asf"),
    (b"ID3", 0, "audio/mpeg"),
    (b"%PDF-", 0, "application/pdf"),
    (b"{\\rtf", 0, "application/rtf"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MARKUP = re.compile(rb"\s*(?:<!--|<\?xml|<!doctype|<html|<head|<body|<script|<svg)", re.IGNORECASE)
_SRT = re.compile(r"\s*\d+\s*\r?\n\s*\d+:\d\d:\d\d[,.]\d{1,3}\s*-->")


def sniff(file: BinaryIO, name: str = "") -> str:
    """The MIME type that the bytes say, one of `filetypes`. Leaves the file at its beginning.

    `name` only tells kinds of plain text apart (a table, or captions that lack their head, from a note). Films and
    recordings in one container are told apart by `probe_film`. Raises UnreadableFile (empty) and RefusedFile (nothing
    we keep).
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    try:
        if not head:
            raise UnreadableFile(_("文件是空的，一个字节也没有。"))
        return _by_signature(head) or _by_container(file, head) or _by_text(head, name)
    finally:
        file.seek(0)


def _by_signature(head: bytes) -> str | None:
    if head.startswith(b"\x1aE\xdf\xa3"):  # EBML: the document type stands in its header
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    for signature, offset, mime_type in _SIGNATURES:
        if head.startswith(signature, offset) and (offset == 0 or head[:4] in (b"RIFF", b"FORM")):
            return mime_type
    if head[4:8] == b"ftyp":
        return _iso_media_type(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "video/quicktime"  # QuickTime from before there was a file-type box
    if len(head) > 188 and head[0] == 0x47 and head[188] == 0x47:
        return "video/mp2t"
    if head[0] == 0xFF and len(head) > 2:
        if head[1] & 0xF6 == 0xF0:
            return "audio/aac"
        if head[1] & 0xE6 in (0xE2, 0xE4) and head[2] & 0xF0 != 0xF0:  # layers III and II
            return "audio/mpeg"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"  # readers allow leading bytes
    return None


def _iso_media_type(head: bytes) -> str:
    """ISO base media (ISO/IEC 14496-12): the major brand, then the compatible ones."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major, brands = head[8:12], {head[i : i + 4] for i in range(8, size, 4)}
    if major in (b"avif", b"avis") or (b"avif" in brands and major in _HEIF_BRANDS):
        return "image/avif"
    if major in _HEIF_BRANDS:
        return "image/heic"
    if major in (b"jp2 ", b"jpx "):
        return "image/jp2"
    if major == b"qt  ":
        return "video/quicktime"
    if major in (b"M4A ", b"M4B ", b"M4P "):
        return "audio/mp4"
    return "video/mp4"


def _by_container(file: BinaryIO, head: bytes) -> str | None:
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(file)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_type(file, head)
    return None


def _zip_type(file: BinaryIO) -> str:
    """Office documents are ZIP archives; only the list of their members is read."""
    try:
        _check_zip_directory(file)
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype").decode("ascii", "replace") if _is_small(archive) else ""
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnreadableFile(_("文件已损坏或不完整，无法打开。")) from error
    office = "application/vnd.openxmlformats-officedocument."
    for member, mime_type in (
        ("word/document.xml", f"{office}wordprocessingml.document"),
        ("xl/workbook.xml", f"{office}spreadsheetml.sheet"),
        ("ppt/presentation.xml", f"{office}presentationml.presentation"),
    ):
        if member in names and "[Content_Types].xml" in names:
            return mime_type
    if declared in (
        "application/epub+zip",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
    ):
        return declared
    raise RefusedFile(_("不接受压缩包，请解压后逐个上传。"))


def _check_zip_directory(file: BinaryIO) -> None:
    """Refuses an archive whose list of members alone would fill the memory (APPNOTE 4.3.16)."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    record = tail.rfind(b"PK\x05\x06")
    if record >= 0 and int.from_bytes(tail[record + 12 : record + 16], "little") > MAX_ZIP_DIRECTORY_BYTES:
        raise RefusedFile(_("文档内部的目录异常庞大，未予接受。"))
    file.seek(0)


def _is_small(archive: zipfile.ZipFile) -> bool:
    """Whether the archive declares its type as OpenDocument and EPUB do, in a few bytes."""
    try:
        return archive.getinfo("mimetype").file_size < 128
    except KeyError:
        return False


def _ole_type(file: BinaryIO, head: bytes) -> str:
    """Office documents from before 2007 ([MS-CFB]): told apart by a stream named in the directory."""
    sector_size = 1 << head[30] if head[30] in (9, 12) else 512
    file.seek((int.from_bytes(head[48:52], "little") + 1) * sector_size)
    directory = file.read(64 * 1024)
    for stream, mime_type in (
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ):
        if (stream + "\0").encode("utf-16-le") in directory:
            return mime_type
    if "EncryptedPackage\0".encode("utf-16-le") in directory:
        raise RefusedFile(_("文档设有打开密码，请去掉密码后再上传。"))
    raise RefusedFile(_("不是可以收存的文档类型。"))


def _by_text(head: bytes, name: str) -> str:
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise RefusedFile(_("这是网页或矢量图代码（HTML、SVG、XML），不能收存。"))
    text = _as_text(head)
    if text is None:
        raise RefusedFile(_("认不出这是什么文件，或者它不是可以收存的类型。"))
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        return "text/vtt"
    if _SRT.match(text):
        return "application/x-subrip"
    by_name = {".csv": "text/csv", ".vtt": "text/vtt", ".srt": "application/x-subrip"}
    return by_name.get(name.lower()[-4:], "text/plain")


def _as_text(head: bytes) -> str | None:
    """The beginning of a text in the encodings that offices use, or None when it is no text. A character
    cut by the end of `head` is no fault."""
    has_utf16_mark = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_utf16_mark else ("utf-8-sig", "gb18030"):
        for cut in range(4 if len(head) == HEAD_BYTES else 1):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None
