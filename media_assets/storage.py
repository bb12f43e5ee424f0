"""Where files lie on a local disk: three private folders, and no address that goes round the checks.

`STORAGES` names them: "default" (LocalOriginals), "derivatives" (LocalDerivatives), "renditions"
(LocalRenditions). Their `url()` is the address of a checked view; nothing else serves these folders.
The same three on S3-compatible storage are in `storage_s3`.
"""

from datetime import datetime

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.urls import reverse


class CheckedAddress:
    """A storage whose files are reached through a view of ours, `view_name`, or not by name at all; and what
    that view needs of it."""

    view_name = ""

    def url(self, name: str | None) -> str:
        if not self.view_name or not name:
            raise ValueError("these files have no address of their own: use the address of the row")
        return reverse(self.view_name, args=[name])

    def stat(self, name: str) -> tuple[int, datetime]:
        """Bytes, and when it was stored. Raises FileNotFoundError."""
        return self.size(name), self.get_modified_time(name)

    def open_part(self, name: str, first: int, length: int):
        """Something to `read(n)` and `close()` that begins at byte `first`; no more than `length` will be read."""
        file = self.open(name)
        file.seek(first)
        return file

    def deconstruct(self):
        """As its alias, so that a queued task holds neither a path nor the credentials of a bucket."""
        alias = next((a for a in settings.STORAGES if storages[a] is self), None)
        if alias is None:
            return super().deconstruct()
        return ("media_assets.storage.storage_called", [alias], {})


def storage_called(alias: str):
    """The storage that `CheckedAddress.deconstruct` wrote down."""
    return storages[alias]


class LocalOriginals(CheckedAddress, FileSystemStorage):
    view_name = "media:stored"


class LocalDerivatives(CheckedAddress, FileSystemStorage):
    """Reached by the key of their row (`Derivative.url`), never by their path."""


class LocalRenditions(CheckedAddress, FileSystemStorage):
    view_name = "media:rendition"
