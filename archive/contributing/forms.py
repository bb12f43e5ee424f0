"""What a contributor fills in. Nothing is required of a draft; `moves.send` says what is missing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.models import Submission, SubmissionState
from archive.models.campaigns import Kind
from media_assets.filetypes import FileKind, extensions
from media_assets.uploading.form_fields import ManyFilesField

ACCEPTED = ",".join(f".{extension}" for extension in extensions(*FileKind))


class SubmissionForm(forms.ModelForm):
    files = ManyFilesField(label=_("照片、影片或文档"), required=False, max_length=1000)

    class Meta:
        model = Submission
        fields = ["kind", "title", "text", "author", "people", "place_written", "date_written", "reply"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "reply": forms.Textarea(attrs={"rows": 3}),
            "kind": forms.RadioSelect,
        }
        help_texts = {
            "title": _("一句话说清是什么，例如“石龙旧码头”。"),
            "people": _("照片里的人，从左到右。没有可不填。"),
            "place_written": _("拍摄或所写的地方，写到村（社区）最好。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        # What was begun stays of its kind also where the campaign no longer asks for that.
        wanted = [*self.instance.campaign.kinds, Kind(self.instance.kind)]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in Kind if kind in wanted]
        self.fields["files"].widget.attrs |= {"accept": ACCEPTED, "data-contribute-files": ""}
        self.fields["place_written"].widget.attrs["list"] = "places"
        if self.instance.state != SubmissionState.RETURNED:
            del self.fields["reply"]
