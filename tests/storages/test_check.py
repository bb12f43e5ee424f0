"""What `check_storage` proves, and what it says when something is wrong."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from media_assets.models import FileRemoval
from media_assets.storage_check import Outcome, check_storage, prove

from .conftest import Place, describe_place, move_in, s3_environment

pytestmark = pytest.mark.django_db
ORIGIN = "http://127.0.0.1:8000"  # the one from which the tests' server accepts uploads


@pytest.fixture(autouse=True)
def _site(settings):
    settings.PUBLIC_BASE_URL = ORIGIN


def failures(results) -> dict:
    return {result.title: result for result in results if result.outcome is Outcome.FAILED}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TestWhatIsRight:
    def test_nothing_fails_and_nothing_is_left(self, place):
        results = check_storage()
        assert failures(results) == {}
        assert results[-1].title == "删除"
        assert place.names() == []

    def test_the_bucket_is_proved_as_a_browser_sees_it(self, s3_place):
        done = {result.title for result in prove() if result.outcome is Outcome.GOOD}
        assert done >= {
            "类型与元数据",
            "公开副本无须签名即可取得",
            "私有文件无签名即被拒绝",
            "无签名不能列出",
            "无签名不能写入",
            "签名链接与中文文件名",
            "改动过的签名链接被拒绝",
            "过期的签名链接被拒绝",
            "跨域上传与读取（CORS）",
        }

    def test_the_command_prints_a_line_a_step(self, place):
        out = StringIO()
        call_command("check_storage", stdout=out)
        lines = out.getvalue().splitlines()
        assert lines[0].startswith("✓ 写入三处私有存储")
        assert lines[-1] == "文件存储可用。"

    def test_json_holds_every_step(self, local_place):
        out = StringIO()
        call_command("check_storage", "--json", stdout=out)
        steps = json.loads(out.getvalue())
        assert {step["outcome"] for step in steps} <= {"good", "skipped"}

    def test_whoever_stops_listening_leaves_nothing(self, place):
        steps = prove()
        for _step in range(3):
            next(steps)
        assert place.names()
        steps.close()
        assert place.names() == []

    def test_a_museum_without_pictures_has_no_public_address_to_try(self, local_place):
        (skipped,) = [result for result in prove() if result.outcome is Outcome.SKIPPED]
        assert "还没有公开的图片" in skipped.detail


class TestWhatIsWrong:
    @pytest.fixture
    def arranged(self, tmp_path, monkeypatch, object_storage):
        def arrange(**changes: str) -> Place:
            environment = s3_environment(object_storage) | changes
            made = move_in(describe_place("s3", tmp_path, environment, monkeypatch), monkeypatch)
            return Place("s3", made, object_storage, environment["S3_PREFIX"])

        return arrange

    def test_a_wrong_key_is_named_and_stops_the_rest(self, arranged):
        arranged(S3_SECRET_KEY="不对的密钥".encode().hex())
        results = check_storage()
        failed = failures(results)["写入三处私有存储"]
        assert "拒绝" in failed.detail
        assert "S3_SECRET_KEY" in failed.advice
        assert [r.outcome for r in results[1:-1]] == [Outcome.SKIPPED] * (len(results) - 2)

    def test_a_bucket_that_is_not_there_is_named(self, arranged):
        arranged(S3_BUCKET="no-such-bucket-of-ours")
        failed = next(iter(failures(check_storage()).values()))
        assert "S3_BUCKET" in failed.advice

    def test_missing_keys_are_named(self, arranged, monkeypatch):
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        arranged(S3_ACCESS_KEY="", S3_SECRET_KEY="")
        assert "S3_ACCESS_KEY" in next(iter(failures(check_storage()).values())).advice

    def test_an_end_point_where_nobody_listens_is_named(self, arranged):
        arranged(S3_ENDPOINT=f"http://127.0.0.1:{free_port()}")
        failed = next(iter(failures(check_storage()).values()))
        assert "连接不上" in failed.detail
        assert "S3_ENDPOINT" in failed.advice

    def test_the_command_ends_with_an_error(self, arranged, capsys):
        arranged(S3_ENDPOINT=f"http://127.0.0.1:{free_port()}")
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("check_storage", stdout=out)
        assert "✗ 写入三处私有存储" in out.getvalue()
        assert "→ 核对 S3_ENDPOINT" in out.getvalue()

    def test_a_bucket_that_is_open_to_all_is_told(self, arranged, monkeypatch):
        """The private originals are put where the policy lets everybody read."""
        place = arranged()
        for alias in ("default", "derivatives", "renditions"):
            monkeypatch.setattr(place.storages[alias], "location", f"{place.prefix}/public/{alias}")
        failed = failures(check_storage())
        assert "桶策略" in failed["私有文件无签名即被拒绝"].advice
        assert place.names() == []

    def test_public_copies_that_nobody_may_read_are_told(self, arranged, monkeypatch):
        place = arranged()
        monkeypatch.setattr(place.storages["public"], "location", f"{place.prefix}/private")
        base = place.storages["public"].public_base_url.removesuffix("/public")
        monkeypatch.setattr(place.storages["public"], "public_base_url", f"{base}/private")
        assert "s3:GetObject" in failures(check_storage())["公开副本无须签名即可取得"].advice

    def test_uploads_from_another_site_are_told(self, arranged, settings):
        settings.PUBLIC_BASE_URL = "https://fangzhi.example.cn"
        arranged()
        failed = failures(check_storage())
        assert set(failed) == {"跨域上传与读取（CORS）"}
        assert "https://fangzhi.example.cn" in failed["跨域上传与读取（CORS）"].advice

    def test_links_are_not_asked_for_where_the_museum_streams(self, arranged):
        arranged(MEDIA_DELIVERY="stream")
        results = check_storage()
        assert failures(results) == {}
        assert "MEDIA_DELIVERY=stream" in {r.title: r for r in results}["签名链接与中文文件名"].detail

    def test_a_folder_that_may_not_be_written_is_told(self, local_place, monkeypatch, tmp_path):
        in_the_way = tmp_path / "原件"
        in_the_way.write_text("这是一个文件，不是文件夹")
        for name in ("location", "base_location"):
            monkeypatch.setitem(local_place.storages["default"].__dict__, name, str(in_the_way))
        failed = failures(check_storage())
        assert "写入三处私有存储" in failed
        assert "DATA_DIR" in failed["写入三处私有存储"].advice

    def test_little_room_is_told(self, local_place, monkeypatch):
        monkeypatch.setattr("media_assets.storage_trials.LEAST_FREE_BYTES", 10**18)
        assert "腾出空间" in failures(check_storage())["剩余空间"].advice


class TestAWebServerBeforeTheFolder:
    @pytest.fixture
    def web_server(self, local_place, monkeypatch):
        """A plain web server for the public folder, with the cache header of its operator's choice."""
        folder = local_place.storages["public"].location

        class Files(BaseHTTPRequestHandler):
            cache_control = "public, max-age=3600"

            def do_GET(self):
                body = open(f"{folder}{self.path}", "rb").read()  # noqa: SIM115, PTH123
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", self.cache_control)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(local_place.storages["public"], "public_base_url", f"http://127.0.0.1:{server.server_port}")
        yield Files
        server.shutdown()
        server.server_close()

    def test_the_copy_is_fetched_from_it(self, web_server):
        assert failures(check_storage()) == {}

    def test_a_copy_that_is_kept_for_a_year_is_told(self, web_server):
        web_server.cache_control = "public, max-age=31536000, immutable"
        assert "一小时" in failures(check_storage())["公开副本的地址"].advice


def test_what_cannot_be_removed_after_an_interruption_waits_in_the_outbox(tmp_path, monkeypatch, object_storage):
    move_in(describe_place("s3", tmp_path, s3_environment(object_storage), monkeypatch), monkeypatch)
    steps = prove()
    next(steps)
    monkeypatch.setattr(storages["default"], "endpoint_url", f"http://127.0.0.1:{free_port()}")
    steps.close()
    assert FileRemoval.objects.filter(alias="default", name__startswith="check/").exists()


def test_other_files_are_left_alone(place):
    place.storages["default"].save("originals/ab/cd.txt", ContentFile("縣志".encode()))
    check_storage()
    assert len(place.names()) == 1
