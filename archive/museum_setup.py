"""Makes an empty database a museum: its language, its home, its five ways in, its groups. Safe to call again."""

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from .editing.roles import ensure_roles, retire_stock_groups
from .models import BookIndexPage, ExhibitionIndexPage, HomePage, PhotoIndexPage, StoryIndexPage, VideoIndexPage

INDEXES = (
    (BookIndexPage, "图书", "books", "志书、年鉴、地方史、期刊与口述史。"),
    (VideoIndexPage, "视频", "videos", "影像志、专题片与口述影像。"),
    (PhotoIndexPage, "照片", "photos", "老照片与今日的记录。"),
    (StoryIndexPage, "故事", "stories", "从志书与档案里读出来的故事。"),
    (ExhibitionIndexPage, "专题", "exhibitions", "把馆藏一间一间陈列起来，慢慢走，慢慢看。"),
)


@transaction.atomic
def prepare() -> HomePage:
    """The home page of the museum, with everything around it that an editor cannot do without."""
    locale = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)[0]
    home = _home(locale)
    for model, title, slug, introduction in INDEXES:
        if not model.objects.child_of(home).exists():
            home.add_child(
                instance=model(title=title, slug=slug, introduction=introduction, locale=locale, show_in_menus=True)
            )
    ensure_roles(home)
    retire_stock_groups()
    return home


def _home(locale: Locale) -> HomePage:
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        root = Page.get_first_root_node()
        # Wagtail's first migration leaves a welcome page with our slug; nobody will miss it.
        root.get_children().filter(slug="home", content_type__model="page").delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title=settings.WAGTAIL_SITE_NAME, slug="home", locale=locale))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    if site.root_page_id != home.pk:
        site.root_page = home
        site.site_name = settings.WAGTAIL_SITE_NAME
        site.save()
    return home
