"""Fixtures of the file tests: folders of their own, files made on the spot, a rule that can be set."""

import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.core.files.storage import storages

from media_assets import delivery
from media_assets.models import ArchiveRendition
from tests.media_assets.made_files import a_film


@pytest.fixture
def media_root(tmp_path, monkeypatch) -> Path:
    """The three storages in a folder of this test alone. The fields hold the storages themselves, so it is
    these that are pointed elsewhere."""
    for alias in ("default", "derivatives", "renditions"):
        storage = storages[alias]
        for name, value in (("base_location", str(tmp_path / alias)), ("location", str(tmp_path / alias))):
            monkeypatch.setitem(storage.__dict__, name, value)
    ArchiveRendition.cache_backend.clear()  # or it would hand out the renditions of another test's rows
    return tmp_path


@pytest.fixture
def rule():
    """Register a rule for this test; `rule.asked` holds what it was asked."""

    class RecordingRule:
        def __init__(self):
            self.asked: list[tuple] = []
            self.verdict = delivery.Verdict(allowed=True, cache="public")

        def __call__(self, request, asset, use):
            self.asked.append((asset, use))
            return self.verdict

    recording = RecordingRule()
    previous = delivery.set_rule(recording)
    yield recording
    delivery.set_rule(previous)


@pytest.fixture
def editor_client(client, django_user_model):
    """A client that is logged in to the CMS."""
    client.force_login(django_user_model.objects.create_superuser("莞编辑", "bianji@example.cn", "密码-long-enough"))
    return client


def _made_by_ffmpeg(*arguments: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"film.{arguments[-1]}"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *arguments[:-1], str(target)]
        subprocess.run(command, check=True, timeout=60)
        return target.read_bytes()


@pytest.fixture(scope="session")
def turned_film(tmp_path_factory) -> bytes:
    """320 × 240 as it is stored, with a note that it was held upright."""
    flat = tmp_path_factory.mktemp("films") / "flat.mp4"
    flat.write_bytes(a_film(2))
    return _made_by_ffmpeg("-display_rotation", "90", "-i", str(flat), "-c", "copy", "mp4")


@pytest.fixture(scope="session")
def interlaced_film() -> bytes:
    """MPEG-2 in fields, as from a tape."""
    return _made_by_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=352x288:r=50:d=3", "-vf", "interlace", "-c:v", "mpeg2video"),
        *("-flags", "+ilme+ildct", "-b:v", "2M", "-f", "vob", "mpg"),
    )
