"""The drawings are whole pictures, the same on every run, and do without the typeface where there is none."""

import io
from pathlib import Path

import av
import pytest
from django.conf import settings
from PIL import Image, ImageChops, ImageCms, ImageStat

from archive.demonstration import files, films, soundtrack
from archive.demonstration.drawing import leaves, plates_early, views
from archive.demonstration.leaves_of_book import GENEALOGY, bind
from archive.demonstration.page_layout import set_article
from archive.demonstration.pictures import FILMS, SCENES, Job, draw_each
from archive.demonstration.texts import genealogy, journal, kangxi
from archive.typeface import lettering, no_type
from tests.components import missing

from .conftest import LEAVES, SAMPLE


@pytest.fixture(scope="module")
def letters():
    found = lettering(Path(settings.NODE_MODULES_DIR))
    if found is no_type:
        missing("网页字体", "在仓库目录运行 npm ci")
    return found


def test_everything_that_is_held_can_be_drawn():
    jobs = [holding.job for holding in files.holdings()]
    assert {job.scene for job in jobs if not (job.leaf or job.page)} <= {*SCENES, *FILMS}


def test_each_drawing_belongs_to_one_thing_unless_it_is_a_leaf_too():
    scenes = [photo.scene for photo in files.PHOTOS if photo.seed is None]
    assert len(scenes) == len(set(scenes))


def test_pictures_are_handed_over_as_they_are_finished():
    jobs = [Job("a", "rubbing-dam"), Job("b", "rubbing-dam", seed=9)]
    finished = dict(draw_each(jobs, Path(settings.NODE_MODULES_DIR)))
    assert set(finished) == {"a", "b"} and finished["a"] != finished["b"]


@pytest.mark.parametrize("key", [*SAMPLE, *LEAVES])
def test_a_plate_is_an_upright_srgb_jpeg_with_blacks_and_whites(key, drawn):
    picture = Image.open(io.BytesIO(drawn[key]))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert 1100 <= max(picture.size) <= 1800
    assert 0x0112 not in picture.getexif()
    profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    low, high = picture.convert("L").getextrema()
    assert low < 60 and high > 190
    assert ImageStat.Stat(picture.convert("L")).stddev[0] > 20


def test_the_same_seed_gives_the_same_picture_and_another_one_another():
    first, again, other = (plates_early.snow(no_type, seed) for seed in (7, 7, 8))
    assert ImageChops.difference(first, again).getbbox() is None
    assert ImageChops.difference(first, other).getbbox() is not None


def test_the_typeface_has_every_character_that_is_set(letters):
    sides = [*bind(kangxi.BLOCKS), *bind(genealogy.BLOCKS, GENEALOGY)]
    glyphs = {glyph.character for side in sides for glyph in side.set_leaf.glyphs}
    glyphs |= {character for words in views.VERSES.values() for line in words for character in line}
    pages = [page for article in journal.ARTICLES for page in set_article(article)]
    glyphs |= {character for page in pages for line in page.lines for character in line} - {"\u3000"}
    assert [character for character in sorted(glyphs) if letters(character, 40) is None] == []


def test_a_character_outside_the_typeface_leaves_its_place_empty(letters):
    assert letters("𢎞", 40) is None


def test_a_leaf_without_the_typeface_still_shows_its_frame_and_its_columns():
    side = bind(kangxi.BLOCKS)[0]
    page = leaves.draw_leaf(side.set_leaf, no_type, running="", folio="", is_front=True, seed=1)
    assert page.size == leaves.SIZE
    strip = page.convert("L").crop((400, leaves.FRAME_TOP - 20, 900, leaves.FRAME_TOP - 8))
    assert ImageStat.Stat(strip).mean[0] < 110  # the thick line of the frame


def test_lettering_without_the_package_is_no_type(tmp_path, caplog):
    assert lettering(tmp_path) is no_type
    assert "npm ci" in caplog.text


def test_a_film_is_h264_that_plays_while_it_loads():
    frames = (Image.new("RGB", films.SIZE, (20 * n, 40, 60)) for n in range(8))
    data = films.encode(frames)
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == films.SIZE
        assert sum(1 for _frame in container.decode(stream)) == 8


def test_a_film_with_sound_carries_it_as_long_as_its_pictures():
    frames = (Image.new("RGB", films.SIZE, (20 * n, 40, 60)) for n in range(films.RATE))
    with av.open(io.BytesIO(films.encode(frames, soundtrack.river(1)))) as container:
        (voice,) = container.streams.audio
        assert voice.codec_context.name == "aac"
        samples = sum(frame.samples for frame in container.decode(voice))
        assert abs(samples / soundtrack.RATE - 1) < 0.15


@pytest.mark.parametrize("make", [soundtrack.river, soundtrack.race, soundtrack.kiln])
def test_sound_begins_and_ends_in_silence_and_is_never_too_loud(make):
    samples = memoryview(make(3)).cast("h")
    loudest = max(abs(value) for value in samples)
    assert len(samples) == 3 * soundtrack.RATE
    assert abs(samples[0]) < 200 and abs(samples[-1]) < 200 and 15000 < loudest < 22000


def test_a_film_begins_and_ends_in_blank_paper_and_shows_something_between():
    frames = list(films.river(no_type))
    assert len(frames) == films.FRAMES
    contrast = [ImageStat.Stat(frames[n].convert("L")).stddev[0] for n in (0, films.FRAMES // 2, -1)]
    assert contrast[0] < 5 and contrast[2] < 5 and contrast[1] > 20
