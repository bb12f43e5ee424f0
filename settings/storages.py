"""Which storage holds which files: folders below DATA_DIR, or one or two S3-compatible buckets.

STORAGE=local or s3 chooses; both are described (`BACKENDS` in settings), so that `move_storage` can carry files from
the one to the other. Without S3_BUCKET the second is the server that `make serve STORAGE=s3` starts on this machine.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ

STATIC = {"BACKEND": "archive.style_sheets.SheetsTogetherStorage"}
KINDS = {"default": "Originals", "derivatives": "Derivatives", "renditions": "Renditions", "public": "Public"}
"""Django's alias → what the storage is called in `media_assets`; its folder or prefix is the same in lower case."""


def chosen(env: environ.Env) -> str:
    """ "local" or "s3"."""
    return env.str("STORAGE", default="") or ("s3" if env.str("S3_BUCKET", default="") else "local")


def backends(env: environ.Env, data_dir: Path) -> dict[str, dict]:
    """Django's STORAGES without the static files, once for each place where files may lie."""
    base = env.str("MEDIA_PUBLIC_URL", default="").rstrip("/")
    described = {"local": {alias: _folder(data_dir, kind, base) for alias, kind in KINDS.items()}}
    if env.str("S3_BUCKET", default="") or chosen(env) == "s3":
        options = _s3_options(env, data_dir)
        described["s3"] = {alias: _bucket(env, kind, options, base) for alias, kind in KINDS.items()}
    return described


def browser_origins(backend: dict[str, dict]) -> list[str]:
    """Where browsers fetch files besides the site itself, for the content-security policy."""
    addresses = []
    for options in (description["OPTIONS"] for description in backend.values()):
        if options.get("delivery") == "redirect":
            addresses.append(_bucket_address(options))
        if options.get("public_base_url"):
            addresses.append(options["public_base_url"])
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in addresses})


def _folder(data_dir: Path, kind: str, base: str) -> dict:
    options = {"location": data_dir / "media" / kind.lower()}
    if kind == "Public" and base:
        options["public_base_url"] = base
    return {"BACKEND": f"media_assets.storage.Local{kind}", "OPTIONS": options}


def _s3_options(env: environ.Env, data_dir: Path) -> dict:
    """What all four share. The embedded server's address and keys stand in for what is not given."""
    embedded = not env.str("S3_BUCKET", default="")
    own_server = embedded or bool(env.str("S3_ENDPOINT", default=""))
    key, secret = embedded_keys(data_dir) if embedded else ("", "")
    endpoint = f"http://127.0.0.1:{env.int('S3_PORT', default=8333)}" if embedded else ""
    return {
        "bucket_name": env.str("S3_BUCKET", default="") or "museum",
        "access_key": env.str("S3_ACCESS_KEY", default=key) or None,
        "secret_key": env.str("S3_SECRET_KEY", default=secret) or None,
        "endpoint_url": env.str("S3_ENDPOINT", default=endpoint) or None,
        "public_endpoint": env.str("S3_PUBLIC_ENDPOINT", default=""),
        "region_name": env.str("S3_REGION", default="us-east-1"),
        "addressing_style": env.str("S3_ADDRESSING", default="path" if own_server else "virtual"),
        "checksums": env.str("S3_CHECKSUMS", default="when_supported"),
        "patience": env.float("S3_TIMEOUT", default=20.0),
        "delivery": env.str("MEDIA_DELIVERY", default="redirect"),
        # The library's default is the old version 2, which no current server ought to accept.
        "signature_version": "s3v4",
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": True,  # names are random keys of ours: asking first would only cost a request
    }


def _bucket(env: environ.Env, kind: str, shared: dict, base: str) -> dict:
    prefix = env.str("S3_PREFIX", default="").strip("/")
    options = shared | {"location": "/".join(part for part in (prefix, kind.lower()) if part)}
    if kind == "Public":
        options["bucket_name"] = env.str("S3_PUBLIC_BUCKET", default="") or shared["bucket_name"]
        options["public_base_url"] = base or f"{_bucket_address(options)}/{options['location']}"
    return {"BACKEND": f"media_assets.storage_s3.S3{kind}", "OPTIONS": options}


def _bucket_address(options: dict) -> str:
    """Where a browser finds the bucket: beneath the end point's host, or before it, as the addressing says."""
    bucket = options["bucket_name"]
    endpoint = options["public_endpoint"] or options["endpoint_url"]
    if not endpoint:
        region = options["region_name"]
        host = f"s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
        return f"https://{host}/{bucket}" if options["addressing_style"] == "path" else f"https://{bucket}.{host}"
    parts = urlsplit(endpoint)
    if options["addressing_style"] == "virtual":
        return f"{parts.scheme}://{bucket}.{parts.netloc}"
    return f"{parts.scheme}://{parts.netloc}/{bucket}"


def embedded_keys(data_dir: Path) -> tuple[str, str]:
    """The keys of the embedded server, made once and readable by their owner alone."""
    path = data_dir / "object-storage" / "keys"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or not path.read_text().strip():
        # Whole or not at all; of two processes that start together the first one's stays.
        own = path.with_name(f"keys.{secrets.token_hex(4)}")
        own.touch(mode=0o600)
        own.write_text(f"museum {secrets.token_urlsafe(30)}")
        if path.exists() and not path.read_text().strip():
            path.unlink(missing_ok=True)
        with suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    key, secret = path.read_text().split()
    return key, secret
