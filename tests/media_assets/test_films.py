"""Films as browsers play them: which files are made, what is in them, what becomes of them."""

import io
import itertools
import os
from fractions import Fraction
from pathlib import Path

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from media_assets import jobs
from media_assets.derivatives import videos
from media_assets.derivatives.film_plan import rungs_for, sheet_for
from media_assets.derivatives.film_shape import FilmShape
from media_assets.models import ArchiveVideo, Derivative, FileRemoval, Job, JobState, PublicCopyRequest
from tests.media_assets.made_files import a_film, a_recording

pytestmark = pytest.mark.django_db


def kept(data: bytes, name: str = "龙舟.mp4") -> ArchiveVideo:
    return ArchiveVideo.objects.create(title="龙舟竞渡", file=ContentFile(data, name))


def make(video: ArchiveVideo) -> dict[str, Derivative]:
    """The film's files by their preset, after its job was done."""
    jobs.ask(videos.KIND, video)
    return {row.preset: row for row in Derivative.objects.films().filter(video=video)}


def job_of(video: ArchiveVideo) -> Job:
    return Job.objects.of(video).get(kind=videos.KIND)


def opened(row: Derivative):
    return av.open(io.BytesIO(row.file.open("rb").read()))


def folders_left() -> list[Path]:
    import tempfile

    return list(Path(tempfile.gettempdir()).glob(f"{videos.FOLDER}{os.getpid()}-*"))


# --- Sizes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, [(854, 480), (1280, 720)]),
        (1280, 720, [(854, 480), (1280, 720)]),
        (1080, 1920, [(480, 854), (720, 1280)]),
        (768, 576, [(768, 576)]),
        (320, 240, [(320, 240)]),
        (321, 241, [(320, 240)]),
        (4096, 1716, [(1146, 480), (1718, 720)]),
        (4000, 800, [(1152, 230), (1728, 346)]),
    ],
)
def test_a_film_has_480_and_720_lines_and_never_more_than_it_came_with(width, height, expected):
    assert [(rung.width, rung.height) for rung in rungs_for(width, height)] == expected


@pytest.mark.parametrize("seconds", [0.5, 8, 99, 101, 3600, 20_000])
def test_a_sheet_has_at_most_a_hundred_pictures_that_cover_the_film(seconds):
    sheet = sheet_for(FilmShape(seconds, picture=0, width=1920, height=1080))

    assert 1 <= sheet.count <= 100
    assert sheet.count * sheet.seconds >= seconds
    assert sheet.columns * sheet.rows >= sheet.count


# --- Files ----------------------------------------------------------------------------------------------------


def test_a_film_becomes_two_streams_a_whole_file_and_a_sheet(media_root):
    video = kept(a_film(14, 1280, 720, sound=True))
    made = make(video)

    assert job_of(video).state == JobState.DONE, job_of(video).reason
    assert set(made) == {"film480", "film720", "whole", "sheet"}
    assert {row.source_sha256 for row in made.values()} == {video.sha256}
    for preset in ("film480", "film720", "whole"):
        row = made[preset]
        assert row.file_size == row.file.size
        with opened(row) as film:
            picture, sound = film.streams.video[0], film.streams.audio[0]
            assert (picture.width, picture.height) == (row.width, row.height)
            assert (picture.codec_context.name, picture.pix_fmt) == ("h264", "yuv420p")
            assert sound.codec_context.name == "aac"
            assert film.duration / av.time_base == pytest.approx(14, abs=0.3)
    assert (made["whole"].width, made["whole"].height) == (1280, 720)
    with Image.open(made["sheet"].file.open()) as sheet:
        assert sheet.size == (made["sheet"].width, made["sheet"].height)
    board = made["sheet"].storyboard
    assert (board.seconds, board.count, board.columns) == (1, 14, 10)
    assert FileRemoval.objects.count() == 0
    assert folders_left() == []


def test_streams_change_at_the_same_moments_and_every_segment_begins_with_a_key_picture(media_root):
    made = make(kept(a_film(14, 1280, 720)))
    small, large = (made[preset].stream for preset in ("film480", "film720"))

    assert [part.seconds for part in small.parts()] == [part.seconds for part in large.parts()] == [6, 6, 2]
    for stream in (small, large):
        data = stream.derivative.file.open("rb").read()
        parts = list(stream.parts())
        assert parts[0].offset == stream.head_length
        assert all(a.offset + a.length == b.offset for a, b in itertools.pairwise(parts))
        assert parts[-1].offset + parts[-1].length <= len(data)
        for part in parts:
            piece = data[: stream.head_length] + data[part.offset : part.offset + part.length]
            with av.open(io.BytesIO(piece)) as film:
                packet = next(film.demux(video=0))
                assert packet.is_keyframe
                assert len(packet.decode() or [1]) >= 1
        assert stream.codecs.startswith("avc1.64")
        assert "mp4a" not in stream.codecs


def test_the_whole_file_begins_with_its_tables(media_root):
    made = make(kept(a_film(3)))
    head = made["whole"].file.open("rb").read()

    assert 0 < head.find(b"moov") < head.find(b"mdat")


def test_a_small_film_has_one_stream_of_its_own_size(media_root):
    made = make(kept(a_film(2, 160, 120)))

    assert set(made) == {"film480", "whole", "sheet"}
    assert (made["film480"].width, made["film480"].height) == (160, 120)


def test_pixels_are_made_square(media_root):
    made = make(kept(a_film(2, 320, 240, pixel_aspect=Fraction(4, 3))))

    assert (made["film480"].width, made["film480"].height) == (426, 240)


def test_a_film_of_a_telephone_held_upright_stays_upright(media_root, turned_film):
    made = make(kept(turned_film))

    assert (made["film480"].width, made["film480"].height) == (240, 320)
    with opened(made["film480"]) as film:
        assert next(film.decode(video=0)).rotation == 0


def test_fields_of_an_interlaced_tape_become_pictures(media_root, interlaced_film):
    video = kept(interlaced_film, "录像带.mpg")
    made = make(video)

    assert job_of(video).state == JobState.DONE, job_of(video).reason
    with opened(made["film480"]) as film:
        frames = list(itertools.islice(film.decode(video=0), 5))
    assert not any(frame.interlaced_frame for frame in frames)


def test_a_recording_becomes_a_file_that_every_browser_plays(media_root):
    video = kept(a_recording(2, container="wav", codec="pcm_s16le"), "口述.wav")
    made = make(video)

    assert set(made) == {"whole"}
    assert made["whole"].format == "m4a"
    assert video.sources == [{"src": made["whole"].url, "type": "audio/mp4"}]
    with opened(made["whole"]) as sound:
        assert sound.streams.audio[0].codec_context.name == "aac"


def test_a_recording_that_browsers_play_needs_no_copy(media_root):
    video = kept(a_recording(1), "口述.mp3")

    assert make(video) == {}
    assert job_of(video).state == JobState.DONE
    assert video.sources == [{"src": video.url, "type": "audio/mpeg"}]


@pytest.mark.parametrize(
    "name",
    [
        "rabbit320.mp4",
        "rabbit320.webm",
        "hdv-720p60.mov",
        "apple-prores-422-proxy.mov",
        "jpeg2000.mov",
        "photo-jpeg.mov",
    ],
)
def test_real_films_of_all_sorts_play(media_root, shared_data, name):
    video = kept((shared_data / "av" / name).read_bytes(), name)
    made = make(video)

    assert job_of(video).state == JobState.DONE, job_of(video).reason
    with opened(made["whole"]) as film:
        assert min(made["whole"].width, made["whole"].height) <= min(video.width, video.height)
        assert film.streams.video[0].pix_fmt == "yuv420p"
        assert film.duration / av.time_base == pytest.approx(video.duration, abs=0.5)


# --- Until it is done -------------------------------------------------------------------------------------------


def test_a_film_that_browsers_know_plays_from_its_original_until_its_files_are_there(media_root):
    video = kept(a_film(1))
    assert video.sources == [{"src": video.url, "type": "video/mp4"}]
    assert video.playlist_url == ""

    whole = make(video)["whole"]
    video = ArchiveVideo.objects.get(pk=video.pk)
    assert video.sources == [{"src": whole.url, "type": "video/mp4"}]
    assert video.playlist_url == f"/media/h/{video.pk}/film.m3u8"


def test_a_film_that_no_browser_knows_is_not_offered_before(media_root):
    assert kept(a_film(1, container="avi", codec="mpeg4"), "旧片.avi").sources == []


def test_films_that_came_before_there_was_such_a_job_are_found(media_root):
    old, done = kept(a_film(1)), kept(a_film(1.2))
    make(done)
    kept(a_recording(1), "口述.mp3")
    Job.objects.all().delete()
    videos.ask_for_missing(100)

    assert set(Job.objects.filter(kind=videos.KIND).values_list("object_id", flat=True)) == {old.pk}


def test_what_is_made_is_not_made_again(media_root):
    video = kept(a_film(1))
    first = {row.pk for row in make(video).values()}

    assert {row.pk for row in make(video).values()} == first


def test_the_sheet_is_no_picture_of_the_film(media_root):
    video = kept(a_film(1))
    make(video)
    video = ArchiveVideo.objects.get(pk=video.pk)

    assert video.fitting(960).preset.startswith("w")
    assert {row.preset for row in video.derivatives_in("jpeg")} == {"w320"}


def test_another_original_takes_the_files_of_the_first_away(media_root, django_capture_on_commit_callbacks):
    video = kept(a_film(1))
    old = [row.file.name for row in make(video).values()]
    with django_capture_on_commit_callbacks(execute=True):
        video.file = ContentFile(a_film(2), "新.mp4")
        video.save()

    assert not Derivative.objects.films().filter(video=video).exists()
    assert not [name for name in old if storages["derivatives"].exists(name)]


def test_its_public_copies_are_asked_for(media_root):
    video = kept(a_film(1))
    PublicCopyRequest.objects.all().delete()
    make(video)

    assert PublicCopyRequest.objects.filter(kind="video", object_id=video.pk).exists()


# --- When it does not work ----------------------------------------------------------------------------------------


def test_a_film_cut_in_the_middle_fails_in_words_and_leaves_nothing(media_root):
    video = kept(a_film(8, container="avi", codec="mpeg4"), "旧片.avi")
    with storages["default"].open(video.file.name) as file:
        data = file.read()
    Path(storages["default"].path(video.file.name)).write_bytes(data[: len(data) // 8] + bytes(len(data) * 7 // 8))
    made = make(video)

    assert made == {}
    assert job_of(video).state == JobState.FAILED
    assert "影片" in job_of(video).reason
    assert folders_left() == []


def test_a_worker_that_loses_its_job_stops_and_leaves_word_of_its_files(media_root, monkeypatch):
    video = kept(a_film(2))
    stored = []

    def lost(self, percent):
        if percent >= 95:
            stored.extend(FileRemoval.objects.values_list("name", flat=True))
            raise jobs.JobLost("another has it")

    monkeypatch.setattr(jobs.Work, "progress", lost)
    assert make(video) == {}

    assert len(stored) == 3
    assert set(FileRemoval.objects.due().values_list("name", flat=True)) == set(stored)
    assert folders_left() == []


def test_folders_of_killed_workers_are_cleared_away(media_root, tmp_path):
    import tempfile

    left = Path(tempfile.mkdtemp(prefix=f"{videos.FOLDER}99999999-"))
    (left / "film480.mp4").write_bytes(b"half")
    make(kept(a_film(1)))

    assert not left.exists()
