"""Everything that is drawn, by name: from a job to the bytes of a file, in as many processes as there are cores."""

import io
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image, ImageCms

from . import films
from .drawing import covers, leaves, plates_colour, plates_early, plates_late, rubbings
from .drawing.sheet import OVERSAMPLING
from .typeface import lettering
from .typesetting import SetLeaf

QUALITY = 88


@dataclass(frozen=True)
class LeafJob:
    """What `leaves.draw_leaf` needs for one side of a leaf."""

    leaf: SetLeaf
    running: str
    folio: str
    is_front: bool
    seal: str = ""


@dataclass(frozen=True)
class Job:
    """One file to draw. `scene` names what, unless it is a `leaf`; `seed` None takes the scene's own."""

    name: str
    scene: str = ""
    seed: int | None = None
    leaf: LeafJob | None = None


def draw_all(jobs: list[Job], node_modules: Path) -> dict[str, bytes]:
    """The files by name: JPEG for pictures, MP4 for films. The slowest are begun first.

    The processes are spawned, not forked: they share neither database connections nor the image library's threads.
    """
    films_first = sorted(jobs, key=lambda job: job.scene not in FILMS)
    workers = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return dict(pool.map(partial(draw, node_modules=str(node_modules)), films_first))


def draw(job: Job, node_modules: str) -> tuple[str, bytes]:
    letters = _letters(node_modules)
    if job.leaf is not None:
        return job.name, _jpeg(_leaf(job.leaf, job.seed or 0, letters))
    seed = {} if job.seed is None else {"seed": job.seed}
    if job.scene in FILMS:
        return job.name, films.encode(FILMS[job.scene](letters, **seed))
    if job.scene == "yearbook-cover":
        cover = covers.yearbook_cover(letters, title="栖澜年鉴", year="2023", office="栖澜县地方志编纂委员会", **seed)
        return job.name, _jpeg(cover)
    if job.scene in RUBBINGS:
        columns, seed_of_stone = RUBBINGS[job.scene]
        return job.name, _jpeg(rubbings.rubbing(columns, letters, seal="栖澜志馆", seed=seed_of_stone))
    if job.scene in EARLY_PLATES:
        return job.name, _jpeg(EARLY_PLATES[job.scene](_larger(letters), **seed))
    return job.name, _jpeg(LATE_PLATES[job.scene](**seed))


RUBBINGS = {"rubbing-bridge": (("康熙二", "十八年", "石工何"), 28), "rubbing-dam": (("段", "公", "愚"), 65)}
FILMS = {"river": films.river, "race": films.race}
EARLY_PLATES = {
    scene.__name__: scene
    for scene in (plates_early.bridge, plates_early.wharf, plates_early.street, plates_early.school, plates_early.snow)
}
LATE_PLATES = {
    scene.__name__: scene
    for scene in (
        plates_late.pagoda,
        plates_late.dam,
        plates_late.kiln,
        plates_late.great_bridge,
        plates_late.transplanting,
        plates_colour.dragon_boats,
        plates_colour.raft,
    )
}


@lru_cache(maxsize=1)
def _letters(node_modules: str):
    """One typeface a process: its opened pieces and drawn characters are used again."""
    return lettering(Path(node_modules))


def _larger(letters):
    """Letters for scenes, which are drawn oversampled."""
    return lambda character, size: letters(character, size * OVERSAMPLING)


def _leaf(job: LeafJob, seed: int, letters) -> Image.Image:
    return leaves.draw_leaf(
        job.leaf, letters, running=job.running, folio=job.folio, is_front=job.is_front, seed=seed, seal=job.seal
    )


def _jpeg(picture: Image.Image) -> bytes:
    """With its colour profile said, as a master should."""
    file = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture.save(file, "JPEG", quality=QUALITY, icc_profile=profile, dpi=(300, 300))
    return file.getvalue()
