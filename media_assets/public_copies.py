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
from django.db.models import Q

from . import delivery, jobs
from .derivatives.images import DERIVATIVES, OWNER_FIELD
from .models import (
    ArchiveDocument,
    AssetKind,
    Derivative,
    DerivativeFormat,
    FileRemoval,
    Job,
    Preset,
    PublicCopyRequest,
)
from .storage_errors import StorageUnavailableError, Trouble
from .stored_names import columns

logger = logging.getLogger(__name__)

SILENT = (Trouble.UNREACHABLE, Trouble.SLOW)
MODELS = {AssetKind(field): model for model, field in OWNER_FIELD.items()} | {AssetKind.DOCUMENT: ArchiveDocument}


def new_token() -> str:
    """160 random bits, as a folder of a folder."""
    token = secrets.token_hex(20)
    return f"{token[:2]}/{token[2:]}"


def drain(limit: int = 200) -> int:
    """Do what is due, at most so many of each; how many were done with. Removals come first: they close what must be
    closed, and a storage that is full must be able to empty itself. A storage that does not answer ends the round."""
    done = 0
    for removal in FileRemoval.objects.due()[:limit]:
        if not _remove(removal):
            return done
        done += 1
    for request in _closed_first(limit):
        if request.take():
            if not _attempt(request):
                return done
            done += 1
    return done


def _closed_first(limit: int) -> list[PublicCopyRequest]:
    """What is due, and of it first what has copies already: among those are the withdrawn."""
    due = PublicCopyRequest.objects.claimable()
    if not due.exists():  # nearly always: the question below is asked of every table
        return []
    shown = Q(pk__in=[])
    for kind in MODELS:
        named = Derivative.objects.exclude(public_name="").exclude(**{f"{kind}_id": None}).order_by()
        shown |= Q(kind=kind, object_id__in=named.values(f"{kind}_id"))
    first = list(due.filter(shown)[:limit])
    return first + list(due.exclude(pk__in=[request.pk for request in first])[: limit - len(first)])


def _attempt(request: PublicCopyRequest) -> bool:
    """Settle one asset; False when the storage does not answer, so that others would fare no better."""
    try:
        settle(request)
    except StorageUnavailableError as error:
        logger.warning("public copies of %s wait: %s", request, error)
        request.put_off(error.reason)
        request.let_go()
        return error.trouble not in SILENT
    except Exception as error:
        logger.exception("public copies of %s", request)
        request.put_off(str(error) or type(error).__name__)
        request.let_go()
    return True


def _remove(removal: FileRemoval) -> bool:
    """Delete one file, unless a row speaks for it after all; False when the storage does not answer."""
    try:
        if not any(column.named([removal.name]) for column in columns(removal.alias)):
            storages[removal.alias].remove(removal.name)
    except StorageUnavailableError as error:
        removal.put_off(error.reason)
        return error.trouble not in SILENT
    except Exception as error:
        logger.exception("removal of %s", removal)
        removal.put_off(str(error) or type(error).__name__)
        return True
    removal.delete()
    return True


def settle(request: PublicCopyRequest) -> None:
    """Make the public copies of one asset what the rule says now. Raises StorageUnavailableError."""
    asset = MODELS[AssetKind(request.kind)].objects.filter(pk=request.object_id).first()
    if asset is None:
        _take_away(request)
        return
    if type(asset) in OWNER_FIELD and (asset.derivatives_error or not asset.derivatives.pictures().exists()):
        _ask_for_pictures(asset)
    if delivery.is_public(asset):
        _put_there(request, asset)
    else:
        _take_away(request)


def _ask_for_pictures(asset) -> None:
    """What it lacks is made by a job, which asks for its copies when it is done."""
    if not Job.objects.of(asset).filter(kind=DERIVATIVES).unfinished().exists():
        jobs.ask(DERIVATIVES, asset)


def _put_there(request: PublicCopyRequest, asset) -> None:
    missing = list(asset.derivatives.filter(public_name=""))
    if missing and not request.token:
        token = new_token()
        if not PublicCopyRequest.objects.filter(pk=request.pk, claim=request.claim).update(token=token):
            return  # another worker took it over: what is copied under a token must stand on a row
        request.token = token
    public = storages["public"]
    for derivative in missing:
        if not request.is_still_mine():
            request.let_go()  # somebody asked again: whoever takes it next knows the token
            return
        public.take(derivative.file.storage, derivative.file.name, derivative.name_under(request.token))
    with transaction.atomic():
        if missing and not request.is_still_mine():
            request.let_go()
            return
        for derivative in missing:
            Derivative.objects.filter(pk=derivative.pk).update(public_name=derivative.name_under(request.token))
        _forget_unnamed(request)
        request.finish()


def _forget_unnamed(request: PublicCopyRequest) -> None:
    """Whatever an earlier attempt may have copied under this token for derivatives that are no more."""
    every = _names_under(request.token)
    named = set(Derivative.objects.filter(public_name__in=every).values_list("public_name", flat=True))
    FileRemoval.objects.ask("public", sorted(every - named))


def _names_under(token: str) -> set[str]:
    if not token:
        return set()
    pictures = [(preset, form) for preset in Preset.of_pictures() for form in DerivativeFormat.of_pictures()]
    films = [(preset, form) for preset in Preset.of_films() for form in DerivativeFormat]
    return {f"{token}/{preset}.{form.extension}" for preset, form in (*pictures, *films)}


def _take_away(request: PublicCopyRequest) -> None:
    shown = Derivative.objects.filter(**{f"{request.kind}_id": request.object_id}).exclude(public_name="")
    with transaction.atomic():
        if not request.is_still_mine():
            request.let_go()
            return
        names = set(shown.values_list("public_name", flat=True)) | _names_under(request.token)
        shown.update(public_name="")
        FileRemoval.objects.ask("public", sorted(names))
        request.finish()


class Publisher:
    """The loop that drains the outbox for the lifetime of the worker process."""

    def __init__(self, poll: float = 1.0, longest_pause: float = 30.0) -> None:
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
