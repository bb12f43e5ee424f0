"""From an empty folder to a running museum: database, demonstration, static files, then web and worker together."""

import hashlib
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from honcho.environ import parse_procfile
from honcho.manager import Manager

from archive.demonstration import accounts, build
from archive.models import HomePage
from archive.object_storage import ObjectStorageServer, ServerMissingError
from archive.style_sheets import SHEETS

Say = Callable[[str], object]


def prepare(say: Say) -> None:
    """Bring database, demonstration and static files up to date. Does nothing where nothing is to be done."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    _migrate(say)
    _demonstrate(say)
    _collect_static(say)


def _migrate(say: Say) -> None:
    """Apply what is not applied yet. Asking first is quick; `migrate` itself takes seconds even with nothing to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("建立或升级数据库……")
        call_command("migrate", interactive=False, verbosity=0)


def _demonstrate(say: Say) -> None:
    """Build the demonstration in a museum that has nothing yet, and finish one that was interrupted."""
    unfinished = Path(settings.STATIC_ROOT).parent / "demonstration-unfinished"
    if HomePage.objects.exists() and not unfinished.exists():
        return
    say("建立演示馆藏……")
    unfinished.touch()
    build.build(say)
    unfinished.unlink()


def _collect_static(say: Say) -> None:
    """Collect and compress the static files when any of them changed since the last time."""
    if settings.DEBUG:
        return
    mark = Path(settings.STATIC_ROOT) / ".signature"
    signature = static_signature()
    if mark.exists() and mark.read_text() == signature:
        return
    say("整理静态文件……")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(signature)


def static_signature() -> str:
    """Changes when a static file is added, removed or edited, or when they are put together otherwise."""
    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], SHEETS)).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def require_free_port(host: str, port: int, remedy: str = "PORT=8080") -> None:
    """Raises CommandError when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"端口 {port} 已被占用。换一个端口：make serve {remedy}") from error


@contextmanager
def embedded_storage(say: Say) -> Iterator[None]:
    """With STORAGE=s3 and no bucket named: an S3-compatible server of our own for as long as the museum runs."""
    if settings.STORAGE != "s3" or os.environ.get("S3_BUCKET"):
        yield
        return
    options = settings.STORAGES["default"]["OPTIONS"]
    server = ObjectStorageServer(
        Path(settings.DATA_DIR) / "object-storage",
        options["access_key"],
        options["secret_key"],
        port=urlsplit(options["endpoint_url"]).port,
        bucket=options["bucket_name"],
        origin=settings.PUBLIC_BASE_URL,
    )
    require_free_port("127.0.0.1", server.port, "S3_PORT=8334")
    say("启动本机对象存储（SeaweedFS）……")
    try:
        server.start()
    except (ServerMissingError, RuntimeError) as error:
        raise CommandError(str(error)) from error
    say(f"  对象存储：{server.endpoint}，存储桶 {server.bucket}")
    try:
        yield
    finally:
        server.stop()


def run_processes(procfile: str, say: Say) -> int:
    """Run the processes of a Procfile until one ends or the user stops them; returns the exit code."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    require_free_port(host, port)
    processes = parse_procfile((settings.BASE_DIR / procfile).read_text()).processes
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "HOST": host, "PORT": str(port)}
    # The commands are found in the environment of the running interpreter, activated or not.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    manager = Manager()
    for name, command in processes.items():
        manager.add_process(name, command, env=environment, cwd=str(settings.BASE_DIR))
    address = f"http://{host}:{port}"
    threading.Thread(target=_announce, args=(address, say), daemon=True).start()
    manager.loop()
    return manager.returncode or 0


def _announce(address: str, say: Say, patience: float = 60.0) -> None:
    """Say where the museum is once it answers."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 -- our own address
        except OSError:
            time.sleep(0.2)
            continue
        lines = ["", f"  数字方志馆：{address}/", f"  编辑后台：  {address}/admin/", *accounts.describe(), ""]
        say("\n".join([*lines, "  按 Ctrl+C 停止。", ""]))
        return
