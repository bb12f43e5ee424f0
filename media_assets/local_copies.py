"""A path on this machine for what decoders are to read: libvips and FFmpeg want a path, and the process in which they
run has neither the storage nor its keys."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .storage_errors import disk_errors

COPY_BYTES = 1024 * 1024


@contextmanager
def local_path(file_field) -> Iterator[Path]:
    """The path of a stored file (a FieldFile): its own place in a local storage, which must stay as it is meanwhile,
    else a temporary copy streamed from the storage, gone afterwards. Keeps the extension.

    Raises FileNotFoundError and StorageUnavailableError as the storage does, and the latter when this disk is full.
    """
    storage, name = file_field.storage, file_field.name
    try:
        path = Path(storage.path(name))
    except NotImplementedError:  # Django's way to say that it is not a folder
        with storage.open(name, "rb") as file, _copied(file, Path(name).suffix) as path:
            yield path
        return
    if not path.exists():
        raise FileNotFoundError(name)
    yield path


@contextmanager
def path_of(file: BinaryIO) -> Iterator[Path]:
    """The path of an open file: its own if it lies on this disk (an upload that was spooled, a file of a local
    storage), else that of a temporary copy. Leaves the file at its beginning."""
    path = _own_path(file)
    if path:
        if hasattr(file, "flush") and _is_writable(file):
            file.flush()
        yield Path(path)
        return
    with _copied(file, "") as copy:
        yield copy


@contextmanager
def _copied(file: BinaryIO, suffix: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="original-") as folder:
        path = Path(folder) / f"file{suffix}"
        with path.open("wb") as copy, disk_errors(path.name):
            file.seek(0)
            shutil.copyfileobj(file, copy, COPY_BYTES)
        file.seek(0)
        yield path


def _is_writable(file: BinaryIO) -> bool:
    return bool(getattr(file, "writable", lambda: False)())


def _own_path(file: BinaryIO) -> str | None:
    if hasattr(file, "temporary_file_path"):
        return file.temporary_file_path()
    opened = getattr(file, "file", file)  # Django's File wraps what open() gave
    is_on_disk = isinstance(opened, (io.BufferedReader, io.BufferedRandom)) and isinstance(
        getattr(opened, "name", None), str
    )
    return opened.name if is_on_disk and Path(opened.name).is_file() else None
