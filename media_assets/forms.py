"""The CMS's upload forms: a file is looked into before it is taken, and refused with the reason.

Settings: WAGTAILIMAGES_IMAGE_FORM_BASE, WAGTAILDOCS_DOCUMENT_FORM_BASE and WAGTAILMEDIA["MEDIA_FORM_BASE"].
"""

import logging

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.permissions import policy_registry
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.permissions import permission_policy as film_policy

from . import duplicates, intake
from .file_errors import UnshownFile
from .filetypes import FileKind
from .jobs import label_of
from .models import ArchiveAsset, ArchiveImage, ArchiveVideo, Job, JobState
from .models.asset import is_unsaved
from .proposals import position_of, proposals_for
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
        lines = notices_of(self.instance, kwargs.get("user")) if self.instance.pk else []
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


def notices_of(asset: ArchiveAsset, user=None) -> list[str]:
    """What the person at the form should know of the file; without a person, everything."""
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
    named = _known_to(user, same[:NAMED_DUPLICATES])
    if named:
        names = "、".join(f"“{other}”" for other in named)
        more = _("等") if len(same) > len(named) else ""
        lines.append(_("注意：馆内已有内容完全相同的文件：%(names)s%(more)s。") % {"names": names, "more": more})
    elif same:
        lines.append(_("注意：馆内已有内容完全相同的文件，在您不管理的文件夹中。"))
    position = position_of(asset) if isinstance(asset, ArchiveImage) else ""
    if position:
        lines.append(_("拍摄位置：%(position)s（仅供内部，不随展示图公开）。") % {"position": position})
    being_made = [_in_the_making(job) for job in Job.objects.of(asset).unfinished().order_by("pk")]
    lines += being_made
    error = getattr(asset, "derivatives_error", "")
    if error and not being_made:
        is_kept_unseen = error.startswith(UnshownFile.OPENING)  # no failure: there is nothing to mend
        failure = _("展示图制作失败：%(error)s 请更换文件，或请管理员重新制作。") % {"error": error}
        lines.append(error if is_kept_unseen else failure)
    return lines


def _in_the_making(job: Job) -> str:
    """What is being made of it, how far it is, and what it waits for."""
    line = _("%(what)s制作中") % {"what": label_of(job.kind)}
    if job.state == JobState.RUNNING:
        line += _("（%(percent)d%%）") % {"percent": job.percent}
    return line + (_("：%(reason)s") % {"reason": job.reason} if job.reason else _("。"))


class TwinsWidget(forms.CheckboxSelectMultiple):
    """Each picture that looks alike beside this one, with a link to it and the choice to keep both."""

    def __init__(self, image: ArchiveImage, twins: list[ArchiveImage]):
        super().__init__(choices=[(twin.pk, str(twin)) for twin in twins])
        self.image, self.twins = image, twins

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(key) for key in value or ()}
        rows = (
            (_thumbnail(self.image), _thumbnail(twin), reverse("wagtailimages:edit", args=[twin.pk]), twin)
            + (name, twin.pk, " checked" if str(twin.pk) in chosen else "", _("两张都保留，不再提示"))
            for twin in self.twins
        )
        row = '<li>{}{} <a href="{}">{}</a> <label><input type="checkbox" name="{}" value="{}"{}> {}</label></li>'
        return format_html("<ul>{}</ul>", format_html_join("", row, rows))


def _known_to(user, assets: list[ArchiveAsset]) -> list[ArchiveAsset]:
    """Those, all of one kind, of collections that this person may change: of others not even a title is told, nor is
    anything decided."""
    if user is None or not assets:
        return assets
    model = type(assets[0])
    policy = film_policy if model is ArchiveVideo else policy_registry.get_by_type(model)
    mine = policy.instances_user_has_permission_for(user, "change").filter(pk__in=[asset.pk for asset in assets])
    known = set(mine.values_list("pk", flat=True))
    return [asset for asset in assets if asset.pk in known]


def _thumbnail(image: ArchiveImage):
    small = image.small
    if small is None:
        return format_html("<span>{}</span> ", image)
    return format_html('<img src="{}" alt="{}" width="160"> ', small.checked_url, image)


class ArchiveImageForm(AssetFormMixin, BaseImageForm):
    def __init__(self, *args, **kwargs):
        user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        self.replace_field("file", ArchiveImageField)
        self.proposals = proposals_for(self.instance) if self.instance.pk else []
        self.twins = _known_to(user, duplicates.undecided(self.instance)) if self.instance.pk else []
        if self.proposals:
            self.fields["take_over"] = forms.MultipleChoiceField(
                label=gettext_lazy("文件自带的信息"),
                required=False,
                choices=[(proposal.key, str(proposal)) for proposal in self.proposals],
                widget=forms.CheckboxSelectMultiple,
                help_text=gettext_lazy("勾选后保存，即写入相应栏目。"),
            )
        if self.twins:
            self.fields["keep_both"] = forms.MultipleChoiceField(
                label=gettext_lazy("可能重复的图片"),
                required=False,
                choices=[(twin.pk, str(twin)) for twin in self.twins],
                widget=TwinsWidget(self.instance, self.twins),
                help_text=gettext_lazy("左为本图，右为馆内相似的图片。确认并非重复，或两张都要保留，请勾选后保存。"),
            )

    def clean(self):
        cleaned = super().clean()
        for proposal in self.proposals:
            if proposal.key in cleaned.get("take_over", ()):
                is_list = isinstance(proposal.value, list)
                present = list(cleaned.get(proposal.field) or ())
                cleaned[proposal.field] = [*present, *proposal.value] if is_list else proposal.value
        return cleaned

    def save(self, commit=True):
        image = super().save(commit=commit)
        chosen = self.cleaned_data.get("keep_both", ())
        if commit and chosen:
            duplicates.keep_both(image, [twin for twin in self.twins if str(twin.pk) in chosen])
        return image


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
