"""Decoders run in a process that can harm nothing: not the museum, not the machine, not the next file."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from media_assets import sandbox
from media_assets.file_errors import FileError, RefusedFile, UnreadableFile

from . import sandboxed_deeds as deeds


@pytest.fixture(autouse=True)
def _in_a_process_of_its_own(settings):
    settings.MEDIA_SANDBOX = {}


def test_it_returns_what_the_function_returns_whatever_a_library_prints():
    assert sandbox.call(deeds.add, "方", "志") == "方志"


def test_the_interpreter_is_fresh_and_has_nothing_of_django():
    assert not {"django", "wagtail", "boto3"} & set(sandbox.call(deeds.modules))


def test_the_museums_secrets_are_not_in_it(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "机密")
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "机密")

    assert "机密" not in json.dumps(sandbox.call(deeds.environment), ensure_ascii=False)


def test_a_refusal_keeps_its_kind_and_its_words():
    with pytest.raises(RefusedFile) as refusal:
        sandbox.call(deeds.refuse, 9)
    assert refusal.value.reason == "图片宽9像素。"
    with pytest.raises(UnreadableFile, match="文件已损坏"):
        sandbox.call(deeds.find_damage)


@pytest.mark.parametrize("deed", [deeds.stumble, deeds.fill_memory, deeds.die, deeds.answer_with_code])
def test_whatever_else_happens_is_the_fault_of_the_file(deed):
    with pytest.raises(UnreadableFile, match="无法解读"):
        sandbox.call(deed)
    assert not Path("/tmp/the-sandbox-leaks").exists()  # noqa: S108 (what the trap would have made)


def test_an_answer_cannot_change_a_class_of_the_museum():
    def text(words: str) -> bytes:
        return b"X" + len(words).to_bytes(4, "little") + words.encode()

    state = b"N}" + text("wall_seconds") + text("forged") + b"s\x86b"  # (None, {name: value}): set on the object itself
    answer = b"\x80\x02" + text("result") + b"cmedia_assets.sandbox\nLimits\n" + state + b"\x86."
    with pytest.raises(UnreadableFile):
        sandbox._opened(answer, deeds.add)
    assert sandbox.Limits.wall_seconds != "forged"


@pytest.mark.parametrize(("deed", "bounds"), [(deeds.sleep, {"wall_seconds": 1}), (deeds.burn, {"cpu_seconds": 1})])
def test_time_is_bounded(deed, bounds):
    start = time.monotonic()
    with pytest.raises(RefusedFile, match="用时过长"):
        sandbox.call(deed, **bounds)
    assert time.monotonic() - start < 20


def test_what_may_be_written_is_bounded(tmp_path):
    sandbox.call(deeds.write, str(tmp_path / "小"), 1000, file_bytes=10_000)
    with pytest.raises(FileError):
        sandbox.call(deeds.write, str(tmp_path / "大"), 100_000, file_bytes=10_000)
    assert (tmp_path / "小").stat().st_size == 1000
    assert (tmp_path / "大").stat().st_size <= 10_000


def test_nothing_that_it_started_lives_on(tmp_path):
    with pytest.raises(RefusedFile):
        sandbox.call(deeds.leave_a_child, str(tmp_path / "遗"), wall_seconds=1)
    time.sleep(2.5)
    assert not (tmp_path / "遗").exists()


def test_a_program_ends_when_the_museum_that_waits_for_it_is_killed(tmp_path):
    begun, late = tmp_path / "始", tmp_path / "遗"
    program = ["sh", "-c", f"touch {begun}; sleep 2; touch {late}"]
    code = "from django.conf import settings; settings.configure(); from media_assets import sandbox; "
    museum = subprocess.Popen([sys.executable, "-c", f"{code}sandbox.run_program({program!r})"])
    while not begun.exists():
        time.sleep(0.05)
    museum.kill()
    museum.wait()
    time.sleep(2.5)
    assert not late.exists()


AUTOGROUP = Path("/proc/self/autogroup")


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="only Linux weighs processes by their session")
def test_it_stays_as_far_behind_the_site_as_the_process_that_asks():
    own = os.nice(0)
    code = (
        "import os; os.nice(5); from django.conf import settings; settings.configure(); "
        "from media_assets import sandbox; from tests.media_assets import sandboxed_deeds as deeds; "
        f"print(sandbox.call(deeds.read, {str(AUTOGROUP)!r}))"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip().endswith(f"nice {min(own + 5, 19)}")


def test_a_full_disk_is_not_the_fault_of_the_file():
    with pytest.raises(OSError, match="No space left"):
        sandbox.call(deeds.full_disk)
    with pytest.raises(OSError, match="No space left"):
        sandbox.run_program(["sh", "-c", "echo 'whole.mp4: No space left on device' >&2; exit 1"])


def test_settings_bound_it_for_all(settings):
    settings.MEDIA_SANDBOX = {"wall_seconds": 1}

    with pytest.raises(RefusedFile, match="用时过长"):
        sandbox.call(deeds.sleep)


def test_a_program_is_run_line_by_line_in_its_folder(tmp_path):
    lines = []
    code = "import sys, os; print('一'); print(os.getcwd()); print('末', file=sys.stderr)"
    last = sandbox.run_program([sys.executable, "-c", code], on_line=lines.append, cwd=tmp_path)

    assert lines == ["一", str(tmp_path)]
    assert last == "末"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("raise SystemExit(3)", UnreadableFile),
        ("import time; time.sleep(60)", RefusedFile),
        ("while True: print(1)", RefusedFile),
        ("bytearray(3 * 1024**3)", UnreadableFile),
    ],
)
def test_a_program_is_bounded_like_everything_else(code, error):
    seconds = 2 if error is RefusedFile else 20  # for those that end by themselves, on however slow a machine
    with pytest.raises(error):
        sandbox.run_program([sys.executable, "-c", code], wall_seconds=seconds)


def test_what_the_listener_raises_ends_the_program(tmp_path):
    class LostError(Exception):
        pass

    def lose(line):
        raise LostError(line)

    code = f"import time; print('始', flush=True); time.sleep(1); open({str(tmp_path / '终')!r}, 'w')"
    with pytest.raises(LostError):
        sandbox.run_program([sys.executable, "-c", code], on_line=lose)
    time.sleep(1.5)
    assert not (tmp_path / "终").exists()
