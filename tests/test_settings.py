"""A public installation refuses to start half configured, and passes Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "SECRET_KEY": "k9" * 40 + "!#%&abcdefgh",
    "ALLOWED_HOSTS": "museum.example.org",
    "PUBLIC_BASE_URL": "https://museum.example.org",
    "STORAGE": "local",
}


def manage(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(  # noqa: S603 -- our own manage.py
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=inherited | {"DATA_DIR": str(folder), "PYTHONWARNINGS": "ignore"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_production_passes_the_deployment_checks(tmp_path):
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", "--settings", "settings.production", folder=tmp_path, **COMPLETE
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", COMPLETE)
def test_production_names_what_is_missing(tmp_path, name):
    rest = {key: value for key, value in COMPLETE.items() if key != name}
    done = manage("check", "--settings", "settings.production", folder=tmp_path, **rest)
    assert done.returncode != 0
    assert name in done.stderr
    assert "生产环境缺少设置" in done.stderr


def test_object_storage_without_a_bucket_is_refused(tmp_path):
    done = manage("check", "--settings", "settings.production", folder=tmp_path, **COMPLETE | {"STORAGE": "s3"})
    assert "S3_BUCKET" in done.stderr


def test_the_embedded_museum_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    for _time in range(2):
        assert manage("check", folder=tmp_path).returncode == 0
    secret = tmp_path / "secret_key"
    assert len(secret.read_text()) > 50
    assert oct(secret.stat().st_mode)[-3:] == "600"


def test_a_bucket_is_used_when_it_is_named(tmp_path):
    code = "from django.core.files.storage import storages; print(type(storages['default']).__name__)"
    done = manage("shell", "-v0", "-c", code, folder=tmp_path, S3_BUCKET="museum", S3_ENDPOINT="http://127.0.0.1:9")
    assert done.stdout.strip().endswith("S3Originals"), done.stderr
