"""One address of every kind of public page in the demonstration, so that each judge is shown the same pages."""

import re
import sqlite3
import urllib.error
import urllib.request
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin

_LINK = re.compile(r'href="([^"#]+)"')


@dataclass(frozen=True)
class Kind:
    """A kind of page. With `link` it is the last page that the one at `address` links to by such an address.

    `script` is the reader's choice of characters: "hant" for traditional ones.
    """

    name: str
    address: str
    link: str = ""
    status: int = 200
    script: str = ""


WITHDRAWN = "000000018"
"""An identifier that `withdraw` makes the tombstone of something: the demonstration itself withdraws nothing."""

_BOOK = "/books/qilan-xianzhi-kangxi/"
_STORY = "/stories/lanpan-gushi/shuishang-gusheng/"

KINDS = (
    Kind("home", "/"),
    Kind("books", "/books/"),
    Kind("videos", "/videos/"),
    Kind("photos", "/photos/"),
    Kind("stories", "/stories/"),
    Kind("photos-filtered", "/photos/?year_from=1900&sort=title"),
    Kind("book", _BOOK),
    Kind("section", _BOOK, r"/books/[-\w]+/s/[-\w.]+/"),
    Kind("leaf", _BOOK, r"/books/[-\w]+/p/[-\w.]+/"),
    Kind("video-series", "/videos/qilan-yingxiangzhi/"),
    Kind("video", "/videos/qilan-yingxiangzhi/", r"/videos/qilan-yingxiangzhi/[-\w]+/"),
    Kind("album", "/photos/xianbao-dipian/"),
    Kind("photo", "/photos/xianbao-dipian/", r"/photos/xianbao-dipian/[-\w]+/"),
    Kind("column", "/stories/lanpan-gushi/"),
    Kind("story", _STORY),
    Kind("exhibitions", "/exhibitions/"),
    Kind("exhibition", "/exhibitions/lanjiang-sandu/"),
    Kind("exhibition-room", "/exhibitions/lanjiang-sandu/rooms/1/"),
    Kind("browse", "/browse/"),
    Kind("timeline", "/timeline/"),
    Kind("map", "/map/"),
    Kind("places", "/places/"),
    Kind("place", "/places/", r"/places/[-\w]+/"),
    Kind("topics", "/topics/"),
    Kind("topic", "/topics/", r"/topics/[-\w]+/"),
    Kind("people", "/people/"),
    Kind("person", "/people/", r"/people/[-\w]+/"),
    Kind("all-series", "/series/"),
    Kind("series", "/series/", r"/series/[-\w]+/"),
    Kind("search", "/search/?q=" + quote("龙舟")),
    Kind("search-nothing", "/search/?q=" + quote("查无此词")),
    Kind("search-map", "/search/?view=map&q=" + quote("龙舟")),
    Kind("compare", "/search/?q=" + quote("桥"), r"/search/compare/\?q=.*"),
    Kind("search-help", "/search/help/"),
    Kind("saved", "/saved/"),
    Kind("feeds", "/feeds/"),
    Kind("about", "/", r"/about[-\w]*/"),
    Kind("not-found", "/no-such-page/", status=404),
    Kind("withdrawn", f"/id/{WITHDRAWN}", status=410),
    Kind("english-home", "/en/"),
    Kind("english-story", f"/en{_STORY}"),
    Kind("traditional", _BOOK, script="hant"),
)


def found(museum: str, kinds: tuple[Kind, ...] = KINDS) -> list[tuple[Kind, str]]:
    """Each kind with its address in the museum that answers at `museum`; asks for the pages that are only linked to.

    Raises LookupError when a page has no such link.
    """
    return [(kind, _linked(museum, kind) if kind.link else kind.address) for kind in kinds]


def _linked(museum: str, kind: Kind) -> str:
    links = [urljoin(kind.address, unescape(link)) for link in _LINK.findall(read(museum + kind.address)[1])]
    matching = [link for link in links if re.fullmatch(kind.link, link) and link != kind.address]
    if not matching:
        raise LookupError(f"{kind.address} links to no {kind.name}")
    return matching[-1]


def read(address: str, script: str = "") -> tuple[int, str]:
    """Status and text of a page, errors included."""
    request = urllib.request.Request(address, headers={"Cookie": f"script={script}"} if script else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 -- a museum of ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def withdraw(data_folder: Path) -> None:
    """Give the museum whose data lie there one tombstone, at WITHDRAWN; a second time changes nothing."""
    row = (WITHDRAWN, "page", "2026-01-05 08:00:00", "栖澜竹枝词", "2026-03-01 08:00:00", True, "应著作权人要求撤回。")
    names = "value, kind, assigned_at, title, removed_at, ever_public, reason"
    database = sqlite3.connect(data_folder / "museum.sqlite3", timeout=20)
    with database:
        database.execute(f"INSERT OR IGNORE INTO archive_identifier ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
    database.close()
