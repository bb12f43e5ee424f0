"""Which storage holds which files: private folders below DATA_DIR, or one S3-compatible bucket by prefixes."""

from pathlib import Path

import environ

STATIC = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
KINDS = {"default": "Originals", "derivatives": "Derivatives", "renditions": "Renditions"}
"""Django's alias → what the storage is called in `media_assets`; its folder or prefix is the same in lower case."""


def storages(env: environ.Env, data_dir: Path) -> dict:
    """Django's STORAGES: S3 when S3_BUCKET is set, folders otherwise. Static files stay local either way."""
    if env.str("S3_BUCKET", default=""):
        files = {alias: _bucket(env, kind) for alias, kind in KINDS.items()}
    else:
        files = {alias: _folder(data_dir, kind) for alias, kind in KINDS.items()}
    return files | {"staticfiles": STATIC}


def _folder(data_dir: Path, kind: str) -> dict:
    return {
        "BACKEND": f"media_assets.storage.Local{kind}",
        "OPTIONS": {"location": data_dir / "media" / kind.lower()},
    }


def _bucket(env: environ.Env, kind: str) -> dict:
    options = {
        "bucket_name": env.str("S3_BUCKET"),
        "location": kind.lower(),
        "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
        "region_name": env.str("S3_REGION", default="us-east-1"),
        "addressing_style": env.str("S3_ADDRESSING", default="auto"),
        # The library's default is the old version 2, which no current server ought to accept.
        "signature_version": "s3v4",
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": True,  # names are random keys of ours: asking first would only cost a request
    }
    for option, name in (("access_key", "S3_ACCESS_KEY"), ("secret_key", "S3_SECRET_KEY")):
        if env.str(name, default=""):
            options[option] = env.str(name)
    return {"BACKEND": f"media_assets.storage_s3.S3{kind}", "OPTIONS": options}
