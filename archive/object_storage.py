"""A real S3-compatible server on this machine, for `make serve STORAGE=s3` and for the tests: SeaweedFS from a wheel.

Not for production: one process, one disk, loopback only (its inner ports read and delete without asking).
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PARTS = ("master", "volume", "filer", "s3", "admin")
SEALED = "127.0.0.1"


class ServerMissingError(RuntimeError):
    """The server's wheel is not installed."""


def weed_command() -> str:
    """The server's program, from the running interpreter's environment. Raises ServerMissingError."""
    found = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise ServerMissingError("未安装对象存储程序：pip install -r requirements-s3.txt")
    return found


def free_ports(count: int) -> list[int]:
    """So many ports that nobody listens on, each with the one ten thousand above it free as well (its gRPC twin)."""
    found: list[int] = []
    while len(found) < count:
        with socket.socket() as probe:
            probe.bind((SEALED, 0))
            port = probe.getsockname()[1]
        if port not in found:
            found.append(port)
    return found


@dataclass
class ObjectStorageServer:
    """One server with one bucket, of which only `public/` may be read unsigned. `start()` returns when a file can be
    put and fetched; `stop()` ends it. `origin` is the site whose pages may upload (CORS)."""

    folder: Path
    access_key: str
    secret_key: str
    port: int = 0
    bucket: str = "museum"
    origin: str = "http://127.0.0.1:8000"
    prefix: str = ""
    process: subprocess.Popen | None = None
    _root: tuple[str, str] = field(default_factory=lambda: ("root", secrets.token_urlsafe(24)))

    @property
    def endpoint(self) -> str:
        return f"http://{SEALED}:{self.port}"

    def start(self, patience: float = 60.0) -> None:
        """Raises ServerMissingError, or RuntimeError with the end of its log when it does not come up."""
        weed = weed_command()
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(1)[0]
        identities = self.folder / "identities.json"
        identities.touch(mode=0o600)
        identities.write_text(json.dumps(self._identities()))
        self._log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(  # noqa: S603 -- our own program and arguments
            [weed, *self._arguments(identities)],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HOME": str(self.folder), "GOMEMLIMIT": "400MiB"},
            start_new_session=True,
        )
        try:
            self._wait(time.monotonic() + patience)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, and what it leaves in the temporary folder."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
        self._log.close()
        for port in self._grpc_ports:
            for left in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-grpc-{port}.sock"):
                left.unlink(missing_ok=True)

    def _identities(self) -> dict:
        def identity(name: str, key: str, secret: str, actions: list[str]) -> dict:
            return {"name": name, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}

        app = [f"{action}:{self.bucket}" for action in ("Read", "Write", "List", "Tagging")]
        return {
            "identities": [
                identity("root", *self._root, ["Admin"]),
                identity("museum", self.access_key, self.secret_key, app),
            ]
        }

    def _arguments(self, identities: Path) -> list[str]:
        ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True)) | {"s3": self.port}
        grpc = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
        self._grpc_ports = list(grpc.values())
        listening = [f"-{part}.port={port}" for part, port in ports.items()]
        listening += [f"-{part}.port.grpc={port}" for part, port in grpc.items()]
        return [
            "-logtostderr=true",
            "mini",
            f"-dir={self.folder / 'data'}",
            f"-ip={SEALED}",
            f"-ip.bind={SEALED}",
            "-master.telemetry=false",
            f"-s3.config={identities}",
            "-s3.autoCreateBucket=false",
            f"-s3.allowedOrigins={self.origin}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-webdav=false",
            "-admin.ui=false",
            "-master.volumeSizeLimitMB=64",
            *listening,
        ]

    def _wait(self, deadline: float) -> None:
        """Its own health page says "ready" seconds too early: what counts is that a file comes back."""
        client = self.root_client()
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"对象存储没有启动：\n{self._end_of_log()}")
            try:
                self._prepare(client)
                client.put_object(Bucket=self.bucket, Key="readiness", Body=b"ready")
                if client.get_object(Bucket=self.bucket, Key="readiness")["Body"].read() == b"ready":
                    client.delete_object(Bucket=self.bucket, Key="readiness")
                    return
            except (BotoCoreError, ClientError):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"对象存储没有及时启动：\n{self._end_of_log()}") from None
            time.sleep(0.2)

    def root_client(self):
        """A client that may do anything, with short patience."""
        session = boto3.Session(aws_access_key_id=self._root[0], aws_secret_access_key=self._root[1])
        config = Config(
            s3={"addressing_style": "path"}, connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}
        )
        return session.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", config=config)

    def _prepare(self, client) -> None:
        """The bucket, and its one open prefix."""
        try:
            client.head_bucket(Bucket=self.bucket)
        except ClientError:
            client.create_bucket(Bucket=self.bucket)
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.bucket}/{self.prefix}public/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        client.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(policy))

    def _end_of_log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-2000:]
