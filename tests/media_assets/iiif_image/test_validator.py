"""The consortium's own validator against the running service.

It is fetched by whoever wants it (`pip install iiif-validator==1.0.5`, with libmagic on the machine), into an
environment of its own or into this one; IIIF_VALIDATOR names its `iiif-validate.py`.
"""

import os
import re
import shutil
import subprocess
import sys
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
    path = os.environ.get("IIIF_VALIDATOR") or shutil.which("iiif-validate.py")
    if not path:
        missing("IIIF 校验器", "pip install iiif-validator==1.0.5，并以 IIIF_VALIDATOR 指明 iiif-validate.py 的位置")
    own = Path(path).parent / "python"
    return [str(own) if own.exists() else sys.executable, path]


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
