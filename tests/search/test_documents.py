"""What a document promises, and what is refused."""

import pytest

from search import registry
from search.documents import Audience, split_ref

from .shelf import Shelf, make_document


@pytest.mark.parametrize(
    "wrong",
    [
        {"ref": "page"},
        {"ref": "page:x"},
        {"ref": "Page:1"},
        {"work": ""},
        {"title": "　"},
        {"url": "javascript:alert(1)"},
        {"url": "//evil.example/"},
        {"url": ""},
        {"thumbnail": "data:text/html,x"},
        {"audiences": frozenset()},
        {"audiences": frozenset({"public"})},
        {"kind": "a kind"},
        {"places": ("",)},
        {"year_from": 1978},
        {"year_from": 1990, "year_to": 1978},
        {"year_from": 99_999, "year_to": 99_999},
    ],
)
def test_a_document_that_breaks_a_promise_is_refused(wrong):
    with pytest.raises(ValueError, match=r"page|not a ref"):
        make_document(**wrong)


def test_a_document_knows_its_source_and_object():
    document = make_document(345, source="free-page", year_from=-140, year_to=-87)
    assert (document.source, document.object_id) == ("free-page", 345)
    assert split_ref("section:1") == ("section", 1)


def test_a_source_has_one_builder_and_may_register_it_again(empty_registry):
    shelf = Shelf()
    registry.register("page", shelf)
    registry.register("page", shelf)
    with pytest.raises(ValueError, match="page"):
        registry.register("page", Shelf())
    with pytest.raises(ValueError, match="not a ref"):
        registry.register("Not A Source", shelf)


def test_a_builder_may_make_only_what_was_asked_for(empty_registry):
    shelf = Shelf()
    registry.register("page", shelf)
    shelf.documents[1] = [make_document(2)]
    with pytest.raises(ValueError, match="page:2"):
        registry.build("page", [1])


def test_a_value_without_a_label_stands_for_itself(empty_registry):
    registry.register_kind("book", "图书")
    registry.register_labels("place", lambda slugs: {"humen": "虎门镇"})
    assert registry.labels_of("kind", ["book", "film"]) == {"book": "图书", "film": "film"}
    assert registry.labels_of("place", ["humen", "x"]) == {"humen": "虎门镇", "x": "x"}
    assert registry.labels_of("topic", ["boats"]) == {"boats": "boats"}


def test_everybody_is_the_public_until_somebody_says_otherwise(empty_registry, rf):
    request = rf.get("/")
    assert registry.audience_of(request) is Audience.PUBLIC
    registry.set_audience_resolver(lambda request: Audience.READING_ROOM)
    assert registry.audience_of(request) is Audience.READING_ROOM
