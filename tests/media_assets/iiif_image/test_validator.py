"""The consortium's own validator against the running service.

It is one of the requirements for developing, and wants libmagic on the machine.
"""

import re
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest

from media_assets.derivatives.pyramids import make_pyramid
from media_assets.models import ArchiveImage
from tests.components import missing
from tests.media_assets.made_files import upload

PICTURE = "iiif/67352ccc-d1b0-11e1-89ae-279075081939.png"
# It wants 400 for `!2000,3000`, where the specification returns the largest picture that fits.
MISTAKEN = {"size_noup"}


def validator() -> list[str]:
    path = Path(sys.executable).parent / "iiif-validate.py"
    if not path.exists():
        missing("IIIF 校验器", "pip install -r requirements-dev.txt")
    if not find_library("magic"):
        missing("libmagic", "Debian/Ubuntu 请 apt-get install libmagic1；macOS 请 brew install libmagic")
    return [sys.executable, str(path)]


@pytest.mark.django_db(transaction=True)
def test_the_official_validator_passes_all_but_the_one_that_it_gets_wrong(
    live_server, media_root, rule, shared_data, settings
):
    program = validator()
    settings.PUBLIC_BASE_URL = live_server.url
    picture = upload((shared_data / PICTURE).read_bytes(), "校验图.png")
    pyramid = make_pyramid(ArchiveImage.objects.create(title="校验图", file=picture))
    server = live_server.url.removeprefix("http://")
    asked = ["-s", server, "-p", "iiif/image/3", "-i", pyramid.key, "--version=3.0", "--level=2", "-v"]
    told = subprocess.run([*program, *asked], capture_output=True, text=True, timeout=300)  # noqa: S603
    verdicts = dict(re.findall(r"test (\w+) (PASS|FAIL)", told.stdout + told.stderr))

    assert len(verdicts) == 33
    assert {name for name, verdict in verdicts.items() if verdict == "FAIL"} <= MISTAKEN
