"""What goes wrong between the museum and its storage, told in one kind of error that says what a person can do.

`FileNotFoundError` means that the storage answered and has no such file; `StorageUnavailableError` that it could not
be asked, or did not do what it was asked: nothing was stored, and the same may well succeed later.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from django.utils.translation import gettext_lazy as _


class Trouble(Enum):
    """The kinds of trouble, each with the sentence that an editor reads."""

    UNREACHABLE = _("文件存储连接不上")
    SLOW = _("文件存储迟迟没有应答")
    REFUSED = _("文件存储拒绝了访问")
    FULL = _("文件存储已满")
    FAILING = _("文件存储发生故障")


class StorageUnavailableError(OSError):
    """`trouble` is its kind, `reason` the sentence for a person; the cause is chained for the log."""

    def __init__(self, trouble: Trouble, name: str = "", detail: str = ""):
        self.trouble, self.name, self.detail = trouble, name, detail
        super().__init__(f"{trouble.name.lower()}: {name} {detail}".strip())

    @property
    def reason(self) -> str:
        return str(self.trouble.value)


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def of_system_error(error: OSError, name: str) -> OSError:
    """What an error of the local disk means here. A missing file stays a FileNotFoundError."""
    if isinstance(error, (FileNotFoundError, StorageUnavailableError)):
        return error
    if error.errno in _FULL:
        return StorageUnavailableError(Trouble.FULL, name, str(error))
    if error.errno in _REFUSED:
        return StorageUnavailableError(Trouble.REFUSED, name, str(error))
    return StorageUnavailableError(Trouble.FAILING, name, str(error))


@contextmanager
def disk_errors(name: str) -> Iterator[None]:
    """Errors of the local disk, told as above."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        translated = of_system_error(error, name)
        if translated is error:
            raise
        raise translated from error
