"""A reader opens a book where a word stands, looks at it in every way, turns its leaves and cites it."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.open_museum import ROOT, environment_of

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

BOOK = "/books/qilan-xianzhi-kangxi/"
WORD = "永濟橋"
LINES = """
from archive.models import Leaf, LeafLayout
for leaf in Leaf.objects.filter(book__slug="qilan-xianzhi-kangxi"):
    at, boxes = 0, []
    for number, line in enumerate(leaf.text.split("\\n")):
        boxes.append([9000 - 900 * number, 800, 800, 8000, at, at + len(line), 0])
        at += len(line) + 1
    LeafLayout.objects.update_or_create(leaf=leaf, defaults={"boxes": boxes})
"""


@pytest.fixture
def lines(museum):
    """Where the lines of the oldest book stand on its scans."""
    subprocess.run(  # noqa: S603 -- our own manage.py
        [sys.executable, "manage.py", "shell", "-c", LINES],
        cwd=ROOT,
        env=environment_of(museum.folder),
        check=True,
        capture_output=True,
    )


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def open_hit(page: Page) -> None:
    page.goto(BOOK)
    page.get_by_label("书内检索").fill(WORD)
    page.keyboard.press("Enter")
    page.locator(".hit-title a[href*='/p/']").first.click()
    expect(page).to_have_url(re.compile(r"/p/.*q=.*#found"))
    page.wait_for_load_state()  # until the reader's script is there, keys follow plain links


def test_a_word_is_seen_in_the_text_on_the_scan_and_in_the_large_picture(visit, lines):
    page: Page = visit()
    open_hit(page)
    expect(page.locator("mark#found")).to_have_text(WORD)
    expect(page.locator("mark#found")).to_be_in_viewport()
    expect(page.locator(".found-box").first).to_be_visible()
    page.get_by_role("button", name="放大细看").click()
    expect(page.locator(".viewer-found").first).to_be_attached()


def test_the_leaves_of_an_old_book_are_turned_leftwards_without_a_reload(visit, lines):
    page: Page = visit()
    open_hit(page)
    first = heading(page)
    page.evaluate("() => { window.still = true; }")
    page.keyboard.press("ArrowLeft")
    wait_until(lambda: heading(page) != first)
    second = heading(page)
    assert second in page.title()
    assert page.evaluate("() => window.still")
    assert page.evaluate("() => document.activeElement.matches('h1')")
    page.keyboard.press("ArrowRight")
    wait_until(lambda: heading(page) == first)
    page.go_back()
    wait_until(lambda: heading(page) == second)
    assert page.evaluate("() => window.still")


def test_views_are_switched_in_place_and_kept(visit):
    page: Page = visit()
    page.goto(f"{BOOK}p/juan-1-1b/")
    page.get_by_role("link", name="双页").click()
    expect(page.locator(".scan")).to_have_count(2)
    right, left = (scan.bounding_box()["x"] for scan in page.locator(".scan").all())
    assert right > left
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(re.compile("juan-1-1b"))
    expect(page.locator(".scan")).to_have_count(2)
    page.get_by_role("link", name="文字", exact=True).click()
    expect(page.locator(".scan")).to_have_count(0)
    page.get_by_role("link", name="竖排").click()
    text = page.locator(".passage-down")
    expect(text).to_be_visible()
    assert text.evaluate("element => getComputedStyle(element).writingMode") == "vertical-rl"
    page.reload()
    expect(page.locator(".passage-down")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_everything_is_there_without_javascript(visit, lines, width):
    page: Page = visit(width=width, javascript=False)
    open_hit(page)
    expect(page.locator("mark#found")).to_have_text(WORD)
    expect(page.locator(".found-box").first).to_be_visible()
    first = heading(page)
    page.get_by_role("link", name=re.compile("下一面")).first.click()
    assert heading(page) != first
    for view in ("单页", "双页", "文字", "图文对照"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
    page.locator("summary", has_text="目录").click()
    page.get_by_role("link", name="完整目录").click()
    page.locator(".tree a").first.click()
    expect(page.locator(".passage")).to_be_visible()
    page.goto(f"{BOOK}pages/")
    page.locator(".thumb a").nth(2).click()
    page.get_by_label("转到页").fill("卷1 1b")
    page.get_by_role("button", name="前往").click()
    expect(page).to_have_url(re.compile("juan-1-1b"))


def test_a_finger_turns_the_leaf(visit):
    page: Page = visit(width=390, has_touch=True)
    page.goto(f"{BOOK}p/juan-1-1b/")
    first = heading(page)
    page.evaluate(
        """() => {
            const place = document.querySelector(".leaf-head");
            const touch = (x) => new Touch({ identifier: 1, target: place, clientX: x, clientY: 300 });
            const send = (name, x, list) => place.dispatchEvent(new TouchEvent(name, {
                bubbles: true, touches: list ? [touch(x)] : [], changedTouches: [touch(x)],
            }));
            send("touchstart", 100, true);
            send("touchend", 260, false);
        }"""
    )
    wait_until(lambda: heading(page) != first)
    expect(page).to_have_url(re.compile("juan-2-1a|juan-1-2a"))


def test_a_section_is_cited_and_printed_with_its_citation(visit):
    page: Page = visit()
    page.goto(f"{BOOK}contents/")
    page.locator(".tree a", has_text="橋梁").click()
    page.locator("summary", has_text="分享与引用").click()
    citation = page.locator(".share-text", has_text="[M/OL]").inner_text()
    assert re.search(r"橋梁\[M/OL\]//.*卷二·\S+\[\d{4}-\d\d-\d\d\]", citation)
    expect(page.locator(".cited")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".cited")).to_have_text(citation)
    expect(page.locator(".reader-tools")).to_be_hidden()
    with page.expect_download() as download:
        page.emulate_media(media="screen")
        page.get_by_role("link", name="RIS").click()
    assert "T2  - 棲瀾縣志" in download.value.path().read_text()


@pytest.mark.parametrize("width", [360, 390, 1440])
def test_no_page_of_the_reader_is_wider_than_its_window(visit, width):
    page: Page = visit(width=width)
    rooms = ("", "contents/", "pages/", "search/?q=橋", "p/juan-1-1b/?q=橋", "p/juan-1-1b/?view=spread", "s/bridge/")
    for room in (*rooms, "p/juan-1-1b/?view=text&lines=down", "s/bridge/?lines=down"):
        page.goto(f"{BOOK}{room}")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, room
