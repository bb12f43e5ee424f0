"""The language of the search box: what a reader typed, as clauses for an engine. Nothing that can be typed is an error.

==================  ======================================================
虎门 炮台            both must occur; 、，； separate words too
"虎门 炮台"          exactly this; 「…」 『…』 “…” do the same
-鸦片               must not occur
旱|涝               one of the two
(旱|亢旱|不雨)       the same, within other words
标题:龙舟            in a title; 人物: and 地名: likewise
==================  ======================================================
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from . import registry
from .engines.base import Clause
from .text.folding import fold
from .text.tokens import pieces

MAX_LENGTH = 200  # characters
MAX_TERMS = 10
MAX_ALTERNATIVES = 12

# All of this reads folded text, where full-width quotes, brackets, bars, colons and commas are ASCII ones. A comma
# between digits is part of a number; the ideographic comma and the like stand between words as white space does.
_FIELDS = {
    **dict.fromkeys(("标题", "题名", "title"), "title"),
    **dict.fromkeys(("人物", "人名", "person"), "people"),
    **dict.fromkeys(("地名", "地点", "地方", "place"), "place_names"),
}
_QUOTED = r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』'
_IN_BRACKETS = r"\([^()]*\|[^()]*\)"
_GROUP = r"\((?P<group>[^()]*\|[^()]*)\)"
_BARE = rf'(?P<bare>(?:(?!{_IN_BRACKETS})[^\s"“”「」『』、;,|]|(?<=\d),(?=\d))+)'
_TOKEN = re.compile(
    rf"(?P<bar>\|)|(?P<minus>[-−](?=[^\s-]))?(?:(?P<field>{'|'.join(_FIELDS)}):\s*(?=[^\s|]))?(?:{_QUOTED}|{_GROUP}|{_BARE})"
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Added:
    """What was looked for besides a word that was typed, because it names the same place."""

    typed: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for. `clauses` must all hold, `terms` are the folded texts that make a document a hit, for
    marking them; `notices` say what was left out, `added` what was put in."""

    text: str
    terms: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    notices: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    exact: frozenset[str] = frozenset()

    @property
    def asks_nothing(self) -> bool:
        """Whether something was typed that holds nothing to look for."""
        return bool(self.text) and not self.clauses


def parse(text: str) -> Query:
    """What `text` asks for. Nothing that can be typed is an error.

    Punctuation inside a word stands for any punctuation or none. At most `MAX_LENGTH` characters, `MAX_TERMS`
    words and `MAX_ALTERNATIVES` alternatives of each count, and a notice says so when more were typed. A mark
    without its partner means nothing.
    """
    text = " ".join(_UNPRINTABLE.sub(" ", text).split())
    notices = []
    if len(text) > MAX_LENGTH:
        notices.append(_("检索词太长，只用了前 %(count)d 个字。") % {"count": MAX_LENGTH})
        text = text[:MAX_LENGTH].rstrip()
    exact: set[str] = set()
    clauses = list(dict.fromkeys(_clauses(fold(text), exact)))
    if len(clauses) > MAX_TERMS:
        notices.append(_("检索词太多，只用了前 %(count)d 个。") % {"count": MAX_TERMS})
        clauses = clauses[:MAX_TERMS]
    if any(len(clause.texts) > MAX_ALTERNATIVES for clause in clauses):
        notices.append(_("同义词太多，每组只用了前 %(count)d 个。") % {"count": MAX_ALTERNATIVES})
        clauses = [replace(clause, texts=clause.texts[:MAX_ALTERNATIVES]) for clause in clauses]
    if text and not clauses:
        notices.append(_("输入的只有标点符号，没有可以检索的文字。"))
    return Query(text, _terms(clauses), tuple(clauses), tuple(notices), exact=frozenset(exact))


def expand(query: Query) -> Query:
    """`query` with the other names of the places that it names: 宝安 also finds what says 东莞, where that is so.

    Words between quotation marks and words that must not occur are left as they are.
    """
    typed = [clause.texts[0] for clause in query.clauses if _expandable(clause, query.exact)]
    names = registry.expansions_of(typed) if typed else {}
    added, clauses = [], []
    for clause in query.clauses:
        others = names.get(clause.texts[0], ()) if _expandable(clause, query.exact) else ()
        folded = tuple(dict.fromkeys(map(fold, others)))[: MAX_ALTERNATIVES - 1]
        if folded:
            added.append(Added(clause.texts[0], tuple(others[: MAX_ALTERNATIVES - 1])))
            clause = replace(clause, texts=clause.texts + folded)
        clauses.append(clause)
    return replace(query, terms=_terms(clauses), clauses=tuple(clauses), added=tuple(added))


def _expandable(clause: Clause, exact: frozenset[str]) -> bool:
    return not clause.excluded and len(clause.texts) == 1 and clause.texts[0] not in exact and clause.field != "people"


def _terms(clauses: list[Clause]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for clause in clauses if not clause.excluded for text in clause.texts))


def _clauses(folded: str, exact: set[str]) -> Iterator[Clause]:
    """The clauses in the order in which they were typed; what stands on both sides of a bar is one clause."""
    pending: Clause | None = None
    joining = False
    for match in _TOKEN.finditer(folded):
        if match["bar"]:
            joining = pending is not None
            continue
        clause = _clause(match, exact)
        if clause is None:
            continue
        if joining and clause.excluded == pending.excluded:
            pending = replace(pending, texts=tuple(dict.fromkeys(pending.texts + clause.texts)))
        else:
            if pending is not None:
                yield pending
            pending = clause
        joining = False
    if pending is not None:
        yield pending


def _clause(match: re.Match, exact: set[str]) -> Clause | None:
    """One word, quotation or group; None when there is no character in it that could be looked for."""
    if match["group"] is not None:
        texts = [part.strip('"“”「」『』 ') for part in match["group"].split("|")]
    elif match["bare"] is not None:
        texts = [match["bare"]]
    else:
        quoted = next(group for group in match.groups()[3:7] if group is not None).strip()
        texts = [quoted]
        exact.add(quoted)
    texts = tuple(dict.fromkeys(text for text in texts if _says_something(text)))
    if not texts:
        return None
    return Clause(texts, _FIELDS.get(match["field"], ""), excluded=bool(match["minus"]))


def _says_something(text: str) -> bool:
    return any(kind != "stop" for kind, _text in pieces(text))
