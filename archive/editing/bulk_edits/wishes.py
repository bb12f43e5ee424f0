"""What an editor asks of many records: a form, and what it makes of one record."""

from dataclasses import asdict, dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.widgets import AdminSnippetChooser

from archive.editing.upload_records import names_in
from archive.models import ArchivePage, Place, Series, Topic
from media_assets.models import RightsStatement

from .records import Record, label_of

REPLACED_IN = ("title", "other_titles", "description", "credit", "source")
CLEARED = ("other_titles", "description", "date_written", "credit", "source", "series")
SET = ("date_written", "credit", "source", "rights")


@dataclass(frozen=True)
class Wish:
    """`values` are set as they are; `clear` are emptied; keys of places and topics are added behind those that are
    there, or taken out; `find` is replaced by `replace` in the fields `within`."""

    values: dict[str, str | int] = field(default_factory=dict)
    clear: list[str] = field(default_factory=list)
    add: dict[str, list[int]] = field(default_factory=dict)
    remove: dict[str, list[int]] = field(default_factory=dict)
    find: str = ""
    replace: str = ""
    within: list[str] = field(default_factory=list)

    def applied_to(self, record: Record) -> Record:
        """The fields of `record` that would change, with what they would say."""
        wanted = dict(record)
        for name in self.within if self.find else ():
            wanted[name] = wanted[name].replace(self.find, self.replace).strip()
        wanted |= dict.fromkeys(self.clear, "") | self.values
        if "series" in self.clear:
            wanted["series"] = None
        for name in ("places", "topics"):
            gone = set(self.remove.get(name, ()))
            kept = [pk for pk in record[name] if pk not in gone]
            wanted[name] = kept + [pk for pk in self.add.get(name, ()) if pk not in kept]
        return {name: value for name, value in wanted.items() if value != record[name]}

    def as_json(self) -> dict:
        return asdict(self)


def problem_with(changes: Record) -> str:
    """Why a page cannot be given these values, or nothing."""
    for name, value in changes.items():
        if name == "title" and not value:
            return _("改后没有题名。")
        most = ArchivePage._meta.get_field(name).max_length if isinstance(value, str) else None
        if most and len(value) > most:
            return _("改后“%(field)s”超过 %(most)d 字。") % {"field": label_of(name), "most": most}
    return ""


class NamesField(forms.CharField):
    """Names of a vocabulary with 、 between them, as primary keys in the order given. What is not there is told."""

    def __init__(self, model, **kwargs):
        super().__init__(required=False, max_length=2000, **kwargs)
        self.model = model

    def clean(self, value) -> list[int]:
        names = names_in(super().clean(value))
        found: dict[str, int] = {}
        for pk, name in self.model.objects.filter(name__in=names).order_by("-pk").values_list("pk", "name"):
            found[name] = pk
        unknown = [name for name in names if name not in found]
        if unknown:
            raise ValidationError(_("没有收录：%(names)s。请改正，或先建立。") % {"names": "、".join(unknown[:10])})
        return [found[name] for name in names]


class WishForm(forms.Form):
    add_places = NamesField(Place, label=gettext_lazy("添加地方"), help_text=gettext_lazy("几个名称用顿号隔开。"))
    remove_places = NamesField(Place, label=gettext_lazy("移去地方"))
    add_topics = NamesField(Topic, label=gettext_lazy("添加主题"), help_text=gettext_lazy("几个名称用顿号隔开。"))
    remove_topics = NamesField(Topic, label=gettext_lazy("移去主题"))
    series = forms.ModelChoiceField(
        Series.objects.all(), label=gettext_lazy("丛书/系列"), required=False, widget=AdminSnippetChooser(Series)
    )
    date_written = forms.CharField(
        label=gettext_lazy("年代（照原文）"), required=False, max_length=120, help_text=gettext_lazy("留空则各页不变。")
    )
    credit = forms.CharField(label=gettext_lazy("署名"), required=False, max_length=255)
    source = forms.CharField(label=gettext_lazy("来源"), required=False, max_length=255)
    rights = forms.ChoiceField(
        label=gettext_lazy("版权声明"),
        required=False,
        choices=[("", gettext_lazy("各页不变")), *RightsStatement.choices],
    )
    find = forms.CharField(
        label=gettext_lazy("查找文字"),
        required=False,
        max_length=200,
        strip=False,
        help_text=gettext_lazy("照字面查找，分大小写与简繁。"),
    )
    replace = forms.CharField(
        label=gettext_lazy("替换为"),
        required=False,
        max_length=200,
        strip=False,
        help_text=gettext_lazy("留空则删去查到的文字。"),
    )
    within = forms.MultipleChoiceField(
        label=gettext_lazy("在哪些栏里替换"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clear = forms.MultipleChoiceField(
        label=gettext_lazy("清空这些栏"), required=False, widget=forms.CheckboxSelectMultiple
    )
    publishes = forms.BooleanField(
        label=gettext_lazy("修改后同时公开"),
        required=False,
        help_text=gettext_lazy("只用于已公开、没有别的未发布改动、您可以发布、又不须三审的页面；其余存为草稿。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["within"].choices = [(name, label_of(name)) for name in REPLACED_IN]
        self.fields["clear"].choices = [(name, label_of(name)) for name in CLEARED]

    def clean(self) -> dict:
        given = super().clean()
        if given.get("find") and not given.get("within") and "within" not in self.errors:
            self.add_error("within", _("请选择在哪些栏里替换。"))
        if given.get("replace") and not given.get("find"):
            self.add_error("find", _("请填写要查找的文字。"))
        for name in given.get("clear") or ():
            if given.get(name):
                self.add_error(name, _("这一栏又要填写又要清空，请只选一样。"))
        for name, kind in (("places", Place), ("topics", Topic)):
            if set(given.get(f"add_{name}") or ()) & set(given.get(f"remove_{name}") or ()):
                self.add_error(
                    f"remove_{name}", _("同一个%(kind)s又要添加又要移去。") % {"kind": kind._meta.verbose_name}
                )
        if not self.errors and self.wish() == Wish():
            raise ValidationError(_("请至少填写一项要修改的内容。"))
        return given

    def wish(self) -> Wish:
        """What was asked for; valid forms only."""
        given = self.cleaned_data
        values = {name: given[name] for name in SET if given.get(name)}
        if given.get("series"):
            values["series"] = given["series"].pk
        return Wish(
            values=values,
            clear=given["clear"],
            add={name: given[f"add_{name}"] for name in ("places", "topics") if given[f"add_{name}"]},
            remove={name: given[f"remove_{name}"] for name in ("places", "topics") if given[f"remove_{name}"]},
            find=given["find"],
            replace=given["replace"] if given["find"] else "",
            within=given["within"] if given["find"] else [],
        )
