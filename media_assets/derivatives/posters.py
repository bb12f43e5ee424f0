"""A film's still, when the editor has given none."""

import io
import logging
from fractions import Fraction

import av
from django.core.files.base import ContentFile
from PIL import Image, ImageStat

from .. import intake, probing
from ..models import ArchiveVideo, PublicCopyRequest
from ..storage_errors import StorageUnavailableError

logger = logging.getLogger(__name__)

MOMENTS = (0.1, 0.3, 0.5, 0.0)  # of the film's length; the later ones when a film begins in the dark
DARK = 20  # mean brightness, of 255
MAX_SIDE = 1920
MAX_FRAMES = 300
_TURN = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


def ensure_poster(video: ArchiveVideo, *, wait_for_storage: bool = False) -> None:
    """Give the film a still of its own, unless an editor has given one. Raises nothing that the film or the
    storage can cause: a film without a still is shown by its title, and `make_derivatives` notes the lack. A storage
    that is down is asked again later; with `wait_for_storage` StorageUnavailableError is raised instead."""
    if video.type != "video" or (video.thumbnail and not video.poster_is_automatic):
        return
    try:
        still = poster_of(video)
        _keep(video, still)
    except intake.FileError as error:
        logger.warning("no still of film %s: %s", video.pk, error.reason)
    except StorageUnavailableError as error:
        if wait_for_storage:
            raise
        logger.warning("the still of film %s waits: %s", video.pk, error)
        PublicCopyRequest.objects.ask("video", [video.pk])
    except Exception:  # as for derivatives: no save may fail for this, whatever the storage raises
        logger.exception("no still of film %s", video.pk)


def poster_of(video: ArchiveVideo) -> bytes:
    """One frame of the film as JPEG: from a tenth of its length, upright, square pixels, at most 1920 a side.

    Raises UnreadableFile when no frame can be decoded there, nor later, nor at the beginning.
    """
    best = None
    with (
        video.file.storage.open(video.file.name) as file,
        probing.open_film(file, video.mime_type) as container,
    ):
        stream = probing.moving_picture(container)
        for moment in MOMENTS if stream is not None else ():
            frame = _frame_at(container, stream, moment * (video.duration or 0))
            if frame is None:
                continue
            picture = _as_shown(frame, stream.sample_aspect_ratio)
            best = best or picture
            if ImageStat.Stat(picture.convert("L").resize((32, 32))).mean[0] > DARK:
                best = picture
                break
    if best is None:
        raise probing.no_picture()
    output = io.BytesIO()
    best.save(output, "JPEG", quality=90)
    return output.getvalue()


def _frame_at(container, stream, seconds: float):
    """The first frame at or after this moment, or None; only a bounded number is decoded on the way."""
    try:
        container.seek(int(seconds * av.time_base))
        for number, frame in enumerate(container.decode(stream)):
            if frame.time is None or frame.time >= seconds - 0.001 or number >= MAX_FRAMES:
                return frame
    except av.error.FFmpegError:
        return None
    return None


def _as_shown(frame, pixel_aspect: Fraction | None) -> Image.Image:
    width, _height = probing.shown_size(frame.width, frame.height, pixel_aspect, 0)
    picture = frame.to_image()
    if width != picture.width:
        picture = picture.resize((width, picture.height))
    turn = _TURN.get(frame.rotation % 360)
    if turn is not None:
        picture = picture.transpose(turn)
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture


def _keep(video: ArchiveVideo, still: bytes) -> None:
    replaced = video.thumbnail.name if video.thumbnail else ""
    video.thumbnail.save("still.jpg", ContentFile(still), save=False)
    video.poster_is_automatic = True
    ArchiveVideo.objects.filter(pk=video.pk).update(thumbnail=video.thumbnail.name, poster_is_automatic=True)
    if replaced:
        video.thumbnail.storage.delete(replaced)
