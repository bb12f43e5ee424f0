"""The three private storages in an S3-compatible bucket; apart, so that a local museum loads no S3 client."""

from datetime import datetime

from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage

from .storage import CheckedAddress


class CheckedS3Storage(CheckedAddress, S3Storage):
    def stat(self, name: str) -> tuple[int, datetime]:
        """One request for both."""
        entry = self._entry(name)
        try:
            return entry.content_length, entry.last_modified
        except ClientError as error:
            raise _as_missing(error, name) from error

    def open_part(self, name: str, first: int, length: int):
        """A stream of that part alone: django-storages would fetch the whole object first, a film of gigabytes
        for every leap of the player."""
        try:
            return self._entry(name).get(Range=f"bytes={first}-{first + length - 1}")["Body"]
        except ClientError as error:
            raise _as_missing(error, name) from error

    def _entry(self, name: str):
        return self.bucket.Object(self._normalize_name(name))


def _as_missing(error: ClientError, name: str) -> Exception:
    code = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return FileNotFoundError(name) if code == 404 else error


class S3Originals(CheckedS3Storage):
    view_name = "media:stored"


class S3Derivatives(CheckedS3Storage):
    """Reached by the key of their row (`Derivative.url`), never by their path."""


class S3Renditions(CheckedS3Storage):
    view_name = "media:rendition"
