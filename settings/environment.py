"""Reads the environment once: the .env file, the data folder and the secret that is made there when none is given."""

import secrets
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()


def secret_key() -> str:
    """The secret of SECRET_KEY, else one that is made once and kept in DATA_DIR, readable by its owner alone.

    An embedded museum needs no set-up that way; `settings.production` insists on SECRET_KEY instead.
    """
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        # "x" makes two processes that start together agree: the second one reads what the first one wrote.
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()
