"""Memory of one large file saved and streamed, and a move of many small ones that is killed twice.

    python -m tests.benchmarks.storage [MEBIBYTES] [FILES]

On local folders and on the S3-compatible server that it starts; everything lies in a temporary folder that is removed
afterwards. Each figure is taken in a process of its own: the peak of its resident memory, in MiB.
"""

import hashlib
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.media_assets.made_files import around_a_stream

MIB = 1024 * 1024


def environment(folder: Path, server=None) -> dict[str, str]:
    told = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'museum.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "settings.base",
        "STORAGE": "s3" if server else "local",
    }
    return told if server is None else told | s3(server)


def s3(server) -> dict[str, str]:
    return {
        "S3_BUCKET": server.bucket,
        "S3_ENDPOINT": server.endpoint,
        "S3_ACCESS_KEY": server.access_key,
        "S3_SECRET_KEY": server.secret_key,
    }


def in_a_process(what: str, told: dict[str, str], *arguments: str) -> dict:
    """Run one part of this module by itself; what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.storage", what, *arguments]
    done = subprocess.run(command, env=told, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


# --- In processes of their own --------------------------------------------------------------------------------


def peak() -> float:
    """MiB; Linux counts in KiB, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / MIB if sys.platform == "darwin" else most / 1024


def save(path: str) -> dict:
    """Through the one way in: described, hashed, stored, recorded."""
    before, started = peak(), time.monotonic()
    with Path(path).open("rb") as file:
        document = ArchiveDocument.objects.create(title="大文件", file=File(file, name="东莞市志.pdf"))
    return {"name": document.file.name, "before": before, "peak": peak(), "seconds": time.monotonic() - started}


def serve(path: str) -> dict:
    """As a view answers: in blocks."""
    document = ArchiveDocument.objects.get()
    before, started, sent = peak(), time.monotonic(), 0
    served = ServedFile(document.file, document.mime_type, etag=document.sha256, name=document.filename)
    response = respond(RequestFactory().get("/"), served, "private, no-store")
    for block in response.streaming_content:
        sent += len(block)
    response.close()
    assert sent == document.file_size, (sent, document.file_size)
    return {"before": before, "peak": peak(), "seconds": time.monotonic() - started}


def fill(count: str) -> dict:
    """So many small originals with their rows."""
    random.seed(1)
    rows = []
    for number in range(int(count)):
        data = random.randbytes(random.randint(200, 40_000))
        name = f"originals/{secrets.token_hex(1)}/{secrets.token_hex(15)}.pdf"
        storages["default"].save(name, ContentFile(data))
        sha256 = hashlib.sha256(data).hexdigest()
        rows.append(
            ArchiveDocument(
                title=f"第{number}件",
                file=name,
                file_size=len(data),
                sha256=sha256,
                mime_type="application/pdf",
                original_name=f"第{number}件.pdf",
            )
        )
    ArchiveDocument.objects.bulk_create(rows, batch_size=500)
    return {"files": len(rows)}


def compare(_nothing: str) -> dict:
    """Every row's file in the storage in use, read and hashed."""
    wrong = 0
    for name, sha256 in ArchiveDocument.objects.values_list("file", "sha256"):
        with storages["default"].open(name) as file:
            wrong += hashlib.sha256(file.read()).hexdigest() != sha256
    return {"files": ArchiveDocument.objects.count(), "wrong": wrong}


# --- What runs them -------------------------------------------------------------------------------------------


def large_file(folder: Path, mebibytes: int) -> Path:
    path = folder / "large.pdf"
    with path.open("wb") as file:
        head, tail = around_a_stream(mebibytes * MIB)
        file.write(head)
        for _block in range(mebibytes):
            file.write(os.urandom(MIB))
        file.write(tail)
    return path


def measure_memory(folder: Path, server, mebibytes: int) -> None:
    path = large_file(folder, mebibytes)
    print(f"{mebibytes} MiB{'':12}{'before':>9}{'peak':>9}{'seconds':>10}")
    for kind, used in (("local", None), ("s3", server)):
        told = environment(museum_in(folder / kind), used)
        for what in ("save", "serve"):
            seen = in_a_process(what, told, str(path))
            print(f"{kind:8}{what:10}{seen['before']:>9.0f}{seen['peak']:>9.0f}{seen['seconds']:>10.1f}", flush=True)
    path.unlink()


def museum_in(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(migrated_database.path(), folder / "museum.sqlite3")
    return folder


def measure_move(folder: Path, server, count: int) -> None:
    folder = museum_in(folder / "many")
    told = environment(folder) | s3(server)
    in_a_process("fill", told, str(count))
    command = [sys.executable, "manage.py", "move_storage", "--from", "local", "--to", "s3"]
    started = time.monotonic()
    for share in (1 / 3, 2 / 3):
        process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while journalled(folder) < count * share and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"killed after {journalled(folder)} of {count}", flush=True)
    before = journalled(folder)
    done = subprocess.run(command, env=told, check=True, capture_output=True, text=True)
    print(done.stdout.splitlines()[0])
    lines = journalled(folder)
    print(f"{count} files in {time.monotonic() - started:.1f} s; copied twice: {lines - count}; resumed at {before}")
    print("at the target:", in_a_process("compare", told | {"STORAGE": "s3"}, ""))
    print("at the source:", in_a_process("compare", told, ""))


def journalled(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (folder / "storage-move").rglob("*.log"))


def main(mebibytes: int, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="museum-storage-benchmark-") as name:
        folder = Path(name)
        server = ObjectStorageServer(folder / "server", "museum", secrets.token_urlsafe(20))
        server.start()
        try:
            measure_memory(folder, server, mebibytes)
            measure_move(folder, server, count)
        finally:
            server.stop()


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in ("save", "serve", "fill", "compare"):
        import resource

        import django

        django.setup()
        from django.core.files.base import ContentFile, File
        from django.core.files.storage import storages
        from django.test import RequestFactory

        from media_assets.models import ArchiveDocument
        from media_assets.serving import ServedFile, respond

        print(json.dumps(globals()[sys.argv[1]](sys.argv[2])))
    else:
        from archive.object_storage import ObjectStorageServer
        from tests import migrated_database

        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024, int(sys.argv[2]) if len(sys.argv) > 2 else 5000)
