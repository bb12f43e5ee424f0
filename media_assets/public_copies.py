"""Keeps the public storage what it should be: copies of what everybody may see, and of nothing else.

A row of the outbox (`PublicCopyRequest`) is written in the transaction that publishes, withdraws or restricts
something. `settle` asks the rule for today's answer and makes it true: copies under a new random token, then their
names on the rows; or the names off the rows, then the files away. It may be killed at any point and is done again;
what fails waits and is tried until it succeeds. `Publisher` is the loop that does this in the worker.
"""

import logging
import secrets
import threading

from django.core.files.storage import storages
from django.db import close_old_connections, transaction

from . import delivery
from .derivatives.images import OWNER_FIELD, make_derivatives
from .derivatives.posters import ensure_poster
from .models import ArchiveVideo, AssetKind, Derivative, DerivativeFormat, FileRemoval, Preset, PublicCopyRequest
from .storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

MODELS = {AssetKind(field): model for model, field in OWNER_FIELD.items()}


def new_token() -> str:
    """160 random bits, as a folder of a folder."""
    token = secrets.token_hex(20)
    return f"{token[:2]}/{token[2:]}"


def drain(limit: int = 200) -> int:
    """Do what is due, at most so many; how many were done with. Stops at the first sign that the storage is down."""
    done = 0
    for request in PublicCopyRequest.objects.claimable()[:limit]:
        if request.take():
            if not _attempt(request):
                return done
            done += 1
    for removal in FileRemoval.objects.due()[:limit]:
        if not _remove(removal):
            return done
        done += 1
    return done


def _attempt(request: PublicCopyRequest) -> bool:
    """Settle one asset; False when the storage could not be reached."""
    try:
        settle(request)
    except StorageUnavailableError as error:
        logger.warning("public copies of %s wait: %s", request, error)
        request.put_off(error.reason)
        request.let_go()
        return False
    except Exception as error:
        logger.exception("public copies of %s", request)
        request.put_off(str(error) or type(error).__name__)
        request.let_go()
    return True


def _remove(removal: FileRemoval) -> bool:
    try:
        storages[removal.alias].remove(removal.name)
    except StorageUnavailableError as error:
        removal.put_off(error.reason)
        return False
    removal.delete()
    return True


def settle(request: PublicCopyRequest) -> None:
    """Make the public copies of one asset what the rule says now. Raises StorageUnavailableError."""
    asset = MODELS[AssetKind(request.kind)].objects.filter(pk=request.object_id).first()
    if asset is None:
        _take_away(request)
        return
    if isinstance(asset, ArchiveVideo) and not asset.thumbnail:
        ensure_poster(asset, wait_for_storage=True)
    if not asset.derivatives.exists():
        make_derivatives(asset, wait_for_storage=True)
    if delivery.is_public(asset):
        _put_there(request, asset)
    else:
        _take_away(request)


def _put_there(request: PublicCopyRequest, asset) -> None:
    missing = list(asset.derivatives.filter(public_name=""))
    if missing and not request.token:
        request.token = new_token()
        PublicCopyRequest.objects.filter(pk=request.pk, claim=request.claim).update(token=request.token)
    public = storages["public"]
    for derivative in missing:
        public.take(derivative.file.storage, derivative.file.name, derivative.name_under(request.token))
    with transaction.atomic():
        if missing and not request.is_still_mine():
            request.let_go()  # somebody asked again: whoever takes it next knows the token
            return
        for derivative in missing:
            name = derivative.name_under(request.token)
            if not Derivative.objects.filter(pk=derivative.pk).update(public_name=name):
                FileRemoval.objects.ask("public", [name])  # made anew meanwhile
        request.finish()


def _take_away(request: PublicCopyRequest) -> None:
    shown = Derivative.objects.filter(**{f"{request.kind}_id": request.object_id}).exclude(public_name="")
    with transaction.atomic():
        if not request.is_still_mine():
            request.let_go()
            return
        names = set(shown.values_list("public_name", flat=True))
        if request.token:
            names |= {f"{request.token}/{preset}.{form.extension}" for preset in Preset for form in DerivativeFormat}
        FileRemoval.objects.ask("public", sorted(names))
        shown.update(public_name="")
        request.finish()


class Publisher:
    """The loop that drains the outbox for the lifetime of the worker process."""

    def __init__(self, poll: float = 0.5, longest_pause: float = 30.0) -> None:
        self._poll, self._longest_pause = poll, longest_pause

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. What fails is logged and waited out."""
        failures = 0
        while not stop.is_set():
            try:
                pause = 0.0 if drain() else self._poll
                failures = 0
            except Exception:
                failures += 1
                pause = min(self._poll * 2**failures, self._longest_pause)
                logger.exception("public copies: the outbox could not be drained; next attempt in %.1f s", pause)
            finally:
                close_old_connections()
            stop.wait(pause)
