"""Nothing is lost: whatever stands in a text is found by any part of it, and nothing else is."""

import random
import re

import pytest

from search.engines import get_engine
from search.text.folding import fold
from search.text.snippets import snippet

from .shelf import make_document

OWN = [
    "徳髙望重之人，歴任知縣。於康熈二十八年，重修學宫",
    "𢎞治十年，東莞縣大旱；龍舟競渡不行\n　　其後三年乃復",
    "民國廿五年，𨽻屬廣東。（一）虎門要塞㑹議〇次",
    "1978年12月，GDP 增長12.5%，Chang'an 鎮成立",
    "荆蠻文身斷髪示不可用，以避季厯",
]
PAGE_MARK = re.compile(r"<pb:[^>]+>")
NOTE = re.compile(r"[¶(/)]|&[^;]*;")
SPACE = re.compile(r"\s+")
HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]{1,6}")


def leaves_of(folder) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/*_0*.txt"))]
    leaves = [NOTE.sub("", leaf) for text in texts for leaf in PAGE_MARK.split(text)[1:]]
    return [leaf for leaf in leaves if leaf.strip()]


def brute_force(leaves: list[str], wanted: str) -> set[str]:
    closed = [SPACE.sub("", fold(leaf)) for leaf in leaves]
    return {f"leaf:{number}" for number, leaf in enumerate(closed) if fold(wanted) in leaf}


def index(leaves: list[str]) -> None:
    with get_engine().replacement() as writer:
        for number, leaf in enumerate(leaves):
            writer.add(make_document(number, source="leaf", title=".", body=leaf))


def random_parts(leaves: list[str], count: int) -> list[str]:
    """Parts of one to six Han characters that stand together somewhere, line breaks closed up."""
    dice = random.Random(20261122)
    parts = []
    while len(parts) < count:
        leaf = SPACE.sub("", dice.choice(leaves))
        start = dice.randrange(len(leaf))
        match = HAN.match(leaf[start : start + dice.randint(1, 6)])
        if match:
            parts.append(match.group())
    return parts


def test_any_part_of_a_small_text_is_found_exactly_where_it_stands(search_index, found):
    index(OWN)
    for part in random_parts(OWN, 300):
        assert set(found(fold(part))) == brute_force(OWN, part), part


def test_any_part_of_real_gazetteers_is_found_exactly_where_it_stands(search_index, shared_data):
    """The engine's answer is compared in full with a search through every leaf; each hit can also be shown."""
    from search.documents import Audience
    from search.engines.base import EngineQuery

    leaves = leaves_of(shared_data / "books")[:600]
    assert len(leaves) > 300
    index(leaves)
    folded = [SPACE.sub("", fold(leaf)) for leaf in leaves]
    for part in random_parts(leaves, 400):
        wanted = fold(part)
        query = EngineQuery(audience=Audience.PUBLIC, terms=(wanted,), limit=1000)
        expected = {f"leaf:{number}" for number, leaf in enumerate(folded) if wanted in leaf}
        assert {hit.ref for hit in get_engine().search(query).hits} == expected, part
        shown = leaves[int(min(expected).partition(":")[2])]
        assert "<mark>" in snippet(shown, [wanted], 60), part


@pytest.mark.parametrize("asked", ["1978年", "12月", "gdp", "GDP增長", "12.5%", "chang'an", "鎮成立", "次"])
def test_words_numbers_and_characters_at_the_edge_are_found(search_index, found, asked):
    index(OWN)
    assert len(found(fold(asked))) == 1
