"""An editor creates, previews, publishes and withdraws; an office brings in its own files."""

import re
import time
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]


def found(page: Page, words: str) -> int:
    return page.request.get("/search/", params={"q": words, "format": "json"}).json()["total"]


def becomes(page: Page, words: str, total: int, seconds: float = 5.0) -> None:
    """Within five seconds the index tells what was published or withdrawn."""
    deadline = time.monotonic() + seconds
    while found(page, words) != total:
        assert time.monotonic() < deadline, f"{words}: {found(page, words)} instead of {total}"
        time.sleep(0.2)


def open_new(page: Page, index: str, kind: str) -> None:
    """From the explorer, as an editor goes: pages, the catalogue, add, the kind."""
    page.goto("/admin/pages/")
    page.get_by_role("link", name=re.compile(r"查看.数字方志馆.的子页面")).click()  # the English home stands beside it
    page.get_by_role("link", name=re.compile(rf"查看.{index}.的子页面")).click()
    page.get_by_role("link", name="添加子页面", exact=True).click()
    # Where only one kind can stand, the CMS opens its form at once.
    kind_link = page.locator("main").get_by_role("link", name=re.compile(rf"^{kind}\s"))
    title = page.locator("#id_title")
    expect(kind_link.or_(title).first).to_be_visible()
    if kind_link.count():
        kind_link.click()
    expect(title).to_be_visible()


def publish(page: Page) -> str:
    """Press publish in the drop-up of the footer; returns the public address."""
    footer = page.locator("footer")
    footer.get_by_role("button", name="更多操作").click()
    footer.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("发布")
    return page.locator(".messages").get_by_role("link").first.get_attribute("href")


def upload(page: Page, library: str, file: Path, title: str) -> None:
    """Put one file into a library of the CMS."""
    page.goto(f"/admin/{library}")
    page.set_input_files("input[type=file]", str(file))
    page.fill("#id_title", title)
    page.locator("form button[type=submit]").last.click()
    expect(page.locator(".messages")).to_contain_text(title)


def test_draft_preview_publish_find_withdraw(editor, visit):
    desk: Page = editor("editor")
    reader: Page = visit()
    open_new(desk, "故事", "故事")
    desk.fill("#id_title", "渡口的灯笼匠")
    desk.fill("#id_description", "一盏灯照一条河。")
    desk.get_by_role("tab", name="著录").click()
    desk.fill("#id_date_written", "光绪廿三年")
    expect(desk.locator("[data-date-meaning]").first).to_contain_text("1897")
    desk.fill("#id_date_written", "灯笼年间")
    expect(desk.locator("[data-date-meaning]").first).to_contain_text("未能理解")
    desk.fill("#id_date_written", "光绪廿三年")
    desk.get_by_role("button", name="保存草稿").click()
    desk.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    number = re.search(r"/pages/(\d+)/edit/", desk.url)[1]

    assert found(reader, "灯笼匠") == 0
    desk.goto(f"/admin/pages/{number}/view_draft/")
    expect(desk.locator("h1")).to_contain_text("渡口的灯笼匠")
    expect(desk.locator("body")).to_contain_text("光绪廿三年")
    assert reader.request.get("/stories/dukou-de-denglong-jiang/").status == 404

    desk.goto(f"/admin/pages/{number}/edit/")
    address = publish(desk)
    reader.goto(address)
    expect(reader.locator("h1")).to_contain_text("渡口的灯笼匠")
    permanent = reader.locator("a[href*='/id/']").first.get_attribute("href")
    becomes(reader, "灯笼匠", 1)
    becomes(reader, "燈籠匠", 1)

    desk.goto(f"/admin/pages/{number}/unpublish/")
    desk.locator("form button[type=submit], form input[type=submit]").last.click()
    desk.wait_for_url(re.compile(r"/admin/pages/"))
    assert reader.request.get(address).status == 410
    assert reader.request.get(permanent, max_redirects=0).status == 410
    reader.goto(permanent)
    expect(reader.locator("main")).to_contain_text("撤回")
    becomes(reader, "灯笼匠", 0)


@pytest.mark.parametrize("on_its_way", [False, True], ids=["before-it-is-sent", "while-it-is-on-its-way"])
def test_publishing_while_the_draft_is_saved_by_itself_makes_one_page(editor, on_its_way):
    """On a slow server: a save that only waits is called off, one on its way is waited for."""
    desk: Page = editor("editor")
    title = f"急着发布的故事{uuid.uuid4().hex[:8]}"
    open_new(desk, "故事", "故事")
    desk.wait_for_timeout(2500)  # the CMS begins to watch the form two seconds after it has opened
    sent = []

    def answer_late(route) -> None:
        if saves_by_itself(route.request):
            sent.append(route.request.url)
            time.sleep(2.5)
        route.continue_()

    desk.route("**/admin/pages/**", answer_late)
    if on_its_way:
        with desk.expect_request(saves_by_itself):
            desk.fill("#id_title", title)
            desk.locator("#id_description").click()  # leaving the title lets the page be saved
    else:
        desk.fill("#id_title", title)
    publish(desk)
    desk.unroute_all()
    assert len(sent) == int(on_its_way)

    desk.goto(f"/admin/pages/search/?q={title}")
    expect(desk.locator("main table tbody tr", has_text=title)).to_have_count(1)


def saves_by_itself(request) -> bool:
    return request.method == "POST" and request.headers.get("accept") == "application/json"


def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(editor, tmp_path):
    desk: Page = editor("editor")
    false_picture = tmp_path / "码头.jpg"
    false_picture.write_text("<html><script>alert(1)</script></html>", encoding="utf-8")
    desk.goto("/admin/documents/add/")
    desk.set_input_files("input[type=file]", str(false_picture))
    desk.fill("#id_title", "假图片")
    desk.locator("form button[type=submit]").last.click()
    expect(desk.locator("main")).to_contain_text(re.compile("不|无法"))
    desk.goto("/admin/documents/?q=假图片")
    assert desk.locator("main a", has_text="假图片").count() == 0


def test_the_town_contributor_sees_the_own_towns_work_only(editor):
    desk: Page = editor("changqiao")
    desk.goto("/admin/pages/")
    assert desk.locator("main table", has_text="图书").count() == 0
    desk.get_by_role("link", name=re.compile("查看.照片.的子页面")).click()
    expect(desk.locator("main table")).to_contain_text("长桥镇来稿")
    assert desk.locator("main table", has_text="沈默生").count() == 0
    desk.goto("/admin/images/")
    assert desk.locator("main", has_text="永济桥").count() == 0


def test_the_museum_holds_an_offices_own_files(editor, visit, shared_data):
    """A book with its PDF, photographs, a film, and a story that uses them, all put in through the CMS."""
    desk: Page = editor("editor", height=1000)
    reader: Page = visit()
    upload(desk, "documents/add/", shared_data / "pdf" / "honglou-pinglun_vertical.pdf", "红楼梦评论全文")
    upload(desk, "media/video/add/", shared_data / "av" / "rabbit320.mp4", "小兔")
    desk.goto("/admin/images/multiple/add/")
    photographs = [
        shared_data / "photos" / "lomiri_aitzgorri_by_Aitzol_Berasategi.jpg",
        shared_data / "photos" / "lomiri_Bridge_by_Sander_Klootwijk.jpg",
        shared_data / "photos" / "skl_china.jpg",
    ]
    desk.set_input_files("input[type=file]", [str(photograph) for photograph in photographs])
    expect(desk.locator("#upload-list > li.upload-complete")).to_have_count(3, timeout=60_000)

    book = add_book(desk)
    reader.goto(book)
    pdf = reader.locator("a[href*='/media/d/']").first.get_attribute("href")
    answer = reader.request.get(pdf)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body()[:5] == b"%PDF-"

    photo = add_photo(desk)
    reader.goto(photo)
    picture = reader.locator("main picture img").first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 640

    film = add_film(desk)
    reader.goto(film)
    player = reader.locator("video")
    player.evaluate("film => { film.muted = true; return film.play(); }")
    wait_until(lambda: player.evaluate("film => film.currentTime > 0.2"))

    story = add_story(desk)
    reader.goto(story)
    expect(reader.locator("main video")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("红楼梦评论")
    assert reader.locator("main picture img").count() >= 1
    wait_until(lambda: found(reader, "红楼梦评论") >= 1, seconds=5)


def choose(desk: Page, field: str, title: str) -> None:
    """Pick something by its title in the chooser of a field."""
    chooser = desk.locator(f"#id_{field}-chooser")
    chooser.locator("[data-chooser-action-choose]").first.click()
    pick(desk, title)
    expect(chooser.locator(".chosen")).to_be_visible()


def pick(desk: Page, title: str) -> None:
    """In the window of a chooser: the thing of this title."""
    modal = desk.locator(".modal.in")
    modal.get_by_role("link", name=re.compile(title)).first.click()
    expect(modal).to_have_count(0)


def add_book(desk: Page) -> str:
    open_new(desk, "图书", "图书")
    desk.fill("#id_title", "红楼梦评论（影印）")
    choose(desk, "pdf", "红楼梦评论全文")
    return publish(desk)


def add_photo(desk: Page) -> str:
    open_new(desk, "照片", "照片")
    desk.fill("#id_title", "石桥与河")
    choose(desk, "lead_image", "lomiri_Bridge")
    return publish(desk)


def add_film(desk: Page) -> str:
    open_new(desk, "视频", "视频")
    desk.fill("#id_title", "小兔的一天")
    choose(desk, "video", "小兔")
    return publish(desk)


def add_story(desk: Page) -> str:
    open_new(desk, "故事", "故事")
    desk.fill("#id_title", "书、桥与小兔")
    choose(desk, "lead_image", "lomiri_aitzgorri")
    add_block(desk, "引书")
    choose_block(desk, "红楼梦评论")
    add_block(desk, "视频")
    choose_block(desk, "小兔的一天")
    return publish(desk)


def add_block(desk: Page, label: str) -> None:
    """Add a block at the end of the body."""
    desk.locator("[data-streamfield-stream-container] button.c-sf-add-button").last.click()
    desk.locator("[role=option]", has_text=re.compile(rf"^\s*{label}\s*$")).last.click()


def choose_block(desk: Page, title: str) -> None:
    """Pick a page in the block that was added last."""
    desk.locator("[data-streamfield-stream-container] [data-chooser-action-choose]:visible").last.click()
    desk.locator(".modal.in input[name=q]").fill(title)
    pick(desk, title)


def test_an_exhibition_is_arranged_and_walked_through(editor, visit):
    page: Page = editor("editor")
    open_new(page, "专题", "专题")
    page.fill("#id_title", "桥上的人")
    page.locator("button.c-sf-add-button:visible").first.click()
    page.fill('input[name="rooms-0-value-heading"]', "过桥")
    contents = page.locator('[data-contentpath="contents"]')
    contents.locator("button.c-sf-add-button:visible").first.click()
    page.get_by_role("option", name="展品").click()
    contents.get_by_role("button", name="选择页面").first.click()
    chooser = page.locator(".modal-content")
    chooser.locator("#id_q").fill("永济桥晨雾")
    chooser.get_by_role("link", name="永济桥晨雾").click()
    expect(chooser).to_have_count(0)
    page.fill('textarea[name$="-value-label"]', "水很高，中孔只剩一线。")
    address = publish(page)
    reader: Page = visit(width=390)
    reader.goto(address)
    reader.get_by_role("link", name="开始参观").click()
    expect(reader.locator("h1")).to_contain_text("过桥")
    expect(reader.get_by_text("水很高，中孔只剩一线。")).to_be_visible()
    reader.get_by_role("link", name="永济桥晨雾").click()
    expect(reader.locator("#showing")).to_have_text("正在展出")


def test_rooms_are_walked_with_the_keyboard(visit):
    page: Page = visit()
    page.goto("/exhibitions/lanjiang-sandu/rooms/1/")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("rooms/2/$"))
    expect(page.locator(".plan-link[aria-current]")).to_contain_text("江上")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("rooms/1/$"))
