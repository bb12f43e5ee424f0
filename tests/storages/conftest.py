"""Fixtures of the storage tests: a real S3-compatible server, and each place where files may lie."""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environ
import pytest
from django.core.files.storage import default_storage, storages
from django.utils.module_loading import import_string

from archive.object_storage import ObjectStorageServer, ServerMissingError
from media_assets.models import ArchiveRendition, Derivative, Pyramid
from media_assets.outage import OUTAGE
from settings.storages import backends
from tests.components import missing


@pytest.fixture(scope="session")
def object_storage() -> Iterator[ObjectStorageServer]:
    """One server a session; every test has a prefix of its own in its bucket."""
    with tempfile.TemporaryDirectory(prefix="museum-s3-") as folder:
        server = ObjectStorageServer(Path(folder), "museum", secrets.token_urlsafe(20), prefix="*/")
        try:
            server.start()
        except ServerMissingError as error:
            missing("对象存储", str(error))
        yield server
        server.stop()


@dataclass
class Place:
    """Where files lie in this test: the four storages by alias, as the museum itself uses them."""

    kind: str
    storages: dict
    server: ObjectStorageServer | None = None
    prefix: str = ""

    def names(self) -> list[str]:
        """Every object that lies there, with its prefix or folder."""
        if self.server is not None:
            client = self.server.root_client()
            listed = client.get_paginator("list_objects_v2").paginate(Bucket=self.server.bucket, Prefix=self.prefix)
            return [entry["Key"] for page in listed for entry in page.get("Contents", ())]
        return [f"{alias}/{file.name}" for alias, storage in self.storages.items() for file in storage.files()]


def describe_place(kind: str, folder: Path, environment: dict[str, str], monkeypatch) -> dict:
    """STORAGES for one place, made by the same code that reads an operator's settings."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return backends(environ.Env(), folder)[kind]


def move_in(descriptions: dict, monkeypatch) -> dict:
    """Make these the storages of the museum for this test: the fields hold storages themselves."""
    made = {alias: import_string(d["BACKEND"])(**d["OPTIONS"]) for alias, d in descriptions.items()}
    for alias, storage in made.items():
        monkeypatch.setitem(storages._storages, alias, storage)
    monkeypatch.setattr(default_storage, "_wrapped", made["default"])
    for model in (Derivative, Pyramid):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", made["derivatives"])
    monkeypatch.setattr(ArchiveRendition._meta.get_field("file"), "storage", made["renditions"])
    ArchiveRendition.cache_backend.clear()
    OUTAGE.forget()
    return made


def s3_environment(server: ObjectStorageServer, endpoint: str = "") -> dict[str, str]:
    return {
        "STORAGE": "s3",
        "S3_BUCKET": server.bucket,
        "S3_ENDPOINT": endpoint or server.endpoint,
        "S3_ACCESS_KEY": server.access_key,
        "S3_SECRET_KEY": server.secret_key,
        "S3_PREFIX": f"t{secrets.token_hex(6)}",
    }


@pytest.fixture
def local_place(tmp_path, monkeypatch) -> Place:
    return Place("local", move_in(describe_place("local", tmp_path, {"STORAGE": "local"}, monkeypatch), monkeypatch))


@pytest.fixture
def s3_place(tmp_path, monkeypatch, object_storage) -> Place:
    environment = s3_environment(object_storage)
    made = move_in(describe_place("s3", tmp_path, environment, monkeypatch), monkeypatch)
    return Place("s3", made, object_storage, environment["S3_PREFIX"])


@pytest.fixture(params=["local", "s3"])
def place(request) -> Place:
    """Each place in turn: what holds for the one must hold for the other."""
    return request.getfixturevalue(f"{request.param}_place")
