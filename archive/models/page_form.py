"""What the form of every page checks beyond Wagtail's own: the address is ASCII and not one of the site's own words."""

from wagtail.admin.forms import WagtailAdminPageForm

from .slugs import SLUG_VALIDATORS


class MuseumPageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """The model's own field would let any script through; an empty slug is filled from the title's pinyin."""
        slug = self.cleaned_data.get("slug", "")
        for validate in SLUG_VALIDATORS if slug else ():
            validate(slug)
        return slug
