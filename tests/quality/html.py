"""Puts every kind of page before the W3C's checker (vnu), as a museum that is open serves it.

    MUSEUM_AT=http://127.0.0.1:8000 VNU_JAR=…/vnu.jar python -m tests.quality.html

Needs Java and the jar of the npm package `vnu-jar`. With MUSEUM_DATA, the folder of its data, the page of a
withdrawn thing is judged too. Returns 1 if there was an error or a warning.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from . import kinds


def main() -> int:
    museum = os.environ.get("MUSEUM_AT", "http://127.0.0.1:8000").rstrip("/")
    if folder := os.environ.get("MUSEUM_DATA"):
        kinds.withdraw(Path(folder))
    with tempfile.TemporaryDirectory(prefix="museum-html-") as scratch:
        names = fetch_all(museum, Path(scratch))
        # It refuses loopback addresses, so it is given files.
        command = ["java", "-jar", os.environ["VNU_JAR"], "--format", "json", "--stdout", "--Werror", "--html", scratch]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if not answer.stdout.strip():
        print(answer.stderr)
        return 1
    messages = json.loads(answer.stdout)["messages"]
    told = Counter(_sentence(message) for message in messages)
    for sentence, times in told.most_common():
        print(f"{times:4} × {sentence}")
    print(f"{len(names)} pages, {len(messages)} messages")
    return 1 if messages else 0


def fetch_all(museum: str, folder: Path) -> list[str]:
    """Write each kind of page to `folder`; returns their names."""
    names = []
    for kind, address in kinds.found(museum):
        if kind.status == 410 and "MUSEUM_DATA" not in os.environ:
            continue
        status, text = kinds.read(museum + address, kind.script)
        if status != kind.status:
            raise RuntimeError(f"{address}: {status}")
        (folder / f"{kind.name}.html").write_text(text, encoding="utf-8")
        names.append(kind.name)
    return names


def _sentence(message: dict) -> str:
    level = message.get("subType") or message["type"]
    page = Path(message.get("url", "")).stem
    return f"{level} {page}:{message.get('lastLine', '')} {message['message']} {message.get('extract', '')[:160]!r}"


if __name__ == "__main__":
    sys.exit(main())
