"""Every kind of page for every reader: by the rules of WCAG 2.2 A and AA, on a telephone, by keyboard, scriptless."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.components import missing
from tests.quality import kinds

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ALL = {"runOnly": RULES, "rules": {"target-size": {"enabled": True}}}
JUDGE = """async (options) => {
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
  const where = (rule) => rule.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ");
  return violations.map((rule) => `${rule.id}: ${where(rule)}`);
}"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map((part) => part.className || part.tagName)"""
FOCUSED = """() => {
  const part = document.activeElement, box = part.getBoundingClientRect();
  if (part === document.body || part.matches("video")) return null; // the end; a browser's own controls
  const marked = [part, part.closest(".card"), part.querySelector(".map-reach")].some((each) => {
    if (!each) return false;
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.strokeWidth === "2px";
  });
  return marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight ? null : part.outerHTML.slice(0, 90);
}"""


@pytest.fixture(scope="module")
def every_kind(museum):
    """(kind, address) of every kind of public page, a withdrawn one too."""
    kinds.withdraw(museum.folder)
    return kinds.found(museum.address)


@pytest.fixture
def walk(visit, museum, every_kind):
    """Opens one kind after the other in one window and yields (window, name). Fonts and films are left out: nothing
    here hangs on them, and they are most of the time."""

    def through(**options):
        page: Page = visit(reduced_motion="reduce", **options)
        page.route("**/*.{woff2,mp4}", lambda route: route.abort())
        for kind, address in every_kind:
            page.context.clear_cookies()
            if kind.script:
                page.context.add_cookies([{"name": "script", "value": kind.script, "url": museum.address}])
            answer = page.goto(address, wait_until="domcontentloaded")
            assert answer.status == kind.status, f"{kind.name} {address}: {answer.status}"
            yield page, kind.name

    return through


def broken_rules(page: Page, name: str) -> list[str]:
    """What axe finds. Telephones are judged in light and desks in dark: colours do not depend on the width."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{name}: {rule}" for rule in page.evaluate(JUDGE, ALL)]


def require_axe() -> None:
    if not AXE.exists():
        missing("axe-core", "npm ci --ignore-scripts")


def test_a_telephone_breaks_no_rule_of_wcag_and_nothing_is_wider_than_it(walk):
    """Also at 360 pixels, and at 640 of a window of 1280, which is what a browser shows at 200 %."""
    require_axe()
    broken = []
    for page, name in walk(width=390, bypass_csp=True, color_scheme="light"):
        broken += broken_rules(page, name)
        for width in (360, 640):
            page.set_viewport_size({"width": width, "height": 800})
            broken += [f"{name}: {part} is wider than {width}" for part in page.evaluate(WIDER)]
        page.set_viewport_size({"width": 390, "height": 900})
    assert not broken, "\n".join(broken)


def test_a_desk_breaks_no_rule_of_wcag_and_the_keyboard_shows_where_it_is(walk):
    require_axe()
    broken = []
    for page, name in walk(width=1440, bypass_csp=True, color_scheme="dark"):
        broken += broken_rules(page, name)
        page.evaluate("document.querySelector('main').focus()")
        for _step in range(5):
            page.keyboard.press("Tab")
            if lost := page.evaluate(FOCUSED):
                broken.append(f"{name}: focus is not seen on {lost}")
    assert not broken, "\n".join(broken)


def test_every_kind_of_page_is_whole_without_script(walk):
    poor = []
    for page, name in walk(width=390, javascript=False):
        words, headings = page.locator("main").inner_text(), page.locator("h1").count()
        links = page.locator("main a:visible").count()
        if not page.title() or headings != 1 or len(words) < 30 or not links:
            poor.append(f"{name}: {page.title()!r}, {headings} h1, {len(words)} characters, {links} links")
    assert not poor, "\n".join(poor)


def test_what_judges_the_pages_is_not_served_with_them(visit, museum):
    assert json.loads((ROOT / "package.json").read_text())["devDependencies"]["axe-core"]
    assert visit().request.get("/static/libraries/axe-core/axe.min.js").status == 404
