"""Thousands of published photographs in a few seconds, written table by table as no editor could."""

from django.db import connection, transaction
from wagtail.models import Page

from archive.models import AlbumPage, ArchivePage, Identifier, PagePlace, PageTopic, PhotoIndexPage, PhotoPage

from . import factories

CHUNK = 200
TABLES = (Page, ArchivePage, PhotoPage)


@transaction.atomic
def photos(count: int) -> AlbumPage:
    """`count` photographs in one album, dated 1900 to 2019 in turn, in 30 places and about 20 topics.

    They bypass signals: nothing of them is in the search index, and no asset use is recorded.
    """
    album = factories.album("大相册")
    image = factories.image()
    root = factories.place("栖澜县", kind="county")
    places = [factories.place(f"第{n}镇", parent=root) for n in range(30)]
    topics = [factories.topic(f"主题{n}") for n in range(20)]
    first = Page.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    identifiers = Identifier.objects.assign_many(Identifier.Kind.PAGE, count)
    rows = [_photo(album, image, first + n, n, identifiers[n]) for n in range(count)]
    for start in range(0, count, CHUNK):
        for model in TABLES:
            # Django's bulk_create refuses tables that inherit from each other; each by itself it can write.
            model._base_manager._insert(
                rows[start : start + CHUNK], model._meta.local_concrete_fields, using=model.objects.db
            )
    PagePlace.objects.bulk_create([PagePlace(page_id=row.pk, place=places[row.pk % 30]) for row in rows], 500)
    PageTopic.objects.bulk_create([PageTopic(page_id=row.pk, topic=topics[row.pk % 20]) for row in rows], 500)
    Page.objects.filter(pk=album.pk).update(numchild=count)
    assert PhotoIndexPage.objects.exists()
    planner_learns()
    return album


def planner_learns() -> None:
    """PostgreSQL plans by statistics that a running museum gathers by itself within a minute of a large change; without
    them it joins thousands of rows as if they were five."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _photo(album: AlbumPage, image, pk: int, n: int, identifier: Identifier) -> PhotoPage:
    photo = PhotoPage(
        title=f"照片{n}",
        draft_title=f"照片{n}",
        slug=f"photo-{n}",
        path=album._get_path(album.path, album.depth + 1, n + 1),
        depth=album.depth + 1,
        url_path=f"{album.url_path}photo-{n}/",
        live=True,
        first_published_at=album.first_published_at,
        locale_id=album.locale_id,
        identifier=identifier,
        tree_language=album.tree_language,
        title_pinyin=f"zhao pian {n:05}",
        lead_image=image,
        date_written=f"{1900 + n % 120}年",
    )
    photo.pk = photo.page_ptr_id = photo.archivepage_ptr_id = photo.id = pk
    photo.derive_dates()
    return photo
