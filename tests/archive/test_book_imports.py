"""The pages 「书稿导入」 of the CMS, with real files through the real job."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry, PageLogEntry

from archive.access import AccessLevel
from archive.editing import book_imports, roles
from archive.editing.book_import_words import contents_lines
from archive.importing.books import runs
from archive.models import BookImport, BookIndexPage, BookPage, ImportProblem, Section
from archive.publication import set_access
from tests import factories
from tests.archive.importing.books.handed_in import ANNALS, leaves_text, read_in, uploaded, zipped

pytestmark = pytest.mark.django_db
State = BookImport.State
LIST, ADD = "archive_book_imports", "archive_book_import_add"


def signed_in(django_user_model, name: str, *groups: str) -> Client:
    user = django_user_model.objects.create_user(name, password="x")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def editor(home, django_user_model) -> Client:
    return signed_in(django_user_model, "bianji", roles.EDITOR)


@pytest.fixture
def reviewer(home, django_user_model) -> Client:
    return signed_in(django_user_model, "shengao", roles.REVIEWER)


@pytest.fixture
def town(home):
    """The group of a town that adds books of its own."""
    collection = Collection.get_first_root_node().add_child(name="石渡镇")
    return roles.ensure_town_group("石渡镇", [BookIndexPage.objects.get()], collection)


@pytest.fixture
def contributor(town, django_user_model) -> Client:
    return signed_in(django_user_model, "tongxun", town.name)


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def words(response) -> str:
    return soup(response).select_one("main").get_text(" ", strip=True)


def handed_in(client, file, **given):
    return client.post(reverse(ADD), {"file": file, "title": "", "encoding": "", "book": "", **given})


def page_of(client, run=None, **asked) -> str:
    run = run or BookImport.objects.order_by("pk").last()
    return words(client.get(reverse("archive_book_import", args=[run.pk]), asked))


def act(client, name: str, run=None):
    run = run or BookImport.objects.order_by("pk").last()
    return client.post(reverse(f"archive_book_import_{name}", args=[run.pk]))


# --- From the file to the book ------------------------------------------------------------------------------------


def test_an_editor_hands_a_file_in_looks_at_the_plan_and_imports_it(editor):
    answer = handed_in(editor, uploaded(ANNALS))
    run = BookImport.objects.get()
    assert answer["Location"] == reverse("archive_book_import", args=[run.pk])
    plan = page_of(editor)
    for said in ("已读取，待确认", "将做的事", "沿革", "秦屬南海郡", "横排，自左向右翻", "导入", "放弃"):
        assert said in plan
    assert BookPage.objects.count() == 0

    act(editor, "approve")
    book = BookPage.objects.get()
    done = soup(editor.get(reverse("archive_book_import", args=[run.pk])))
    assert f"新增篇目 {Section.objects.count()} 个" in done.get_text()
    assert done.select_one(f'main a[href="{reverse("wagtailadmin_pages:edit", args=[book.pk])}"]')
    assert done.select_one(f'main a[href="{reverse("archive_workbench", args=[book.pk])}"]')


def test_a_name_that_the_person_gives_is_the_books(editor):
    handed_in(editor, uploaded(ANNALS), title="栖瀾縣志（康熙）")
    act(editor, "approve")
    assert BookPage.objects.get().title == "栖瀾縣志（康熙）"


def test_an_encoding_that_the_person_names_is_used(editor):
    text = "# 莞志\n\n## 沿革\n\n㵢溪在縣東，一名寒溪。\n"
    handed_in(editor, uploaded(text.encode("gb18030")), encoding="gb18030")
    act(editor, "approve")
    assert "㵢溪" in Section.objects.get(title="沿革").text


def test_the_form_that_is_reached_from_a_book_has_it_chosen(editor):
    book = factories.book("栖澜县志")
    form = soup(editor.get(reverse("wagtailadmin_pages:edit", args=[book.pk])))
    address = f"{reverse(ADD)}?book={book.pk}"
    assert form.select_one(f'a[href="{address}"]')
    assert soup(editor.get(address)).select_one("input[name=book]")["value"] == str(book.pk)


def test_a_published_book_waits_for_its_publication(editor):
    book = factories.book("栖澜县志")
    handed_in(editor, uploaded(ANNALS), book=book.pk)
    assert "读者所见不变" in page_of(editor)
    act(editor, "approve")
    assert "等这本书的改动发布时一并生效" in page_of(editor)
    assert BookImport.objects.get().state == State.STAGED
    assert not Section.objects.exists()


def test_what_the_file_has_no_more_is_told_before_it_goes(editor):
    read_in(leaves_text([1, 2, 3]), "莞志.txt", user=editor.user)
    act(editor, "approve")
    read_in(leaves_text([1]), "莞志.txt", BookPage.objects.get(), editor.user)
    assert "书中有 2 处是这份书稿里没有的" in page_of(editor)


# --- What is wrong with a file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "空.md", "这个文件是空的"),
        (b"\xff\xd8\xff\xe0", "0001.jpg", "装进一个 ZIP"),
        (b"\xd0\xcf\x11\xe0", "志稿.doc", "另存为 .docx"),
        (b"Rar!", "志稿.rar", "请用 ZIP"),
    ],
)
def test_the_form_says_at_once_what_cannot_be_read(editor, content, name, said):
    assert said in words(handed_in(editor, uploaded(content, name)))
    assert not BookImport.objects.exists()


def test_a_file_that_is_too_large_is_not_taken_in(editor, monkeypatch):
    monkeypatch.setattr(runs, "MAX_BYTES", 100)
    assert "请分册导入" in words(handed_in(editor, uploaded(ANNALS)))


def test_a_file_that_is_not_recognised_fails_in_words_and_may_be_tried_again_or_given_up(editor):
    handed_in(editor, uploaded(bytes(range(256)) * 20, "文稿.bin"))
    page = page_of(editor)
    assert "认不出这是哪一种书稿" in page
    assert "再试一次" in page
    act(editor, "retry")
    assert BookImport.objects.get().state == State.FAILED
    act(editor, "discard")
    assert "已放弃" in page_of(editor)
    assert not BookImport.objects.get().file


def test_problems_are_grouped_filtered_and_paged(editor):
    run = read_in(ANNALS, user=editor.user)
    ImportProblem.objects.bulk_create(
        ImportProblem(book_import=run, severity=severity, code=code, where=f"第 {n} 面", message=f"{code}{n}。")
        for severity, code, count in (("doubtful", "no-code-point", 60), ("broken", "no-picture", 3))
        for n in range(count)
    )
    page = page_of(editor)
    assert page.index("缺损 · 缺图像 3") < page.index("存疑 · 没有编码的字 60")
    assert "no-code-point49。" in page
    assert "no-code-point50。" not in page
    assert "no-code-point59。" in page_of(editor, p=2)
    only = page_of(editor, severity="broken", code="no-picture")
    assert "no-picture2。" in only
    assert "no-code-point0。" not in only


# --- While it is under way ----------------------------------------------------------------------------------------


def test_progress_is_told_with_and_without_scripts(editor, settings):
    settings.MEDIA_JOBS_IN_PLACE = False
    handed_in(editor, uploaded(ANNALS))
    run = BookImport.objects.get()
    page = soup(editor.get(reverse("archive_book_import", args=[run.pk])))
    address = page.select_one("[data-archive-import]")["data-archive-import"]
    assert page.select_one("main progress")["value"] == "0"
    assert page.select_one(f'main a[href="{reverse("archive_book_import", args=[run.pk])}"]')
    assert editor.get(address).json() == {"state": "waiting", "percent": 0, "words": "正在排队，后台空出来就开始。"}
    listed = soup(editor.get(reverse(LIST)))
    assert listed.select_one("[data-archive-jobs]")["data-archive-jobs"] == "lively"
    act(editor, "discard")
    assert editor.get(address).json()["state"] == "discarded"


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_state_and_costs_the_same_for_many(editor, django_assert_max_num_queries):
    read_in(ANNALS, user=editor.user)
    handed_in(editor, uploaded(b"\x00" * 900, "坏稿.bin"))
    assert "坏稿.bin" in words(editor.get(reverse(LIST)))
    failed = editor.get(reverse("archive_book_imports_results"), {"state": "failed"}).content.decode()
    assert "坏稿.bin" in failed
    assert "栖澜縣志.md" not in failed
    BookImport.objects.bulk_create(
        BookImport(original_name=f"卷{n}.md", created_by=editor.user, book=factories.book(f"书{n}", published=False))
        for n in range(30)
    )
    editor.get(reverse("archive_book_imports_results"))
    with django_assert_max_num_queries(20):
        editor.get(reverse("archive_book_imports_results"))


def test_the_menu_leads_there_for_those_who_may(editor, django_user_model, home):
    assert reverse(LIST) in editor.get(reverse("wagtailadmin_home")).content.decode()
    album = factories.album("石渡相册")
    group = roles.ensure_town_group("石渡", [album], Collection.get_first_root_node().add_child(name="石渡"))
    photographer = signed_in(django_user_model, "sheying", group.name)
    assert reverse(LIST) not in photographer.get(reverse("wagtailadmin_home")).content.decode()


# --- Who may ------------------------------------------------------------------------------------------------------


def test_who_may_add_no_book_hands_none_in(reviewer):
    assert "您不能新建图书" in words(handed_in(reviewer, uploaded(ANNALS)))
    handed_in(reviewer, uploaded(ANNALS), book=factories.book("栖澜县志").pk)
    assert BookImport.objects.get().book.title == "栖澜县志"


def test_a_person_without_any_right_on_books_finds_nothing(home, django_user_model):
    album = factories.album("石渡相册")
    group = roles.ensure_town_group("石渡", [album], Collection.get_first_root_node().add_child(name="石渡"))
    photographer = signed_in(django_user_model, "sheying", group.name)
    run = read_in(ANNALS)
    for address in (reverse(LIST), reverse(ADD), reverse("archive_book_import", args=[run.pk])):
        answer = photographer.get(address)
        # The CMS sends whoever is refused to its first page.
        assert answer.status_code == 302
        assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_contributor_sees_the_own_imports_alone(contributor, editor):
    other = read_in(ANNALS, user=editor.user)
    handed_in(contributor, uploaded(ANNALS, "石渡志.md"))
    listed = words(contributor.get(reverse(LIST)))
    assert "石渡志.md" in listed
    assert "栖澜縣志.md" not in listed
    assert contributor.get(reverse("archive_book_import", args=[other.pk])).status_code == 404
    assert contributor.get(reverse("archive_book_import_progress", args=[other.pk])).status_code == 404
    for name in ("approve", "retry", "discard"):
        assert act(contributor, name, other).status_code == 404
    other.refresh_from_db()
    assert other.state == State.READ


def test_a_contributor_imports_into_the_own_book_and_no_other(contributor):
    handed_in(contributor, uploaded(ANNALS, "石渡志.md"))
    act(contributor, "approve")
    own = BookPage.objects.get()
    assert own.owner == contributor.user
    handed_in(contributor, uploaded(ANNALS, "石渡志.md"), book=own.pk)
    assert BookImport.objects.count() == 2

    others = factories.book("别处的志")
    assert "您不能修改这本书" in words(handed_in(contributor, uploaded(ANNALS), book=others.pk))
    assert not soup(contributor.get(f"{reverse(ADD)}?book={others.pk}")).select_one("input[name=book]").get("value")


def test_an_import_into_a_book_that_was_closed_is_not_seen_from_outside(contributor):
    book = factories.book("内部资料")
    run = read_in(ANNALS, book=book, user=contributor.user)
    book.get_parent().group_permissions.all().delete()
    set_access(book, AccessLevel.STAFF)
    editable = factories.book("自己的志", published=False, owner=contributor.user)
    assert editable.pk
    assert contributor.get(reverse("archive_book_import", args=[run.pk])).status_code in (302, 404)
    assert run not in book_imports.known_imports(contributor.user)


def test_acting_takes_a_post_with_its_token(editor, django_user_model):
    run = read_in(ANNALS, user=editor.user)
    for name in ("approve", "retry", "discard"):
        assert editor.get(reverse(f"archive_book_import_{name}", args=[run.pk])).status_code == 405
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor.user)
    page = soup(browser.get(reverse("archive_book_import", args=[run.pk])))
    form = page.select_one(f'form[action="{reverse("archive_book_import_discard", args=[run.pk])}"]')
    assert browser.post(form["action"]).status_code == 403
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    assert browser.post(form["action"], {"csrfmiddlewaretoken": token}).status_code == 302


# --- The log ------------------------------------------------------------------------------------------------------


def test_what_was_done_by_whom_is_in_the_log(editor):
    handed_in(editor, uploaded(ANNALS))
    act(editor, "approve")
    handed_in(editor, uploaded(zipped({"a.md": ANNALS}), "志.zip"))
    act(editor, "discard")
    logged = ModelLogEntry.objects.filter(content_type__model="bookimport").order_by("pk")
    assert [(entry.user, entry.message) for entry in logged] == [
        (editor.user, "上传了书稿"),
        (editor.user, "导入了书稿"),
        (editor.user, "上传了书稿"),
        (editor.user, "放弃了书稿导入"),
    ]
    of_book = PageLogEntry.objects.get(action=runs.ACTION_IMPORTED)
    assert (of_book.page_id, of_book.user) == (BookPage.objects.get().pk, editor.user)


# --- The tree -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "levels", [[1, 2, 3, 3, 2, 1], [1], [2, 3, 1, 3, 2], [1, 2, 3, 4, 5], [3, 2, 1, 2, 3, 3, 5, 1]], ids=str
)
def test_the_lists_of_the_contents_that_open_are_closed(levels):
    lines = contents_lines((level, "", f"篇{number}") for number, level in enumerate(levels))
    assert sum(line.has_parts for line in lines) == sum(len(line.closes) for line in lines)
    depth = 0
    for line in lines:
        depth += line.has_parts - len(line.closes)
        assert depth >= 0


def test_long_contents_are_folded_so_that_a_page_of_them_shows():
    few = contents_lines([(1, "卷一", "輿地"), (2, "", "沿革"), (3, "", "秦"), (4, "", "南海")])
    assert [line.is_open for line in few] == [True, True, False, False]
    many = contents_lines([pair for n in range(80) for pair in ((1, "", f"卷{n}"), (2, "", "目"))])
    assert not any(line.is_open for line in many)
