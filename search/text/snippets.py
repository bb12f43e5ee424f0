"""The words that were found, shown in their place: the best passage of a text with the hits marked."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from .folding import fold
from .tokens import HAN, LETTER, LONGEST_WORD, UNSEEN, pieces

# A text longer than this is marked at its beginning alone: a hit is one passage, and a passage is not a book.
_LONGEST_TEXT = 200_000
_MOST_MATCHES = 500
_LEAD = 0.25  # the share of the window that stands before the first hit
_LONGEST_WORD_TAIL = 24  # how far a window is moved so that it does not cut a word of letters

_BETWEEN = rf"[\s{UNSEEN}]*"
_ANY_STOPS = rf"(?:[^{HAN}\w]|_)*"
_SENTENCE_END = re.compile("[。！？；\n]")
_WIDE = rf"[{HAN}\u3001-\u303f\uff00-\uffef]"
_SPACE_BETWEEN_HAN = re.compile(rf"(?<={_WIDE})\s+(?={_WIDE})")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LETTERS = re.compile(rf"(?:{LETTER})+")


def snippet(text: str, terms: Sequence[str], width: int = 120) -> str:
    """The passage of `text`, about `width` characters, that shows most of `terms`, as safe HTML.

    `terms` are folded. The characters shown are the original ones; white space is closed up; what was found
    stands in `<mark>`, and an ellipsis stands where the passage was cut. Without a hit it is the beginning.
    """
    if not text or width < 1:
        return ""
    text = text[:_LONGEST_TEXT]
    matches = _matches(fold(text), terms)
    start = _window_start(text, matches, width)
    end = min(len(text), start + width)
    start, end = _whole_words(text, start, end)
    shown = _tidy(text[start:end])
    return ("…" if text[:start].strip() else "") + highlight(shown, terms) + ("…" if text[end:].strip() else "")


def highlight(text: str, terms: Sequence[str]) -> str:
    """The whole of `text` as safe HTML, with every occurrence of the folded `terms` in `<mark>`."""
    pieces_of_html, at = [], 0
    for start, end in occurrences(text, terms):
        pieces_of_html += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*pieces_of_html, escape(text[at:])])


def occurrences(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where the folded `terms` occur in `text`: half-open ranges in their order, none of which touch. It is what
    `highlight` marks, for whoever shows a text by other means than one string."""
    return [(start, end) for start, end, _term in _merged(_matches(fold(text), terms))]


def _matches(folded: str, terms: Iterable[str]) -> list[tuple[int, int, int]]:
    """Where the terms occur, as (start, end, number of the term), in the order of the text."""
    found = []
    for number, term in enumerate(terms):
        pattern = _pattern(term)
        if pattern is None:
            continue
        for count, match in enumerate(pattern.finditer(folded)):
            if count == _MOST_MATCHES:
                break
            found.append((match.start(), match.end(), number))
    return sorted(found)


@lru_cache(maxsize=256)
def _pattern(term: str) -> re.Pattern | None:
    """What `term` looks like in folded text; the counterpart of the positions in `tokens.pair_tokens`."""
    parts: list[str] = []
    for kind, text in pieces(term):
        if kind == "stop":
            if parts and parts[-1] != _ANY_STOPS:
                parts.append(_ANY_STOPS)
            continue
        if parts and parts[-1] != _ANY_STOPS:
            parts.append(_BETWEEN)
        letters = rf"[{UNSEEN}]*".join(map(re.escape, text))
        if kind == "word":
            ending = "" if len(text) == LONGEST_WORD else rf"[{UNSEEN}]*(?!{LETTER})"
            parts.append(rf"(?<!{LETTER}){letters}{ending}")
        else:
            parts.append(_BETWEEN.join(map(re.escape, text)))
    while parts and parts[-1] == _ANY_STOPS:
        parts.pop()
    return re.compile("".join(parts)) if parts else None


def _window_start(text: str, matches: list[tuple[int, int, int]], width: int) -> int:
    """Where the window begins that holds most different terms, then most hits; the first of the best.

    It begins with a sentence where one begins shortly before the hit.
    """
    if not matches:
        return 0
    reach = int(width * (1 - _LEAD))
    starts = [start for start, _end, _term in matches]
    best, best_value = 0, (0, 0)
    for index, (start, _end, _term) in enumerate(matches[: 2 * _MOST_MATCHES]):
        inside = matches[index : bisect_left(starts, start + reach)]
        value = (len({term for _s, end, term in inside if end <= start + width}), len(inside))
        if value > best_value:
            best, best_value = start, value
    start = max(0, best - int(width * _LEAD))
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, start, best)] if start else []
    return sentences[-1] if sentences else start


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The window widened so that neither end cuts a word of letters, unless the word is absurdly long."""
    for match in _LETTERS.finditer(text, max(0, start - _LONGEST_WORD_TAIL), end + _LONGEST_WORD_TAIL):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
    return start, end


def _merged(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Overlapping and touching hits as one, so that marks never nest."""
    merged: list[tuple[int, int, int]] = []
    for start, end, term in matches:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, term))
    return merged


def _tidy(passage: str) -> str:
    """The passage on one line: no breaks inside Chinese, single spaces elsewhere, no control characters."""
    closed = _SPACE_BETWEEN_HAN.sub("", _CONTROL.sub(" ", passage))
    return _SPACES.sub(" ", closed).strip()
