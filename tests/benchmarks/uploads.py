"""How fast files come in through the protocol of uploads, beside boto3's own transfer of the same files.

    STORAGE=s3 make serve        # in another terminal, with DATA_DIR and PORT
    DATA_DIR=… python -m tests.benchmarks.uploads http://127.0.0.1:8000 [PICTURES] [FILM_MIB]

Signs in as the demonstration's editor and does what the page's script does: four parts at a time, each with its CRC32.
The storage's keys are read from DATA_DIR. Figures: MB/s until the last part is there and completion was asked for, the
seconds until all is examined, the bytes that were sent, and the most memory that the museum's processes held; and the
same film cut off three times.
"""

import base64
import hashlib
import io
import os
import queue
import re
import secrets
import sqlite3
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import boto3
import requests
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from PIL import Image

from settings.storages import embedded_keys
from tests.media_assets.made_files import a_film

AT_ONCE, AHEAD = 4, 8
LOT = 100
MIB = 1024 * 1024


class Sender:
    """One editor's browser."""

    def __init__(self, address: str, user: str = "editor"):
        self.address = address
        self.session = requests.Session()
        page = self.session.get(f"{address}/admin/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        secret = os.environ.get("PASSWORD") or password_of(user)
        form = {"username": user, "password": secret, "csrfmiddlewaretoken": token}
        self.session.post(f"{address}/admin/login/", data=form, headers={"Referer": address})
        self.storage = threading.local()
        page = self.session.get(f"{address}/admin/archive/uploads/").text
        self.collection = int(re.search(r'<option value="(\d+)"', page)[1])
        self.sent = 0
        self.failure: OSError | None = None
        self.counting = threading.Lock()

    def ask(self, name: str, body: dict) -> dict:
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"], "Referer": self.address}
        answer = self.session.post(f"{self.address}/media/uploads/{name}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def send(self, files: list[Path]) -> list[int]:
        uploads = []
        for at in range(0, len(files), LOT):
            told = [{"path": f.name, "size": f.stat().st_size, "modified": 1} for f in files[at : at + LOT]]
            uploads += self.ask("create/", {"collection": self.collection, "files": told})["uploads"]
        tickets, whole = queue.Queue(AHEAD), queue.Queue()
        self.left_of = Counter(upload["id"] for _file, upload, _number in self.parts(files, uploads))
        with ThreadPoolExecutor(AT_ONCE + 2) as pool:
            work = [pool.submit(self.prepare, self.parts(files, uploads), tickets)]
            sending = [pool.submit(self.send_tickets, tickets, whole) for _sender in range(AT_ONCE)]
            work.append(pool.submit(self.finish_all, whole))
            for each in sending:
                each.result()
            whole.put(None)
            for each in work:
                each.result()
        if self.failure:
            raise self.failure
        return [upload["id"] for upload in uploads]

    def prepare(self, parts, tickets: queue.Queue) -> None:
        """The checksums and addresses of the next parts, while the ones before are on their way."""
        for lot in lots(parts, AHEAD):
            if self.failure:
                break
            asked = [
                {"upload": upload["id"], "number": number, "checksum": crc32(self.read((file, upload, number)))}
                for file, upload, number in lot
            ]
            for ticket in zip(lot, self.ask("sign/", {"parts": asked})["addresses"], strict=True):
                tickets.put(ticket)
        for _sender in range(AT_ONCE):
            tickets.put(None)

    def send_tickets(self, tickets: queue.Queue, whole: queue.Queue) -> None:
        while (ticket := tickets.get()) is not None:
            part, address = ticket
            if self.failure:
                continue
            try:
                self.put(part, address)
            except OSError as error:
                self.failure = error
                continue
            _file, upload, _number = part
            with self.counting:
                self.left_of[upload["id"]] -= 1
            if not self.left_of[upload["id"]]:
                whole.put(upload)

    def finish_all(self, whole: queue.Queue) -> None:
        """The completions of a moment in one question."""
        is_over = False
        while not is_over:
            found = [whole.get()]
            time.sleep(0.2)
            while not whole.empty():
                found.append(whole.get())
            is_over = None in found
            for lot in lots((upload for upload in found if upload), LOT):
                self.ask("complete/", {"uploads": [{"id": upload["id"]} for upload in lot]})

    @staticmethod
    def parts(files: list[Path], uploads: list[dict]):
        for file, upload in zip(files, uploads, strict=True):
            there = {part["number"] for part in upload["parts"]}
            for number in range(1, -(-upload["size"] // upload["partSize"]) + 1):
                if number not in there:
                    yield file, upload, number

    @staticmethod
    def read(part) -> bytes:
        file, upload, number = part
        with file.open("rb") as opened:
            opened.seek((number - 1) * upload["partSize"])
            return opened.read(upload["partSize"])

    def put(self, part, address: dict) -> None:
        if not hasattr(self.storage, "session"):
            self.storage.session = requests.Session()
        data, url = self.read(part), address["url"]
        headers = dict(address["headers"])
        session = self.storage.session
        if url.startswith("/"):
            url, session = f"{self.address}{url}", self.session
            headers |= {"X-CSRFToken": session.cookies["csrftoken"], "Referer": self.address}
        answer = session.put(url, data=data, headers=headers)
        answer.raise_for_status()
        self.sent += len(data)

    def wait(self, ids: list[int]) -> dict[str, int]:
        while True:
            states: dict[str, int] = {}
            for at in range(0, len(ids), LOT):
                for upload in self.ask("states/", {"uploads": ids[at : at + LOT]})["uploads"]:
                    states[upload["state"]] = states.get(upload["state"], 0) + 1
            if not states.get("examining"):
                return states
            time.sleep(1)


def password_of(user: str) -> str:
    """The published one of the demonstration."""
    text = (Path(__file__).parents[2] / "archive" / "demonstration" / "accounts.py").read_text()
    return re.search(rf'"{user}", "([^"]+)"', text)[1]


def crc32(data: bytes) -> str:
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def lots(parts, size: int):
    lot = []
    for part in parts:
        lot.append(part)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot


def memory(data_dir: str) -> dict[int, int]:
    """Resident bytes of the museum's own processes, by their data folder; Linux alone."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = f"DATA_DIR={data_dir}\0".encode() in (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
            if is_ours and b"weed" not in command and b"benchmarks" not in command:
                status = (process / "status").read_text()
                found[int(process.name)] = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024
    return found


def pictures(folder: Path, count: int) -> list[Path]:
    """JPEGs of about a megabyte, no two the same."""
    buffer = io.BytesIO()
    Image.effect_noise((1400, 1050), 90).convert("RGB").save(buffer, "JPEG", quality=93)
    files = []
    for number in range(count):
        path = folder / f"龙舟{secrets.token_hex(3)}_{number:04}.jpg"
        path.write_bytes(buffer.getvalue() + secrets.token_bytes(16))
        files.append(path)
    return files


def film(folder: Path, mebibytes: int) -> Path:
    """One second of film, and behind it a box that players pass over, whose bytes cannot be pressed together."""
    path = folder / f"长片{secrets.token_hex(3)}.mp4"
    with path.open("wb") as file:
        file.write(a_film(1.0))
        file.write((mebibytes * MIB + 8).to_bytes(4, "big") + b"free")
        for _block in range(mebibytes):
            file.write(secrets.token_bytes(MIB))
    return path


def by_boto3(files: list[Path], data_dir: Path, endpoint: str) -> float:
    """Seconds that its own transfer takes, as many parts or files at a time."""
    key, secret = embedded_keys(data_dir)
    config = Config(s3={"addressing_style": "path"}, max_pool_connections=16)
    client = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret).client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", config=config
    )
    transfer = TransferConfig(multipart_threshold=16 * MIB, multipart_chunksize=16 * MIB, max_concurrency=AT_ONCE)
    names = [f"benchmark/{secrets.token_hex(8)}" for _file in files]
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE if len(files) > 1 else 1) as pool:
        pairs = zip(files, names, strict=True)
        work = [pool.submit(client.upload_file, str(file), "museum", name, Config=transfer) for file, name in pairs]
        for each in work:
            each.result()
    seconds = time.monotonic() - started
    for name in names:
        client.delete_object(Bucket="museum", Key=name)
    return seconds


def measure(what: str, files: list[Path], sender: Sender, data_dir: Path) -> None:
    total = sum(file.stat().st_size for file in files)
    endpoint = f"http://127.0.0.1:{os.environ.get('S3_PORT', '8333')}"
    theirs = by_boto3(files, data_dir, endpoint)
    sender.sent, started = 0, time.monotonic()
    ids = sender.send(files)
    ours = time.monotonic() - started
    states = sender.wait(ids)
    told = f"{what}: {len(files)} files, {total / 1e6:.0f} MB; boto3 {total / theirs / 1e6:.1f} MB/s"
    told += f", uploads {total / ours / 1e6:.1f} MB/s ({theirs / ours:.2f} ×), sent {sender.sent / total:.3f} ×"
    print(told, f"examined after {time.monotonic() - started:.0f} s: {states}", sep="; ", flush=True)
    print("  most memory, MiB:", sorted(round(size / MIB) for size in memory(str(data_dir)).values()), flush=True)


class CutOff(Sender):
    """A browser whose network is gone after so many parts."""

    left = 0

    def put(self, part, address: dict) -> None:
        if self.left <= 0:
            raise ConnectionError
        self.left -= 1
        super().put(part, address)


def measure_cuts(address: str, file: Path, data_dir: Path) -> None:
    """The same film, cut off three times; after each the browser is closed, and its file chosen again."""
    size, sent = file.stat().st_size, 0
    for left in (size // (4 * 16 * MIB),) * 3 + (10**6,):
        sender = CutOff(address)
        sender.left = left
        with suppress(ConnectionError):
            ids = sender.send([file])
        sent += sender.sent
    states = sender.wait(ids)
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(MIB):
            digest.update(block)
    with closing(sqlite3.connect(data_dir / "museum.sqlite3")) as database:
        query = "SELECT sha256 FROM media_assets_archivevideo ORDER BY id DESC LIMIT 1"
        (stored,) = database.execute(query).fetchone()
    print(f"cut off three times: {states}, sent {sent / size:.3f} ×, hashes equal: {stored == digest.hexdigest()}")


def main(address: str, count: int, mebibytes: int) -> None:
    data_dir = Path(os.environ["DATA_DIR"])
    with tempfile.TemporaryDirectory(prefix="museum-uploads-benchmark-") as name:
        folder, sender = Path(name), Sender(address)
        measure("film", [film(folder, mebibytes)], sender, data_dir)
        measure_cuts(address, film(folder, mebibytes), data_dir)
        measure("pictures", pictures(folder, count), sender, data_dir)


if __name__ == "__main__":
    arguments = sys.argv[1:] + ["2000", "3072"][len(sys.argv) - 2 :]
    main(arguments[0], int(arguments[1]), int(arguments[2]))
