"""Counts what the first view of a page costs a telephone: requests and bytes on the wire, by what they are.

MUSEUM_AT=http://127.0.0.1:8000 python -m tests.quality.weight [KIND …]
"""

import os
import sys
from collections import Counter

from playwright.sync_api import Browser, sync_playwright

from tests.components import chromium
from tests.open_museum import FLAGS

from . import kinds

MOST = 400 * 1024
"""Bytes of a first view without its fonts."""


def main(names: list[str]) -> int:
    museum, heavy = os.environ.get("MUSEUM_AT", "http://127.0.0.1:8000").rstrip("/"), False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for kind, address in kinds.found(museum, tuple(kind for kind in kinds.KINDS if kind.name in names)):
            weights, requests = weigh(browser, museum + address)
            without_fonts = weights.total() - weights["font"]
            heavy |= without_fonts > MOST
            parts = ", ".join(f"{what} {size // 1024} KiB ({requests[what]})" for what, size in weights.most_common())
            print(f"{kind.name:14}{without_fonts // 1024:>5} KiB without fonts: {parts}", flush=True)
        browser.close()
    return 1 if heavy else 0


def weigh(browser: Browser, address: str) -> tuple[Counter, Counter]:
    """Bytes and requests by kind of resource, of a window 390 wide that was never here and is not scrolled."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True)
    page, done = context.new_page(), []
    page.on("requestfinished", lambda request: done.append(request))
    page.goto(address, wait_until="networkidle")
    weights, requests = Counter(), Counter()
    for request in done:
        sizes = request.sizes()
        weights[request.resource_type] += sizes["responseBodySize"] + sizes["responseHeadersSize"]
        requests[request.resource_type] += 1
    context.close()
    return weights, requests


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["home", "books", "photos", "book", "section", "leaf", "video", "story", "search"]))
