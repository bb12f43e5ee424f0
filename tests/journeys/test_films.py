"""A reader watches a film: by its streams, by the whole file, by the keyboard, by its words, without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

FILM = "/videos/qilan-yingxiangzhi/lanjiang/"
NO_NATIVE_HLS = "HTMLMediaElement.prototype.canPlayType = () => ''"
NO_MEDIA_SOURCE = "delete window.MediaSource; delete window.ManagedMediaSource; delete window.WebKitMediaSource"


@pytest.fixture
def watch(visit):
    """Opens the film page once its streams are made; `without` takes something away from the browser."""

    def open_film(*without: str, **options) -> Page:
        page = visit(**options)
        for script in without:
            page.add_init_script(script)

        def is_made() -> bool:
            page.goto(FILM)
            return page.locator(".player[data-playlist]").count() == 1

        wait_until(is_made, 120)
        return page

    return open_film


def now(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def plays(page: Page) -> bool:
    return page.evaluate("(v => !v.paused && v.currentTime > 0.5 && v.videoWidth > 0)(document.querySelector('video'))")


@pytest.mark.parametrize("without", [[], [NO_NATIVE_HLS]], ids=["the browser's own HLS", "hls.js"])
def test_a_film_plays_by_its_streams(watch, without):
    page = watch(*without)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="播放", exact=True).click()
    wait_until(lambda: plays(page))

    assert page.locator(".player").get_attribute("data-plays") == "streams"
    assert any("/film.m3u8" in address for address in asked)
    assert bool(without) == any("hls.light" in address for address in asked)
    expect(page.get_by_role("button", name="暂停", exact=True)).to_be_visible()


def test_without_streams_the_whole_file_plays(watch):
    page = watch(NO_NATIVE_HLS, NO_MEDIA_SOURCE)
    page.get_by_role("button", name="播放", exact=True).click()
    wait_until(lambda: plays(page))

    assert page.evaluate("document.querySelector('video').currentSrc").endswith("/whole.mp4")


@pytest.mark.parametrize("without", [[], [NO_NATIVE_HLS]], ids=["the browser's own HLS", "hls.js"])
def test_streams_that_cannot_be_had_give_way_to_the_whole_file(watch, without):
    page = watch(*without)
    page.route("**/*.m3u8", lambda route: route.abort())
    page.get_by_role("button", name="播放", exact=True).click()
    wait_until(lambda: plays(page), 30)

    assert page.evaluate("document.querySelector('video').currentSrc").endswith("/whole.mp4")


def test_without_a_script_the_browser_plays_the_whole_file_and_the_words_are_there(watch):
    page = watch(javascript=False)

    expect(page.locator("video[controls] source")).to_have_attribute("src", re.compile(r"/whole\.mp4$"))
    expect(page.locator(".player-bar")).to_be_hidden()
    assert len(page.locator(".spoken").inner_text()) > 10
    assert page.locator("video track[kind=captions]").count() >= 1


def test_a_film_obeys_the_keyboard(watch):
    page = watch()
    video = page.locator("video")
    video.focus()
    page.keyboard.press("k")
    wait_until(lambda: plays(page))
    page.keyboard.press(" ")
    wait_until(lambda: page.evaluate("document.querySelector('video').paused"))
    page.keyboard.press("Home")
    wait_until(lambda: now(page) < 0.2)
    page.keyboard.press("ArrowRight")
    wait_until(lambda: now(page) == pytest.approx(5, abs=0.3))
    page.keyboard.press("j")
    wait_until(lambda: now(page) < 0.2)
    page.keyboard.press("m")
    assert video.evaluate("v => v.muted")
    page.keyboard.press(">")
    assert video.evaluate("v => v.playbackRate") == 1.25
    page.keyboard.press("c")
    modes = "v => [...v.textTracks].filter(t => t.kind === 'captions').map(t => t.mode)"
    assert set(video.evaluate(modes)) == {"disabled"}
    page.keyboard.press("c")
    assert "showing" in video.evaluate(modes)


def test_the_words_follow_the_film_and_lead_to_their_moment(watch):
    page = watch()
    line = page.locator(".spoken-line").nth(1)
    at = float(line.get_attribute("data-at"))
    line.get_by_role("button").click()
    wait_until(lambda: now(page) >= at)

    expect(page.locator(".spoken-line[aria-current]")).to_have_count(1)


def test_the_bar_shows_a_picture_of_the_moment_under_the_pointer(watch):
    page = watch()
    wait_until(lambda: page.evaluate("document.querySelector('video').readyState > 0"))
    page.locator(".player-range").hover()
    expect(page.locator(".player-picture")).to_be_visible()
    colours = "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    wait_until(lambda: page.locator(".player-picture").evaluate(colours) > 3)
