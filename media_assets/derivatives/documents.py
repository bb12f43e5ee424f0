"""The cover of a PDF: its first page in the sizes of a picture, shown where a book has no picture of its own.

The job "cover".
"""

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from .. import jobs, sandbox
from ..decoding import covers
from ..file_errors import FileError
from ..local_copies import local_path
from ..models import ArchiveDocument, Derivative, Job, PublicCopyRequest
from .rendering import render

KIND = "cover"
PDF = "application/pdf"


def make_cover(work: jobs.Work) -> None:
    """Make the cover's pictures unless they are there, made from the present file. Raises as a handler of jobs may;
    what is wrong with the file is kept in `derivatives_error` too."""
    document: ArchiveDocument = work.asset
    if document.mime_type != PDF or has_cover(document):
        return
    try:
        with local_path(document.file) as path:
            page, width, height = sandbox.call(covers.first_page, str(path))
        work.progress(50)
        _replace(document, page, width, height)
    except FileError as error:
        _note(document, error.reason)
        raise
    _note(document, "")


def has_cover(document: ArchiveDocument) -> bool:
    return Derivative.objects.filter(document=document, source_sha256=document.sha256).exists()


def _replace(document: ArchiveDocument, page: bytes, width: int, height: int) -> None:
    new: list[Derivative] = []
    try:
        for made in render(ContentFile(page), "image/jpeg", width, height):
            row = Derivative(
                document=document,
                preset=made.preset,
                format=made.format,
                width=made.width,
                height=made.height,
                file_size=len(made.data),
                source_sha256=document.sha256,
            )
            row.file.save("", ContentFile(made.data), save=False)
            new.append(row)
        with transaction.atomic():
            if not ArchiveDocument.objects.select_for_update().filter(pk=document.pk, sha256=document.sha256).exists():
                raise jobs.JobLost(f"document {document.pk}: another file came meanwhile")
            PublicCopyRequest.objects.ask("document", [document.pk])
            Derivative.objects.filter(document=document).delete()
            Derivative.objects.bulk_create(new)
    except BaseException:
        for row in new:
            row.file.storage.delete(row.file.name)
        raise


def _note(document: ArchiveDocument, reason: str) -> None:
    if document.derivatives_error != reason:
        document.derivatives_error = reason
        ArchiveDocument.objects.filter(pk=document.pk).update(derivatives_error=reason)


def document_stored(sender, instance, **kwargs) -> None:
    """A document has come in or was replaced: the cover of the old one is not shown for the new."""
    if isinstance(instance, ArchiveDocument):
        Derivative.objects.filter(document=instance).exclude(source_sha256=instance.sha256).delete()
        if instance.mime_type == PDF:
            jobs.ask(KIND, instance)


def ask_for_missing(most: int) -> None:
    """Have the covers made of PDFs that came before there was such a job; one query."""
    known = Job.objects.filter(kind=KIND, asset_kind="document", object_id=OuterRef("pk"))
    bare = ArchiveDocument.objects.filter(~Exists(known), mime_type=PDF, derivatives=None)
    jobs.ask_for(KIND, "document", list(bare.order_by("pk").values_list("pk", flat=True)[:most]))


def register() -> None:
    """Called once, when the app is ready."""
    jobs.register(KIND, gettext_lazy("文档封面"), make_cover, wall_seconds=300)
