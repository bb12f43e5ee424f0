"""The museum as `make serve` runs it, once a run, in a folder of its own, and a real Chromium to visit it with."""

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from archive.demonstration.accounts import ACCOUNTS
from tests.components import chromium
from tests.open_museum import FLAGS, Museum, running

# MUSEUM_SLOW=800 makes every answer come so many milliseconds later, and finds out who looks before the page is there.
SLOWNESS = int(os.environ.get("MUSEUM_SLOW", "0"))
expect.set_options(timeout=20_000)  # what is promised within a time is measured where it is promised


@pytest.fixture(scope="session")
def museum(tmp_path_factory):
    """Started as a newcomer starts it, with the demonstration; stopped by its process group.

    MUSEUM_AT names one that runs already, with a fresh demonstration, and MUSEUM_DATA its folder, for whoever works on
    the journeys themselves.
    """
    chromium()
    if address := os.environ.get("MUSEUM_AT"):
        yield Museum(address, Path(os.environ["MUSEUM_DATA"]))
        return
    with running(tmp_path_factory.mktemp("museum")) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, museum: Museum):
    """`visit(width=390, javascript=False)` opens a window; whatever it asks of another host fails the test."""
    contexts, foreign, broken = [], [], []

    def open_window(*, width: int = 1440, height: int = 900, javascript: bool = True, **options) -> Page:
        context = browser.new_context(
            base_url=museum.address,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="zh-CN",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45_000)
        if SLOWNESS:
            _slow_down(page)
        page.on("request", lambda request: _note_foreign(request.url, museum.address, foreign))
        page.on("response", lambda response: broken.append(response.url) if response.status >= 500 else None)
        page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not foreign, f"asked of other hosts: {foreign[:5]}"
    assert not broken, f"failed: {broken[:5]}"


def wait_until(condition, seconds: float = 15.0) -> None:
    """Ask until it is true. Playwright's own way evaluates strings in the page, which our policy forbids."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)


def _slow_down(page: Page) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    unlimited = {"downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": SLOWNESS, **unlimited})


def _note_foreign(url: str, own: str, foreign: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        foreign.append(url)


@pytest.fixture
def editor(visit, museum):
    """Opens a window in which one of the demonstration's people is signed in."""

    def sign_in(name: str = "admin", **options) -> Page:
        page = visit(**options)
        account = next(account for account in ACCOUNTS if account.username == name)
        page.goto("/admin/login/")
        page.fill("input[name=username]", account.username)
        page.fill("input[name=password]", account.password)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    return sign_in
