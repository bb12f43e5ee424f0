"""What a PDF is and carries, as far as intake must know it. What is refused and why: docs/decisions, "What a PDF may
carry"."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pikepdf

from ..file_errors import FileError, RefusedFile, UnreadableFile
from ..file_errors import marked as _
from .bounds import Bounds
from .executables import is_executable

_MAX_DEPTH = 40
_MAX_ATTACHMENTS = 1000


@dataclass(frozen=True)
class PdfFacts:
    pages: int


def examine(path: Path | str, bounds: Bounds) -> PdfFacts:
    """The number of its pages. Raises UnreadableFile for a damaged one, RefusedFile for one that needs a password,
    has too many pages, starts a program or carries one."""
    try:
        with pikepdf.open(str(path), attempt_recovery=False, suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
            if pages == 0:
                raise UnreadableFile(_("PDF 里一页也没有。"))
            if pages > bounds.pages:
                raise RefusedFile(
                    _("PDF 有%(pages)d页，最多可收%(limit)d页，请分册上传。"), pages=pages, limit=bounds.pages
                )
            _check_actions(pdf)
            _check_attachments(pdf)
            return PdfFacts(pages)
    except FileError:
        raise
    except pikepdf.PasswordError as error:
        raise RefusedFile(_("PDF 设有打开密码，请去掉密码后再上传。")) from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(_("PDF 已损坏或不完整，请用原来的软件重新导出后再上传。")) from error


def _check_actions(pdf: pikepdf.Pdf) -> None:
    """What happens when the document is opened; what a page's links do, the reader is asked about."""
    action = pdf.Root.get("/OpenAction")
    for _step in range(_MAX_DEPTH):
        if not isinstance(action, pikepdf.Dictionary):
            return
        if action.get("/S") in ("/Launch", "/ImportData", "/SubmitForm"):
            raise RefusedFile(_("PDF 一打开就要运行程序或发送数据，不能收存。"))
        action = action.get("/Next")


def _check_attachments(pdf: pikepdf.Pdf) -> None:
    for number, (name, attachment) in enumerate(pdf.attachments.items()):
        if number >= _MAX_ATTACHMENTS:
            raise RefusedFile(_("PDF 里夹带的文件过多，不能收存。"))
        called = PurePosixPath(attachment.filename or name)
        if is_executable(called.name):
            raise RefusedFile(_("PDF 里夹带着程序“%(name)s”，不能收存。"), name=called.name[:80])
