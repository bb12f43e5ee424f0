"""Answers the IIIF Image API over HTTP: https://iiif.io/api/image/3.0/, level 2.

Every request finds the pyramid and asks the rule before anything else; what is refused is answered as what does not
exist. An answer that is the same for everybody is remembered exactly as long as nothing whatever is committed to the
database: what is withdrawn is refused at the very next request. What everybody may have is open to pages of other
sites; what only this reader may have is not, because a reader in the reading room is known by the address alone and any
page could ask in that name.
"""

import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from threading import Lock

import pyvips
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from ..delivery import Use, Verdict, verdict
from ..models import Pyramid
from ..outage import OUTAGE, placeholder
from ..serving import CLOSED_POLICY
from ..storage import MuseumStorage
from ..storage_errors import StorageUnavailableError, Trouble
from ..tile_index import BadPyramidError, TileIndex
from ..unchanged import Mark, mark
from .drawing import LONGEST_WAIT, BusyError, drawn, place_at_the_table
from .information import CONTEXT, PROFILE_ADDRESS, information
from .parameters import FORMATS, BadRequestError, Limits, UnsupportedError, Wanted, wanted
from .tiles import Tile, part_of, reads, whole_tile

logger = logging.getLogger(__name__)

LIMITS = Limits(side=4096, area=12_000_000)
METHODS = "GET, HEAD, OPTIONS"
CACHE_CONTROL = {"public": "public, max-age=3600", "private": "private, no-store"}
EVERYBODY = Verdict(allowed=True, cache="public")
_IMAGE = re.compile(
    r"/iiif/image/3/(?P<key>[0-9a-f]{40})/(?P<region>[^/]+)/(?P<size>[^/]+)/(?P<rotation>[^/]+)"
    r"/(?P<quality>[^/.]+)\.(?P<form>[^/]+)"
)
JSON, LINKED_JSON = "application/json", f'application/ld+json;profile="{CONTEXT}"'


class _Indexes:
    """The tile indexes of the pictures that are being looked at, by file name: a file never changes."""

    def __init__(self, most_bytes: int = 8 * 1024 * 1024):
        self._most, self._bytes, self._lock = most_bytes, 0, Lock()
        self._known: OrderedDict[str, TileIndex] = OrderedDict()

    def of(self, pyramid: Pyramid) -> TileIndex:
        name = pyramid.file.name
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        index = TileIndex(bytes(pyramid.tiles))
        with self._lock:
            if name not in self._known:
                self._known[name] = index
                self._bytes += len(index.packed)
            while self._bytes > self._most:
                self._bytes -= len(self._known.popitem(last=False)[1].packed)
        return index


INDEXES = _Indexes()


class _Grants:
    """Which pictures everybody may have, each with the mark of the database in which that was found."""

    def __init__(self, most: int = 2000):
        self._most, self._lock = most, Lock()
        self._known: OrderedDict[str, tuple[Mark, Pyramid]] = OrderedDict()

    def of(self, key: str, now: Mark | None) -> Pyramid | None:
        found = self._known.get(key) if now is not None else None
        return found[1] if found is not None and found[0] == now else None

    def keep(self, pyramid: Pyramid, found_at: Mark | None) -> None:
        """`found_at` was taken before the rule was asked."""
        if found_at is None:
            return
        with self._lock:
            self._known[pyramid.key] = (found_at, pyramid)
            self._known.move_to_end(pyramid.key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


GRANTS = _Grants()


class _Refused(Exception):  # noqa: N818 -- an answer, not an error
    def __init__(self, status: int, words: str):
        self.status, self.words = status, words


def _answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that is asked by GET, HEAD and OPTIONS and may raise `_Refused`."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": METHODS})
        try:
            return view(request, **arguments)
        except _Refused as refused:
            return _refusal(refused)

    return answer


def _refusal(refused: _Refused) -> HttpResponse:
    words = f"{refused.words}\n"
    response = HttpResponse(words, status=refused.status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(round(LONGEST_WAIT))
    return _open_to_all(response)


def _preflight() -> HttpResponse:
    """The same for every address, so that it tells nothing."""
    response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Allow-Methods": METHODS})
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return _open_to_all(response)


def _open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# --- Views ----------------------------------------------------------------------------------------------------


@_answered
def base(request: HttpRequest, key: str) -> HttpResponseBase:
    """The address of the picture itself leads to what can be asked of it."""
    _pyramid, decision = _found(request, key)
    response = HttpResponseRedirect(reverse("iiif_image:information", args=[key]), status=303)
    return _marked(response, decision)


@_answered
def info(request: HttpRequest, key: str) -> HttpResponseBase:
    pyramid, decision = _found(request, key)
    linked = "application/ld+json" in request.headers.get("Accept", "")
    body = json.dumps(information(address_of(key), INDEXES.of(pyramid), LIMITS), ensure_ascii=False).encode()
    etag = _etag(pyramid, f"info{LINKED_JSON if linked else JSON}{body.hex()}")
    response = get_conditional_response(request, etag=etag) or _with_body(
        request, body, LINKED_JSON if linked else JSON
    )
    response["ETag"] = etag
    response["Link"] = f'<{PROFILE_ADDRESS}>;rel="profile"'
    patch_vary_headers(response, ["Accept"])
    return _marked(response, decision)


@_answered
def image(request: HttpRequest, key: str, region: str, size: str, rotation: str, quality: str, form: str):
    pyramid, decision = _found(request, key)
    return _image(request, pyramid, decision, (region, size, rotation, quality, form))


def at_once(request: HttpRequest) -> HttpResponseBase | None:
    """The answer to a request for a picture that is known to be everybody's, for `ImageLane`; else None."""
    match = _IMAGE.fullmatch(request.path_info)
    if match is None or request.method != "GET":
        return None
    pyramid = GRANTS.of(match["key"], mark())
    if pyramid is None:
        return None
    try:
        return _image(request, pyramid, EVERYBODY, match.group("region", "size", "rotation", "quality", "form"))
    except _Refused as refused:
        return _refusal(refused)


def _image(request: HttpRequest, pyramid: Pyramid, decision: Verdict, asked_for: tuple[str, ...]) -> HttpResponseBase:
    index = INDEXES.of(pyramid)
    try:
        asked = wanted(*asked_for, (index.width, index.height), LIMITS)
    except BadRequestError as error:
        raise _Refused(400, str(error)) from None
    except UnsupportedError as error:
        raise _Refused(501, str(error)) from None
    etag = _etag(pyramid, asked.canonical)
    response = get_conditional_response(request, etag=etag) or _picture(request, pyramid, index, asked)
    if response.status_code < 400:
        response["ETag"] = etag
        response["Link"] = (
            f'<{address_of(pyramid.key)}/{asked.canonical}>;rel="canonical",<{PROFILE_ADDRESS}>;rel="profile"'
        )
        return _marked(response, decision)
    return _open_to_all(response) if decision.cache == "public" else response


@_answered
def nothing(request: HttpRequest, key: str, rest: str):
    """An address that begins as a picture's and goes on as none."""
    _found(request, key)
    raise _Refused(400, "{region}/{size}/{rotation}/{quality}.{format}")


def address_of(key: str) -> str:
    """The base address of a picture, whole, as others keep it: never made of the host that was asked."""
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{reverse('iiif_image:base', args=[key])}"


# --- Finding and answering ------------------------------------------------------------------------------------


def _found(request: HttpRequest, key: str) -> tuple[Pyramid, Verdict]:
    now = mark()
    granted = GRANTS.of(key, now)
    if granted is not None:
        return granted, EVERYBODY
    rows = Pyramid.objects.defer("tiles").select_related("image__collection", "scan")
    pyramid = rows.filter(key=key).first()
    if pyramid is not None:
        decision = verdict(request, pyramid.owner, Use.ZOOM)
        if decision.allowed:
            if decision.cache == "public":
                GRANTS.keep(pyramid, now)
            return pyramid, decision
    raise _Refused(404, _("没有这幅图像。"))


def _etag(pyramid: Pyramid, asked: str) -> str:
    """The file is named anew whenever it is made anew."""
    return quote_etag(hashlib.sha256(f"{pyramid.file.name} {asked}".encode()).hexdigest()[:32])


def _marked(response: HttpResponseBase, decision: Verdict) -> HttpResponseBase:
    response["Cache-Control"] = CACHE_CONTROL[decision.cache]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CLOSED_POLICY
    if decision.cache == "public":
        return _open_to_all(response)
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _with_body(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(b"" if request.method == "HEAD" else body, content_type=content_type)
    response["Content-Length"] = len(body)
    return response


def _picture(request: HttpRequest, pyramid: Pyramid, index: TileIndex, asked: Wanted) -> HttpResponse:
    mime_type = FORMATS[asked.format]
    try:
        OUTAGE.raise_if_recent()
        return _with_body(request, _bytes_of(pyramid, index, asked), mime_type)
    except StorageUnavailableError as error:
        if error.trouble in (Trouble.UNREACHABLE, Trouble.SLOW):
            OUTAGE.note(error)
        return placeholder(request, mime_type, error)
    except BusyError:
        raise _Refused(503, _("此刻要图的人太多，请稍后再试。")) from None
    except (FileNotFoundError, BadPyramidError, pyvips.Error):
        logger.exception("the pyramid %s (%s) is lost or damaged", pyramid.pk, pyramid.file.name)
        raise _Refused(404, _("没有这幅图像。")) from None


def _bytes_of(pyramid: Pyramid, index: TileIndex, asked: Wanted) -> bytes:
    """A whole stored tile as it is, with one read and no decoding; anything else is drawn."""
    storage, name = pyramid.file.storage, pyramid.file.name
    tile = whole_tile(index, asked)
    if tile is not None:
        return index.jpeg(tile.level, _read(storage, name, tile.offset, tile.length))
    part = part_of(index, asked)
    with place_at_the_table():
        return drawn(index, part, _streams(storage, name, part.tiles), asked)


def _streams(storage: MuseumStorage, name: str, tiles: list[Tile]) -> dict[Tile, bytes]:
    found = {}
    for group in reads(tiles):
        first, last = group[0].offset, group[-1].offset + group[-1].length
        data = _read(storage, name, first, last - first)
        found |= {tile: data[tile.offset - first : tile.offset - first + tile.length] for tile in group}
    return found


def _read(storage: MuseumStorage, name: str, first: int, length: int) -> bytes:
    """That part of the file, whole. Raises BadPyramidError when the file ends before it."""
    part, blocks, left = storage.open_part(name, first, length), [], length
    try:
        while left and (block := part.read(left)):
            blocks.append(block)
            left -= len(block)
    finally:
        part.close()
    if left:
        raise BadPyramidError("the file is shorter than its index says")
    return b"".join(blocks)
