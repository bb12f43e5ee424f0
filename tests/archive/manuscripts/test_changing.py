"""Editors change a book: at once while it is a draft, as a whole at its publication when readers know it."""

import pytest

from archive.book_text.contents import ContentsError
from archive.manuscripts import changing
from archive.models import Anchor, BookPage, ChangeSet, Identifier, LeafLayout, PassageRevision, Section
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_user("bianji", password="x")


def a_book(published: bool = False, **fields) -> BookPage:
    """卷一 (with 沿革, 疆域), 卷二."""
    book = factories.book("棲瀾縣志", published=published, **fields)
    first = _section(book, 1, 1, "卷一", "輿地")
    _section(book, 2, 2, "", "沿革", first, "秦屬南海郡。\n漢置博羅縣。")
    _section(book, 3, 2, "", "疆域", first, "東西廣百里。")
    _section(book, 4, 1, "卷二", "賦役", None, "田賦附。")
    return book


def _section(book, position, depth, label, title, parent=None, text=""):
    return Section.objects.create(
        book=book,
        position=position,
        depth=depth,
        label=label,
        title=title,
        parent=parent,
        key=f"k{position}",
        text=text,
    )


def outline(book) -> list[str]:
    """The contents as a reader has them, and a check of what the rows say of each other."""
    rows = list(Section.objects.filter(book=book).order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    above: list[Section] = []
    for row in rows:
        del above[row.depth - 1 :]
        assert row.parent_id == (above[-1].pk if above else None)
        above.append(row)
    return ["·" * (row.depth - 1) + row.heading for row in rows]


def ref(book, title) -> str:
    return f"s{Section.objects.get(book=book, title=title).pk}"


def test_a_section_moves_with_what_is_beneath_it_and_back(home, editor):
    book = a_book()
    changing.perform(book, {"do": "move", "ref": ref(book, "輿地"), "under": "", "before": ""}, editor)
    assert outline(book) == ["卷二 賦役", "卷一 輿地", "·沿革", "·疆域"]
    changing.perform(book, {"do": "move", "ref": ref(book, "輿地"), "under": ref(book, "賦役")}, editor)
    assert outline(book) == ["卷二 賦役", "·卷一 輿地", "··沿革", "··疆域"]
    changing.undo(book, editor)
    changing.undo(book, editor)
    assert outline(book) == ["卷一 輿地", "·沿革", "·疆域", "卷二 賦役"]
    with pytest.raises(ContentsError):
        changing.undo(book, editor)


def test_a_section_cannot_be_moved_beneath_itself(home, editor):
    book = a_book()
    with pytest.raises(ContentsError):
        changing.perform(book, {"do": "move", "ref": ref(book, "輿地"), "under": ref(book, "沿革")}, editor)
    assert outline(book) == ["卷一 輿地", "·沿革", "·疆域", "卷二 賦役"]


def test_a_split_and_its_merging_keep_the_text_and_the_address(home, editor):
    book = a_book()
    text = Section.objects.get(title="沿革").text
    split = {"do": "split", "ref": ref(book, "沿革"), "new": "n1", "at": text.index("漢"), "title": "漢代"}
    done = changing.perform(book, split, editor)
    made = Section.objects.get(title="漢代")
    assert done.refs == {"n1": f"s{made.pk}"}
    assert (Section.objects.get(title="沿革").text, made.text) == ("秦屬南海郡。", "漢置博羅縣。")
    assert outline(book) == ["卷一 輿地", "·沿革", "·漢代", "·疆域", "卷二 賦役"]
    merged = changing.perform(book, {"do": "merge", "ref": f"s{made.pk}"}, editor)
    assert Section.objects.get(title="沿革").text == text
    assert Identifier.objects.get(pk=made.identifier_id).removed_at is not None
    changing.undo(book, editor)
    back = Section.objects.get(title="漢代")
    assert (back.pk, back.key, back.identifier_id, back.text) == (made.pk, made.key, made.identifier_id, made.text)
    assert Identifier.objects.get(pk=made.identifier_id).removed_at is None
    assert merged.change.inverse["was"]["identifier"] == made.identifier_id


def test_merging_a_parent_away_leaves_its_parts_in_place(home, editor):
    book = a_book()
    changing.perform(book, {"do": "move", "ref": ref(book, "賦役"), "under": "", "before": ref(book, "輿地")}, editor)
    changing.perform(book, {"do": "merge", "ref": ref(book, "輿地"), "with_heading": True}, editor)
    assert outline(book) == ["卷二 賦役", "·沿革", "·疆域"]
    assert Section.objects.get(title="賦役").text == "田賦附。\n卷一 輿地\n"
    changing.undo(book, editor)
    assert outline(book) == ["卷二 賦役", "卷一 輿地", "·沿革", "·疆域"]


def test_a_corrected_text_is_kept_as_it_was(home, editor):
    book = a_book()
    old = Section.objects.get(title="疆域").text
    operation = {"do": "text", "of": ref(book, "疆域"), "text": "東西廣百二十里。"}
    changing.perform(book, operation, editor, base=changing.digest(old))
    section = Section.objects.get(title="疆域")
    assert (section.text, section.raw_text) == ("東西廣百二十里。", old)
    assert section.corrected_at is not None
    kept = PassageRevision.objects.get(section=section)
    assert (kept.text, kept.author, kept.reason) == (old, editor, "edit")


def test_the_second_of_two_editors_is_told_of_the_first(home, editor, django_user_model):
    book = a_book()
    other = django_user_model.objects.create_user("fushen", password="x")
    old = Section.objects.get(title="疆域").text
    operation = {"do": "text", "of": ref(book, "疆域"), "text": "第一人所改。"}
    changing.perform(book, operation, editor, base=changing.digest(old))
    with pytest.raises(changing.StaleTextError) as stale:
        changing.perform(book, operation | {"text": "第二人所改。"}, other, base=changing.digest(old))
    assert stale.value.theirs == "第一人所改。"
    assert Section.objects.get(title="疆域").text == "第一人所改。"


def test_nobody_can_take_an_identifier_by_asking_for_it(home, editor):
    book, other = a_book(), factories.book("别的书")
    taken = Section.objects.create(book=other, position=1, key="k", title="别处", depth=1)
    was = {"pk": taken.pk, "key": "k", "identifier": taken.identifier_id}
    changing.perform(book, {"do": "add", "ref": "n1", "under": "", "title": "新篇", "was": was}, editor)
    assert Section.objects.get(title="新篇").identifier_id != taken.identifier_id


def test_changes_to_a_published_book_wait_for_its_publication(home, editor, client):
    book = a_book(published=True)
    changing.perform(book, {"do": "text", "of": ref(book, "疆域"), "text": "改後的疆域。"}, editor)
    split = {"do": "split", "ref": ref(book, "沿革"), "new": "n1", "at": 7, "title": "漢代"}
    changing.perform(book, split, editor)
    changing.perform(book, {"do": "name", "ref": "n1", "title": "兩漢"}, editor)
    assert outline(book) == ["卷一 輿地", "·沿革", "·疆域", "卷二 賦役"]
    seen = changing.manuscript_of(book)
    assert [node.title for node in seen.contents.nodes] == ["輿地", "沿革", "兩漢", "疆域", "賦役"]
    assert seen.text("n1") == "漢置博羅縣。"

    book.save_revision().publish()  # another change of the page alone
    assert outline(book) == ["卷一 輿地", "·沿革", "·疆域", "卷二 賦役"]

    revision = changing.submit(book, editor)
    with pytest.raises(changing.LockedError):
        changing.perform(book, {"do": "text", "of": ref(book, "疆域"), "text": "再改。"}, editor)
    revision.publish()
    assert outline(book) == ["卷一 輿地", "·沿革", "·兩漢", "·疆域", "卷二 賦役"]
    assert Section.objects.get(title="疆域").text == "改後的疆域。"
    assert ChangeSet.objects.get().state == ChangeSet.State.PUBLISHED
    assert Identifier.objects.get(section__title="兩漢").ever_public
    revision.publish()
    assert outline(book) == ["卷一 輿地", "·沿革", "·兩漢", "·疆域", "卷二 賦役"]


def test_changes_that_were_discarded_never_come_true(home, editor):
    book = a_book(published=True)
    changing.perform(book, {"do": "text", "of": ref(book, "疆域"), "text": "不要了。"}, editor)
    revision = changing.submit(book, editor)
    assert changing.discard(book)
    revision.publish()
    assert Section.objects.get(title="疆域").text == "東西廣百里。"
    changing.perform(book, {"do": "text", "of": ref(book, "疆域"), "text": "另起。"}, editor)
    assert changing.open_change_set(book).changes.count() == 1


def test_in_a_book_of_leaves_the_parts_of_the_text_follow_its_sections(home, editor):
    book = factories.book("老縣志", published=False, text_unit="leaf")
    leaf = book.leaves.create(key="1", position=1, text="卷一輿地沿革秦屬南海郡疆域東西廣百里")
    LeafLayout.objects.create(leaf=leaf, boxes=[[0, 0, 100, 1000, 0, 11, 0], [200, 0, 100, 1000, 11, 18, 0]])
    section = _section(book, 1, 1, "卷一", "輿地")
    Anchor.objects.create(section=section, leaf=leaf, leaf_start=0, leaf_end=18, section_end=18)
    split = {"do": "split", "ref": f"s{section.pk}", "new": "n1", "leaf": leaf.pk, "offset": 11, "title": "疆域"}
    changing.perform(book, split, editor)
    spans = Anchor.objects.order_by("section__position").values_list("leaf_start", "leaf_end")
    assert list(spans) == [(0, 11), (11, 18)]
    text = leaf.text.replace("秦屬", "秦時屬")
    changing.perform(book, {"do": "text", "of": f"l{leaf.pk}", "text": text}, editor)
    assert list(spans.all()) == [(0, 12), (12, 19)]
    assert [box[4:6] for box in LeafLayout.objects.get().boxes] == [[0, 12], [12, 19]]
    changing.undo(book, editor)
    changing.undo(book, editor)
    assert list(spans.all()) == [(0, 18)]


def test_parts_are_numbered_by_a_pattern(home, editor):
    book = a_book()
    number = {"do": "number", "under": ref(book, "輿地"), "pattern": "第%章", "numerals": "chinese", "from": 1}
    changing.perform(book, number, editor)
    assert outline(book)[1:3] == ["·第一章 沿革", "·第二章 疆域"]
    changing.undo(book, editor)
    assert outline(book)[1:3] == ["·沿革", "·疆域"]


def test_what_is_no_operation_changes_nothing(home, editor):
    book = a_book()
    for operation in ({}, {"do": "explode"}, {"do": "move"}, {"do": "text", "of": 5}, {"do": "split", "ref": "s1"}):
        with pytest.raises(ContentsError):
            changing.perform(book, operation, editor)
    assert outline(book) == ["卷一 輿地", "·沿革", "·疆域", "卷二 賦役"]
