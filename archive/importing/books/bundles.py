"""The files of one book: a single file, a folder, or a ZIP that is read member by member and never unpacked."""

import contextlib
import re
import shutil
import stat
import zipfile
from pathlib import Path
from typing import BinaryIO

from media_assets.decoding.bounds import Bounds
from media_assets.decoding.zip_damage import ZIP_DAMAGE
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile
from media_assets.file_errors import marked as _

_SMALL = 10 * 1024 * 1024


class Bundle:
    """`names` are the paths inside, with "/" between, in natural order (2.txt before 10.txt), without what file
    managers leave behind. Raises UnreadableFile for a damaged ZIP and RefusedFile for a bomb or a locked one."""

    def __init__(self, path: Path, bounds: Bounds | None = None):
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        self._members: dict[str, zipfile.ZipInfo] = {}
        if path.is_dir():
            found = [file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()]
        elif zipfile.is_zipfile(path):
            found = self._opened(bounds or Bounds())
        else:
            found = [path.name]
        self.names = tuple(sorted((name for name in found if not _is_leftover(name)), key=natural_order))

    def _opened(self, bounds: Bounds) -> list[str]:
        try:
            self._zip = zipfile.ZipFile(self.path)
            members = [member for member in self._zip.infolist() if not member.is_dir()]
        except ZIP_DAMAGE as error:
            raise UnreadableFile(_("压缩包已损坏或不完整，无法打开。")) from error
        if any(member.flag_bits & 1 for member in members):
            raise RefusedFile(_("压缩包设有密码，请去掉密码后再导入。"))
        unpacked = sum(member.file_size for member in members)
        is_bomb = any(m.file_size > _SMALL and m.file_size > bounds.packing * max(1, m.compress_size) for m in members)
        if is_bomb or len(members) > bounds.members or unpacked > 16 * bounds.unpacked_bytes:
            raise RefusedFile(_("压缩包展开后异常庞大，未予接受。"))
        self._members = {_name(member): member for member in members}
        return list(self._members)

    def size(self, name: str) -> int:
        return self._members[name].file_size if self._zip else self._path(name).stat().st_size

    def is_link(self, name: str) -> bool:
        """Whether it only points at another file, by whatever system it was made."""
        if self._zip:
            return stat.S_ISLNK(self._members[name].external_attr >> 16)
        if not self.path.is_dir():
            return False
        inside = Path(name)
        return any((self.path / part).is_symlink() for part in (inside, *inside.parents[:-1]))

    def open(self, name: str) -> BinaryIO:
        """Of a damaged member the reading raises, not the opening: see `read`."""
        return self._zip.open(self._members[name]) if self._zip else self._path(name).open("rb")

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a member. Raises RefusedFile when they are more than `most`, UnreadableFile when damaged."""
        try:
            with self.open(name) as member:
                data = member.read(most + 1)
        except FileError:
            raise
        except Exception as error:  # zlib, lzma and bz2 each have errors of their own
            raise UnreadableFile(_("压缩包里的“%(name)s”已损坏。"), name=name[-80:]) from error
        if len(data) > most:
            raise RefusedFile(_("“%(name)s”超过 %(most)s MB。"), name=name[-80:], most=most >> 20)
        return data

    def head(self, name: str, length: int = 65536) -> bytes:
        """Its beginning; nothing of a damaged one."""
        try:
            with self.open(name) as member:
                return member.read(length)
        except Exception:  # whatever is wrong with it, it is no file of ours
            return b""

    def copy(self, name: str, target: Path) -> None:
        """Raises UnreadableFile for a damaged member."""
        try:
            with self.open(name) as member, target.open("wb") as file:
                shutil.copyfileobj(member, file)
        except Exception as error:
            target.unlink(missing_ok=True)
            raise UnreadableFile(_("压缩包里的“%(name)s”已损坏。"), name=name[-80:]) from error

    def _path(self, name: str) -> Path:
        return self.path / name if self.path.is_dir() else self.path


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts numbers by their worth: 页2 before 页10."""
    return [
        (0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part)
        for part in re.split(r"([0-9]{1,18})", name.casefold())
        if part
    ]


def _name(member: zipfile.ZipInfo) -> str:
    """Windows writes Chinese names in GBK without saying so (in Taiwan in Big5), a Mac in UTF-8; some of their programs
    part folders their own way."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = _in_some_encoding(name.encode("cp437"))
    return name.replace("\\", "/")


def _in_some_encoding(name: bytes) -> str:
    """UTF-8 is never anything else by chance; of the other two the one that gives more characters of daily use.
    Raises UnicodeError."""
    with contextlib.suppress(UnicodeError):
        return name.decode("utf-8")
    found = []
    for encoding in ("gb18030", "big5"):
        with contextlib.suppress(UnicodeError):
            found.append(name.decode(encoding))
    if not found:
        raise UnicodeError
    return max(found, key=_share_of_daily_use)


def _share_of_daily_use(name: str) -> float:
    wide = [char for char in name if char > "\u2e7f"]
    return sum(_is_of_daily_use(char) for char in wide) / max(1, len(wide))


def _is_of_daily_use(char: str) -> bool:
    """Those of the first planes of GB 2312 and Big5, which are the frequent ones, and punctuation."""
    for encoding, last in (("gb2312", 0xD7), ("big5", 0xC6)):
        with contextlib.suppress(UnicodeError):
            if char.encode(encoding)[0] <= last:
                return True
    return False


def _is_leftover(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith((".", "__MACOSX", "~$")) and part not in (".", "..") for part in parts)
    return hidden or parts[-1] in ("Thumbs.db", "desktop.ini")
