"""The document library of the CMS: born-digital books, subtitles, permissions, tables."""

from pathlib import PurePosixPath

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument

from .. import intake
from ..filetypes import FileKind
from .asset import ArchiveAsset, OriginalFileField, PicturedAsset, original_path


class ArchiveDocument(ArchiveAsset, PicturedAsset, AbstractDocument):
    """A document. Its derivatives are those of the first page of a PDF."""

    file_kinds = frozenset({FileKind.DOCUMENT})

    file = OriginalFileField(_("文件"), upload_to=original_path, db_index=True)

    search_fields = [*AbstractDocument.search_fields, *ArchiveAsset.asset_search_fields]
    admin_form_fields = ("title", "file", "collection", "tags", *ArchiveAsset.record_form_fields)

    class Meta(AbstractDocument.Meta):
        verbose_name = _("文档")
        verbose_name_plural = _("文档")

    def take_facts(self, facts: intake.FileFacts) -> None:
        super().take_facts(facts)
        self.file_hash = facts.sha1  # by which Wagtail finds duplicates

    @property
    def url(self) -> str:
        """Its checked address; Wagtail's own document view is not used."""
        return reverse("media:document", args=[self.pk, self.filename])

    @property
    def captions_url(self) -> str:
        """Where a player has it as WebVTT, if it is a caption file."""
        return reverse("media:captions", args=[self.pk])

    @property
    def file_extension(self) -> str:
        return PurePosixPath(self.file.name).suffix.removeprefix(".")

    @property
    def content_type(self) -> str:
        """The type that was read from the bytes, never one guessed from the name."""
        return self.mime_type or "application/octet-stream"
