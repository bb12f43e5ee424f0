"""Everything that is drawn, by name: from a job to the bytes of a file, in as many processes as there are cores."""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image, ImageCms

from archive.typeface import BOLD, REGULAR, lettering

from . import films, soundtrack
from .drawing import (
    covers,
    ephemera,
    labels,
    leaves,
    maps,
    plates_bright,
    plates_colour,
    plates_early,
    plates_late,
    plates_people,
    plates_road,
    plates_town,
    printed,
    rubbings,
    surveys,
    views,
)
from .drawing.inscriptions import Lettering
from .drawing.sheet import OVERSAMPLING
from .page_layout import SetPage
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
class PageJob:
    """What `printed.draw_page` needs for one page."""

    page: SetPage
    running: str
    folio: str


@dataclass(frozen=True)
class Job:
    """One file to draw. `scene` names what, unless it is a `leaf` or a `page`; `seed` None takes the scene's own."""

    name: str
    scene: str = ""
    seed: int | None = None
    leaf: LeafJob | None = None
    page: PageJob | None = None


def draw_each(jobs: Iterable[Job], node_modules: Path) -> Iterator[tuple[str, bytes]]:
    """Names with files as they are finished: JPEG for pictures, MP4 for films. The slowest are begun first.

    The processes are spawned, not forked: they share neither database connections nor the image library's threads.
    """
    films_first = sorted(jobs, key=lambda job: job.scene not in FILMS)
    if not films_first:
        return
    workers = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        drawing = [pool.submit(draw, job, str(node_modules)) for job in films_first]
        for finished in as_completed(drawing):
            yield finished.result()


def _one_thread() -> None:
    """Several processes draw at once: none needs threads of its own."""
    os.environ["VIPS_CONCURRENCY"] = "1"


def draw(job: Job, node_modules: str) -> tuple[str, bytes]:
    letters = _letters(node_modules, BOLD)
    if job.leaf is not None:
        return job.name, _jpeg(_leaf(job.leaf, job.seed or 0, letters))
    if job.page is not None:
        sheet = job.page
        text = _letters(node_modules, REGULAR)
        page = printed.draw_page(
            sheet.page, text, letters, running=sheet.running, folio=sheet.folio, seed=job.seed or 0
        )
        return job.name, _jpeg(page)
    seed = {} if job.seed is None else {"seed": job.seed}
    if job.scene in FILMS:
        frames, sound, seconds = FILMS[job.scene]
        return job.name, films.encode(frames(letters, **seed), sound(seconds))
    return job.name, _jpeg(SCENES[job.scene](letters, **seed))


def _larger(letters: Lettering) -> Lettering:
    """Letters for scenes, which are drawn oversampled."""
    return lambda character, size: letters(character, size * OVERSAMPLING)


def _plate(scene: Callable) -> Callable:
    return lambda letters, **seed: scene(_larger(letters), **seed)


def _wordless(scene: Callable) -> Callable:
    return lambda letters, **seed: scene(**seed)


def _named(how: Callable, *scenes: Callable) -> dict[str, Callable]:
    return {scene.__name__: how(scene) for scene in scenes}


def _as_it_is(scene: Callable) -> Callable:
    return scene


def _view(key: str, seed: int) -> Callable:
    return lambda letters, seed=seed: views.view(letters, key, views.VERSES[key], seed)


def _rubbing(columns: tuple[str, ...], seed: int) -> Callable:
    return lambda letters, seed=seed: rubbings.rubbing(columns, letters, seal="栖澜志馆", seed=seed)


_OFFICE = "栖澜县地方志编纂委员会"
SCENES: dict[str, Callable[..., Image.Image]] = {
    **_named(
        _plate, plates_early.bridge, plates_early.wharf, plates_early.street, plates_early.school, plates_early.snow
    ),
    **_named(_plate, plates_town.theatre, plates_town.flood, plates_town.boatman, plates_town.tea_house),
    **_named(_plate, plates_town.bridal_chair, plates_people.cinema, plates_people.threshing, plates_people.works),
    **_named(_plate, plates_road.bicycles, plates_road.bus, plates_people.from_air),
    **_named(_plate, plates_bright.umbrellas, plates_bright.lantern_dragon, plates_bright.tea_hill),
    **_named(_plate, plates_bright.night_river),
    **_named(_wordless, plates_late.pagoda, plates_late.dam, plates_late.kiln, plates_late.great_bridge),
    **_named(_wordless, plates_late.transplanting, plates_colour.dragon_boats, plates_colour.raft),
    **_named(_as_it_is, maps.county_map, maps.town_plan, surveys.survey, surveys.blueprint),
    **_named(_as_it_is, ephemera.deed, labels.seals, labels.carp_print, labels.tea_label, ephemera.diploma),
    **_named(_as_it_is, ephemera.playbill, ephemera.ferry_ticket, ephemera.newspaper, ephemera.grain_coupon),
    **_named(_as_it_is, labels.matchboxes),
    **{key: _view(key, 1840 + number) for number, key in enumerate(views.VERSES)},
    "view-title": views.title_leaf,
    "rubbing-bridge": _rubbing(("康熙二", "十八年", "石工何"), 28),
    "rubbing-dam": _rubbing(("段", "公", "愚"), 65),
    "yearbook-cover": partial(covers.yearbook_cover, title="栖澜年鉴", year="2023", office=_OFFICE),
    "yearbook-2022-cover": partial(covers.earlier_cover, title="栖澜年鉴", year="2022", office=_OFFICE),
    "journal-cover": partial(covers.journal_cover, title="栖澜史志", issue="2023年第1期　总第61期"),
}
"""Scene → what draws it, from letters and perhaps a seed."""


FILMS: dict[str, tuple[Callable, Callable[[float], bytes], int]] = {
    "film-river": (films.river, soundtrack.river, films.SECONDS),
    "film-race": (films.race, soundtrack.race, films.SECONDS),
    "film-kiln": (films.kiln, soundtrack.kiln, films.KILN_SECONDS),
}
"""Scene → what draws its frames, what makes its sound, and its seconds."""


@lru_cache(maxsize=2)
def _letters(node_modules: str, weight: int) -> Lettering:
    """One typeface a process and weight: its opened pieces and drawn characters are used again."""
    return lettering(Path(node_modules), weight)


def _leaf(job: LeafJob, seed: int, letters: Lettering) -> Image.Image:
    return leaves.draw_leaf(
        job.leaf, letters, running=job.running, folio=job.folio, is_front=job.is_front, seed=seed, seal=job.seal
    )


def _jpeg(picture: Image.Image) -> bytes:
    """With its colour profile said, as a master should."""
    file = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture.save(file, "JPEG", quality=QUALITY, icc_profile=profile, dpi=(300, 300))
    return file.getvalue()
