"""THE visibility rule: who may see what. Pages, search, files, feeds and exports all ask here and decide nothing.

A thing has a level, a reader belongs to an audience. What may be *listed and described* (the catalogue record)
and what may be *read, looked at or played* (the content) differ for on-site items alone:

===========  ================  ====================  ===================
level        record for        content for           trace outside
===========  ================  ====================  ===================
open         everyone          everyone              yes
on-site      everyone          reading room, staff   the record
staff        staff             staff                 none
===========  ================  ====================  ===================

Things that are not published (drafts, withdrawn) are seen by nobody at a public address; editors see them in the
CMS and its previews.
"""

import ipaddress
from collections.abc import Callable, Iterable
from enum import IntEnum

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from media_assets.models.access_level import AccessLevel

VIEW_INTERNAL = "archive.view_internal"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Audience(IntEnum):
    """Who is reading, in rising order of trust."""

    PUBLIC = 0
    READING_ROOM = 1
    STAFF = 2


_RECORD_LIMIT = {
    Audience.PUBLIC: AccessLevel.ON_SITE,
    Audience.READING_ROOM: AccessLevel.ON_SITE,
    Audience.STAFF: AccessLevel.STAFF,
}
_CONTENT_LIMIT = {
    Audience.PUBLIC: AccessLevel.OPEN,
    Audience.READING_ROOM: AccessLevel.ON_SITE,
    Audience.STAFF: AccessLevel.STAFF,
}


def strictest(*levels: int) -> AccessLevel:
    """The level of something that stands under several: the most closed of them."""
    return AccessLevel(max(levels, default=AccessLevel.OPEN))


def may_see_record(audience: Audience, level: int) -> bool:
    """May this audience know of a published thing of this effective level, and read its catalogue record?"""
    return level <= _RECORD_LIMIT[audience]


def may_see_content(audience: Audience, level: int) -> bool:
    """May this audience read the text, see the pictures and play the film of a published thing of this level?"""
    return level <= _CONTENT_LIMIT[audience]


def published(audience: Audience, *, content: bool = False, prefix: str = "") -> Q:
    """The same rule as a condition on rows of ArchivePage; `prefix` leads there, as in ``"book__"``."""
    limit = (_CONTENT_LIMIT if content else _RECORD_LIMIT)[audience]
    return Q(**{f"{prefix}live": True, f"{prefix}effective_access__lte": limit})


# --- Who is reading -------------------------------------------------------------------------------------------


def parse_networks(values: Iterable[str], setting: str) -> tuple[Network, ...]:
    """Networks in CIDR notation. Raises ImproperlyConfigured naming the setting: a typing error must not open or
    close the reading room silently."""
    try:
        return tuple(ipaddress.ip_network(value.strip()) for value in values if value.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting} 须为网段，例如 10.1.0.0/16：{error}") from error


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address from a header, or None. An IPv4 address in IPv6 clothes is the IPv4 one."""
    text = text.strip()
    if text.startswith("["):
        text, bracket, _port = text[1:].partition("]")
        text = text if bracket else ""
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def client_address(request: HttpRequest):
    """The reader's own address: the last one in the chain that is not a proxy of ours, or None if unknowable.

    ``X-Forwarded-For`` is read from the right and only as far as TRUSTED_PROXIES vouch for it, so that a reader
    cannot write an address of the reading room into it. An unreadable link in the chain means nobody knows.
    """
    proxies = parse_networks(settings.TRUSTED_PROXIES, "TRUSTED_PROXIES")
    # A Unix socket has no peer address; only a proxy of ours can have written to it, if any is declared.
    peer = request.META.get("REMOTE_ADDR", "") or ("127.0.0.1" if proxies else "")
    chain = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    address = _address(peer)
    while address is not None and chain and _within(address, proxies):
        address = _address(chain.pop())
    # A chain that ends at a proxy of ours names no reader: the proxy may stand in the reading room's own network.
    return None if address is not None and _within(address, proxies) else address


def audience_of(request: HttpRequest) -> Audience:
    """The audience that a request belongs to, decided once a request."""
    known = getattr(request, "_archive_audience", None)
    if known is None:
        known = request._archive_audience = _decide(request)
    return known


def _decide(request: HttpRequest) -> Audience:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.has_perm(VIEW_INTERNAL):
        return Audience.STAFF
    networks = parse_networks(settings.READING_ROOM_NETWORKS, "READING_ROOM_NETWORKS")
    address = client_address(request) if networks else None
    if address is not None and _within(address, networks):
        return Audience.READING_ROOM
    return Audience.PUBLIC


class AudienceMiddleware:
    """Keeps shared caches from giving one audience's page to another.

    What was made for the reading room or for staff is ``private, no-store``, always; the address is the same for
    all audiences, so nothing less will do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "_archive_audience", Audience.PUBLIC) is not Audience.PUBLIC:
            response["Cache-Control"] = "private, no-store"
        return response
