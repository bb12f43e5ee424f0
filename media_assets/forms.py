"""The CMS's upload forms: a file is looked into before it is taken, and refused with the reason.

Settings: WAGTAILIMAGES_IMAGE_FORM_BASE, WAGTAILDOCS_DOCUMENT_FORM_BASE and WAGTAILMEDIA["MEDIA_FORM_BASE"].
"""

import logging

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from . import intake
from .filetypes import FileKind
from .models import ArchiveAsset
from .models.asset import is_unsaved
from .storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

NAMED_DUPLICATES = 5


def looked_into(upload, kinds: frozenset[FileKind]):
    """The uploaded file with its `facts`, which the model takes over when it is saved."""
    try:
        intake.facts_of(upload, upload.name, kinds)
    except intake.FileError as error:
        raise ValidationError(error.reason, code="refused_file") from error
    upload.content_type = upload.facts.mime_type
    return upload


class ArchiveImageField(WagtailImageField):
    """Instead of Wagtail's checks: a PNG called .jpg is kept as the PNG that it is."""

    default_validators = []  # the name's extension tells nothing

    def to_python(self, data):
        upload = FileField.to_python(self, data)
        if upload is None:
            return None
        self.check_image_file_size(upload)
        return looked_into(upload, frozenset({FileKind.IMAGE}))


class ArchiveDocumentField(WagtailDocumentField):
    def to_python(self, data):
        upload = super().to_python(data)
        return upload and looked_into(upload, frozenset({FileKind.DOCUMENT}))


class ArchiveFilmField(forms.FileField):
    def __init__(self, *, kinds: frozenset[FileKind], **kwargs):
        self.kinds = kinds
        super().__init__(**kwargs)

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and looked_into(upload, self.kinds)


class NoticeWidget(forms.Widget):
    """Lines to be read, in the place of an input."""

    def render(self, name, value, attrs=None, renderer=None):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in value or ())))

    def value_omitted_from_data(self, data, files, name):
        return True


class AssetFormMixin:
    """Tells the editor what the file is, whether it is held twice, and whether its pictures failed; and lets
    the record be filled in later."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("access", "rights"):
            # Wagtail's multiple uploader sends a title and a file alone: the model's own default then stands.
            if name in self.fields:
                self.fields[name].required = False
        lines = notices_of(self.instance) if self.instance.pk else []
        if lines:
            self.fields["notices"] = forms.Field(
                label=gettext_lazy("文件情况"),
                required=False,
                disabled=True,
                initial=lines,
                widget=NoticeWidget,
            )

    def full_clean(self):
        """A form that is right in everything else stores its files here: should the storage fail, the editor reads
        why and finds everything that was filled in."""
        super().full_clean()
        if self.is_bound and not self.errors:
            for name in ("file", "thumbnail"):
                self.store(name)

    def store(self, name: str) -> None:
        field_file = getattr(self.instance, name, None)
        if not is_unsaved(field_file):
            return
        if name == "thumbnail":
            self.instance.name_still()
        try:
            field_file.save(field_file.name, field_file.file, save=False)
        except StorageUnavailableError as error:
            logger.exception("an upload could not be stored")
            reason = _("%(reason)s，文件没有存入。已填写的内容都在；请稍后重新选择文件再保存。")
            reason %= {"reason": error.reason}
            self.add_error(name, ValidationError(reason, code="storage_unavailable"))

    def clean_access(self):
        level = self.cleaned_data["access"]
        return self.instance.access if level in (None, "") else level

    def clean_rights(self):
        return self.cleaned_data["rights"] or self.instance.rights

    def replace_field(self, name: str, field_class, **kwargs) -> None:
        """Another class of field in the same place, with the same label and widget. Not declared on the form:
        Wagtail leaves the file out of some of its forms, and a declared field cannot be left out."""
        old = self.fields.get(name)
        if old is not None:
            self.fields[name] = field_class(
                label=old.label, required=old.required, widget=old.widget, initial=old.initial, **kwargs
            )


def notices_of(asset: ArchiveAsset) -> list[str]:
    lines = [
        _("原文件名：%(name)s；类型：%(type)s；大小：%(size)s。")
        % {
            "name": asset.filename,
            "type": asset.mime_type or "—",
            "size": filesizeformat(asset.file_size or 0),
        }
    ]
    if asset.sha256:
        lines.append(_("SHA-256 校验值：%(sum)s") % {"sum": asset.sha256})
    same = list(asset.same_files()[: NAMED_DUPLICATES + 1])
    if same:
        names = "、".join(f"“{other}”" for other in same[:NAMED_DUPLICATES])
        more = _("等") if len(same) > NAMED_DUPLICATES else ""
        lines.append(_("注意：馆内已有内容完全相同的文件：%(names)s%(more)s。") % {"names": names, "more": more})
    error = getattr(asset, "derivatives_error", "")
    if error:
        lines.append(_("展示图制作失败：%(error)s 请更换文件，或请管理员重新制作。") % {"error": error})
    return lines


class ArchiveImageForm(AssetFormMixin, BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.replace_field("file", ArchiveImageField)


class ArchiveDocumentForm(AssetFormMixin, BaseDocumentForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.replace_field("file", ArchiveDocumentField)


class ArchiveFilmForm(AssetFormMixin, BaseMediaForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = FileKind(self.instance.type or FileKind.VIDEO)
        self.replace_field("file", ArchiveFilmField, kinds=frozenset({kind}))
        self.replace_field("thumbnail", ArchiveStillField, help_text=_("留空时自动从影片中截取一帧。"))


class ArchiveStillField(forms.FileField):
    """A film's still: any picture that is kept here."""

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and looked_into(upload, frozenset({FileKind.IMAGE}))
