"""What a browser does with a file that is sent in parts."""

import base64
import json
import zlib
from dataclasses import dataclass

import requests
from django.test import Client
from wagtail.models import Collection

from tests.media_assets.made_files import a_film

MIB = 1024 * 1024


def crc32(data: bytes) -> str:
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


@dataclass
class Browser:
    """What the page's own script does, step by step."""

    client: Client
    collection: Collection

    def post(self, address: str, **body):
        return self.client.post(f"/media/uploads/{address}", json.dumps(body), content_type="application/json")

    def begin(self, *files: tuple[str, bytes], group: str = "", modified: int = 1_700_000_000_000) -> list[dict]:
        told = [{"path": name, "size": len(data), "modified": modified} for name, data in files]
        answer = self.post("create/", collection=self.collection.pk, group=group, files=told)
        assert answer.status_code == 200, answer.content
        return answer.json()["uploads"]

    def address(self, upload: dict, number: int, checksum: str) -> dict:
        part = {"upload": upload["id"], "number": number, "checksum": checksum}
        return self.post("sign/", parts=[part]).json()["addresses"][0]

    def put(self, address: dict, data: bytes) -> int:
        if address["url"].startswith("/"):
            return self.client.put(address["url"], data, content_type="application/octet-stream").status_code
        return requests.put(address["url"], data=data, headers=address["headers"], timeout=20).status_code

    def send(self, upload: dict, data: bytes, numbers=None) -> None:
        size = upload["partSize"]
        for number in numbers or range(1, -(-len(data) // size) + 1):
            part = data[(number - 1) * size : number * size]
            assert self.put(self.address(upload, number, crc32(part)), part) in (200, 204)

    def complete(self, upload: dict, **body):
        return self.post(f"{upload['id']}/complete/", **body)

    def state(self, upload: dict) -> dict:
        return self.client.get(f"/media/uploads/{upload['id']}/").json()


def long_film() -> bytes:
    """Twelve megabytes, so that it needs three parts: a film, and a box behind it that players pass over."""
    film = a_film(1.0)
    filling = bytes(range(256)) * (12 * 4096 - len(film) // 256)
    return film + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling
