"""Takes the picture of every kind of page, on a telephone and a desk, in light and dark, for the documentation.

python -m tests.screenshots            # opens a museum of its own
MUSEUM_AT=http://127.0.0.1:8000 python -m tests.screenshots [KIND …]
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from .components import chromium
from .open_museum import FLAGS, ROOT, running
from .quality.kinds import KINDS, Kind, found

FOLDER = ROOT / "docs" / "screenshots"
WINDOWS = {390: 844, 1440: 900}
TALLEST = {390: 1700, 1440: 1500}
"""Width → the height at which a picture is cut off, in pixels."""
COLOURS = ("light", "dark")
QUALITY = 60
SHOWN = tuple(kind for kind in KINDS if kind.status != 410 and kind.name not in ("photos-filtered", "search-help"))


def main(names: list[str]) -> int:
    if address := os.environ.get("MUSEUM_AT"):
        return take_all(address.rstrip("/"), names)
    with tempfile.TemporaryDirectory(prefix="museum-pictures-") as folder, running(Path(folder)) as museum:
        return take_all(museum.address, names)


def take_all(museum: str, names: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kinds = tuple(kind for kind in SHOWN if not names or kind.name in names)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for width in WINDOWS:
            take(browser, museum, width, found(museum, kinds))
        browser.close()
    weight = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"{len(list(FOLDER.glob('*.webp')))} pictures, {weight / 1024**2:.1f} MiB")
    return 0


def take(browser: Browser, museum: str, width: int, kinds: list[tuple[Kind, str]]) -> None:
    """Each kind in both colours, in one window of that width."""
    window = {"width": width, "height": WINDOWS[width]}
    context = browser.new_context(viewport=window, is_mobile=width < 600, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    for kind, address in kinds:
        context.clear_cookies()
        if kind.script:
            context.add_cookies([{"name": "script", "value": kind.script, "url": museum}])
        page.set_viewport_size(window)
        page.goto(museum + address, wait_until="load")
        tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST[width])
        page.set_viewport_size(window | {"height": tall})  # what is loaded when it is seen is seen now
        page.wait_for_load_state("networkidle")
        for colours in COLOURS:
            page.emulate_media(color_scheme=colours)
            shot = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
            if colours == "dark":  # what lies further down differs in nothing but its colours
                shot = shot.crop((0, 0, shot.width, min(shot.height, WINDOWS[width])))
            shot.save(FOLDER / f"{kind.name}-{width}-{colours}.webp", "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
