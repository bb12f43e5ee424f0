"""The public site's style sheets: written one a subject, served as one, for each costs a slow line a round trip."""

from collections.abc import Iterator

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEETS = (
    "archive/tokens.css",
    "archive/layout.css",
    "archive/opening.css",
    "archive/components.css",
    "archive/cards.css",
    "archive/ways.css",
    "archive/drawings.css",
    "archive/listings.css",
    "archive/exhibit.css",
    "archive/exhibition.css",
    "archive/reading.css",
    "archive/passage.css",
    "archive/leaf.css",
    "archive/reader.css",
    "archive/book_rooms.css",
    "archive/viewer.css",
    "archive/film.css",
    "archive/results.css",
    "archive/comfort.css",
)
"""In this order, which the cascade relies on; all in one folder, so that what they point to stays where it is."""

PRINT = "archive/print.css"
TOGETHER = "archive/museum.css"


def together(texts: dict[str, str]) -> str:
    """One sheet out of the texts of SHEETS and PRINT, by name."""
    return "\n".join([*(texts[name] for name in SHEETS), "@media print {", texts[PRINT], "}", ""])


class SheetsTogetherStorage(CompressedManifestStaticFilesStorage):
    """Writes TOGETHER when the static files are collected, then hashes and compresses it like the rest."""

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator[tuple]:
        if not dry_run:
            self._write(paths)
            paths = paths | {TOGETHER: (self, TOGETHER)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _write(self, paths: dict) -> None:
        texts = {}
        for name in (*SHEETS, PRINT):
            storage, path = paths[name]
            with storage.open(path) as file:
                texts[name] = file.read().decode()
        self.delete(TOGETHER)
        self.save(TOGETHER, ContentFile(together(texts).encode()))
