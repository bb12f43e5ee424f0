"""A synthetic collection of a chosen size, to measure the museum at the size of a city or a province; removable.

Words are drawn by Zipf's law from a vocabulary of real characters, so that some stand in most passages and most in
few, as in real books. What is made is recognised by the slugs that begin with `PREFIX`. Rows are written in bulk and
tell nobody: afterwards the search index is to be rebuilt.
"""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate, islice

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, ReferenceIndex

from .models import (
    Anchor,
    ArchivePage,
    BookIndexPage,
    BookPage,
    ColumnPage,
    Identifier,
    Leaf,
    PagePlace,
    PageTopic,
    Place,
    Section,
    Series,
    StoryIndexPage,
    StoryPage,
    Topic,
)
from .models.slugs import sort_key
from .museum_setup import prepare

PREFIX = "scale-"
CHUNK = 500
PASSAGES_A_BOOK = 1_000
STORIES_A_COLUMN = 2_000
ONE_STORY_IN = 50  # documents
VOCABULARY = 40_000
TOWNS, VILLAGES_A_TOWN, TOPICS, SERIES = 30, 5, 40, 12
WORDS_A_PASSAGE = (60, 260)
WORDS_A_SENTENCE = (4, 12)
ENTRIES_A_CHAPTER = 20

Say = Callable[[str], object]


class Words:
    """Endless text, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 -- a text, not a secret
        # The first level of GB 2312: the 3,755 characters in common use.
        codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
        characters = [code.decode("gb2312") for code in codes if code < b"\xd7\xfa"]
        self._dice.shuffle(characters)
        frequent = list(accumulate(1 / rank for rank in range(1, len(characters) + 1)))
        lengths = self._dice.choices((1, 2, 3, 4), (2, 6, 2, 1), k=VOCABULARY)
        drawn = iter(self._dice.choices(characters, cum_weights=frequent, k=sum(lengths)))
        self._words = ["".join(islice(drawn, length)) for length in lengths]
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))

    def passage(self) -> str:
        """A few sentences, 100 to 600 characters."""
        words = self._dice.choices(self._words, cum_weights=self._weights, k=self._dice.randint(*WORDS_A_PASSAGE))
        sentences, start = [], 0
        while start < len(words):
            end = start + self._dice.randint(*WORDS_A_SENTENCE)
            sentences.append("".join(words[start:end]))
            start = end
        return "，".join(sentences) + "。"

    def title(self) -> str:
        """Two or three words that are not among the commonest."""
        return "".join(self._dice.choices(self._words[100:], k=self._dice.randint(2, 3)))

    def pick(self, choices: list, count: int = 1) -> list:
        """`count` of `choices`, the first ones more often."""
        weights = [1 / (rank + 1) for rank in range(len(choices))]
        return list(dict.fromkeys(self._dice.choices(choices, weights, k=count)))

    def year(self) -> int:
        """A year that things are recorded for, the later the likelier."""
        return int(2024 - 400 * self._dice.random() ** 2)


def build(documents: int, say: Say = lambda text: None, seed: int = 1) -> int:
    """Add about `documents` things that can be found, half of the passages of books as entries and half as leaves.

    Returns how many there are. Raises ValueError when an earlier collection has not been removed.
    """
    if exists():
        raise ValueError("a synthetic collection exists already")
    prepare()
    words = Words(seed)
    authorities = _Authorities(words)
    stories = documents // ONE_STORY_IN
    passages = documents - stories
    made = 0
    number = 0
    while made < passages:
        number += 1
        count = min(PASSAGES_A_BOOK, passages - made)
        with transaction.atomic():
            _book(number, count, words, authorities)
        made += count
        say(f"{made}/{documents}")
    for start in range(0, stories, STORIES_A_COLUMN):
        with transaction.atomic():
            _stories(start, min(STORIES_A_COLUMN, stories - start), words, authorities)
    say(f"{documents}/{documents}")
    return documents + number


def exists() -> bool:
    """Whether there is a synthetic collection."""
    return Place.objects.filter(slug__startswith=PREFIX).exists()


@transaction.atomic
def remove() -> None:
    """Take away everything that `build` made, identifiers too: they were never in use."""
    pages = ArchivePage.objects.filter(slug__startswith=PREFIX).order_by()
    ids, identifiers = list(pages.values_list("pk", flat=True)), list(pages.values_list("identifier_id", flat=True))
    for chunk in _chunks(ids):
        sections = Section.objects.filter(book_id__in=chunk).order_by()
        identifiers += sections.values_list("identifier_id", flat=True)
        Anchor.objects.filter(section__book_id__in=chunk)._raw_delete(using=sections.db)
        sections.update(parent=None)
        sections._raw_delete(using=sections.db)
        Leaf.objects.filter(book_id__in=chunk).order_by()._raw_delete(using=sections.db)
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page), object_id__in=list(map(str, chunk))
        ).delete()
        for model in (PagePlace, PageTopic):
            model.objects.filter(page_id__in=chunk).order_by().delete()
        for model in (BookPage, StoryPage, ColumnPage, ArchivePage, Page):
            model._base_manager.filter(pk__in=chunk).order_by()._raw_delete(using=sections.db)
    for chunk in _chunks(identifiers):
        Identifier.objects.filter(pk__in=chunk)._raw_delete(using=Identifier.objects.db)
    for page in [*BookIndexPage.objects.all(), *StoryIndexPage.objects.all()]:
        Page.objects.filter(pk=page.pk).update(numchild=page.get_children().count())
    for model in (Topic, Series):
        model.objects.filter(slug__startswith=PREFIX).delete()
    # From the leaves of the tree to its root: a place protects what lies above it.
    for kind in (Place.Kind.VILLAGE, Place.Kind.TOWN, Place.Kind.COUNTY):
        Place.objects.filter(slug__startswith=PREFIX, kind=kind).delete()


def _chunks(values: list) -> Iterator[list]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


class _Authorities:
    """Places, topics and series that the synthetic things belong to."""

    def __init__(self, words: Words) -> None:
        county = Place.objects.create(name="试验县", slug=f"{PREFIX}county", kind=Place.Kind.COUNTY)
        self.places: list[Place] = []
        for number in range(TOWNS):
            town = self._place(f"{words.title()[:3]}镇", f"town-{number}", Place.Kind.TOWN, county)
            villages = (
                self._place(f"{words.title()[:3]}村", f"village-{number}-{village}", Place.Kind.VILLAGE, town)
                for village in range(VILLAGES_A_TOWN)
            )
            self.places += [town, *villages]
        self.topics = [
            Topic.objects.create(name=words.title()[:4], slug=f"{PREFIX}topic-{number}") for number in range(TOPICS)
        ]
        self.series = [
            Series.objects.create(name=f"{words.title()[:4]}丛书", slug=f"{PREFIX}series-{number}")
            for number in range(SERIES)
        ]

    @staticmethod
    def _place(name: str, slug: str, kind: str, parent: Place) -> Place:
        return Place.objects.create(name=name, slug=f"{PREFIX}{slug}", kind=kind, parent=parent)


def _book(number: int, passages: int, words: Words, authorities: _Authorities) -> None:
    """One book with its passages: every second one is a scanned one, whose text is in its leaves."""
    year = words.year()
    scanned = number % 2 == 0
    book = BookIndexPage.objects.first().add_child(
        instance=BookPage(
            title=f"试验{words.title()[:4]}志（{year}）",
            slug=f"{PREFIX}book-{number}",
            live=True,
            text_unit=BookPage.TextUnit.LEAF if scanned else BookPage.TextUnit.SECTION,
            content_year_from=year,
            series=words.pick(authorities.series)[0],
        )
    )
    _belong([book], words, authorities)
    if scanned:
        for start in range(0, passages, CHUNK):
            Leaf.objects.bulk_create(_leaves(book, start, min(CHUNK, passages - start), words), batch_size=CHUNK)
        return
    identifiers = iter(Identifier.objects.assign_many(Identifier.Kind.SECTION, passages))
    chapter: Section | None = None
    for start in range(1, passages + 1, ENTRIES_A_CHAPTER):
        chapter = _section(book, start, next(identifiers), words, None)
        chapter.save()
        last = min(start + ENTRIES_A_CHAPTER - 1, passages)
        Section.objects.bulk_create(
            [_section(book, position, next(identifiers), words, chapter) for position in range(start + 1, last + 1)]
        )


def _leaves(book: BookPage, start: int, count: int, words: Words) -> list[Leaf]:
    return [
        Leaf(book=book, key=f"{position:04}", position=position, label=str(position), text=words.passage())
        for position in range(start + 1, start + count + 1)
    ]


def _section(book: BookPage, position: int, identifier: Identifier, words: Words, chapter: Section | None) -> Section:
    return Section(
        book=book,
        identifier=identifier,
        parent=chapter,
        key=f"s{position}",
        position=position,
        depth=2 if chapter else 1,
        kind=Section.Kind.ENTRY if chapter else Section.Kind.CHAPTER,
        title=words.title(),
        text=words.passage(),
    )


def _stories(start: int, count: int, words: Words, authorities: _Authorities) -> None:
    """Stories in a column of their own, written table by table: Django's bulk_create refuses inherited tables."""
    column = StoryIndexPage.objects.first().add_child(
        instance=ColumnPage(title=f"试验栏目{start}", slug=f"{PREFIX}column-{start}", live=True)
    )
    first = Page.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    identifiers = Identifier.objects.assign_many(Identifier.Kind.PAGE, count)
    rows = [_story(column, first + n, start + n, n, identifiers[n], words) for n in range(count)]
    for chunk in _chunks(rows):
        for model in (Page, ArchivePage, StoryPage):
            model._base_manager._insert(chunk, model._meta.local_concrete_fields, using=model.objects.db)
    _belong(rows, words, authorities)
    Page.objects.filter(pk=column.pk).update(numchild=count)


def _story(column: ColumnPage, pk: int, number: int, n: int, identifier: Identifier, words: Words) -> StoryPage:
    title = words.title()
    story = StoryPage(
        title=title,
        draft_title=title,
        slug=f"{PREFIX}story-{number}",
        path=column._get_path(column.path, column.depth + 1, n + 1),
        depth=column.depth + 1,
        url_path=f"{column.url_path}{PREFIX}story-{number}/",
        live=True,
        locale_id=column.locale_id,
        content_type=ContentType.objects.get_for_model(StoryPage),
        identifier=identifier,
        tree_language=column.tree_language,
        title_pinyin=sort_key(title),
        description=words.passage(),
        date_written=f"{words.year()}年",
    )
    story.pk = story.page_ptr_id = story.archivepage_ptr_id = story.id = pk
    story.derive_dates()
    return story


def _belong(pages: list, words: Words, authorities: _Authorities) -> None:
    """Give every page one or two places and topics."""
    PagePlace.objects.bulk_create(
        [PagePlace(page_id=page.pk, place=place) for page in pages for place in words.pick(authorities.places, 2)],
        CHUNK,
    )
    PageTopic.objects.bulk_create(
        [PageTopic(page_id=page.pk, topic=topic) for page in pages for topic in words.pick(authorities.topics, 2)],
        CHUNK,
    )
