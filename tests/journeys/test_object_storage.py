"""The museum moves from folders to an S3-compatible bucket, and its visitors notice nothing."""

import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from archive.demonstration.accounts import ACCOUNTS
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


def test_an_editors_pictures_go_from_the_browser_straight_into_the_bucket(moved, browser: Browser, tmp_path):
    """Many small ones and one of two parts, which is cut off and goes on after the page was loaded anew."""
    museum, bucket = moved
    editor = next(account for account in ACCOUNTS if account.username == "editor")
    files = []
    for number in range(5):
        files.append(tmp_path / f"龙舟{number}.jpg")
        Image.effect_noise((300, 200), 40 + number * 30).save(files[-1])
    large = tmp_path / "大图.tif"
    Image.effect_noise((4600, 4600), 90).save(large)
    context = browser.new_context(base_url=museum.address, locale="zh-CN")
    page = context.new_page()
    refused, parts = [], []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/login/")
    page.fill("input[name=username]", editor.username)
    page.fill("input[name=password]", editor.password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")

    def states() -> list[str]:
        return page.locator(".archive-uploads__files tbody tr").evaluate_all("rows => rows.map(r => r.dataset.state)")

    page.goto("/admin/archive/uploads/")
    page.route(re.compile("partNumber=2"), lambda route: route.abort())
    page.locator("[data-upload-files]").set_input_files([str(file) for file in [*files, large]])
    wait_until(lambda: states().count("accepted") == 5 and "retrying" in states(), seconds=90)
    page.reload()
    page.unroute_all()
    page.on("request", lambda request: parts.append(request.url) if request.method == "PUT" else None)
    page.locator("[data-upload-files]").set_input_files([str(file) for file in [*files, large]])
    wait_until(lambda: states() == ["accepted"] * 6, seconds=120)

    assert len(parts) == 1, parts
    assert parts[0].startswith(f"{bucket}/museum/originals/")
    assert "partNumber=2" in parts[0]
    assert not refused
    context.close()
