"""Reads a book's file inside the bounded process: what the format yields becomes lines of JSON in the workspace.

    python -m archive.importing.books.reading FORMAT PATH WORKSPACE OPTIONS

Lines "progress 12.5" on the output say how far it is. A file of which nothing can be read leaves `refused.json`.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from media_assets import file_errors
from media_assets.file_errors import FileError, RefusedFile
from media_assets.file_errors import marked as _

from . import contract
from .contract import BookFormat, Item, Options, Progress
from .formats import FORMATS

ITEMS, REFUSED, PICTURES = "items.jsonl", "refused.json", "pictures"
_KINDS = {kind.__name__: kind for kind in (contract.Facts, contract.LeafItem, contract.SectionItem)} | {
    kind.__name__: kind for kind in (contract.FigureItem, contract.Problem)
}


def format_of(path: Path) -> BookFormat:
    """The format that recognises this file. Raises RefusedFile when none does."""
    for book_format in FORMATS:
        if book_format.recognises(path):
            return book_format
    raise RefusedFile(
        _("认不出这是哪一种书稿：可用 PDF、Word（.docx）、文本、Markdown、表格，或装有书页图像的压缩包。")
    )


def write(book_format: BookFormat, path: Path, workspace: Path, options: Options) -> Iterator[float]:
    """Read the file into the workspace; yields how far it is, 0 to 1. Complete when it ends: the items get their name
    last."""
    (workspace / PICTURES).mkdir(parents=True, exist_ok=True)
    unfinished = workspace / f"{ITEMS}.part"
    with unfinished.open("w", encoding="utf-8") as lines:
        for item in book_format.read(path, workspace, options):
            if isinstance(item, Progress):
                yield item.fraction
            else:
                # A lone surrogate, which some PDFs give, is in no encoding.
                line = json.dumps([type(item).__name__, asdict(item)], ensure_ascii=False)
                lines.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    unfinished.replace(workspace / ITEMS)


def items(workspace: Path) -> Iterator[Item]:
    """What was read, in order. Raises FileNotFoundError when reading has not come to its end, and the FileError of a
    file that was refused."""
    refused = workspace / REFUSED
    if refused.exists():
        name, message, values = json.loads(refused.read_text(encoding="utf-8"))
        raise getattr(file_errors, name)(message, **values)
    with (workspace / ITEMS).open(encoding="utf-8") as lines:
        for line in lines:
            name, values = json.loads(line)
            yield _item(name, values)


def _item(name: str, values: dict) -> Item:
    if name == "LeafItem":
        values["boxes"] = tuple(contract.Box(**box) for box in values["boxes"])
    elif name == "SectionItem":
        values["breaks"] = tuple(contract.LeafBreak(**leaf_break) for leaf_break in values["breaks"])
    elif name == "Problem":
        values["severity"] = contract.Severity(values["severity"])
    return _KINDS[name](**values)


def main(name: str, path: str, workspace: str, options: str) -> None:
    folder = Path(workspace)
    try:
        source = Path(path)
        book_format = next((f for f in FORMATS if f.name == name), None) or format_of(source)
        for fraction in write(book_format, source, folder, Options(**json.loads(options))):
            print(f"progress {100 * fraction:.1f}", flush=True)  # noqa: T201 -- the protocol
    except FileError as error:
        told = [type(error).__name__, error.message, error.values]
        (folder / REFUSED).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
