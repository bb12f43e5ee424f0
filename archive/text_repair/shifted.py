"""GBK text that lost a byte, so that every character is made of the halves of two: 。ㄒ唬┯猩 for （一）有生.

Such runs give themselves away by characters that have no business in Chinese text (bopomofo, box drawing, kana,
ü with a tone). They are put back to bytes, read one byte later, and judged by how common the result is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from media_assets.file_errors import marked as _

from .commonness import commonness
from .damage import HAN, Damage, Kind

_TELLTALES = "\u3105-\u3129\u2500-\u254b\u3041-\u30f6ǖǘǚǜǹò\u03b1-\u03c9\u0391-\u03a9\u0410-\u044f\ue000-\uf8ff"
_NEIGHBOUR = rf"{HAN}\u3000-\u303f\uff01-\uff5e"
_TRIGGER = re.compile(rf"(?:(?<=[{_NEIGHBOUR}])|(?<=\?))[{_TELLTALES}]|[{_TELLTALES}](?=[{_NEIGHBOUR}])")
TELLTALE = re.compile(f"[{_TELLTALES}]")
_NOT_KANA = re.compile("[\u3105-\u3129\u2500-\u254b\ue000-\uf8ff]")

_LONGEST_BEFORE, _LONGEST_AFTER = 40, 400
_LOST_MARKS = "?？\ufffd"
_NUMERAL_IN_BRACKETS = re.compile(r"（?[一二三四五六七八九十百\d]{1,4}）")
_SPACE_BYTE, _OPENING_BYTE, _CLOSING_BYTE = 0xA1, 0xA8, 0xA3
_HALF_SPACE = re.compile(r"(?:[?\ufffd]|^|(?<=[\n。；：，、　]))。\Z")
_RESYNCED = re.compile(
    r"(?:(?:[?\ufffd]|(?<=[\n。；：，、　]))。[ǘㄈㄊ][?\ufffd]?|(?<![（(\u3105-\u3129])[ǘㄈㄊ][?\ufffd])(?=）)"
)
_RESYNCED_AROUND = "?\ufffd。"
_RESYNCED_AS = {"ǘ": "（二", "ㄈ": "（三", "ㄊ": "（十"}
"""（二, （三 and （十 end in a byte that begins no character, after which decoders find their way again: ?。ǘ�）."""
_MENDED = _("丢失一个字节，使其后的国标码错位，按字节复位还原。")
_UNCERTAIN = _("此处疑因丢失半个汉字而错位，请对照底本核对。")


def shifted(text: str) -> Iterator[Damage]:
    """Runs that are one byte late."""
    done = 0
    for found in _RESYNCED.finditer(text):
        yield Damage(
            Kind.SHIFTED, *found.span(), found[0], _RESYNCED_AS[found[0].strip(_RESYNCED_AROUND)], True, _MENDED
        )
    for trigger in _TRIGGER.finditer(text):
        if trigger.start() < done:
            continue
        run = _run_around(text, done, trigger.start())
        if run is None:
            continue
        damage = _damage(text, done, run)
        if damage:
            done = damage.end
            yield damage


@dataclass(frozen=True)
class _Run:
    """Characters `start` to `end` as they stand, the bytes that they are made of, and what these say one byte later,
    without the first and the last half. `gain` is how much more common that is."""

    start: int
    end: int
    data: bytes
    tail: str
    gain: int
    starts_at_edge: bool
    ends_at_edge: bool


def _run_around(text: str, lowest: int, at: int) -> _Run | None:
    first = at
    while first > max(lowest, at - _LONGEST_BEFORE) and _bytes(text[first - 1]):
        first -= 1
    last = at
    while last < min(len(text), at + _LONGEST_AFTER) and _bytes(text[last]):
        last += 1
    if not _bytes(text[at]) or last - first < 2:
        return None
    stretch = text[first:last]
    data = b"".join(_bytes(character) for character in stretch)
    later = [_decoded(data[number * 2 + 1 : number * 2 + 3]) for number in range(last - first - 1)]
    now = [commonness(character) for character in stretch]
    then = [commonness(character) if character else -4 for character in later]
    place = at - first
    if place == len(then):
        return None
    is_marked = text[first - 1 : first] in _LOST_MARKS
    begin = _best(range(place, -1, -1), lambda number: then[number] - now[number], to_edge=is_marked)
    end = 1 + _best(range(place + 1, len(stretch)), lambda number: then[number - 1] - now[number], to_edge=True)
    gain = sum(then[begin : end - 1]) - sum(now[begin:end])
    tail = "".join(letter or "" for letter in later[begin : end - 1])
    if len(tail) != end - begin - 1:
        return None
    return _Run(first + begin, first + end, data[begin * 2 : end * 2], tail, gain, begin == 0, end == len(stretch))


def _best(numbers: range, gain: Callable[[int], int], to_edge: bool) -> int:
    """How far to go so that the gains add up to most; of equals the nearest, or the farthest of all (`to_edge`)."""
    best, most, total = numbers[0], None, 0
    for number in numbers:
        total += gain(number)
        if most is None or total > most or (total == most and to_edge and number == numbers[-1]):
            best, most = number, total
        if total < most - 12:
            break
    return best


def _damage(text: str, lowest: int, run: _Run) -> Damage | None:
    common = sum(commonness(character) for character in run.tail)
    head, start, head_is_known = _head(text, lowest, run)
    closing, end_is_known = _closing(text, run)
    proposed = head + run.tail + closing
    numbered = bool(_NUMERAL_IN_BRACKETS.match(proposed.lstrip("　")))
    foreign = _NOT_KANA.search(text, run.start, run.end) is None  # perhaps it is Japanese
    if run.gain < (3 if numbered else 9 if foreign else 5) or common < 0.6 * len(run.tail):
        return None
    rare = [commonness(character) for character in run.tail if commonness(character) < 0]
    all_common = len(rare) * 5 <= len(run.tail) and -3 not in rare
    telling = numbered or len(run.tail) >= 5
    certain = head_is_known and end_is_known and all_common and telling
    reason = _MENDED if certain else _UNCERTAIN
    return Damage(Kind.SHIFTED, start, run.end, text[start : run.end], proposed, certain, reason)


def _head(text: str, lowest: int, run: _Run) -> tuple[str, int, bool]:
    """What the half character at the beginning was, from where on it is replaced, and whether that is sure."""
    before = text[run.start - 1] if run.start > lowest else ""
    if run.data[0] == _OPENING_BYTE and _NUMERAL_IN_BRACKETS.match(run.tail + "）"):
        # After a sentence the stop before it is sound; elsewhere it is half of an ideographic space, see below.
        halves = _HALF_SPACE.search(text, lowest, run.start)
        return "（", halves.start() if halves else run.start, True
    if run.data[0] == _SPACE_BYTE and run.tail.lstrip("　").startswith("（"):
        # Half of an ideographic space, as stands before （一）; the other half often became a question mark.
        return "", run.start - (before in ("?", "\ufffd")), before in ("", "\n", *"?\ufffd。；：，、　")
    if before and before in _LOST_MARKS:
        return "", run.start, run.starts_at_edge
    return "?", run.start, False


def _closing(text: str, run: _Run) -> tuple[str, bool]:
    """What the half character at the end was, and whether that is sure."""
    if run.data[-1] == _CLOSING_BYTE and "（" in run.tail[-6:] and "）" not in run.tail[-6:]:
        return "）", True
    if run.data[-1] == _SPACE_BYTE:
        return "", run.ends_at_edge
    following = text[run.end : run.end + 1]
    return ("", True) if following and following in _LOST_MARKS else ("?", False)


def _bytes(character: str) -> bytes:
    """The two bytes of the character in GBK, none if it has not two."""
    if character.isascii():
        return b""
    try:
        data = character.encode("gbk")
    except UnicodeEncodeError:
        try:
            data = character.encode("gb18030")
        except UnicodeEncodeError:
            return b""
    return data if len(data) == 2 else b""


def _decoded(data: bytes) -> str | None:
    try:
        character = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return character if len(character) == 1 else None
