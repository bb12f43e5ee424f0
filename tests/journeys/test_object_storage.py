"""The museum moves from folders to an S3-compatible bucket, and its visitors notice nothing."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from archive.object_storage import ServerMissingError, weed_command
from tests.components import missing
from tests.open_museum import ROOT, Museum, environment_of, running
from tests.postgresql import free_port

from .conftest import wait_until


def is_settled(folder: Path) -> bool:
    """Whether the worker has made and copied everything that it was asked for."""
    with closing(sqlite3.connect(folder / "museum.sqlite3", timeout=20)) as database:
        (copies,) = database.execute("SELECT count(*) FROM media_assets_publiccopyrequest").fetchone()
        unfinished = "SELECT count(*) FROM media_assets_job WHERE state IN ('waiting', 'running')"
        (jobs,) = database.execute(unfinished).fetchone()
    return not copies and not jobs


def settle(folder: Path, seconds: float = 180) -> None:
    """Let the worker finish, so that no copy changes its name while it is carried over; at most so long."""
    deadline = time.monotonic() + seconds
    while not is_settled(folder) and time.monotonic() < deadline:
        time.sleep(1)


@pytest.fixture(scope="module")
def moved(museum: Museum, tmp_path_factory):
    """A copy of the museum whose files were carried over with `move_storage`, running on the bucket."""
    try:
        weed_command()
    except ServerMissingError as error:
        missing("对象存储", str(error))
    settle(museum.folder)
    folder = tmp_path_factory.mktemp("moved")
    with (
        closing(sqlite3.connect(museum.folder / "museum.sqlite3")) as source,
        closing(sqlite3.connect(folder / "museum.sqlite3")) as target,
    ):
        source.backup(target)
    (folder / "media").symlink_to(museum.folder / "media")
    settings = {"STORAGE": "s3", "S3_PORT": str(free_port())}
    with running(folder, **settings) as on_bucket:
        command = [sys.executable, "manage.py", "move_storage", "--from", "local", "--to", "s3"]
        carried = subprocess.run(  # noqa: S603 -- our own command
            command, cwd=ROOT, env=environment_of(folder) | settings, capture_output=True, text=True
        )
        assert not carried.returncode, carried.stderr[-4000:]
        yield on_bucket, f"http://127.0.0.1:{settings['S3_PORT']}"


def test_pictures_and_films_come_from_the_bucket_and_an_original_by_a_signed_link_alone(moved, browser: Browser):
    museum, bucket = moved
    settle(museum.folder)
    context = browser.new_context(base_url=museum.address, locale="zh-CN")
    page = context.new_page()
    asked, refused = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)

    page.goto("/photos/")
    page.locator("main a.card-link").last.click()
    picture = page.locator("main picture img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert any(url.startswith(f"{bucket}/museum/public/") for url in asked)

    page.goto("/videos/")
    page.locator("main a[href*='/videos/']").last.click()
    film = page.locator("video")
    film.evaluate("film => { film.muted = true; return film.play(); }")
    wait_until(lambda: film.evaluate("film => film.currentTime > 0.2"))
    film.evaluate("film => { film.currentTime = film.duration * 0.8; }")
    wait_until(lambda: film.evaluate("film => !film.seeking && film.currentTime > film.duration * 0.75"))
    copies = [url for url in asked if url.startswith(f"{bucket}/museum/public/") and url.endswith(".mp4")]
    assert copies, f"the film was not fetched from the bucket: {asked[-12:]}"

    with closing(sqlite3.connect(museum.folder / "museum.sqlite3")) as database:
        (number,) = database.execute("SELECT min(id) FROM media_assets_archivevideo WHERE access = 0").fetchone()
    named = page.request.get(f"/media/v/{number}/film.mp4", max_redirects=0).headers["location"]
    signed = page.request.get(named, max_redirects=0).headers["location"]
    assert "X-Amz-Signature" in signed
    assert page.request.get(signed, headers={"Range": "bytes=0-99"}).status == 206
    key = urlsplit(signed)
    assert page.request.get(f"{key.scheme}://{key.netloc}{key.path}").status == 403, "and not without a signature"

    assert not refused
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} <= {
        urlsplit(museum.address).netloc,
        urlsplit(bucket).netloc,
    }
    context.close()
