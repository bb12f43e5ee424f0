"""What is offered while a reader types: titles, places and people, by characters, pinyin or initials.

They come from the same index as the results, so that they appear and vanish with what they name, in one commit. The
index knows what was public when it was made; the database is asked once more before anything is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from . import registry
from .documents import split_ref
from .engines import get_engine
from .engines.base import Suggestion
from .text.pinyin import LONGEST_PINYIN, compact, sounds_like

LIMIT = 8
_SURPLUS = 3  # how many times as many are looked at, since some may be gone or say the same


@dataclass(frozen=True, slots=True)
class Offer:
    """A title that is offered, what it is, and where it leads."""

    title: str
    kind_label: str
    url: str


def offers(typed: str, limit: int = LIMIT) -> list[Offer]:
    """What begins as `typed` does, the public's view of it. Raises IndexUnavailableError."""
    asked = compact(typed)[:LONGEST_PINYIN]
    return _shown(get_engine().suggest(asked, _SURPLUS * limit), limit) if asked else []


def sounding_alike(typed: str, limit: int = 4) -> list[Offer]:
    """Titles that are pronounced as `typed` is, or begin with it in pinyin: for a wrong character of the right sound.

    Raises IndexUnavailableError.
    """
    asked = (sounds_like(typed) or compact(typed))[:LONGEST_PINYIN]
    return _shown(get_engine().suggest(asked, _SURPLUS * limit), limit) if asked else []


def _shown(suggestions: Sequence[Suggestion], limit: int) -> list[Offer]:
    """Those that anybody may see now, each title of a kind once."""
    ids: dict[str, list[int]] = {}
    for suggestion in suggestions:
        source, object_id = split_ref(suggestion.ref)
        ids.setdefault(source, []).append(object_id)
    known = registry.sources()
    public = {source: registry.public(source, found) for source, found in ids.items() if source in known}
    kinds = registry.kinds()
    offered: dict[tuple[str, str], Offer] = {}
    for suggestion in suggestions:
        source, object_id = split_ref(suggestion.ref)
        if object_id in public.get(source, ()):
            offer = Offer(suggestion.title, kinds.get(suggestion.kind, suggestion.kind), suggestion.url)
            offered.setdefault((offer.title, offer.kind_label), offer)
    return list(offered.values())[:limit]
