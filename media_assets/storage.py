"""Where files lie on a local disk: private folders behind checked addresses, and the folder of public copies.

`STORAGES` names them: "default" (LocalOriginals), "derivatives" (LocalDerivatives), "renditions" (LocalRenditions)
are private: their `url()` is the address of a checked view, and nothing else serves these folders. "public"
(LocalPublic) holds copies of what everybody may see, under random tokens; a web server or a CDN may serve it without
asking. The same four on S3-compatible storage are in `storage_s3`.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.move import file_move_safe
from django.core.files.storage import FileSystemStorage, storages
from django.urls import reverse

from .filetypes import mime_type_of_extension
from .signals import removal_failed
from .storage_errors import StorageUnavailableError, disk_errors

PART_SUFFIX = ".part"
PUBLIC_CACHE_CONTROL = "public, max-age=3600"
"""Of public copies: at most an hour, never immutable, so that what is withdrawn goes out of caches soon."""


@dataclass(frozen=True)
class StoredFile:
    """One file of a storage, by the name that the rows know; `size` in bytes."""

    name: str
    size: int
    modified: datetime


class MuseumStorage:
    """What the museum asks of every storage on top of Django's own interface.

    Names are random keys that we chose, so nothing is ever overwritten but by itself. Every method raises
    FileNotFoundError for what is not there and StorageUnavailableError for what could not be done.
    """

    view_name = ""
    holds_masters = False
    """Whether what lies here cannot be made again. Such a file goes only a while after nothing speaks for it: Wagtail
    deletes the old file of a replaced picture before the new row is saved, and the saving may still fail."""

    takes_parts = False
    """Whether browsers may put the parts of an upload here by themselves, under signed addresses."""

    def url(self, name: str | None) -> str:
        if not self.view_name or not name:
            raise ValueError("these files have no address of their own: use the address of the row")
        return reverse(self.view_name, args=[name])

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: asking first would be a race, and a random key is free."""
        if max_length and len(name) > max_length:
            raise ValueError("this key is longer than its field")
        return name

    def stat(self, name: str) -> tuple[int, datetime]:
        """Bytes, and when it was stored."""
        raise NotImplementedError

    def open_part(self, name: str, first: int, length: int):
        """Something to `read(n)` and `close()` that begins at byte `first`; no more than `length` will be read."""
        raise NotImplementedError

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        """What lies here under names that begin with `prefix`, a few at a time in memory."""
        raise NotImplementedError

    def signed_link(self, name: str, *, mime_type: str, disposition: str = "", seconds: int = 300) -> str | None:
        """An address that gives a browser this one file for so long, or None where there is no such thing and the
        museum streams the file itself."""
        return None

    def rename(self, name: str, new_name: str) -> None:
        """Keep it under another name of the same storage; killed half-way, it lies under both or the old one."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Delete it now. What is not there is removed already."""
        super().delete(name)

    def delete(self, name: str) -> None:
        """Delete it now, or as soon as the storage can: a person's work is never refused for a file that cannot go.
        A master is deleted by the worker, and only if no row names it then."""
        if self.holds_masters:
            removal_failed.send(sender=type(self), alias=alias_of(self), name=name, reason="")
            return
        try:
            self.remove(name)
        except StorageUnavailableError as error:
            removal_failed.send(sender=type(self), alias=alias_of(self), name=name, reason=error.reason)

    def deconstruct(self):
        """As its alias, so that a queued task holds neither a path nor the credentials of a bucket."""
        alias = alias_of(self)
        if alias is None:
            return super().deconstruct()
        return ("media_assets.storage.storage_called", [alias], {})


def alias_of(storage) -> str | None:
    """The name under which STORAGES knows this storage."""
    return next((alias for alias in settings.STORAGES if storages[alias] is storage), None)


def storage_called(alias: str):
    """The storage that `MuseumStorage.deconstruct` wrote down."""
    return storages[alias]


def type_of(name: str) -> str:
    """The media type of a stored file: of one that we named its extension was chosen by what its bytes are. Anything
    else (a manuscript that nobody has looked into yet, a portrait of an editor's) is told as bytes."""
    try:
        return mime_type_of_extension(PurePosixPath(name).suffix.removeprefix(".").lower())
    except KeyError:
        return "application/octet-stream"


class LocalFiles(MuseumStorage, FileSystemStorage):
    """A folder. A file appears under its name whole or not at all: it is written beside it, synced, then renamed."""

    def _save(self, name: str, content) -> str:
        target = Path(self.path(name))
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
        with disk_errors(name):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(part, content)
                part.chmod(self.file_permissions_mode or 0o644)
                part.replace(target)
                _sync_folder(target.parent)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return name

    @staticmethod
    def _write(part: Path, content) -> None:
        if hasattr(content, "temporary_file_path"):
            file_move_safe(content.temporary_file_path(), part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            return
        content.seek(0)
        with part.open("xb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
            file.flush()
            os.fsync(file.fileno())
        if part.stat().st_size != content.size:
            raise OSError("the file changed or ended early while it was being stored")

    def _open(self, name: str, mode: str = "rb"):
        if mode != "rb":
            raise ValueError("files are stored whole by save(), never written in place")
        with disk_errors(name):
            return super()._open(name, mode)

    def stat(self, name: str) -> tuple[int, datetime]:
        with disk_errors(name):
            entry = Path(self.path(name)).stat()
        return entry.st_size, datetime.fromtimestamp(entry.st_mtime, UTC)

    def open_part(self, name: str, first: int, length: int):
        with disk_errors(name):
            file = Path(self.path(name)).open("rb")  # noqa: SIM115 -- whoever reads it closes it
        file.seek(first)
        return file

    def rename(self, name: str, new_name: str) -> None:
        target = Path(self.path(new_name))
        with disk_errors(name):
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(self.path(name)).replace(target)

    def remove(self, name: str) -> None:
        with disk_errors(name):
            super().remove(name)

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        root = Path(self.location)
        folder = (root / prefix).parent if prefix and not prefix.endswith("/") else root / prefix
        for path in _walk(folder):
            name = path.relative_to(root).as_posix()
            if name.startswith(prefix):
                try:
                    entry = path.stat()
                except FileNotFoundError:
                    continue  # deleted since the folder was read
                yield StoredFile(name, entry.st_size, datetime.fromtimestamp(entry.st_mtime, UTC))


def _sync_folder(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below, folder by folder, in order."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


class LocalOriginals(LocalFiles):
    view_name = "media:stored"
    holds_masters = True


class LocalDerivatives(LocalFiles):
    """Reached by the key of their row (`Derivative.url`), never by their path."""


class LocalRenditions(LocalFiles):
    view_name = "media:rendition"


class LocalPublic(LocalFiles):
    """Copies of what everybody may see. `public_base_url`: where a web server or a CDN serves this folder; without
    it the museum serves it itself."""

    view_name = "media:public"

    def __init__(self, public_base_url: str = "", **options):
        self.public_base_url = public_base_url
        super().__init__(**options)

    def url(self, name: str | None) -> str:
        return f"{self.public_base_url}/{name}" if self.public_base_url and name else super().url(name)

    def take(self, source, source_name: str, name: str) -> None:
        """Put a copy of another storage's file here. On one disk it costs no space: the two are one file, which is
        never written to."""
        target = Path(self.path(name))
        with disk_errors(name):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                part = target.with_name(f".{target.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
                os.link(source.path(source_name), part)
            except (NotImplementedError, OSError):
                with source.open(source_name) as file:
                    self._save(name, file)
            else:
                part.replace(target)
                part.unlink(missing_ok=True)  # a rename onto the same file does nothing and leaves both names
