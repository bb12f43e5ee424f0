"""The engine that this installation uses, one instance a process."""

from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Engine

_engines: dict[tuple[str, str], Engine] = {}


def get_engine() -> Engine:
    """The engine that `settings.SEARCH` names, over the folder that it names."""
    key = (settings.SEARCH["ENGINE"], str(settings.SEARCH["DIR"]))
    if key not in _engines:
        _engines[key] = import_string(key[0])(Path(key[1]))
    return _engines[key]


def reset() -> None:
    """Forget the engine of this process, so that a test gets one for its own folder."""
    _engines.clear()
