"""Answering for one stored file over HTTP: validators, byte ranges, blocks (RFC 9110)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe, quote_etag

BLOCK_BYTES = 128 * 1024

# A file is only ever a file: it loads nothing, runs nothing, and has no origin to steal from.
CLOSED_POLICY = "default-src 'none'; sandbox"
# A film opened by itself is loaded a second time by the browser's own player page, which in a sandbox has no
# origin and so may not (seen in Chromium); film cannot run anything.
PLAYER_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'"
# In a sandbox Chromium's PDF reader shows an empty page; it has no access to the site without one.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


@dataclass(frozen=True)
class ServedFile:
    """`file` has a `storage` and a `name`, as a stored FieldFile. `mime_type` is ours, never the client's. `name` is
    what a download is called; `etag` changes whenever the bytes do; a link to it is good for `link_seconds`."""

    file: object
    mime_type: str
    etag: str
    name: str = ""
    as_attachment: bool = False
    link_seconds: int = 300

    @property
    def policy(self) -> str:
        if self.mime_type == "application/pdf":
            return PDF_POLICY
        if self.mime_type.startswith(("video/", "audio/")):
            return PLAYER_POLICY
        return CLOSED_POLICY


def respond(request: HttpRequest, served: ServedFile, cache_control: str) -> HttpResponseBase:
    """200, 206, 304, 412 or 416 for a GET or HEAD. Raises FileNotFoundError when the storage has it not.

    One range is answered; several at once are answered with the whole file, as RFC 9110 (14.2) allows.
    """
    storage, path = served.file.storage, served.file.name
    size, modified = storage.stat(path)
    etag = quote_etag(served.etag)
    response = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
    if response is None:
        response = _body(request, served, etag, size, modified)
    _add_headers(response, served, etag, modified, cache_control)
    return response


def _add_headers(
    response: HttpResponseBase, served: ServedFile, etag: str, modified: datetime, cache_control: str
) -> None:
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = cache_control
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = served.policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if served.name:
        response["Content-Disposition"] = content_disposition_header(served.as_attachment, served.name)


def _body(request: HttpRequest, served: ServedFile, etag: str, size: int, modified: datetime) -> HttpResponseBase:
    wanted = byte_range(request.headers.get("Range", ""), size)
    if wanted is not None and not _is_same_version(request.headers.get("If-Range"), etag, modified):
        wanted = None
    if wanted == UNSATISFIABLE:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}, content_type="text/plain")
    first, last = wanted or (0, size - 1)
    if request.method == "HEAD":
        response = HttpResponse(content_type=served.mime_type)
    else:
        length = last - first + 1
        part = served.file.storage.open_part(served.file.name, first, length)
        response = StreamingHttpResponse(Blocks(part, length), content_type=served.mime_type)
    response["Content-Length"] = last - first + 1
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


UNSATISFIABLE = (-1, -1)


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte that one range asks for; None to send the whole file; UNSATISFIABLE when it
    begins behind the end. A header that is not understood is no range (RFC 9110, 14.2)."""
    match = _ONE_RANGE.fullmatch(header.strip().lower())
    if match is None or match[0].endswith("=-") or len(header) > 100:
        return None
    first, last = match[1], match[2]
    if not first:
        if not last:
            return None
        length = min(int(last), size)
        return (size - length, size - 1) if length else UNSATISFIABLE
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        return UNSATISFIABLE
    return int(first), min(int(last), size - 1) if last else size - 1


def _is_same_version(if_range: str | None, etag: str, modified: datetime) -> bool:
    """If-Range (RFC 9110, 13.1.5): a part is only of use to one who holds the rest of the same version."""
    if not if_range:
        return True
    if if_range.strip().startswith(('"', "W/")):
        return if_range.strip() == etag
    return parse_http_date_safe(if_range) == int(modified.timestamp())


class Blocks:
    """The next `length` bytes of an open file in blocks. Closes it when the response ends, however it ends."""

    def __init__(self, file, length: int):
        self.file = file
        self.left = length

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0:
            block = self.file.read(min(BLOCK_BYTES, self.left))
            if not block:
                return  # cut short in the storage: the client sees a length that does not match
            self.left -= len(block)
            yield block

    def close(self) -> None:
        self.file.close()
