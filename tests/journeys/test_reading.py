"""A reader walks through the museum as `make serve` opens it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]


@pytest.mark.parametrize(("width", "javascript"), [(1440, True), (390, True), (390, False)])
def test_a_reader_finds_the_way_from_the_home_page_to_each_kind_of_thing(visit, width, javascript):
    page: Page = visit(width=width, javascript=javascript)
    for kind in ("图书", "视频", "照片", "故事"):
        page.goto("/")
        page.get_by_role("navigation").get_by_role("link", name=kind, exact=True).first.click()
        expect(page.locator("h1")).to_contain_text(kind)
        page.locator("main article a, main .card a").last.click()
        expect(page.locator("h1")).not_to_have_text(kind)
        expect(page.locator("body")).to_contain_text("/id/")


def test_nothing_is_wider_than_a_telephone(visit):
    page: Page = visit(width=360)
    for address in ("/", "/books/", "/photos/", "/stories/", "/videos/", "/search/?q=桥"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_a_book_is_read_from_its_contents_to_its_leaves(visit):
    page: Page = visit()
    page.goto("/books/")
    page.get_by_role("link", name=re.compile("康熙")).first.click()
    page.get_by_role("link", name="开始阅读").click()
    expect(page).to_have_url(re.compile(r"/p/"))
    scan = page.locator("main img").first
    expect(scan).to_be_visible()
    assert scan.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    first = page.url
    page.get_by_role("link", name=re.compile("下一")).first.click()
    expect(page).not_to_have_url(first)


def test_a_film_plays_and_seeks(visit):
    page: Page = visit()
    page.goto("/videos/")
    page.locator("main a[href*='/videos/']").last.click()
    film = page.locator("video")
    expect(film).to_be_visible()
    film.evaluate("film => { film.muted = true; return film.play(); }")
    wait_until(lambda: film.evaluate("film => film.currentTime > 0.2"))
    film.evaluate("film => { film.currentTime = film.duration * 0.8; }")
    wait_until(lambda: film.evaluate("film => !film.seeking && film.currentTime > film.duration * 0.75"))
    assert film.evaluate("film => film.textTracks.length") >= 1


def test_two_characters_find_in_either_script_and_the_hit_is_marked(visit):
    page: Page = visit()
    page.goto("/")
    page.locator("header input[name=q]").fill("龍舟")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    hits = page.locator(".hit").count()
    page.goto("/search/?q=龙舟")
    assert page.locator(".hit").count() == hits > 0
    page.goto("/search/?q=舟")
    assert page.locator(".hit").count() >= hits
    page.locator(".hit-title a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_the_levels_are_kept_at_every_door(visit):
    page: Page = visit()
    page.goto("/search/?q=内部")
    assert page.request.get("/photos/yanhui-shuiku-daihe/").status == 404
    page.goto("/books/")
    on_site = page.get_by_role("link", name=re.compile("地名")).first
    on_site.click()
    expect(page.locator("main")).to_contain_text("馆内")


def test_the_keyboard_alone_leads_to_the_content(visit):
    page: Page = visit()
    page.goto("/books/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") != ""
