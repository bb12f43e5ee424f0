"""Lets Lighthouse judge the museum as a middling telephone on a slow line sees it.

    MUSEUM_AT=http://127.0.0.1:8000 LIGHTHOUSE="npx lighthouse" python -m tests.quality.lighthouse [KIND …]

Needs the npm package `lighthouse` and Chromium. Each page is judged until it does well, at most ROUNDS times, and
the best is kept, for a busy machine only ever makes a page slower. Returns 1 if a mark is below ENOUGH.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.components import chromium

from . import kinds

ENOUGH = 95
ROUNDS = 5
MARKS = ("performance", "accessibility", "best-practices", "seo")
JUDGED = ("home", "books", "photos", "book", "section", "leaf", "video", "photo", "story", "exhibition-room", "search")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def main(names: list[str]) -> int:
    museum = os.environ.get("MUSEUM_AT", "http://127.0.0.1:8000").rstrip("/")
    print(f"{'':14}" + "".join(f"{mark:>16}" for mark in MARKS) + "    FCP  LCP  TBT  CLS  KiB  requests")
    poor = False
    for kind, address in kinds.found(museum, tuple(kind for kind in kinds.KINDS if kind.name in names)):
        reports = reports_of(museum + address)
        if not reports:
            print(f"{kind.name:14}Lighthouse could not load {address}", flush=True)
            poor = True
            continue
        best = max(reports, key=lambda report: report["categories"]["performance"]["score"] or 0)
        marks = [round(100 * (best["categories"][mark]["score"] or 0)) for mark in MARKS]
        poor |= min(marks) < ENOUGH
        print(f"{kind.name:14}" + "".join(f"{mark:>16}" for mark in marks) + "    " + figures(best), flush=True)
        for line in complaints(best):
            print(f"{'':16}{line}", flush=True)
    return 1 if poor else 0


def reports_of(address: str) -> list[dict]:
    """What Lighthouse says of one address, asked again while it finds it slow."""
    reports = []
    for _round in range(ROUNDS):
        report = report_of(address)
        if report:
            reports.append(report)
            if 100 * (report["categories"]["performance"]["score"] or 0) >= ENOUGH:
                break
    return reports


def report_of(address: str) -> dict | None:
    """What Lighthouse says of one address with its own settings for a telephone; None when it lost the page, as it does
    now and then on a busy machine (it says so itself)."""
    with tempfile.TemporaryDirectory(prefix="museum-lighthouse-") as scratch:
        path = Path(scratch) / "report.json"
        command = [
            *shlex.split(os.environ.get("LIGHTHOUSE", "npx lighthouse")),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={path}",
            "--throttling-method=simulate",
            f"--only-categories={','.join(MARKS)}",
            f"--chrome-flags={FLAGS} --user-data-dir={scratch}/profile",
        ]
        subprocess.run(command, check=False, env=os.environ | {"CHROME_PATH": chromium()}, timeout=240)  # noqa: S603
        report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return report if report.get("categories", {}).get("performance", {}).get("score") is not None else None


def figures(report: dict) -> str:
    audits = report["audits"]
    names = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    seconds = [audits[name]["displayValue"].replace("\xa0", "") for name in names]
    requests = audits["network-requests"]["details"]["items"]
    weight = sum(request.get("transferSize") or 0 for request in requests) // 1024
    return "  ".join([*seconds, str(weight), str(len(requests))])


def complaints(report: dict) -> list[str]:
    """The audits that cost a mark, by name, with what they found first."""
    lines = []
    for mark in MARKS:
        for reference in report["categories"][mark]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                lines.append(f"{mark}: {audit['id']} {audit.get('displayValue', '')} {_first(audit)}")
    return lines


def _first(audit: dict) -> str:
    items = (audit.get("details") or {}).get("items") or []
    return json.dumps(items[0], ensure_ascii=False)[:220] if items else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(JUDGED)))
