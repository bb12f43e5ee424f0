"""The checked addresses of every file. Each one finds the asset, asks the rule, and only then opens anything.

What is refused is answered exactly as what does not exist.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.core.files.storage import storages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from . import captions, playlists
from .caption_tracks import cues_of
from .delivery import Use, Verdict, verdict
from .filetypes import mime_type_of_extension
from .models import (
    ArchiveAsset,
    ArchiveDocument,
    ArchiveImage,
    ArchiveRendition,
    ArchiveVideo,
    Derivative,
    DerivativeFormat,
    FilmStream,
    Preset,
    Scan,
    Storyboard,
)
from .models.derivative import OWNERS
from .outage import OUTAGE, placeholder
from .serving import ServedFile, respond
from .storage import MuseumStorage
from .storage_errors import StorageUnavailableError, Trouble

logger = logging.getLogger(__name__)

KINDS = {"image": ArchiveImage, "scan": Scan, "video": ArchiveVideo, "document": ArchiveDocument}
CACHE_CONTROL = {"public": "public, max-age=3600", "private": "private, no-store"}
WATCHING_SECONDS, LONGEST_LINK_SECONDS = 900, 6 * 3600
_SIGNER = TimestampSigner(sep=".", salt="media_assets.segments")
# Shown by the browser itself; every other document is handed over to be saved.
SHOWN_INLINE = frozenset({"application/pdf", "text/vtt"})


@require_safe
def derivative(request: HttpRequest, key: str, extension: str) -> HttpResponseBase:
    """A picture of a page, or the film that its player plays."""
    row = _found(Derivative.objects.select_related(*OWNERS).filter(key=key))
    if extension != DerivativeFormat(row.format).extension:
        raise Http404
    return _serve(request, _made(row, row.file), _allowed(request, row.owner, _use_of(row)))


@require_safe
def public_copy(request: HttpRequest, name: str, **kwargs) -> HttpResponseBase:
    """A public copy, where no web server and no CDN stands before the museum. What is withdrawn is refused at once,
    whether or not its file has gone yet."""
    row = _found(Derivative.objects.select_related(*OWNERS).filter(public_name=name))
    return _serve(request, _made(row, _Named(storages["public"], name)), _allowed(request, row.owner, _use_of(row)))


def _use_of(row: Derivative) -> Use:
    return Use.PLAY if row.preset in Preset.of_films() else Use.DERIVATIVE


def _made(row: Derivative, file) -> ServedFile:
    seconds = _watching_seconds(row.video) if row.is_film else ServedFile.link_seconds
    return ServedFile(file, row.mime_type, etag=row.key, link_seconds=seconds)


def _watching_seconds(video: ArchiveVideo) -> int:
    """How long somebody may take to watch a film."""
    return min(WATCHING_SECONDS + 2 * int(video.duration or 0), LONGEST_LINK_SECONDS)


@dataclass(frozen=True)
class _Named:
    """A file that is no field of a row."""

    storage: MuseumStorage
    name: str


@require_safe
def play(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A film or a recording, for the player."""
    video = _found(ArchiveVideo.objects.filter(pk=pk))
    decision = _allowed(request, video, Use.PLAY)
    served = replace(_original(video), link_seconds=_watching_seconds(video))
    return _canonical("media:play", video, name) or _serve(request, served, decision)


@require_safe
def playlist(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The streams that there are of a film, for the player to choose from (HLS, RFC 8216)."""
    video = _found(ArchiveVideo.objects.filter(pk=pk))
    decision = _allowed(request, video, Use.PLAY)
    streams = list(FilmStream.objects.filter(derivative__video=video).select_related("derivative"))
    if not streams:
        raise Http404
    return _text(playlists.multivariant(streams), playlists.MIME_TYPE, decision)


@require_safe
def stream(request: HttpRequest, pk: int, preset: str) -> HttpResponseBase:
    """The segments of one stream: ranges of its public copy, else of an address that is signed for a while."""
    rows = FilmStream.objects.filter(derivative__video=pk, derivative__preset=preset)
    row = _found(rows.select_related("derivative__video"))
    decision = _allowed(request, row.derivative.video, Use.PLAY)
    address = row.derivative.url
    if not row.derivative.public_name:
        address = reverse("media:segments", args=[_SIGNER.sign(row.derivative.key)])
    return _text(playlists.media(row, address), playlists.MIME_TYPE, decision)


@require_safe
def segments(request: HttpRequest, signed: str) -> HttpResponseBase:
    """The file whose ranges are the segments of a film that is not public. The rule is asked at each of them: who was
    shown the playlist an hour ago may not be shown the film now."""
    key = signed.partition(_SIGNER.sep)[0]
    row = _found(Derivative.objects.select_related("video").filter(key=key, stream__isnull=False))
    try:
        _SIGNER.unsign(signed, max_age=_watching_seconds(row.video))
    except BadSignature:
        raise Http404 from None
    served = replace(_made(row, row.file), link_seconds=ServedFile.link_seconds)
    return _serve(request, served, _allowed(request, row.video, Use.PLAY))


@require_safe
def storyboard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which small picture stands for which seconds of a film, as a WebVTT track of metadata."""
    board = _found(Storyboard.objects.filter(derivative__video=pk).select_related("derivative__video"))
    decision = _allowed(request, board.derivative.video, Use.PLAY)
    return _text(playlists.thumbnails(board), "text/vtt; charset=utf-8", decision)


@require_safe
def caption_track(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A caption document as WebVTT, cleaned, whatever it was handed in as. From the site itself: a browser takes
    captions from nowhere else."""
    asset = _found(ArchiveDocument.objects.select_related("caption_text").filter(pk=pk))
    decision = _allowed(request, asset, Use.DOWNLOAD)
    cues = cues_of(asset)
    if not cues:
        raise Http404
    return _text(captions.written(cues), "text/vtt; charset=utf-8", decision)


def _text(text: str, mime_type: str, decision: Verdict) -> HttpResponse:
    """The addresses in it change with each publication."""
    cache = "public, max-age=60" if decision.cache == "public" else CACHE_CONTROL["private"]
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type=mime_type, headers=headers)


@require_safe
def document(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A document to read or keep; `?download` keeps one that would be shown."""
    asset = _found(ArchiveDocument.objects.filter(pk=pk))
    decision = _allowed(request, asset, Use.DOWNLOAD)
    as_attachment = "download" in request.GET or asset.mime_type not in SHOWN_INLINE
    return _canonical("media:document", asset, name) or _serve(
        request, _original(asset, as_attachment=as_attachment), decision
    )


@require_safe
def original(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """The file as it was handed in, for staff."""
    if kind not in KINDS:
        raise Http404
    asset = _found(KINDS[kind].objects.filter(pk=pk))
    decision = _allowed(request, asset, Use.ORIGINAL)
    return _serve(request, _original(asset, as_attachment=True), decision)


@require_safe
def stored(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the originals' storage by its path, for staff: what `file.url` is in the CMS."""
    for model in (ArchiveImage, ArchiveVideo, ArchiveDocument, Scan):
        asset = model.objects.filter(file=path).first()
        if asset is not None:
            decision = _allowed(request, asset, Use.ORIGINAL)
            return _serve(request, _original(asset, as_attachment=True), decision)
    video = _found(ArchiveVideo.objects.filter(thumbnail=path).exclude(thumbnail=""))
    decision = _allowed(request, video, Use.CMS)
    return _serve(request, _by_path(video.thumbnail), decision)


@require_safe
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture that the CMS made for its own pages."""
    row = _found(ArchiveRendition.objects.select_related("image").filter(file=path))
    decision = _allowed(request, row.image, Use.CMS)
    return _serve(request, _by_path(row.file), decision)


def serve_document(request: HttpRequest, asset: ArchiveDocument) -> HttpResponseBase:
    """The document behind any other address, under the same rule."""
    return document(request, asset.pk, asset.filename)


def _found(queryset):
    row = queryset.first()
    if row is None:
        raise Http404
    return row


def _allowed(request: HttpRequest, asset: ArchiveAsset, use: Use) -> Verdict:
    decision = verdict(request, asset, use)
    if not decision.allowed:
        raise Http404
    return decision


def _canonical(view_name: str, asset: ArchiveAsset, name: str) -> HttpResponseRedirect | None:
    """A file may be replaced by one of another name, and a link must not put words into its name."""
    if name == asset.filename:
        return None
    return HttpResponseRedirect(reverse(view_name, args=[asset.pk, asset.filename]))


def _original(asset: ArchiveAsset, *, as_attachment: bool = False) -> ServedFile:
    return ServedFile(
        asset.file,
        asset.mime_type or "application/octet-stream",
        etag=asset.sha256 or asset.file.name,
        name=asset.filename,
        as_attachment=as_attachment,
    )


def _by_path(field_file) -> ServedFile:
    """A file that this app has named itself: its extension is its type, and a new file has a new path."""
    extension = PurePosixPath(field_file.name).suffix.removeprefix(".")
    return ServedFile(field_file, mime_type_of_extension(extension), etag=PurePosixPath(field_file.name).stem)


def _serve(request: HttpRequest, served: ServedFile, decision: Verdict) -> HttpResponseBase:
    """By a signed link where the storage makes such links, else by streaming it."""
    link = _link_to(request, served) if decision.by_link else None
    if link is not None:
        return HttpResponseRedirect(link, headers={"Cache-Control": CACHE_CONTROL["private"]})
    try:
        OUTAGE.raise_if_recent()
        return respond(request, served, CACHE_CONTROL[decision.cache])
    except FileNotFoundError:
        logger.exception("the storage has no %s", served.file.name)
        raise Http404 from None
    except StorageUnavailableError as error:
        if error.trouble in (Trouble.UNREACHABLE, Trouble.SLOW):  # one file that is refused says nothing of the others
            OUTAGE.note(error)
        return placeholder(request, served.mime_type, error)


def _link_to(request: HttpRequest, served: ServedFile) -> str | None:
    """Only for what is fetched and is too large to stream: subtitles must come from the site itself, because a
    browser takes them from nowhere else. A film's link lasts as long as somebody may watch it."""
    if request.method != "GET" or served.mime_type == "text/vtt":
        return None
    disposition = content_disposition_header(served.as_attachment, served.name) if served.name else ""
    return served.file.storage.signed_link(
        served.file.name, mime_type=served.mime_type, disposition=disposition or "", seconds=served.link_seconds
    )
