"""The protocol of uploads as JSON: signed in, with the token against forged requests, own uploads alone.

It is the same for the people of the CMS and for a town's contributors, who never enter that: what may be added where is
said by the rights on collections.

An answer that is no success says why in `reason`. 401 is nobody, 409 a completion that lacks parts (`missing`,
`wrong`), 410 an upload that was given up, 422 bytes that are not those announced, 503 a storage that cannot do it just
now.
"""

import functools
import json
from datetime import timedelta

from django.core.signing import BadSignature
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Collection

from ..models import Upload, UploadState
from ..storage_errors import StorageUnavailableError
from . import protocol
from .carriers import LocalCarrier, PartRefusedError, carrier_of, opened
from .protocol import IncompleteError, Refusal, StateError, Wanted

MOST_AT_ONCE = 200
MOST_BODY = 1024 * 1024


class _MalformedError(Exception):
    """A request that our own page never sends."""


def _answering(view):
    @never_cache
    @functools.wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> JsonResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"reason": _("请先登录。")}, status=401)
        try:
            return view(request, *args, **kwargs)
        except StorageUnavailableError as error:
            return JsonResponse({"reason": _("%(reason)s，稍后自动再试。") % {"reason": error.reason}}, status=503)
        except StateError as error:
            return JsonResponse({"reason": str(error)}, status=410)
        except PartRefusedError as error:
            return JsonResponse({"reason": error.reason}, status=422)
        except IncompleteError as error:
            told = {"missing": error.missing, "wrong": error.wrong, "reason": _("还有部分内容没有传到，正在补传。")}
            return JsonResponse(told, status=409)
        except (_MalformedError, KeyError, TypeError, ValueError, AttributeError):
            return JsonResponse({"reason": _("请求的格式不对。")}, status=400)

    return answered


def _body(request: HttpRequest) -> dict:
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
        raise _MalformedError
    body = json.loads(request.body)
    if not isinstance(body, dict):
        raise _MalformedError
    return body


def _own(request: HttpRequest, pk: int) -> Upload:
    """404 for another person's: that it exists is nobody's business."""
    return get_object_or_404(Upload.objects.select_related("collection", "owner"), pk=pk, owner=request.user)


def described(upload: Upload) -> dict:
    return {
        "id": upload.pk,
        "name": upload.original_name,
        "path": upload.path,
        "size": upload.size,
        "modified": upload.last_modified,
        "partSize": upload.part_size,
        "state": upload.state,
        "label": upload.get_state_display(),
        "reason": upload.reason,
    }


@require_POST
@_answering
def create(request: HttpRequest) -> JsonResponse:
    """{"collection", "group", "files": [{"path", "size", "modified"}]} → {"uploads": [what is known of each, its
    `parts` that have arrived, or `refused`]}, in their order."""
    body = _body(request)
    files = body["files"]
    if not isinstance(files, list) or not 0 < len(files) <= MOST_AT_ONCE:
        raise _MalformedError
    wanted = [_wanted(file) for file in files]
    collection = Collection.objects.filter(pk=int(body["collection"])).first()
    found = protocol.create(request.user, collection, wanted, group=str(body.get("group", ""))[:32])
    return JsonResponse({"uploads": [_begun(upload) for upload in found]})


def _wanted(file: dict) -> Wanted:
    path, size, modified = file["path"], file["size"], file.get("modified", 0)
    if not isinstance(path, str) or type(size) is not int or type(modified) is not int:
        raise _MalformedError
    if not path.strip() or not 0 <= size < 2**50 or not 0 <= modified < 2**53:
        raise _MalformedError
    return Wanted(path.lstrip("/"), size, modified)


def _begun(upload: Upload | Refusal) -> dict:
    if isinstance(upload, Refusal):
        return {"name": upload.path, "refused": upload.reason}
    # Of one that began this moment nothing can be there: a question of the storage for each would be a second a lot.
    is_new = not upload.signed and timezone.now() - upload.created_at < timedelta(seconds=5)
    return described(upload) | {"parts": [] if is_new else _parts(upload)}


def _parts(upload: Upload) -> list[dict]:
    if upload.state != UploadState.UPLOADING:
        return []
    found = carrier_of(upload).parts(upload)
    return [{"number": part.number, "length": part.length, "checksum": part.checksum} for part in found]


@require_POST
@_answering
def sign(request: HttpRequest) -> JsonResponse:
    """{"parts": [{"upload", "number", "checksum"}]} → {"addresses": [{"url", "headers"}]}, in their order."""
    parts = _body(request)["parts"]
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_AT_ONCE:
        raise _MalformedError
    keys = {int(part["upload"]) for part in parts}
    uploads = Upload.objects.filter(owner=request.user).in_bulk(keys)
    if len(uploads) < len(keys):
        return JsonResponse({"reason": _("没有这项上传。")}, status=404)
    asked = [(uploads[int(part["upload"])], int(part["number"]), str(part["checksum"])) for part in parts]
    found = protocol.addresses(asked)
    return JsonResponse({"addresses": [{"url": address.url, "headers": address.headers} for address in found]})


@require_http_methods(["PUT"])
@_answering
def part(request: HttpRequest, sealed: str) -> JsonResponse:
    """Takes one part under a signed address, read in blocks."""
    try:
        folder, number, checksum = opened(sealed)
    except BadSignature:
        return JsonResponse({"reason": _("上传地址已过期。")}, status=403)
    upload = get_object_or_404(Upload, folder=folder, owner=request.user)
    if upload.state != UploadState.UPLOADING:
        raise StateError(_("这项上传已经取消或过期，请重新选择文件。"))
    if request.headers.get("Content-Length") != str(upload.part_length(number)):
        raise PartRefusedError(_("这一块的大小不对。"))
    LocalCarrier().receive(upload, number, checksum, request)
    return JsonResponse({})


@require_POST
@_answering
def complete(request: HttpRequest, pk: int) -> JsonResponse:
    """{"checksums": {number: …}}: those that the browser knows are compared. 202 while the file is being examined."""
    told = _body(request).get("checksums", {})
    upload = protocol.complete(_own(request, pk), {int(number): str(told[number]) for number in told})
    return JsonResponse(described(upload), status=202 if upload.state == UploadState.EXAMINING else 200)


@require_POST
@_answering
def complete_many(request: HttpRequest) -> JsonResponse:
    """{"uploads": [{"id", "checksums"}]} → {"uploads": [how each stands, or with `status` what `complete` would have
    answered it with]}, in their order: hundreds of small files are not hundreds of requests."""
    asked = _body(request)["uploads"]
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST_AT_ONCE:
        raise _MalformedError
    told = {int(one["id"]): {int(n): str(sum_) for n, sum_ in one.get("checksums", {}).items()} for one in asked}
    mine = Upload.objects.filter(owner=request.user).select_related("collection", "owner").in_bulk(told)
    whose = [key for key in told if key in mine]
    answers = dict(zip(whose, protocol.complete_all([(mine[key], told[key]) for key in whose]), strict=True))
    return JsonResponse({"uploads": [_completed(key, answers.get(key)) for key in told]})


def _completed(key: int, answer: Upload | IncompleteError | StateError | None) -> dict:
    match answer:
        case None:
            return {"id": key, "status": 404, "reason": _("没有这项上传。")}
        case IncompleteError():
            return {"id": key, "status": 409, "missing": answer.missing, "wrong": answer.wrong}
        case StateError():
            return {"id": key, "status": 410, "reason": str(answer)}
    return described(answer)


@require_POST
@_answering
def abort(request: HttpRequest, pk: int) -> JsonResponse:
    upload = _own(request, pk)
    if not protocol.give_up(upload) and upload.state == UploadState.EXAMINING:
        raise StateError(_("文件已传完，正在检查，不能取消。"))
    upload.refresh_from_db()
    return JsonResponse(described(upload))


@require_GET
@_answering
def parts(request: HttpRequest, pk: int) -> JsonResponse:
    """What is known of one upload, and its parts that have arrived."""
    return JsonResponse(_begun(_own(request, pk)))


@require_POST
@_answering
def states(request: HttpRequest) -> JsonResponse:
    """{"uploads": [key]} → {"uploads": [how they stand]}; those of others are left out."""
    keys = [int(key) for key in _body(request)["uploads"][:MOST_AT_ONCE]]
    mine = Upload.objects.filter(owner=request.user, pk__in=keys)
    protocol.settle(mine)
    return JsonResponse({"uploads": [described(upload) for upload in mine.order_by("pk")]})


def addresses() -> dict[str, str]:
    """For the page: where its script finds all this. `0` stands for the key of an upload."""
    return {
        "create": reverse("media_uploads:create"),
        "sign": reverse("media_uploads:sign"),
        "states": reverse("media_uploads:states"),
        "complete": reverse("media_uploads:complete_many"),
        "abort": reverse("media_uploads:abort", args=[0]),
    }


def urls() -> tuple[list, str]:
    """To be mounted where everybody who is signed in comes."""
    patterns = [
        path("create/", create, name="create"),
        path("sign/", sign, name="sign"),
        path("states/", states, name="states"),
        path("complete/", complete_many, name="complete_many"),
        path("parts/<str:sealed>/", part, name="part"),
        path("<int:pk>/", parts, name="one"),
        path("<int:pk>/complete/", complete, name="complete"),
        path("<int:pk>/abort/", abort, name="abort"),
    ]
    return patterns, "media_uploads"
