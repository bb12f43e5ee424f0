"""What `make test` does: style, import directions, migrations, then every test, on SQLite and in part on PostgreSQL.

Arguments are handed to pytest, which then alone is run: ``python -m tests.run -k identifiers``.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from .components import postgresql_bin
from .postgresql import PostgresqlServer

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
PARALLEL = ["-n", "2", "--dist", "loadgroup"]


def main(arguments: list[str]) -> int:
    """Runs every step even after one failed, and returns 1 if any did."""
    if arguments:
        return _call([*PYTEST, *arguments])
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    steps = [
        ("代码风格", ["ruff", "check", "."], {}),
        ("代码格式", ["ruff", "format", "--check", "."], {}),
        ("引用方向", ["lint-imports"], {}),
        ("迁移完整", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], _scratch()),
        ("测试（SQLite）", [*PYTEST, *PARALLEL], environment),
    ]
    failed = []
    for name, command, extra in steps:
        started = time.monotonic()
        if _call(command, extra):
            failed.append(name)
        print(f"—— {name}：{time.monotonic() - started:.0f} 秒", flush=True)
    if not _on_postgresql():
        failed.append("测试（PostgreSQL）")
    print("全部通过。" if not failed else f"未通过：{'、'.join(failed)}", flush=True)
    return 1 if failed else 0


def _scratch() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "settings.test"}


def _on_postgresql() -> bool:
    """The tests that touch the database specially, on a server that is started for them and stopped afterwards."""
    found = postgresql_bin()
    if found is None:
        print("PostgreSQL 不在此机器上：Debian/Ubuntu 请 apt-get install postgresql；macOS 请 brew install postgresql")
        return os.environ.get("REQUIRE_ALL") != "1"
    with PostgresqlServer(found) as server:
        return _call([*PYTEST, "-m", "postgresql", "-q", *PARALLEL], {"DATABASE_URL": server.url}) == 0


def _call(command: list[str], extra: dict[str, str] | None = None) -> int:
    print(f"$ {' '.join(command)}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=os.environ | (extra or {}), check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
