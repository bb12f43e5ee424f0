"""A file becomes a book, and again: what changed is taken over, what a person did stays, nothing is doubled."""

import pytest

from archive.importing.books import runs
from archive.manuscripts import changing
from archive.models import Anchor, BookImport, BookPage, ChangeSet, Figure, Leaf, PassageRevision, Section
from media_assets.models import ArchiveImage, Scan
from tests import factories

from .handed_in import ANNALS, imported, leaves_text, read_in, zipped

pytestmark = pytest.mark.django_db
State = BookImport.State


@pytest.fixture
def editor(home, django_user_model):
    return django_user_model.objects.create_superuser("bianji", password="x")


def outline(book) -> list[str]:
    rows = Section.objects.filter(book=book).order_by("position")
    return ["·" * (row.depth - 1) + row.heading for row in rows]


def addresses(model, book) -> dict:
    return dict(model.objects.filter(book=book).values_list("source", "key"))


def text_of(book, title) -> str:
    return Section.objects.get(book=book, title=title).text


def section_ref(book, title) -> str:
    return f"s{Section.objects.get(book=book, title=title).pk}"


def correct(book, editor, title, text) -> None:
    changing.perform(book, {"do": "text", "of": section_ref(book, title), "text": text}, editor)


def codes(run) -> list[str]:
    return list(run.problems.values_list("code", flat=True))


# --- Anew and again -----------------------------------------------------------------------------------------------


def test_a_file_becomes_the_draft_of_a_new_book(editor):
    run = imported(ANNALS, user=editor)
    assert (run.state, run.reason) == (State.DONE, "")
    book = run.book
    assert (book.live, book.owner, book.text_unit) == (False, editor, BookPage.TextUnit.SECTION)
    assert [line.strip("·") for line in outline(book)][-4:] == ["卷一 輿地", "沿革", "疆域", "卷二 賦役"]
    assert text_of(book, "沿革") == "秦屬南海郡，漢置博羅縣。"


def test_nothing_is_made_before_somebody_has_seen_the_plan(editor):
    run = read_in(ANNALS, user=editor)
    assert run.state == State.READ
    assert (run.plan["sections"]["new"], BookPage.objects.count()) == (len(run.plan["contents"]), 0)


def test_importing_again_changes_nothing(editor):
    book = imported(ANNALS, user=editor).book
    before = list(Section.objects.filter(book=book).values())
    again = imported(ANNALS, book=book, user=editor)
    assert again.plan["report"] | {"characters": 0} == dict.fromkeys(again.plan["report"], 0)
    assert list(Section.objects.filter(book=book).values()) == before
    assert not PassageRevision.objects.exists()


def test_a_changed_file_updates_only_what_changed(editor):
    book = imported(ANNALS, user=editor).book
    keys = addresses(Section, book)
    again = imported(ANNALS.replace("百里", "百二十里"), book=book, user=editor)
    assert again.plan["report"]["sections_changed"] == 1
    assert text_of(book, "疆域") == "東西廣百二十里，南北袤八十里。"
    assert addresses(Section, book) == keys
    assert PassageRevision.objects.get().text == "東西廣百里，南北袤八十里。"


def test_a_correction_is_kept_and_reported_once(editor):
    book = imported(ANNALS, user=editor).book
    correct(book, editor, "沿革", "秦屬南海郡，晉置寶安縣。")
    changed = ANNALS.replace("漢置博羅縣", "漢屬博羅縣")
    plan = read_in(changed, book=book, user=editor).plan
    assert (plan["sections"]["corrected"], plan["sections"]["changed"]) == (1, 0)

    run = imported(changed, book=book, user=editor)
    section = Section.objects.get(book=book, title="沿革")
    assert (section.text, section.raw_text) == ("秦屬南海郡，晉置寶安縣。", "秦屬南海郡，漢屬博羅縣。")
    assert (run.plan["report"]["corrected_kept"], codes(run)) == (1, ["corrected"])
    assert codes(imported(changed, book=book, user=editor)) == []


def test_a_page_that_a_person_has_filled_is_no_news_every_time(editor):
    empty = leaves_text([1, 2], {2: "¶"})
    book = imported(empty, "莞志.txt", user=editor).book
    leaf = Leaf.objects.get(book=book, text="")
    changing.perform(book, {"do": "text", "of": f"l{leaf.pk}", "text": "補錄一行"}, editor)
    run = imported(empty, "莞志.txt", book=book, user=editor)
    leaf.refresh_from_db()
    assert (leaf.text, run.plan["report"]["corrected_kept"]) == ("補錄一行", 0)


def test_a_section_that_the_file_has_no_more_goes_and_its_text_stays_in_the_history(editor):
    book = imported(ANNALS, user=editor).book
    shorter = ANNALS.replace("### 疆域\n\n東西廣百里，南北袤八十里。\n", "")
    assert read_in(shorter, book=book, user=editor).plan["sections"]["gone"] == 1
    run = imported(shorter, book=book, user=editor)
    assert run.plan["report"]["sections_gone"] == 1
    assert "疆域" not in " ".join(outline(book))
    assert PassageRevision.objects.get(passage_name="疆域").text == "東西廣百里，南北袤八十里。"


def test_a_corrected_section_that_the_file_has_no_more_stays_at_the_end(editor):
    book = imported(ANNALS, user=editor).book
    correct(book, editor, "疆域", "東西廣百有二里。")
    run = imported(ANNALS.replace("### 疆域\n\n東西廣百里，南北袤八十里。\n", ""), book=book, user=editor)
    assert outline(book)[-1].strip("·") == "疆域"
    assert codes(run) == ["section-gone"]


# --- Contents that a person has arranged --------------------------------------------------------------------------


def test_contents_that_a_person_has_arranged_stay(editor):
    book = imported(ANNALS, user=editor).book
    changing.perform(book, {"do": "name", "ref": section_ref(book, "沿革"), "title": "建置沿革", "label": ""}, editor)
    changing.perform(book, {"do": "move", "ref": section_ref(book, "疆域"), "under": section_ref(book, "賦役")}, editor)
    arranged = outline(book)
    run = imported(ANNALS.replace("百里", "百五十里"), book=book, user=editor)
    assert run.plan["keeps_arrangement"]
    assert outline(book) == arranged
    assert "百五十里" in text_of(book, "疆域")


def test_a_section_that_was_merged_into_another_is_not_made_again(editor):
    book = imported(ANNALS, user=editor).book
    changing.perform(book, {"do": "merge", "ref": section_ref(book, "疆域")}, editor)
    merged = outline(book)
    run = imported(ANNALS, book=book, user=editor)
    assert outline(book) == merged
    assert codes(run) == []
    assert codes(imported(ANNALS.replace("八十里", "九十里"), book=book, user=editor)) == ["section-merged"]
    assert text_of(book, "沿革").count("東西廣百里") == 1


def test_arranged_contents_of_a_published_book_stay_too(editor):
    book = imported(ANNALS, user=editor).book
    book.save_revision().publish()
    book.refresh_from_db()
    changing.perform(book, {"do": "name", "ref": section_ref(book, "沿革"), "title": "建置沿革", "label": ""}, editor)
    changing.submit(book, editor).publish()
    assert read_in(ANNALS, book=BookPage.objects.get(), user=editor).plan["keeps_arrangement"]


# --- Leaves -------------------------------------------------------------------------------------------------------


def test_leaves_added_in_the_middle_leave_the_others_their_addresses(editor):
    book = imported(leaves_text([1, 2, 5, 6]), "莞志.txt", user=editor).book
    before = addresses(Leaf, book)
    run = imported(leaves_text([1, 2, 3, 4, 5, 6]), "莞志.txt", book=book, user=editor)
    assert (run.plan["report"]["leaves_new"], run.plan["report"]["leaves_changed"]) == (2, 0)
    after = addresses(Leaf, book)
    assert {source: after[source] for source in before} == before
    assert len(set(after.values())) == 6
    rows = list(Leaf.objects.filter(book=book).order_by("position").values_list("position", "text"))
    assert [position for position, _text in rows] == [1, 2, 3, 4, 5, 6]
    assert [text.strip()[1] for _position, text in rows] == list("123456")


def test_a_leaf_that_the_file_has_no_more_goes_into_the_history(editor):
    book = imported(leaves_text([1, 2, 3]), "莞志.txt", user=editor).book
    run = imported(leaves_text([1, 3]), "莞志.txt", book=book, user=editor)
    assert run.plan["report"]["leaves_gone"] == 1
    assert list(Leaf.objects.filter(book=book).values_list("position", flat=True)) == [1, 2]
    assert "第2葉" in PassageRevision.objects.get().text


def test_sections_begin_where_they_do_in_the_text_that_was_kept(editor):
    words = "前葉餘文¶\n　莞志卷二¶\n　　疆域¶\n東至增城¶"
    book = imported(leaves_text([1, 2], {2: words}), "莞志.txt", user=editor).book
    leaf = Leaf.objects.filter(book=book).order_by("position")[1]
    corrected = leaf.text.replace("前葉餘文", "前葉之餘文也")
    changing.perform(book, {"do": "text", "of": f"l{leaf.pk}", "text": corrected}, editor)
    before = list(Anchor.objects.filter(leaf=leaf).order_by("leaf_start").values_list("leaf_start", "leaf_end"))
    imported(leaves_text([1, 2], {2: words}), "莞志.txt", book=book, user=editor)
    after = list(Anchor.objects.filter(leaf=leaf).order_by("leaf_start").values_list("leaf_start", "leaf_end"))
    assert after == before
    assert before


def test_a_file_without_leaves_takes_none_away_and_none_is_stored_twice(editor):
    book = factories.book("栖瀾志", published=False)
    factories.leaf(book, position=1)
    run = imported(ANNALS, book=book, user=editor)
    assert (run.plan["leaves"]["gone"], Leaf.objects.filter(book=book).count()) == (0, 1)
    assert text_of(book, "沿革")

    of_leaves = imported(leaves_text([1, 2]), "莞志.txt", user=editor).book
    refused = read_in(ANNALS, book=of_leaves, user=editor)
    assert refused.state == State.FAILED
    assert "存放" in refused.reason


def test_where_contents_are_a_persons_own_a_new_leaf_belongs_to_the_section_that_goes_on(editor):
    book = imported(leaves_text([1, 2, 4]), "莞志.txt", user=editor).book
    section = Section.objects.filter(book=book).order_by("position").first()
    changing.perform(book, {"do": "name", "ref": f"s{section.pk}", "title": "輿地", "label": "卷一"}, editor)
    imported(leaves_text([1, 2, 3, 4], {2: "第2葉¶"}), "莞志.txt", book=book, user=editor)
    pieces = Anchor.objects.filter(section__book=book).order_by("leaf__position", "leaf_start")
    assert {piece.leaf.position for piece in pieces} == {1, 2, 3, 4}
    for piece in pieces:
        assert piece.leaf_end <= len(piece.leaf.text)
        assert piece.section_end - piece.section_start == piece.leaf_end - piece.leaf_start


def test_two_thousand_leaves_cost_a_bounded_number_of_queries(editor, django_assert_max_num_queries):
    run = read_in(leaves_text(range(1, 2001)), "莞志.txt", user=editor)
    BookImport.objects.filter(pk=run.pk).update(state=State.APPROVED)
    run.refresh_from_db()
    with django_assert_max_num_queries(200):
        runs.make(run)
    run.refresh_from_db()
    assert run.plan["report"]["leaves_new"] == 2000

    again = read_in(leaves_text(range(1, 2001)), "莞志.txt", book=run.book, user=editor)
    with django_assert_max_num_queries(90):
        runs.make(again)


# --- A book that readers know -------------------------------------------------------------------------------------


def published(editor) -> BookPage:
    book = imported(ANNALS, user=editor).book
    book.save_revision().publish()
    return BookPage.objects.get(pk=book.pk)


def test_an_import_into_a_published_book_comes_true_with_its_publication(editor):
    book = published(editor)
    run = imported(ANNALS.replace("百里", "百二十里"), book=book, user=editor)
    assert run.state == State.STAGED
    assert "百里" in text_of(book, "疆域")

    changing.submit(book, editor).publish()
    run.refresh_from_db()
    assert run.state == State.DONE
    assert "百二十里" in text_of(book, "疆域")
    assert not BookPage.objects.get(pk=book.pk).has_unpublished_changes


def test_nobody_publishes_by_importing_into_an_empty_published_book(editor):
    book = factories.book("待錄入的志")
    assert imported(ANNALS, book=book, user=editor).state == State.STAGED
    assert not Section.objects.filter(book=book).exists()


def test_while_changes_are_handed_in_an_import_fails_and_says_why(editor):
    book = published(editor)
    correct(book, editor, "沿革", "秦屬南海郡。")
    changing.submit(book, editor)
    run = imported(ANNALS.replace("百里", "百二十里"), book=book, user=editor)
    assert run.state == State.FAILED
    assert "正待发布" in run.reason


def test_a_staged_import_that_is_given_up_does_not_come_true(editor):
    book = published(editor)
    run = imported(ANNALS.replace("百里", "百二十里"), book=book, user=editor)
    assert runs.discard(run, editor)
    changing.submit(book, editor)
    run.refresh_from_db()
    assert (run.state, "百里" in text_of(book, "疆域")) == (State.DISCARDED, True)


def test_changes_that_waited_while_a_book_was_withdrawn_are_not_lost(editor):
    book = published(editor)
    correct(book, editor, "沿革", "秦屬南海郡，晉置寶安縣。")
    book.unpublish()
    imported(ANNALS.replace("百里", "百二十里"), book=BookPage.objects.get(pk=book.pk), user=editor)
    assert (text_of(book, "沿革"), "百二十里" in text_of(book, "疆域")) == ("秦屬南海郡，晉置寶安縣。", True)
    assert ChangeSet.objects.get().state == ChangeSet.State.PUBLISHED


def test_what_the_file_says_of_the_book_does_not_undo_a_draft(editor):
    book = factories.book("栖瀾年鑑（2023）", published=False)
    draft = book.get_latest_revision_as_object()
    draft.compilers = "栖瀾縣志辦"
    draft.save_revision()
    imported(ANNALS.replace("栖澜縣志", "栖瀾年鑑（2023）"), book=book, user=editor)
    shown = BookPage.objects.get(pk=book.pk).get_latest_revision_as_object()
    assert (shown.compilers, shown.volume_year) == ("栖瀾縣志辦", 2023)


# --- Pictures -----------------------------------------------------------------------------------------------------

PICTURED = "# 栖瀾縣志\n\n## 圖\n\n![城圖](img/a.jpg)\n\n![壞圖](img/b.jpg)\n\n## 說\n\n縣治在栖瀾江口。\n"


def pictured() -> bytes:
    picture = factories.picture_bytes()
    return zipped({"志.md": PICTURED, "img/a.jpg": picture, "img/b.jpg": picture[: len(picture) // 3]})


def test_a_broken_picture_leaves_the_rest(editor):
    run = imported(pictured(), "志.zip", user=editor)
    assert run.state == State.DONE
    assert (Figure.objects.filter(book=run.book).count(), ArchiveImage.objects.count()) == (1, 1)
    assert list(run.problems.values_list("severity", "code")) == [("broken", "picture")]
    assert "縣治" in text_of(run.book, "說")


def test_pictures_are_not_doubled_by_importing_again(editor):
    bundle = pictured()
    book = imported(bundle, "志.zip", user=editor).book
    imported(bundle, "志.zip", book=book, user=editor)
    assert (Figure.objects.count(), ArchiveImage.objects.count(), Scan.objects.count()) == (1, 1, 0)


def test_what_was_stored_for_an_import_goes_with_it(editor):
    run = read_in(pictured(), "志.zip", user=editor)
    runs.store_pictures(run, runs.workspace_of(run), runs.reading.items(runs.workspace_of(run)), lambda done: None)
    assert ArchiveImage.objects.count() == 1
    assert runs.discard(run, editor)
    assert ArchiveImage.objects.count() == 0
