"""One spelling for matching: simplified and traditional, variant, width and case fold together, length kept.

Folding works character by character and never changes the length of a text, so that an offset found in folded
text is an offset in the original. It is for matching alone: what is shown is always the original.
"""

import hashlib
import sys
import unicodedata
from functools import cache
from importlib import resources

from .variants import RADICALS, SYMBOLS, VARIANTS

# Bumped when the way of folding changes while the tables stay as they are.
_METHOD = 1
# Nothing above the third plane has a compatibility mapping.
_LAST_MAPPED = 0x2FFFF
_SURROGATES = range(0xD800, 0xE000)
# Two characters whose compatibility form is longer than one, although one character says it.
_SHORTENED = {"İ": "i", "…": ".", "‥": ".", "ŉ": "n"}


def fold(text: str) -> str:
    """The form of `text` to match by, of exactly the same length.

    Compatibility forms (full width, circled, Kangxi and PDF radicals) become plain characters, letters lose
    case and accents, traditional characters and audited variants become simplified ones, each on its own, and
    lone surrogates become U+FFFD. Folding is idempotent.
    """
    return text.translate(_table())


@cache
def folding_version() -> str:
    """A short digest of the tables: an index made under another one must be built anew."""
    digest = hashlib.sha256(f"{_METHOD} {unicodedata.unidata_version}".encode())
    for code, folded in sorted(_table().items()):
        digest.update(f"{code:x}{folded}".encode())
    return digest.hexdigest()[:16]


@cache
def _table() -> dict[int, str]:
    """Every character that folds to another one, by code point. About 12,000 entries, made once a process."""
    scripts = _script_map()
    table = {}
    for code in range(_LAST_MAPPED + 1):
        if code in _SURROGATES:
            table[code] = "\N{REPLACEMENT CHARACTER}"
            continue
        character = chr(code)
        if not (unicodedata.decomposition(character) or character in scripts or character.lower() != character):
            continue
        folded = _fold_character(character, scripts)
        if folded != character:
            table[code] = sys.intern(folded)
    return table


def _fold_character(character: str, scripts: dict[str, str]) -> str:
    """`character` folded until nothing changes any more: a variant may lead to a traditional character."""
    seen = {character}
    while True:
        plain = _plain(character)
        folded = scripts.get(plain, plain)
        if folded in seen:
            return folded
        seen.add(folded)
        character = folded


def _plain(character: str) -> str:
    """`character` without width, circle, case or accent, where one character can say it."""
    if character in _SHORTENED:
        return _SHORTENED[character]
    form = unicodedata.normalize("NFKC", character)
    if len(form) == 3 and form[0] == "(" and form[2] == ")":
        form = form[1]  # ㈠ ⑴
    if len(form) != 1:
        return character
    # Letters with accents, so that Chang'an finds Cháng'ān. Han and kana have no accents to lose.
    decomposed = unicodedata.normalize("NFD", form)
    if len(decomposed) > 1 and decomposed[0].isascii():
        form = decomposed[0]
    lowered = form.lower()
    return lowered if len(lowered) == 1 else form


@cache
def _script_map() -> dict[str, str]:
    """Traditional and variant characters to simplified ones, our own audited table first."""
    mapping: dict[str, str] = {}
    for shinjitai, kyujitai in _japanese_forms():
        mapping[shinjitai] = kyujitai
    for traditional, simplified in _dictionary("TSCharacters"):
        mapping[traditional] = simplified[0]
    for pair in (*RADICALS.split(), *SYMBOLS.split()):
        mapping[pair[0]] = pair[1]
    for entry in VARIANTS.split():
        standard, variants = entry.split(":")
        mapping |= dict.fromkeys(variants, standard)
    mapping |= dict(_rare_simplifications(mapping))
    return {source: target for source, target in mapping.items() if source != target}


def _japanese_forms():
    """Post-war Japanese forms (徳 両 戸), which old prints share; not those that mean another thing."""
    for kyujitai, forms in _dictionary("JPVariants"):
        for form in forms:
            if not _in_gb2312(form):
                yield form, kyujitai


def _rare_simplifications(mapping: dict[str, str]):
    """Simplified forms outside the common set (𧹒) whose traditional form (買) has a common one (买)."""
    for simplified, traditional in _dictionary("STCharacters"):
        if not _in_gb2312(simplified) and mapping.get(traditional[0], simplified) != simplified:
            yield simplified, traditional[0]


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _dictionary(name: str):
    """The pairs (character, its forms) of one of OpenCC's tables, single characters alone."""
    source = resources.files("opencc") / "dictionary" / f"{name}.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        key, separator, values = line.partition("\t")
        forms = [form for form in values.split() if len(form) == 1]
        if separator and len(key) == 1 and forms:
            yield key, forms
