"""What of a story is found: its words in order, and nothing that only points elsewhere."""

import pytest

from archive.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(home):
    book = factories.book("东莞志")
    film = factories.video("赛龙舟")
    return factories.story(
        "一座桥",
        byline="陆芸",
        body=[
            ("text", "<h2>木的，石的</h2><p>第一座桥是<b>木</b>的。</p>"),
            ("quotation", {"text": "初，橋之圮也。", "source": "卷二"}),
            ("film", {"film": film, "caption": "渡口"}),
            ("book_citation", {"book": book, "place_in_book": None, "quotation": "水落之夜可合。"}),
            ("timeline", {"title": "纪年", "events": [{"when": "1593年", "what": "改建石桥"}]}),
            (
                "table",
                {
                    "caption": "桥工",
                    "table": {
                        "columns": [{"type": "text", "heading": "姓"}, {"type": "number", "heading": "人数"}],
                        "rows": [{"values": ["何", 12]}],
                    },
                },
            ),
        ],
    )


def test_all_that_is_said_is_found_in_its_order_without_markup(told):
    text = StoryPage.objects.get(pk=told.pk).text_for_search()
    said = [
        "陆芸",
        "木的，石的",
        "木",
        "橋之圮",
        "卷二",
        "渡口",
        "水落之夜",
        "纪年",
        "1593年",
        "改建石桥",
        "桥工",
        "姓",
        "何",
    ]
    places = [text.index(words) for words in said]
    assert places == sorted(places)
    assert "<" not in text


def test_what_was_left_empty_says_nothing(told):
    assert "None" not in StoryPage.objects.get(pk=told.pk).text_for_search()


def test_neither_films_nor_books_nor_pictures_are_looked_up(told, django_assert_num_queries):
    story = StoryPage.objects.get(pk=told.pk)
    with django_assert_num_queries(0):
        story.text_for_search()
