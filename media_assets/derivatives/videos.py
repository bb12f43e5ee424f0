"""Makes of a film what browsers play: streams in byte ranges, one whole file, a sheet of small pictures.

The job "film". Begun anew it does everything anew: what a killed worker left in the storage is deleted by the outbox,
where the names were written before the files; what it left on the disk is cleared away by the next one.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from .. import jobs, sandbox
from ..filetypes import file_type
from ..local_copies import local_path
from ..models import (
    ArchiveVideo,
    Derivative,
    DerivativeFormat,
    FileRemoval,
    FilmStream,
    Job,
    Preset,
    PublicCopyRequest,
    Storyboard,
)
from ..models.derivative import derivative_path
from .film_plan import Sheet, Source, recording_command, rungs_for, sheet_for, streams_command, whole_command
from .film_playlists import Table, codecs_in, read_table
from .film_shape import FilmShape, film_shape

KIND = "film"
PLAYED_EVERYWHERE = frozenset({"audio/mpeg", "audio/mp4"})
"""Recordings that need no copy."""
FOLDER = "museum-film-"
GIB = 1024**3
MEMORY_BYTES = 6 * GIB  # of addresses, not of memory: ffmpeg's threads reserve far more than they use
LEAST_SHARE = 0.5
STORED_WITHIN = timedelta(hours=12)
LONGEST_JOB = 24 * 3600


@dataclass
class Made:
    """One file on this disk, and the rows that will speak for it."""

    path: Path
    row: Derivative
    stream: FilmStream | None = None
    storyboard: Storyboard | None = None


@dataclass
class Workshop:
    """A folder of this process for one film, and how far the film is."""

    folder: Path
    report: Callable[[float], None]
    seconds: float = 0
    ffmpeg: str = field(default_factory=imageio_ffmpeg.get_ffmpeg_exe)

    def run(self, argv: list[str], *, until: float = 100) -> None:
        """Politely, and in time and memory that are in proportion to the film. Raises as `sandbox.run_program`."""
        patience = 300 + 60 * (self.seconds or 7200)
        sandbox.run_program(
            [shutil.which("nice") or "/usr/bin/nice", "-n", "10", *argv],
            on_line=lambda line: self._read(line, until),
            wall_seconds=patience,
            cpu_seconds=int(2 * patience),
            memory_bytes=MEMORY_BYTES,
            file_bytes=64 * GIB,
        )

    def _read(self, line: str, until: float) -> None:
        name, _equals, value = line.strip().partition("=")
        if name == "out_time_us" and value.lstrip("-").isdigit() and self.seconds:
            self.report(min(max(int(value) / 1e6 / self.seconds, 0.0), 1.0) * until)


def make_film(work: jobs.Work) -> None:
    """Make the film's files unless they are there, made from the present original. Raises as a handler of jobs may."""
    video: ArchiveVideo = work.asset
    if not wants_copies(video) or is_made(video):
        return
    with workshop(work.progress) as shop, local_path(video.file) as path:
        source = Source(str(path), _reader(Path(path), video.mime_type))
        shape = sandbox.call(film_shape, source.path, source.reader, wall_seconds=60, memory_bytes=4 * GIB)
        shop.seconds = shape.seconds
        make = _recording if shape.picture is None else _streams
        _keep(video, make(video, shop, source, shape), work.progress)


def wants_copies(video: ArchiveVideo) -> bool:
    return video.type == "video" or video.mime_type not in PLAYED_EVERYWHERE


def is_made(video: ArchiveVideo) -> bool:
    made = Derivative.objects.filter(video=video, preset=Preset.PROGRESSIVE, source_sha256=video.sha256)
    return bool(video.sha256) and made.exists()


def _reader(path: Path, mime_type: str) -> str:
    """The demuxer that the type names; an MPEG film may be a bare stream of pictures."""
    reader = file_type(mime_type).reader
    if reader == "mpeg":
        with path.open("rb") as file:
            return "mpegvideo" if file.read(4) == b"\x00\x00\x01\xb3" else reader
    return reader


# --- The disk -------------------------------------------------------------------------------------------------


@contextmanager
def workshop(report: Callable[[float], None]) -> Iterator[Workshop]:
    """A folder that is gone afterwards; those of processes that were killed go too."""
    place = Path(tempfile.gettempdir())
    for left in place.glob(f"{FOLDER}*"):
        owner = left.name.removeprefix(FOLDER).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-") as folder:
        yield Workshop(Path(folder), report)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# --- The files ------------------------------------------------------------------------------------------------


def _streams(video: ArchiveVideo, shop: Workshop, source: Source, shape: FilmShape) -> list[Made]:
    rungs, sheet = rungs_for(shape.width, shape.height), sheet_for(shape)
    threads = getattr(settings, "MEDIA_FILM_THREADS", 2)
    shop.run(streams_command(shop.ffmpeg, source, shape, rungs, sheet, shop.folder, threads), until=90)
    made = []
    for rung in rungs:
        path = shop.folder / rung.file
        table = _table_of(shop.folder / rung.playlist)
        if shape.seconds and table.seconds < shape.seconds * LEAST_SHARE:
            told = {"seconds": round(table.seconds), "all": round(shape.seconds)}
            raise jobs.JobError(_("影片长 %(all)d 秒，只能解读到第 %(seconds)d 秒，可能已损坏。") % told)
        with path.open("rb") as file:
            codecs = codecs_in(file.read(table.head_length))
        stream = FilmStream(
            head_length=table.head_length,
            segments=table.segments,
            codecs=codecs,
            peak_bits=table.peak_bits,
            mean_bits=table.mean_bits,
            frame_rate=min(shape.frame_rate, 60.0),
        )
        made.append(Made(path, _row(video, rung.preset, "mp4", rung.width, rung.height), stream=stream))
    whole, best = shop.folder / "whole.mp4", rungs[-1]
    shop.run(whole_command(shop.ffmpeg, shop.folder / best.file, whole))
    made.append(Made(whole, _row(video, Preset.PROGRESSIVE, "mp4", best.width, best.height)))
    if sheet is not None and (shop.folder / sheet.file).exists():
        made.append(_board(video, shop.folder / sheet.file, sheet))
    return made


def _table_of(playlist: Path) -> Table:
    """FFmpeg is content with a film of which it understood nothing."""
    try:
        return read_table(playlist.read_text())
    except (FileNotFoundError, ValueError) as error:
        raise jobs.JobError(_("影片里没有可以解读的画面，可能已损坏。")) from error


def _board(video: ArchiveVideo, path: Path, sheet: Sheet) -> Made:
    with Image.open(path, formats=["JPEG"]) as picture:
        width, height = picture.size
    board = Storyboard(
        seconds=sheet.seconds, count=sheet.count, columns=sheet.columns, width=sheet.width, height=sheet.height
    )
    return Made(path, _row(video, Preset.STORYBOARD, "jpeg", width, height), storyboard=board)


def _recording(video: ArchiveVideo, shop: Workshop, source: Source, shape: FilmShape) -> list[Made]:
    target = shop.folder / "whole.m4a"
    shop.run(recording_command(shop.ffmpeg, source, shape, target), until=90)
    return [Made(target, _row(video, Preset.PROGRESSIVE, "m4a", 0, 0))]


def _row(video: ArchiveVideo, preset: Preset, form: str, width: int, height: int) -> Derivative:
    return Derivative(
        video=video,
        preset=preset,
        format=DerivativeFormat(form),
        width=width,
        height=height,
        source_sha256=video.sha256,
    )


# --- The storage and the rows -----------------------------------------------------------------------------------


def _keep(video: ArchiveVideo, made: list[Made], report: Callable[[float], None]) -> None:
    """Files first, then the rows in one transaction."""
    names = [derivative_path(one.row, "") for one in made]
    expected = timezone.now() + STORED_WITHIN
    # Whoever is killed from here on leaves word of what it may have stored; a file that a row names is not deleted.
    FileRemoval.objects.bulk_create(FileRemoval(alias="derivatives", name=name, retry_at=expected) for name in names)
    try:
        for number, one in enumerate(made):
            report(90 + 10 * number / len(made))
            one.row.file_size = one.path.stat().st_size
            with one.path.open("rb") as file:
                one.row.file.save("", File(file), save=False)
        with transaction.atomic():
            if not _write_rows(video, made):
                raise jobs.JobLost(f"film {video.pk}: another original came meanwhile")
            FileRemoval.objects.filter(alias="derivatives", name__in=names).delete()
    except BaseException:
        FileRemoval.objects.filter(alias="derivatives", name__in=names).update(retry_at=None)
        raise


def _write_rows(video: ArchiveVideo, made: list[Made]) -> bool:
    """False when the film is gone or its original is another by now: then this is nobody's work."""
    now = ArchiveVideo.objects.select_for_update().filter(pk=video.pk, file=video.file.name).first()
    if now is None:
        return False
    PublicCopyRequest.objects.ask("video", [video.pk])
    Derivative.objects.films().filter(video=video).delete()
    Derivative.objects.bulk_create([one.row for one in made])
    for one in made:
        for told in (one.stream, one.storyboard):
            if told is not None:
                told.derivative = one.row
                told.save()
    return True


# --- When -----------------------------------------------------------------------------------------------------


def film_stored(sender, instance, **kwargs) -> None:
    """A film has arrived, or was replaced: what was made of the old one is not shown for the new."""
    if not isinstance(instance, ArchiveVideo):
        return
    Derivative.objects.films().filter(video=instance).exclude(source_sha256=instance.sha256).delete()
    if getattr(settings, "MEDIA_FILMS_ON_ARRIVAL", True) and wants_copies(instance) and not is_made(instance):
        jobs.ask(KIND, instance)


def ask_for_missing(most: int) -> None:
    """Have the films made that came before there was such a job, or whose asking was lost; one query."""
    known = Job.objects.filter(kind=KIND, asset_kind="video", object_id=OuterRef("pk"))
    bare = ArchiveVideo.objects.exclude(derivatives__preset=Preset.PROGRESSIVE).filter(~Exists(known))
    bare = bare.exclude(type="audio", mime_type__in=PLAYED_EVERYWHERE)
    jobs.ask_for(KIND, "video", list(bare.order_by("pk").values_list("pk", flat=True)[:most]))


def register() -> None:
    """Called once, when the app is ready."""
    jobs.register(KIND, gettext_lazy("影片播放文件"), make_film, wall_seconds=LONGEST_JOB, is_long=True)
