"""A reader looks closely at a photograph: with a mouse, with the keyboard, on a phone, and without JavaScript."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.open_museum import ROOT, environment_of

MAKE_A_PYRAMID = """
from archive.models import PhotoPage
from media_assets.derivatives.pyramids import make_pyramid
page = PhotoPage.objects.live().filter(locale__language_code="zh-hans", effective_access=0).first()
make_pyramid(page.lead_image)
print(page.get_url())
"""


@pytest.fixture(scope="module")
def photograph(museum) -> str:
    """The address of a photograph that has a pyramid."""
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_A_PYRAMID],
        cwd=ROOT,
        env=environment_of(museum.folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip().splitlines()[-1]


def open_viewer(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="放大细看").click()
    expect(page.locator(".viewer-scale")).to_have_text(re.compile(r"\d%"))


def scale(page: Page) -> int:
    page.wait_for_timeout(1200)  # the movement comes to rest
    return int(page.locator(".viewer-scale").text_content().rstrip("%"))


def test_the_viewer_is_fetched_only_when_somebody_looks_closely(visit, photograph):
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(photograph)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "openseadragon" in url or "/iiif/" in url]

    page.get_by_role("button", name="放大细看").click()
    expect(page.locator(".viewer-scale")).to_have_text(re.compile(r"\d%"))
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.endswith("/info.json")]
    assert [url for url in asked if url.endswith("default.jpg")]


def test_the_keyboard_does_it_all_and_turns_no_pages(visit, photograph):
    page = visit(reduced_motion="reduce")
    open_viewer(page, photograph)
    before = scale(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    larger = scale(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    page.keyboard.press("0")
    whole = scale(page)

    assert larger > before
    assert whole < larger
    assert page.url.endswith(photograph)

    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.get_by_role("button", name="放大细看")).to_be_focused()


def test_the_buttons_enlarge_turn_and_dim(visit, photograph):
    page = visit(reduced_motion="reduce")
    open_viewer(page, photograph)
    before = scale(page)
    page.get_by_role("button", name="放大", exact=True).click()
    assert scale(page) > before

    page.get_by_text("调光").click()
    page.get_by_label("亮度").fill("150")
    canvas = page.locator(".openseadragon-canvas").first
    assert "brightness(150%)" in canvas.evaluate("element => element.style.filter")
    page.get_by_role("button", name="还原").click()
    assert canvas.evaluate("element => element.style.filter") == ""
    page.get_by_role("button", name="关闭").click()
    expect(page.locator(".exhibit-picture")).to_be_visible()


def test_on_a_phone_it_has_the_whole_window(visit, photograph):
    page = visit(width=390, height=844, has_touch=True)
    open_viewer(page, photograph)
    box = page.locator(".viewer").bounding_box()

    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    for tool in page.locator(".viewer-tool:visible").all():
        place = tool.bounding_box()
        assert place["x"] + place["width"] <= 390
        assert min(place["width"], place["height"]) >= 43


def test_without_javascript_the_picture_leads_to_a_large_one(visit, photograph):
    page = visit(javascript=False)
    page.goto(photograph)
    expect(page.locator(".zoom-open")).to_be_hidden()
    large = page.request.get(page.locator(".zoom-plain").get_attribute("href"))

    assert (large.status, large.headers["content-type"]) == (200, "image/jpeg")


def test_what_cannot_be_opened_leaves_the_plain_picture(visit, photograph):
    page = visit()
    page.route("**/info.json", lambda route: route.fulfill(status=404))
    page.goto(photograph)
    page.get_by_role("button", name="放大细看").click()

    expect(page.get_by_text("细看图暂时打不开")).to_be_visible()
    expect(page.locator(".exhibit-picture")).to_be_visible()
