"""The workbench of the CMS: who may sit at it, what it answers, and how changes of a published book are handed in."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission

from archive.manuscripts import changing
from archive.models import Leaf, LeafLayout, PassageRevision, Section
from tests import factories

pytestmark = pytest.mark.django_db


def a_book(published=False, **fields):
    book = factories.book("棲瀾縣志", published=published, **fields)
    texts = ["秦屬南海郡。", "東西廣百里，户口三千。", "田賦附。"]
    for position, (title, text) in enumerate(zip(["沿革", "疆域", "賦役"], texts, strict=True), start=1):
        Section.objects.create(
            book=book,
            position=position,
            key=f"k{position}",
            title=title,
            text=text,
            label=f"第{'一二三'[position - 1]}章",
        )
    return book


def section(title) -> Section:
    return Section.objects.get(title=title)


def do(client, book, base="", **operation):
    body = json.dumps({"operation": operation, "base": base})
    return client.post(reverse("archive_workbench_do", args=[book.pk]), body, content_type="application/json")


@pytest.fixture
def visitor_of_the_desk(django_user_model, client):
    """Somebody of another department: may enter the CMS, and edits no book."""
    user = django_user_model.objects.create_user("other", password="x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def an_editor(book, users):
    """Somebody who may edit the books and publish none."""
    group = Group.objects.create(name="编辑组")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=book.get_parent(), permission=Permission.objects.get(codename="change_page")
    )
    user = users.objects.create_user("bianji", password="x")
    user.groups.add(group)
    return user


ADDRESSES = ("", "_state", "_changes", "_repairs", "_gaps")


def test_only_those_who_may_edit_the_book_come_to_its_workbench(home, visitor_of_the_desk, administrator):
    book = a_book()
    for name in ADDRESSES:
        address = reverse(f"archive_workbench{name}", args=[book.pk])
        assert administrator.get(address).status_code == 200, name
        answer = visitor_of_the_desk.get(address)
        assert answer.status_code in (302, 403), name
        assert "沿革" not in answer.content.decode(), name
    ref = f"s{section('沿革').pk}"
    for name in ("passage", "history"):
        address = reverse(f"archive_workbench_{name}", args=[book.pk, ref])
        assert administrator.get(address).status_code == 200
        assert visitor_of_the_desk.get(address).status_code in (302, 403)
    assert do(visitor_of_the_desk, book, do="text", of=ref, text="改").status_code in (302, 403)
    assert section("沿革").text == "秦屬南海郡。"


def test_a_passage_of_another_book_is_not_given(home, administrator):
    book, other = a_book(), factories.book("别的书", published=False)
    mine = Section.objects.create(book=other, position=1, key="k", title="别处", text="别处的文字")
    address = reverse("archive_workbench_passage", args=[book.pk, f"s{mine.pk}"])
    assert administrator.get(address).status_code == 404
    assert do(administrator, book, do="text", of=f"s{mine.pk}", text="改").status_code == 400
    assert section("别处").text == "别处的文字"


def test_the_state_of_a_large_book_costs_a_bounded_number_of_queries(
    home, administrator, django_assert_max_num_queries
):
    book = a_book()
    address = reverse("archive_workbench_state", args=[book.pk])
    administrator.get(address)
    Leaf.objects.bulk_create(Leaf(book=book, key=f"p{n}", position=n, label=str(n)) for n in range(1, 701))
    with django_assert_max_num_queries(24):
        told = administrator.get(address).json()
    assert [node[4] for node in told["nodes"]] == ["沿革", "疆域", "賦役"]
    assert len(told["leaves"]) == 700


def test_a_passage_brings_its_scan_and_its_lines(home, administrator):
    book = a_book(text_unit="leaf")
    leaf = Leaf.objects.create(book=book, key="1", position=1, text="卷一\n輿地", scan=factories.scan())
    LeafLayout.objects.create(leaf=leaf, boxes=[[9000, 500, 400, 9000, 0, 2, 0]])
    told = administrator.get(reverse("archive_workbench_passage", args=[book.pk, f"l{leaf.pk}"])).json()
    assert told["text"] == "卷一\n輿地"
    assert told["boxes"] == [[9000, 500, 400, 9000, 0, 2, 0]]
    assert told["picture"]
    assert administrator.get(told["picture"]).status_code == 200


def test_the_scan_of_a_draft_is_for_those_who_edit_the_book(home, django_user_model, visitor_of_the_desk):
    book = a_book(text_unit="leaf")
    leaf = Leaf.objects.create(book=book, key="1", position=1, text="卷一", scan=factories.scan())
    picture = leaf.scan.largest().checked_url
    assert visitor_of_the_desk.get(picture).status_code in (403, 404)
    client = Client()
    client.force_login(an_editor(book, django_user_model))
    assert client.get(picture).status_code == 200


def test_the_second_editor_is_shown_the_words_of_the_first(home, administrator):
    book = a_book()
    ref, base = f"s{section('疆域').pk}", changing.digest(section("疆域").text)
    assert do(administrator, book, base, do="text", of=ref, text="先改的。").status_code == 200
    answer = do(administrator, book, base, do="text", of=ref, text="後改的。")
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "先改的。"
    assert section("疆域").text == "先改的。"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"operation": 3}', '{"operation": {"do": "text"}}', "\x00"])
def test_a_request_that_makes_no_sense_is_refused(home, administrator, body):
    book = a_book()
    answer = administrator.post(reverse("archive_workbench_do", args=[book.pk]), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_a_former_text_is_compared_and_restored(home, administrator):
    book = a_book()
    ref = f"s{section('疆域').pk}"
    do(administrator, book, do="text", of=ref, text="東西廣二百里，户口三千。")
    address = reverse("archive_workbench_history", args=[book.pk, ref])
    page = administrator.get(address).content.decode()
    assert "<ins>二</ins>" in page
    revision = PassageRevision.objects.get()
    administrator.post(address, {"revision": revision.pk})
    assert section("疆域").text == "東西廣百里，户口三千。"
    assert PassageRevision.objects.count() == 2


def test_changes_of_a_published_book_are_published_together(home, administrator, client):
    book = a_book(published=True)
    ref = f"s{section('疆域').pk}"
    do(administrator, book, do="text", of=ref, text="東西廣二百里。")
    do(administrator, book, do="name", ref=ref, label="第二章", title="疆域四至")
    page = administrator.get(reverse("archive_workbench_changes", args=[book.pk])).content.decode()
    assert "2 处改动" in page
    assert "東西廣百里" in client.get(section("疆域").get_absolute_url()).content.decode()
    administrator.post(reverse("archive_workbench_close", args=[book.pk]), {"what": "publish"})
    shown = client.get(section("疆域四至").get_absolute_url()).content.decode()
    assert "東西廣二百里" in shown


def test_an_editor_who_may_not_publish_hands_changes_in(home, django_user_model, client):
    book = a_book(published=True)
    user = an_editor(book, django_user_model)
    client.force_login(user)
    ref = f"s{section('疆域').pk}"
    assert do(client, book, do="text", of=ref, text="東西廣二百里。").status_code == 200
    close = reverse("archive_workbench_close", args=[book.pk])
    assert client.post(close, {"what": "publish"}).status_code in (302, 403)
    assert section("疆域").text == "東西廣百里，户口三千。"
    client.post(close, {"what": "submit"})
    assert do(client, book, do="text", of=ref, text="又改。").status_code == 423
    client.post(close, {"what": "take-back"})
    assert do(client, book, do="text", of=ref, text="又改。").status_code == 200


def test_damages_are_listed_accepted_and_undone(home, administrator):
    book = a_book()
    Section.objects.filter(title="沿革").update(text="買買提?艾力的故事，共1O3户。")
    address = reverse("archive_workbench_repairs", args=[book.pk])
    page = administrator.get(address)
    choices = [
        f"{shown.ref}:{shown.number}:{shown.damage.found}"
        for shown in page.context["found"]
        if shown.damage.proposed is not None
    ]
    assert choices
    administrator.post(address, {"accept": choices})
    mended = section("沿革")
    assert mended.text != "買買提?艾力的故事，共1O3户。"
    assert mended.revisions.get().reason == "repair"
    Section.objects.filter(pk=mended.pk).update(corrected_at=None)
    assert "撤销这段的修补" in administrator.get(address, {"show": "mended"}).content.decode()
    administrator.post(address, {"undo": f"s{mended.pk}"})
    assert section("沿革").text == "買買提?艾力的故事，共1O3户。"


def test_gaps_in_numbers_are_reported(home, administrator):
    book = a_book()
    Section.objects.filter(title="賦役").update(label="第五章")
    for position, label in enumerate(["1", "2", "4"], start=1):
        Leaf.objects.create(book=book, key=f"p{position}", position=position, label=label)
    page = administrator.get(reverse("archive_workbench_gaps", args=[book.pk])).content.decode()
    assert "印刷页码（1）" in page
    assert "篇目编号（1）" in page


def test_leaves_are_labelled_by_rule(home, administrator):
    book = a_book()
    for position in range(1, 5):
        Leaf.objects.create(book=book, key=f"p{position}", position=position)
    address = reverse("archive_workbench_labels", args=[book.pk])
    told = administrator.post(address, {"rules": "1-2: i; 3-: 1", "preview": "1"}).json()
    assert told["labels"] == ["i", "ii", "1", "2"]
    assert not Leaf.objects.exclude(label="").exists()
    administrator.post(address, {"rules": "1-2: i; 3-: 1"})
    assert list(Leaf.objects.order_by("position").values_list("label", flat=True)) == ["i", "ii", "1", "2"]
    assert administrator.post(address, {"rules": "九号起"}).status_code == 400
