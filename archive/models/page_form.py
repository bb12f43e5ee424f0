"""What the form of every page adds to Wagtail's: an address in ASCII, from the pinyin of the title when left empty."""

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

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
        return super().clean()

    def _is_taken(self, slug: str) -> bool:
        return not Page._slug_is_available(slug, self.parent_page, self.instance)
