"""Who holds the parts of an upload until it is whole: the object storage itself, or a folder of this machine."""

import base64
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.signing import TimestampSigner
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ..models import Upload
from ..storage_errors import disk_errors

BLOCK_BYTES = 1024 * 1024
SIGNED_FOR = timedelta(minutes=15)
_KNOWN = {
    "local": "media_assets.uploading.carriers.LocalCarrier",
    "s3": "media_assets.uploading.s3_carrier.S3Carrier",
}


@dataclass(frozen=True)
class Part:
    """A part that has arrived: `length` in bytes, `checksum` its CRC32 as S3 writes it (base64, big-endian)."""

    number: int
    length: int
    checksum: str
    tag: str = ""


@dataclass(frozen=True)
class Address:
    """Where a browser puts one part, and the headers that the signature holds it to."""

    url: str
    headers: dict[str, str]


class PartRefusedError(Exception):
    """The bytes are not those that were announced; nothing of them is kept."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = str(reason)


class PartLostError(Exception):
    """A part that had arrived is damaged: it is deleted, so that it counts as missing and is sent again."""


class Carrier(Protocol):
    """Every method may raise StorageUnavailableError."""

    def begin(self, upload: Upload) -> str:
        """Open it; returns the storage's own name for it."""

    def address(self, upload: Upload, number: int, checksum: str) -> Address:
        """For this part with these bytes alone, for a quarter of an hour."""

    def parts(self, upload: Upload) -> list[Part]:
        """Those that are whole and there, by number; what a browser says of them is never asked."""

    def finish(self, upload: Upload) -> None:
        """Make one file of the parts under `upload.key`. Doing it again changes nothing."""

    def forget(self, upload: Upload, number: int) -> None:
        """Make way for another part in the place of one that is wrong."""

    def clear(self, upload: Upload) -> None:
        """Forget the parts. What is not there is cleared already."""

    def sweep(self, known: set[str], older_than: timedelta) -> int:
        """Forget what no row speaks for; `known` are the `folder`s and `storage_id`s of the rows."""


def carrier_of(upload: Upload) -> Carrier:
    """Where the museum has moved away from the storage that held the parts, they are as if they had never come, and are
    sent to the museum itself; what lies there still, the bucket's own rule clears away."""
    is_gone = upload.carrier == "s3" and carrier_in_use() != "s3"
    return import_string(_KNOWN["local" if is_gone else upload.carrier])()


def carrier_in_use() -> str:
    """The one for new uploads: parts go to the storage itself where browsers can reach it."""
    return "s3" if getattr(storages["default"], "takes_parts", False) else "local"


def every_carrier() -> list[Carrier]:
    """Those of which anything may be left: the folder always, the storage if it takes parts."""
    return [import_string(_KNOWN[name])() for name in sorted({"local", carrier_in_use()})]


def checksum_of(crc: int) -> str:
    return base64.b64encode(crc.to_bytes(4, "big")).decode()


def crc_of(checksum: str) -> int:
    """Raises ValueError for what is no CRC32."""
    raw = base64.b64decode(checksum, validate=True)
    if len(raw) != 4:
        raise ValueError("a CRC32 has four bytes")
    return int.from_bytes(raw, "big")


class LocalCarrier:
    """Parts are files of UPLOAD_DIR, named by number, length and checksum: what lies there needs no row to be believed,
    and a server that is killed leaves nothing but a `.tmp`, which is no part."""

    def begin(self, upload: Upload) -> str:
        return ""

    def address(self, upload: Upload, number: int, checksum: str) -> Address:
        sealed = _signer().sign(f"{upload.folder}:{number}:{crc_of(checksum):08x}")
        return Address(reverse("media_uploads:part", args=[sealed]), {})

    def parts(self, upload: Upload) -> list[Part]:
        return [part for part, _path in self._found(upload)]

    def receive(self, upload: Upload, number: int, checksum: str, body: BinaryIO) -> Part:
        """Keep one part, read in blocks. Raises PartRefusedError when length or checksum are others than announced."""
        length, crc = upload.part_length(number), crc_of(checksum)
        folder = self._folder(upload)
        target = folder / f"{number:05}-{length}-{crc:08x}"
        temporary = folder / f"{number}.tmp"
        with disk_errors(target.name):
            folder.mkdir(parents=True, exist_ok=True)
            found = _written(temporary, body, length)
            if found != (length, crc):
                temporary.unlink(missing_ok=True)
                raise PartRefusedError(_("这一块在途中损坏或没有传完，请重传。"))
            temporary.replace(target)
            for older in folder.glob(f"{number:05}-*"):
                if older != target:
                    older.unlink(missing_ok=True)
        return Part(number, length, checksum)

    def finish(self, upload: Upload) -> None:
        storage = storages["default"]
        if storage.exists(upload.key) and storage.size(upload.key) == upload.size:
            return
        joined = JoinedParts(upload.size, self._found(upload))
        storage.save(upload.key, joined)

    def forget(self, upload: Upload, number: int) -> None:
        """Nothing: a part that is sent again takes the place of the older one."""

    def clear(self, upload: Upload) -> None:
        folder = self._folder(upload)
        if folder.is_dir():
            shutil.rmtree(folder)

    def sweep(self, known: set[str], older_than: timedelta) -> int:
        root = Path(settings.UPLOAD_DIR)
        strange = [folder for folder in root.glob("??/*") if folder.is_dir() and folder.name not in known]
        for folder in strange:
            shutil.rmtree(folder)
        return len(strange)

    def _folder(self, upload: Upload) -> Path:
        return Path(settings.UPLOAD_DIR) / upload.folder[:2] / upload.folder

    def _found(self, upload: Upload) -> list[tuple[Part, Path]]:
        """What lies there whole, by number; of two that were sent for one number the newer."""
        found: dict[int, tuple[Part, Path]] = {}
        for path in sorted(self._folder(upload).glob("?????-*"), key=lambda path: path.stat().st_mtime_ns):
            number, length, crc = path.name.split("-")
            if path.stat().st_size == int(length):
                found[int(number)] = Part(int(number), int(length), checksum_of(int(crc, 16))), path
        return [found[number] for number in sorted(found)]


def _written(path: Path, body: BinaryIO, length: int) -> tuple[int, int]:
    """What came, and its CRC32; one byte more than announced is read, to see that there is none."""
    crc = count = 0
    with path.open("wb") as file:
        while block := body.read(min(BLOCK_BYTES, length + 1 - count)):
            count += len(block)
            crc = zlib.crc32(block, crc)
            file.write(block)
            if count > length:
                break
        file.flush()
        os.fsync(file.fileno())
    return count, crc


class JoinedParts(File):
    """The parts one after the other as one file to read, each held to its checksum once more."""

    def __init__(self, size: int, parts: list[tuple[Part, Path]]):
        super().__init__(None, "joined")
        self.size = size
        self._parts = parts
        self.seek(0)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if offset or whence != os.SEEK_SET:
            raise OSError("the parts are read from the beginning")
        self._blocks, self._rest, self._at = self._read_all(), b"", 0
        return 0

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            block = next(self._blocks, b"")
            if not block:
                break
            self._rest += block
        data, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        self._at += len(data)
        return data

    def close(self) -> None:
        self._blocks.close()

    def _read_all(self) -> Iterator[bytes]:
        for part, path in self._parts:
            crc = 0
            with path.open("rb") as file:
                while block := file.read(BLOCK_BYTES):
                    crc = zlib.crc32(block, crc)
                    yield block
            if checksum_of(crc) != part.checksum:
                path.unlink(missing_ok=True)  # it is missing now, and can be sent again
                raise PartLostError(path.name)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="media_assets.uploading")


def opened(sealed: str) -> tuple[str, int, str]:
    """The folder, number and checksum that an address was signed for. Raises BadSignature for another or an old one."""
    folder, number, crc = _signer().unsign(sealed, max_age=SIGNED_FOR).split(":")
    return folder, int(number), checksum_of(int(crc, 16))
