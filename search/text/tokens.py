"""How folded text is cut into what the index holds: overlapping pairs of characters, with the gaps kept.

Chinese has no spaces, and a dictionary that guesses words loses the rare ones; overlapping pairs lose none.
A run of Han characters 吴县人物 gives the pairs 吴县 县人 人物, one position each. A word of letters or digits
is a token of its own and takes two positions, the second for the pair it makes with the character after it,
so that 1978年 is found as exactly that. Punctuation ends a run and leaves a `GAP`, which the index drops while
it keeps the position. White space does not end a run: where a line of print broke says nothing.
"""

import re
from operator import add

GAP = "_"  # not a letter, so never a token of a text
AHEAD = "+"  # before a token that lies in what follows a text; not a letter either
LONGEST_WORD = 64  # longer ones are cut: a line of noise is not a word
# Bumped when the tokens of a text change: part of the fingerprint of an index.
TOKENS_VERSION = 2

# Scripts whose characters stand for themselves: Han with its extensions, radicals and strokes, 々〆〇〻, kana,
# bopomofo, Hangul, Yi (彝文), and private-use characters, which stand for Han that has no code point.
HAN = (
    "\u3005-\u3007\u303b\u2e80-\u2fd5\u3041-\u3096\u30a1-\u30fa\u30fc-\u312f\u3131-\u318e\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\ua48c\uac00-\ud7a3\ue000-\ufaff\U00020000-\U0003fffd\U000f0000-\U0010fffd"
)
# Accents, joiners, soft hyphens and variation selectors: seen by nobody, so they count for nothing.
UNSEEN = "\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
# A letter or digit of any other script, or a vowel sign that belongs to one (Tibetan, Thai).
LETTER = rf"[^\W_{HAN}{UNSEEN}]|[\u0e31-\u0e4e\u0f35-\u0f39\u0f71-\u0f87\u0f90-\u0fbc]"

_UNSEEN = re.compile(f"[{UNSEEN}]+")
_PIECE = re.compile(rf"(?P<han>[{HAN}]+(?:\s+[{HAN}]+)*)|(?P<word>(?:{LETTER})+)|(?P<stop>\S)")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")


def pair_tokens(folded: str) -> list[str]:
    """The tokens of folded text in order, one a position; `GAP` marks a position without a token."""
    tokens: list[str] = []
    open_piece = ""  # what the next piece pairs with: a Han character or a word; empty at the start of a run
    for kind, text in pieces(folded):
        if kind == "han":
            if open_piece:
                tokens.append(open_piece + text[0])
            tokens += map(add, text, text[1:])
            open_piece = text[-1]
        elif kind == "stop":
            if open_piece:
                tokens.append(GAP)
            open_piece = ""
        else:
            if open_piece:
                tokens.append(open_piece + text if _HAN_CHARACTER.match(open_piece) else GAP)
            tokens.append(text)
            open_piece = text
    if open_piece:
        tokens.append(GAP)
    return tokens


def continued_tokens(folded: str, continuation: str) -> list[str]:
    """The tokens of a text and of how it goes on elsewhere, the latter with `AHEAD` before each.

    A pair that reaches over the end of the text is one of its own. So words that begin in the text and end in the
    continuation are tokens of the text followed by tokens ahead, and no others are: see `crossings`.
    """
    own = pair_tokens(folded)
    if not continuation:
        return own
    # The line break keeps two words of letters apart and two Han characters together.
    tokens = pair_tokens(f"{folded}\n{continuation}")
    return tokens[: len(own)] + [token if token == GAP else AHEAD + token for token in tokens[len(own) :]]


def crossings(tokens: list[str]) -> list[list[str]]:
    """The ways in which the tokens of a phrase can begin in a text and end in its continuation."""
    ways = []
    for split in range(1, len(tokens)):
        if any(token != GAP for token in tokens[:split]) and any(token != GAP for token in tokens[split:]):
            ahead = [token if token == GAP else AHEAD + token for token in tokens[split:]]
            ways.append(tokens[:split] + ahead)
    return ways


def pieces(folded: str):
    """The pieces of folded text as (kind, text): runs of "han", whole "word"s, and "stop"s that end a run."""
    visible = _UNSEEN.sub("", folded)
    for match in _PIECE.finditer(visible):
        kind = match.lastgroup
        text = match.group()
        if kind == "han":
            if not text.isalpha():  # white space within, or private-use characters
                text = "".join(text.split())
        elif kind == "word":
            text = text[:LONGEST_WORD]
        yield kind, text


def single_tokens(folded: str) -> list[str]:
    """Every Han character of folded text, for queries of one character."""
    return list("".join(_HAN_RUN.findall(folded)))


def lone_characters(folded: str) -> list[str]:
    """The Han characters that no token of `pair_tokens` holds: those that stand alone between stops."""
    lone: list[str] = []
    run: list[str] = []
    for kind, text in (*pieces(folded), ("stop", "")):
        if kind != "stop":
            run.append(text)
            continue
        if len(run) == 1 and len(run[0]) == 1 and _HAN_CHARACTER.match(run[0]):
            lone.append(run[0])
        run = []
    return lone
