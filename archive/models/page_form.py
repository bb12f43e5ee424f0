"""What the form of every page adds to Wagtail's: an address in ASCII, from the pinyin of the title when left empty."""

from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from .reviews import is_under_review
from .slugs import SLUG_VALIDATORS, fill_slug


class MuseumPageForm(WagtailAdminPageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The model's own field would let any script through."""
        slug = self.cleaned_data.get("slug", "")
        for validate in SLUG_VALIDATORS if slug else ():
            validate(slug)
        return slug

    def clean(self) -> dict:
        cleaned = self.cleaned_data
        if cleaned.get("slug") == "" and cleaned.get("title"):
            cleaned["slug"] = fill_slug(cleaned["title"], self._is_taken)
        self._leave_the_words_under_review()
        return super().clean()

    def _leave_the_words_under_review(self) -> None:
        """An opinion is given to the words as they were handed in: who wants others returns them first. Comments in the
        margin are no words."""
        if self._changes_words() and is_under_review(self.instance):
            self.add_error(None, _("稿件正在审阅，文字不能改动；可以写批注，要改请先退回修改。"))

    def _changes_words(self) -> bool:
        lists = [formset for name, formset in self.formsets.items() if name != "comments"]
        return bool(set(self.changed_data) - {"comment_notifications"}) or any(map(BaseFormSet.has_changed, lists))

    def _is_taken(self, slug: str) -> bool:
        return not Page._slug_is_available(slug, self.parent_page, self.instance)
