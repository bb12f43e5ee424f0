"""The texts are whole, dated, punctuated and say that they are invented."""

import dataclasses
import re

import pytest

from archive.dates import interpret
from archive.demonstration import accounts, build, files
from archive.demonstration.records import Catalogue
from archive.demonstration.texts import authorities, films, kangxi, museum, photographs, relations, stories

RECORDS = [
    *files.PHOTOS,
    *files.FILMS,
    *build.BOOKS,
    *photographs.ALBUMS,
    *stories.STORIES,
    *stories.COLUMNS,
    films.SERIES_PAGE,
]


def strings(value):
    """Every string within a record, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_every_date_as_written_is_understood(record):
    written = record.catalogue.written
    assert interpret(written) is not None, written


def test_the_years_of_former_names_and_of_lives_are_understood():
    years = [written for place in authorities.PLACES for _name, written, _note in place.former if written]
    years += [agent.written for agent in authorities.AGENTS]
    assert [written for written in years if interpret(written) is None] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_chinese_is_punctuated_with_chinese_marks(record):
    for text in strings(record):
        plain = re.sub(r"<[^>]+>", "", text)
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", plain), plain
        for opening, closing in ("《》", "“”", "（）", "「」", "『』", "【】"):
            assert plain.count(opening) == plain.count(closing), plain


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_what_a_record_names_is_there(record):
    known = {
        "places": {place.key for place in authorities.PLACES},
        "topics": {topic.key for topic in authorities.TOPICS},
    }
    catalogue: Catalogue = record.catalogue
    assert set(catalogue.places) <= known["places"]
    assert set(catalogue.topics) <= known["topics"]
    assert {agent for agent, _role in catalogue.agents} <= {agent.key for agent in authorities.AGENTS}
    assert catalogue.series is None or catalogue.series[0] in {series.key for series in authorities.SERIES}


def test_slugs_and_keys_are_used_once():
    slugs = [record.catalogue.slug for record in RECORDS]
    assert len(slugs) == len(set(slugs))
    assert len(build.page_keys()) == len(set(build.page_keys()))


def test_every_kind_of_block_is_shown_in_the_stories():
    used = {kind for story in stories.STORIES for kind, _value in story.body}
    assert used == {"text", "quotation", "picture", "picture_pair", "film", "book_citation", "table", "timeline"}


def test_one_story_shows_every_kind_of_block():
    kinds = [{kind for kind, _value in story.body} for story in stories.STORIES]
    assert any(len(used) == 8 for used in kinds)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_every_record_says_that_it_is_invented(record):
    told = f"{record.catalogue.credit}{record.catalogue.source}"
    assert "虚构" in told or "示范" in told


def test_what_is_related_is_there_and_is_named_once():
    keys = set(build.page_keys()) - set(accounts.TOWN_PAGES)
    assert {key for pair in relations.PAIRS for key in pair} <= keys
    pairs = [frozenset(pair) for pair in relations.PAIRS]
    assert len(pairs) == len(set(pairs)) and all(len(pair) == 2 for pair in pairs)


def test_what_is_newest_is_there():
    assert set(build.NEWEST) <= set(build.page_keys())


def test_pictures_films_and_books_that_stories_show_are_there():
    pictures = {holding.key for holding in files.holdings() if holding.shelf == "images"}
    shown = [pair for story in stories.STORIES for pair in story.body]
    values = [value for kind, value in shown if kind == "picture"]
    values += [side for kind, value in shown if kind == "picture_pair" for side in value.values()]
    assert {value["image"] for value in values} <= pictures
    assert {story.picture for story in stories.STORIES} <= pictures
    books = {value["book"] for kind, value in shown if kind == "book_citation"}
    assert books <= {book.key for book in build.BOOKS}


def test_the_quotations_from_the_old_gazetteer_stand_in_it():
    book = "".join(block.text for block in kangxi.BLOCKS)
    quoted = [
        value.get("quotation") or value.get("text")
        for story in stories.STORIES
        for kind, value in story.body
        if (kind == "book_citation" and value["book"] == "kangxi")
        or (kind == "quotation" and "康熙" in value["source"])
    ]
    assert quoted and all(words in book for words in quoted)


def test_the_site_says_that_everything_is_invented():
    assert "虚构" in museum.SETTINGS["notice"]
    assert "虚构" in museum.INTRODUCTION
    assert "并不存在" in dict(museum.ABOUT[:1])["text"]


def test_captions_are_webvtt_with_times_that_run_forward():
    for record in files.FILMS:
        text = files.webvtt(record.captions)
        assert text.startswith("WEBVTT\n\n00:00:00.800 --> 00:00:0")
        ends = [time for start, end, _words in record.captions for time in (start, end)]
        assert ends == sorted(ends) and ends[-1] <= 12
