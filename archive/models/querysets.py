"""Questions that listings ask of the spine: one table, so one query."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q
from wagtail.models import PageManager, PageQuerySet

from archive.access import Audience, published
from archive.dates import year_range
from media_assets.models import Derivative


class ArchivePageQuerySet(PageQuerySet):
    def visible_to(self, audience: Audience, *, content: bool = False):
        """Published things whose record (or content) this audience may see."""
        return self.filter(published(audience, content=content))

    def exact_things(self):
        """Things themselves, without the albums, columns and series that hold them."""
        return self.filter(is_container=False)

    def in_places(self, place_ids: Iterable[int]):
        """Things that belong to any of these places. A subquery, so that no row comes twice."""
        return self.filter(pk__in=self._through("page_places", "place_id", place_ids))

    def about(self, topic_ids: Iterable[int]):
        """Things about any of these topics."""
        return self.filter(pk__in=self._through("page_topics", "topic_id", topic_ids))

    def _through(self, relation: str, column: str, ids: Iterable[int]):
        through = self.model._meta.get_field(relation).related_model
        return through.objects.filter(**{f"{column}__in": list(ids)}).values("page_id")

    def dated_between(self, first_year: int | None, last_year: int | None):
        """Things whose range of days touches these years (astronomical numbering), both ends included."""
        condition = Q()
        if first_year is not None:
            condition &= Q(date_latest__gte=year_range(first_year, first_year)[0])
        if last_year is not None:
            condition &= Q(date_earliest__lte=year_range(last_year, last_year)[1])
        return self.filter(condition) if condition else self

    def cards(self, start: int, end: int) -> list:
        """The cards of a stretch of a sorted listing. They are sorted as bare keys: a card is wide, and to sort fifty
        thousand of them for eight is most of the work."""
        ids = list(self.values_list("pk", flat=True)[start:end])
        found = self.model.objects.for_cards().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def for_cards(self):
        """Everything that a card in a listing shows, in five queries however long the listing is."""
        derivatives = Derivative.objects.order_by("width")
        return self.select_related("lead_image", "poster_video", "cover_document", "series").prefetch_related(
            Prefetch("lead_image__derivatives", queryset=derivatives),
            Prefetch("poster_video__derivatives", queryset=derivatives),
            Prefetch("cover_document__derivatives", queryset=derivatives),
            "page_places__place",
        )


ArchivePageManager = PageManager.from_queryset(ArchivePageQuerySet)
