"""Simplified Chinese shown in traditional characters: of a text, and of the words of an HTML page. Pure.

The tables are OpenCC's: phrases, characters and the forms of Hong Kong, which are nearest to the mainland's own
traditional standard (裏, 為, 着). One simplified character stands for several traditional ones, so the longest phrase
known decides; names come first, from a list that the museum keeps. For display alone: nothing converted is stored.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


def _pairs(table: str) -> Iterator[tuple[str, list[str]]]:
    lines = (resources.files("opencc") / "dictionary" / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        simplified, _tab, forms = line.partition("\t")
        if forms:
            yield simplified, forms.split()


class Conversion:
    """A reading of the tables with the museum's own words on top. Words of any length; the longest one wins, and
    among equals the museum's."""

    def __init__(self, words: Mapping[str, str] | None = None):
        characters, phrases = _tables()
        own = dict(words or {})
        self._characters = characters | {word: form for word, form in own.items() if len(word) == 1}
        self._phrases = phrases
        self._own = {word: form for word, form in own.items() if len(word) > 1}
        self._reach = _reach()
        self._own_reach: dict[str, int] = {}
        for word in self._own:
            self._own_reach[word[:2]] = max(len(word), self._own_reach.get(word[:2], 0))

    def convert(self, text: str) -> str:
        """`text` in traditional characters. What holds traditional characters and no simplified one is left as it
        is: it is traditional already, and 三里 in it means 三里."""
        if text.isascii() or is_traditional(text):
            return text
        return _HAN.sub(self._run, text)

    def _run(self, found: re.Match) -> str:
        text, out, start = found[0], [], 0
        while start < len(text):
            pair = text[start : start + 2]
            longest = max(self._reach.get(pair, 1), self._own_reach.get(pair, 1))
            for length in range(min(longest, len(text) - start), 1, -1):
                word = text[start : start + length]
                form = self._own.get(word) or self._phrases.get(word)
                if form is not None:
                    out.append(form)
                    start += length
                    break
            else:
                out.append(self._characters.get(text[start], text[start]))
                start += 1
        return "".join(out)


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Characters and phrases, with the regional forms already in them. 3 MB and 0.1 s, once a process."""
    regional = str.maketrans({simple: forms[0] for simple, forms in _pairs("HKVariants")})
    characters = {simple: forms[0].translate(regional) for simple, forms in _pairs("STCharacters")}
    characters |= {simple: forms[0] for simple, forms in _pairs("HKVariants") if simple not in characters}
    phrases = {simple: forms[0].translate(regional) for simple, forms in _pairs("STPhrases")}
    phrases |= {form: forms[0] for form, forms in _pairs("HKVariantsPhrases")}
    return characters, phrases


@cache
def _reach() -> dict[str, int]:
    """The length of the longest phrase that begins with each two characters."""
    reach: dict[str, int] = {}
    for word in _tables()[1]:
        pair = word[:2]
        if len(word) > reach.get(pair, 0):
            reach[pair] = len(word)
    return reach


@cache
def _telling() -> tuple[re.Pattern, re.Pattern]:
    """Characters that only simplified text has, and those that only traditional text has."""
    to_traditional = dict(_pairs("STCharacters"))
    simplified = {one for one, forms in to_traditional.items() if one not in forms}
    traditional = {
        one for one, forms in _pairs("TSCharacters") if one not in forms and one not in to_traditional
    }  # fmt: skip
    return tuple(re.compile(f"[{''.join(map(re.escape, sorted(found)))}]") for found in (simplified, traditional))


def is_traditional(text: str) -> bool:
    """Whether a text holds traditional characters and no simplified one."""
    simplified, traditional = _telling()
    return traditional.search(text) is not None and simplified.search(text) is None


def simplified_of(text: str) -> str:
    """A traditional name in simplified characters, one for one."""
    return text.translate(_to_simplified())


@cache
def _to_simplified() -> dict[int, str]:
    return str.maketrans({one: forms[0] for one, forms in _pairs("TSCharacters")})


def words_of_names(names: Mapping[str, list[str]]) -> dict[str, str]:
    """The words of a list that names teach: of each name, another name of the same thing that differs in the script
    alone. 栖澜县 that is also called 棲瀾縣 is shown so."""
    found = {}
    for name, others in names.items():
        for other in others:
            if len(name) > 1 and len(other) == len(name) and other != name and simplified_of(other) == name:
                found[name] = other
                break
    return found


def read_words(lines: str) -> dict[str, str]:
    """A word list as editors write it: 「于谦=于謙」 a line; a word alone stays as it is."""
    found = {}
    for line in lines.splitlines():
        word, _equals, form = (part.strip() for part in line.replace("＝", "=").partition("="))
        if word and not word.startswith("#"):
            found[word] = form or word
    return found


# --- HTML -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"<!--.*?-->|<!\w[^>]*>"
    r"|<(?P<raw>script|style|code|pre|textarea|svg)\b(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>.*?</(?P=raw)\s*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_LANG = re.compile(r"""(\slang=)(["'])([^"']*)\2""", re.IGNORECASE)
_NO_TRANSLATION = re.compile(r"""\stranslate=["']?no\b""", re.IGNORECASE)
_SHOWN = re.compile(r"""(\s(?:alt|title|aria-label|placeholder)=)("[^"]*"|'[^']*')""", re.IGNORECASE)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_FROM, _INTO = "zh-Hans", "zh-Hant"


def convert_html(html: str, conversion: Conversion) -> str:
    """An HTML page in traditional characters: its text and what `alt`, `title`, `aria-label` and `placeholder` say,
    wherever the language in force is zh-Hans (and is then declared zh-Hant). Scripts, code, addresses, field values,
    text in any other language and what is marked translate="no" stay as they are."""
    return "".join(_pieces(html, conversion))


def _pieces(html: str, conversion: Conversion) -> Iterator[str]:
    open_elements: list[tuple[str, bool]] = []
    active, position = False, 0
    for token in _TOKEN.finditer(html):
        text = html[position : token.start()]
        yield conversion.convert(text) if active else text
        position = token.end()
        name = (token["name"] or "").lower()
        if not name:
            yield token[0]
        elif token["close"]:
            active = _close(open_elements, name, active)
            yield token[0]
        else:
            inside = _language_inside(token["attributes"], active)
            yield _opened(token[0], conversion) if inside else token[0]
            if name not in _VOID and not token["attributes"].endswith("/"):
                open_elements.append((name, active))
                active = inside
    yield html[position:]


def _language_inside(attributes: str, active: bool) -> bool:
    declared = _LANG.search(attributes) if "lang" in attributes else None
    inside = declared[3] == _FROM if declared else active
    return inside and not ("translate" in attributes and _NO_TRANSLATION.search(attributes))


def _opened(tag: str, conversion: Conversion) -> str:
    if tag.isascii() and "lang" not in tag:
        return tag
    tag = _LANG.sub(rf"\1\2{_INTO}\2", tag)
    return _SHOWN.sub(lambda found: found[1] + conversion.convert(found[2]), tag)


def _close(open_elements: list[tuple[str, bool]], name: str, active: bool) -> bool:
    """Whether conversion is in force after an end tag; one that nothing opened changes nothing."""
    if not any(opened == name for opened, _outside in open_elements):
        return active
    while open_elements:
        opened, outside = open_elements.pop()
        if opened == name:
            return outside
    return active
