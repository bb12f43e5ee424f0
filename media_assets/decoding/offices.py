"""Office documents and e-books are ZIP archives of XML: looked through for bombs, programs and locks, never unpacked
to disk."""

import re
import zipfile
from pathlib import Path

from ..file_errors import RefusedFile, UnreadableFile
from ..file_errors import marked as _
from .bounds import Bounds
from .executables import is_executable
from .zip_damage import ZIP_DAMAGE

_SMALL = 10 * 1024 * 1024  # what packs well and stays small is no bomb
_XML_HEAD = 64 * 1024
_ENTITY = re.compile(rb"<!ENTITY\s")


def examine(path: Path | str, mime_type: str, bounds: Bounds) -> None:
    """Raises RefusedFile for a bomb, macros, a program or an archive inside; UnreadableFile for damage."""
    is_book = mime_type == "application/epub+zip"
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, bounds)
            for member in members:
                _check_name(member, is_book)
            for member in members:
                _check_content(archive, member)
    except ZIP_DAMAGE as error:
        raise UnreadableFile(_("文档已损坏或不完整，无法打开。")) from error


def _check_sizes(members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    unpacked = sum(m.file_size for m in members)
    is_bomb = any(m.file_size > _SMALL and m.file_size > bounds.packing * max(1, m.compress_size) for m in members)
    if len(members) > bounds.members or unpacked > bounds.unpacked_bytes or is_bomb:
        raise RefusedFile(_("文档展开后异常庞大，未予接受。"))
    if any(m.flag_bits & 1 for m in members):
        raise RefusedFile(_("文档设有打开密码，请去掉密码后再上传。"))


def _check_name(member: zipfile.ZipInfo, is_book: bool) -> None:
    name = member.filename
    if name.rpartition("/")[2] == "vbaProject.bin":
        raise RefusedFile(_("文档含有宏，请另存为不含宏的文档后再上传。"))
    if is_executable(name, markup_too=not is_book):
        raise RefusedFile(_("文档里夹带着程序“%(name)s”，不能收存。"), name=name.rpartition("/")[2][:80])
    if name.lower().endswith((".zip", ".rar", ".7z", ".gz", ".tar", ".xz", ".bz2", ".cab", ".iso")):
        raise RefusedFile(_("文档里夹带着压缩包，请取出后分别上传。"))


def _check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Every member is unpacked as a stream to its checksum; XML that defines entities of its own is refused, because
    entities that name each other fill any memory."""
    with archive.open(member) as content:
        head = content.read(_XML_HEAD)
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _ENTITY.search(head.replace(b"\x00", b"")):
            raise RefusedFile(_("文档里的 XML 自行定义了实体，可能耗尽内存，不能收存。"))
        while content.read(1024 * 1024):
            pass
