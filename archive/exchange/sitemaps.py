"""The site map for search engines: an index and files that are written while they are sent.

A file holds a range of primary keys, so its size is bounded, its place in the index is stable, and nothing is counted
or held in memory however many entries the museum has. It names what the public may read, and nothing else.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from xml.sax.saxutils import escape

from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import override
from django.views.decorators.http import require_safe

from archive.access import Audience, published
from archive.models import (
    Agent,
    ArchivePage,
    BookPage,
    FreePage,
    HomePage,
    IndexPage,
    Leaf,
    Place,
    Section,
    Series,
    Topic,
)

from .addresses import absolute

ENTRIES = 50_000
"""The most that the protocol (sitemaps.org) allows a file."""
PLAIN_PAGES = 5_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
Entry = tuple[str, datetime | None]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every file that has something in it, with the day of its newest entry. One query a kind."""
    files: list[Entry] = [(reverse("sitemap_museum"), None)]
    for kind, rows in _ranges().items():
        changed = {"page": "last_published_at"}.get(kind, "book__last_published_at")
        found = rows.annotate(range=F("pk") / ENTRIES).values("range").annotate(last=Max(changed)).order_by("range")
        files += [(reverse("sitemap_part", args=[kind, row["range"]]), row["last"]) for row in found]
    body = "".join(_element("sitemap", *file) for file in files)
    return _answer(HttpResponse, f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{body}</sitemapindex>\n')


@require_safe
def museum(request: HttpRequest) -> HttpResponse:
    """Home, catalogues, pages about the museum, and the authority records that something public is listed under."""
    rows = [model.objects.live().public().order_by("pk")[:PLAIN_PAGES] for model in (HomePage, IndexPage, FreePage)]
    pages = ((page.get_url(), page.last_published_at) for page in chain(*rows))
    return _file(chain(pages, *(_records(model, *way) for model, way in _WAYS.items())))


_WAYS = {
    Place: ("place", "page_places__page"),
    Topic: ("topic", "page_topics__page"),
    Agent: ("person", "page_agents__page"),
    Series: ("series", "pages"),
}
"""The name of each record's address, and how its things are reached."""


def _records(model: type, name: str, things: str) -> Iterator[Entry]:
    visible = published(Audience.PUBLIC, prefix=f"{things}__")
    rows = model.objects.filter(visible).order_by("pk").distinct().values_list("slug", "locale__language_code")
    for slug, language in rows[:PLAIN_PAGES]:
        with override(language):
            address = reverse(name, args=[slug])
        yield address, None


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The entries of one kind whose primary keys fall in one range; 404 for a range with none."""
    rows = _ranges().get(kind)
    if rows is None or number > 2**31:
        raise Http404
    rows = rows.filter(pk__gte=number * ENTRIES, pk__lt=(number + 1) * ENTRIES).order_by("pk")
    if not rows.exists():
        raise Http404
    return _file(_pages(rows) if kind == "page" else _passages(rows, kind))


def _ranges() -> dict:
    """What each kind of file is made of. A passage is named where its text is kept and the public may read it."""
    readable = published(Audience.PUBLIC, content=True, prefix="book__")
    units = BookPage.TextUnit
    return {
        "page": ArchivePage.objects.visible_to(Audience.PUBLIC).order_by(),
        "section": Section.objects.filter(readable).order_by(),
        "leaf": Leaf.objects.filter(readable, book__text_unit=units.LEAF).order_by(),
    }


def _pages(rows) -> Iterator[Entry]:
    known = rows.only("pk", "path", "url_path", "last_published_at", "locale_id")
    for page in known.iterator(chunk_size=2_000):
        yield page.get_url(), page.last_published_at


def _passages(rows, kind: str) -> Iterator[Entry]:
    """The address of a passage is its book's and its own key, so that no passage is loaded as a whole."""
    step = {"section": "s", "leaf": "p"}[kind]
    books = BookPage.objects.filter(pk__in=rows.order_by().values("book_id")).order_by()
    known = {book.pk: (book.get_url(), book.last_published_at) for book in books}
    for book_id, key in rows.values_list("book_id", "key").iterator(chunk_size=5_000):
        address, changed = known.get(book_id, (None, None))
        yield (f"{address}{step}/{key}/" if address else None), changed


def _file(entries: Iterator[Entry]) -> HttpResponse:
    pieces = (_element("url", address, changed) for address, changed in entries if address)
    opening = f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    return _answer(StreamingHttpResponse, _in_blocks(chain([opening], pieces, ["</urlset>\n"])))


def _in_blocks(pieces: Iterator[str], size: int = 500) -> Iterator[str]:
    """Some hundred entries at a time: a chunk for each one would cost more than the entry."""
    block: list[str] = []
    for piece in pieces:
        block.append(piece)
        if len(block) >= size:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def _element(name: str, address: str, changed: datetime | None) -> str:
    last = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{name}><loc>{escape(iri_to_uri(absolute(address)))}</loc>{last}</{name}>\n"


def _answer(kind: type, body) -> HttpResponse:
    response = kind(body, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
