"""The museum's storages in an S3-compatible bucket; apart, so that a local museum loads no S3 client.

django-storages reads the options and joins the names. What it does in memory or by guess is done here: files are
written and read as streams, their type and metadata are ours, and trouble is told as `StorageUnavailableError`.
"""

import functools
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore import exceptions as boto
from botocore.config import Config
from django.core.files.base import File
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage

from .storage import PUBLIC_CACHE_CONTROL, MuseumStorage, StoredFile, type_of
from .storage_errors import StorageUnavailableError, Trouble

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
READ_BLOCK = 4 * MIB
# In the calling thread and in parts: ten threads each holding a part would cost a hundred megabytes.
TRANSFER = TransferConfig(multipart_threshold=16 * MIB, multipart_chunksize=16 * MIB, use_threads=False)
_UNREACHABLE = (boto.EndpointConnectionError, boto.ConnectionClosedError, boto.ProxyConnectionError, boto.SSLError)
_SLOW = (boto.ConnectTimeoutError, boto.ReadTimeoutError)
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "InsufficientCapacity"}


@functools.lru_cache(maxsize=16)
def client_for(
    endpoint: str, region: str, access_key: str, secret_key: str, addressing: str, checksums: str, patience: float
):
    """One client for all threads and storages of a process: each costs 150 ms and 15 MB. `patience` in seconds, for
    the next byte."""
    config = Config(
        signature_version="s3v4",
        # The host is part of the content-security policy: the regional one everywhere.
        s3={"addressing_style": addressing, "us_east_1_regional_endpoint": "regional"},
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
        connect_timeout=min(3.0, patience),
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=32,
    )
    session = boto3.Session(aws_access_key_id=access_key or None, aws_secret_access_key=secret_key or None)
    return session.client("s3", endpoint_url=endpoint or None, region_name=region, config=config)


@contextmanager
def s3_errors(name: str) -> Iterator[None]:
    """Errors of the S3 client as FileNotFoundError and StorageUnavailableError."""
    try:
        yield
    except boto.ClientError as error:
        raise _of_answer(error, name) from error
    except _SLOW as error:
        raise StorageUnavailableError(Trouble.SLOW, name, str(error)) from error
    except _UNREACHABLE as error:
        raise StorageUnavailableError(Trouble.UNREACHABLE, name, str(error)) from error
    except (boto.BotoCoreError, Boto3Error) as error:
        raise StorageUnavailableError(Trouble.FAILING, name, str(error)) from error


def _of_answer(error: boto.ClientError, name: str) -> OSError:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    code = error.response.get("Error", {}).get("Code", "")
    if status == 404 and code != "NoSuchBucket":
        return FileNotFoundError(name)
    if status == 507 or code in _FULL:
        return StorageUnavailableError(Trouble.FULL, name, str(error))
    if status in (401, 403):
        return StorageUnavailableError(Trouble.REFUSED, name, str(error))
    return StorageUnavailableError(Trouble.FAILING, name, str(error))


def _length(answer: dict, name: str) -> int:
    """The client takes an answer that was cut in its head for one without a length."""
    if "ContentLength" not in answer or "LastModified" not in answer:
        raise StorageUnavailableError(Trouble.UNREACHABLE, name, "the answer was cut")
    return answer["ContentLength"]


class S3Files(MuseumStorage, S3Storage):
    """`public_endpoint` is the address under which browsers reach the same storage (the host is part of a
    signature); `checksums` "when_required" suits servers that know only the old ones; `patience` how many seconds are
    waited for an answer; `delivery` is "redirect" (to
    signed links) or "stream" (through the museum, where browsers cannot reach the storage)."""

    cache_control = "private, no-store"

    def get_default_settings(self) -> dict:
        own = {"public_endpoint": "", "checksums": "when_supported", "delivery": "redirect", "public_base_url": ""}
        own["patience"] = 20.0
        return super().get_default_settings() | own

    def _client(self, endpoint: str | None):
        return client_for(
            endpoint or "",
            self.region_name,
            self.access_key or "",
            self.secret_key or "",
            self.addressing_style,
            self.checksums,
            self.patience,
        )

    @property
    def client(self):
        """The client that this server uses."""
        return self._client(self.endpoint_url)

    @property
    def browser_client(self):
        """The client that signs addresses for browsers: the host is part of a signature."""
        return self._client(self.public_endpoint or self.endpoint_url)

    @property
    def takes_parts(self) -> bool:
        """Not where browsers cannot reach it, nor where it knows no checksums by which a part could be believed."""
        return self.delivery == "redirect" and self.checksums == "when_supported"

    def place(self, name: str) -> dict[str, str]:
        """Bucket and key of a file, as the client wants them."""
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}

    # --- Django's interface -----------------------------------------------------------------------------------

    def _save(self, name: str, content) -> str:
        content.seek(0)
        arguments = {"ContentType": type_of(name), "CacheControl": self.cache_control}
        facts = getattr(content, "facts", None)
        if facts is not None:
            arguments["ContentType"] = facts.mime_type
            arguments["Metadata"] = {"original-name": quote(facts.original_name), "sha256": facts.sha256}
        place = self.place(name)
        with s3_errors(name):
            self.client.upload_fileobj(
                _Unclosed(content), place["Bucket"], place["Key"], ExtraArgs=arguments, Config=TRANSFER
            )
        return name

    def _open(self, name: str, mode: str = "rb"):
        if mode != "rb":
            raise ValueError("files are stored whole by save(), never written in place")
        return S3ReadFile(self, name)

    def remove(self, name: str) -> None:
        with s3_errors(name):
            self.client.delete_object(**self.place(name))

    def exists(self, name: str) -> bool:
        try:
            self.stat(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self.stat(name)[0]

    def get_modified_time(self, name: str) -> datetime:
        return self.stat(name)[1]

    # --- The museum's -----------------------------------------------------------------------------------------

    def stat(self, name: str) -> tuple[int, datetime]:
        with s3_errors(name):
            head = self.client.head_object(**self.place(name))
            return _length(head, name), head["LastModified"]

    def open_part(self, name: str, first: int, length: int):
        with s3_errors(name):
            answer = self.client.get_object(**self.place(name), Range=f"bytes={first}-{first + length - 1}")
            return _Body(answer["Body"], name, _length(answer, name))

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        root = f"{self.location.rstrip('/')}/" if self.location else ""
        with s3_errors(prefix):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=root + prefix):
                for entry in page.get("Contents", ()):
                    yield StoredFile(entry["Key"].removeprefix(root), entry["Size"], entry["LastModified"])

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with s3_errors(path):
            return super().listdir(path)

    def head(self, name: str) -> dict:
        """What the storage says of an object: `ContentType`, `CacheControl`, `Metadata`."""
        with s3_errors(name):
            return self.client.head_object(**self.place(name))

    def rename(self, name: str, new_name: str) -> None:
        told = self.head(name)
        kept = {key: told[key] for key in ("ContentType", "CacheControl", "Metadata") if key in told}
        target = self.place(new_name)
        with s3_errors(name):
            # In parts, because one request copies five gigabytes at most; and a copy in parts takes nothing along.
            arguments = kept | {"MetadataDirective": "REPLACE"}
            self.client.copy(self.place(name), target["Bucket"], target["Key"], ExtraArgs=arguments, Config=TRANSFER)
        if self.size(new_name) != told["ContentLength"]:
            raise StorageUnavailableError(Trouble.FAILING, name, "the copy has another size")
        self.remove(name)

    def bare_address(self, name: str) -> str:
        """Where browsers would find it if they needed no signature."""
        return self.browser_client.generate_presigned_url("get_object", Params=self.place(name)).partition("?")[0]

    def signed_link(self, name: str, *, mime_type: str, disposition: str = "", seconds: int = 300) -> str | None:
        if self.delivery != "redirect":
            return None
        told = {"ResponseContentType": mime_type, "ResponseCacheControl": "private, no-store"}
        if disposition:
            told["ResponseContentDisposition"] = disposition
        place = self.place(name) | told
        return self.browser_client.generate_presigned_url("get_object", Params=place, ExpiresIn=seconds)


class S3Originals(S3Files):
    view_name = "media:stored"
    holds_masters = True


class S3Derivatives(S3Files):
    """Reached by the key of their row (`Derivative.url`), never by their path."""


class S3Renditions(S3Files):
    view_name = "media:rendition"


class S3Public(S3Files):
    """Copies of what everybody may see: the only prefix that the bucket's policy opens to unsigned reading.
    `public_base_url` is its address for browsers, the storage's own or that of a CDN."""

    cache_control = PUBLIC_CACHE_CONTROL

    def url(self, name: str | None) -> str:
        if not name:
            raise ValueError("a public copy has a name")
        return f"{self.public_base_url}/{name}"

    def take(self, source, source_name: str, name: str) -> None:
        """Put a copy of another storage's file here; the storage copies it by itself where both are on it."""
        if not isinstance(source, S3Files) or source.endpoint_url != self.endpoint_url:
            with source.open(source_name) as file:
                self._save(name, file)
            return
        target = self.place(name)
        told = {"MetadataDirective": "REPLACE", "ContentType": type_of(name), "CacheControl": self.cache_control}
        with s3_errors(name):
            # In parts where it is large: one request copies five gigabytes at most.
            self.client.copy(
                source.place(source_name), target["Bucket"], target["Key"], ExtraArgs=told, Config=TRANSFER
            )


class _Unclosed:
    """The client closes what it has read; Django still wants to."""

    def __init__(self, content):
        self._content = content

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        return self._content.tell()

    def close(self) -> None:
        """Not ours to close."""


class _Body:
    """An answer's body whose trouble is told as everywhere else; one that ends before its length is trouble too."""

    def __init__(self, body, name: str, length: int):
        self._body, self._name, self._left = body, name, length

    def read(self, size: int = -1) -> bytes:
        with s3_errors(self._name):
            data = self._body.read(None if size < 0 else size)
        self._left -= len(data)
        if not data and size and self._left > 0:
            raise StorageUnavailableError(Trouble.UNREACHABLE, self._name, f"{self._left} bytes are missing")
        return data

    def close(self) -> None:
        self._body.close()


class _RangeReader(io.RawIOBase):
    """Reads an object by ranges, so that a decoder may leap about in a film of gigabytes."""

    def __init__(self, storage: S3Files, name: str):
        self._storage, self._name = storage, name
        self._size, self._at = storage.size(name), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer) -> int:
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        data = self._part(length)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _part(self, length: int) -> bytes:
        """As much of the next `length` bytes as came: a connection that is cut is taken up where it was."""
        part, blocks = self._storage.open_part(self._name, self._at, length), []
        try:
            while length > 0 and (block := part.read(min(length, READ_BLOCK // 16))):
                blocks.append(block)
                length -= len(block)
        except StorageUnavailableError:
            if not blocks:
                raise
        finally:
            part.close()
        return b"".join(blocks)

    def readall(self) -> bytes:
        """In blocks of ours: Python's own would ask for eight kilobytes at a time."""
        blocks = []
        while block := self.read(READ_BLOCK):
            blocks.append(block)
        return b"".join(blocks)


class S3ReadFile(File):
    """A stored object as a file to read and to leap about in; holds four megabytes of it at a time."""

    def __init__(self, storage: S3Files, name: str):
        self._storage = storage
        super().__init__(self._reader(name), name)

    def _reader(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(_RangeReader(self._storage, name), READ_BLOCK)

    @cached_property
    def size(self) -> int:
        return self._storage.size(self.name)

    def open(self, mode: str | None = None) -> "S3ReadFile":
        if self.closed:
            self.file = self._reader(self.name)
        self.seek(0)
        return self
