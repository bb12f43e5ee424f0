"""Addresses in ASCII: proposed from the pinyin of a Chinese title, never one of the words that the site needs."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from search.text.folding import fold

RESERVED = frozenset(
    {
        "s",
        "p",
        "id",
        "iiif",
        "oai",
        "api",
        "feeds",
        "search",
        "admin",
        "media",
        "static",
        "documents",
        "en",
        "saved",
        "script",
        "cite",
        "qr",
        "contribute",
        "share",
    }
)
"""Path parts with a meaning of their own: addresses of sections and leaves, of machines, of languages."""

MAX_LENGTH = 80


def refuse_reserved(slug: str) -> None:
    if slug in RESERVED:
        raise ValidationError(_("“%(slug)s”是系统保留的网址名，请换一个。"), params={"slug": slug})


SLUG_VALIDATORS = [
    RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("只能用小写字母、数字和连字符，例如 qilan-xianzhi。")),
    refuse_reserved,
]


def _read_aloud(title: str) -> list[str]:
    """The syllables of a title. Read in simplified characters: the table of readings by phrase is written in them."""
    return lazy_pinyin(fold(title))


def propose_slug(title: str) -> str:
    """A slug from a title: 《棲瀾縣志》 gives ``qi-lan-xian-zhi``. Cut at a syllable; ``item`` when nothing is left."""
    syllables = slugify("-".join(_read_aloud(title[:200]))).split("-")
    slug = ""
    for syllable in filter(None, syllables):
        if len(slug) + 1 + len(syllable) > MAX_LENGTH - 5:  # room for "-1234"
            break
        slug = f"{slug}-{syllable}" if slug else syllable
    return slug or "item"


def sort_key(title: str) -> str:
    """What a title is sorted by: its pinyin by phrases, so that 长安 sorts under Cháng; marks and case left out."""
    return " ".join(filter(None, (slugify(syllable) for syllable in _read_aloud(title[:80]))))[:160]


def fill_slug(title: str, taken: Callable[[str], bool]) -> str:
    """A proposed slug that is neither reserved nor taken, numbered when it must be."""
    base = candidate = propose_slug(title)
    number = 1
    while candidate in RESERVED or taken(candidate):
        number += 1
        candidate = f"{base}-{number}"
    return candidate
