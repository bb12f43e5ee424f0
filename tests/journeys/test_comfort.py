"""A reader makes the museum comfortable, keeps things and takes them along."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

KANGXI = "/books/qilan-xianzhi-kangxi/"
STORY = "/stories/lanpan-gushi/shuishang-gusheng/"


def test_size_and_colours_are_kept_from_page_to_page(visit):
    page: Page = visit(color_scheme="light")
    page.goto("/")
    plain = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    page.get_by_text("阅读设置").click()
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="深色").click()
    page.goto("/books/")
    assert float(page.evaluate("getComputedStyle(document.documentElement).fontSize")[:-2]) > float(plain[:-2]) * 1.2
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 19, 15)"
    page.get_by_text("阅读设置").click()
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("javascript", [True, False])
def test_traditional_characters_need_no_script(visit, javascript):
    page: Page = visit(javascript=javascript, width=390)
    page.goto("/books/")
    page.get_by_text("阅读设置").click()
    page.get_by_role("link", name="繁體").click()
    expect(page).to_have_url(re.compile("/books/$"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page.locator("h1")).to_have_text("圖書")
    page.goto("/photos/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")


def test_things_are_kept_listed_exported_removed_and_brought_back(visit):
    page: Page = visit()
    for address in (KANGXI, STORY):
        page.goto(address)
        page.get_by_role("button", name="收藏", exact=True).click()
    page.get_by_role("link", name=re.compile("我的收藏")).click()
    expect(page.locator(".saved-item")).to_have_count(2)
    expect(page.locator(".saved-list")).to_contain_text("棲瀾縣志")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 RIS").click()
    assert download.value.path().read_text(encoding="utf-8").count("TY  - ") == 2
    page.get_by_role("button", name="全部移除").click()
    expect(page.get_by_text("还没有收藏。")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".saved-item")).to_have_count(2)
    page.get_by_role("button", name="移除", exact=True).first.click()
    expect(page.locator(".saved-item")).to_have_count(1)


def test_what_was_kept_is_read_without_a_network(visit):
    page: Page = visit(width=390)
    page.goto(STORY)
    page.get_by_role("button", name="收藏", exact=True).click()
    page.goto("/saved/")
    page.get_by_role("button", name="存到本机").click()
    expect(page.locator(".saved-offline-told")).to_contain_text("本机存有 1 件", timeout=30_000)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/saved/")
    expect(page.locator(".saved-number")).to_contain_text("暂时连不上本馆")
    page.locator(".saved-title").click()
    expect(page.locator("h1")).to_have_text("水上鼓声")
    expect(page.get_by_text("离线副本，存于")).to_be_visible()
    shown = "picture => picture.decode().then(() => picture.naturalWidth)"
    assert page.locator(".exhibit-picture").evaluate(shown) > 0
    page.goto("/books/")
    expect(page.get_by_role("heading", name="现在连不上本馆")).to_be_visible()
    page.context.set_offline(False)
    page.goto(STORY)
    expect(page.get_by_text("离线副本")).to_have_count(0)
    page.goto("/saved/")
    page.get_by_role("button", name="删除本机副本").click()
    expect(page.locator(".saved-offline-told")).to_contain_text("本机副本已删除")
    assert page.evaluate("caches.has('kept-offline')") is False


def test_a_search_is_kept_and_made_again(visit):
    page: Page = visit(width=390)
    page.goto("/search/?q=龙舟&kind=story")
    page.get_by_role("button", name="存下这次检索").click()
    expect(page.locator(".keep-told")).to_contain_text("已存下")
    page.get_by_role("link", name=re.compile("看地图")).click()
    expect(page.locator(".map-figure .map-place").first).to_be_visible()
    page.locator(".map-place").first.click()
    expect(page).to_have_url(re.compile("place="))
    expect(page.locator(".map-here")).to_have_count(1)
    page.goto("/saved/")
    search = page.locator(".searches-list .saved-item")
    expect(search).to_contain_text("龙舟 类型：故事")
    kept = page.evaluate("JSON.parse(localStorage.searches)[0].refs")
    page.evaluate("""() => {
        const [search] = JSON.parse(localStorage.searches);
        localStorage.searches = JSON.stringify([{ ...search, total: 1, refs: [search.refs[0], "page:999999"] }]);
    }""")
    page.reload()
    search.get_by_role("button", name="再查一次").click()
    expect(search.locator(".search-now")).to_contain_text(
        f"{len(kept)} 处，新增 {len(kept) - 1} 处，撤下或不再符合的 1 处"
    )
    expect(search.locator(".search-came a")).to_have_count(len(kept) - 1)
    search.get_by_role("button", name="以今日为准").click()
    expect(search.locator(".saved-facts")).to_contain_text(f"{len(kept)} 处")
    search.get_by_text("引用这次检索").click()
    expect(search.locator(".search-cited")).to_contain_text("/search/?q=")
    search.get_by_role("button", name="移除").click()
    expect(search).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(search).to_have_count(1)


def test_two_books_are_read_side_by_side(visit):
    page: Page = visit()
    page.goto("/search/?q=桥&kind=leaf")
    page.get_by_role("link", name="与另一部对读").first.click()
    page.locator(".compare-choices a").first.click()
    expect(page.locator(".compare-side")).to_have_count(2)
    expect(page.locator(".compare-side").first.locator(".hit mark").first).to_be_visible()
    page.get_by_role("link", name="左右对调").click()
    expect(page.locator(".compare-side")).to_have_count(2)


def test_a_list_says_what_the_museum_no_longer_has(visit):
    page: Page = visit()
    page.goto("/saved/")
    expect(page.get_by_text("还没有收藏。")).to_be_visible()
    page.evaluate("""localStorage.setItem("saved", JSON.stringify([{ id: "000000000", title: "旧题" }]))""")
    page.reload()
    expect(page.locator(".saved-item")).to_contain_text("旧题")
    expect(page.locator(".saved-item")).to_contain_text("本馆现在没有这一件")


def test_the_share_sheet_opens_without_script_and_copies_with_it(visit):
    page: Page = visit(javascript=False)
    page.goto(KANGXI)
    page.get_by_text("分享与引用").click()
    expect(page.get_by_alt_text("永久地址的二维码")).to_be_visible()
    expect(page.locator(".share")).to_contain_text("[M/OL]")
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(KANGXI)
    page.get_by_text("分享与引用").click()
    page.get_by_role("button", name="复制").last.click()
    expect(page.locator(".share-told")).to_have_text("已复制。")
    assert "[M/OL]" in page.evaluate("navigator.clipboard.readText()")


def test_a_reader_of_english_goes_over_and_back(visit):
    page: Page = visit()
    page.goto(STORY)
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Drums on the water")
    expect(page.get_by_text("shown in Chinese").first).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(re.compile(re.escape(STORY)))
