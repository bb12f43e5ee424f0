"""Nothing is lost: whatever stands in a text is found by any part of it, and nothing else is."""

import random
import re

import pytest
from opencc import OpenCC

from search.documents import Audience
from search.engines import get_engine
from search.engines.base import MAX_RESULTS, EngineQuery
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
HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]{1,8}")
CONTINUATION = 40


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
    """Parts of one to eight Han characters that stand together somewhere, line breaks closed up."""
    dice = random.Random(20261122)
    parts = []
    while len(parts) < count:
        leaf = SPACE.sub("", dice.choice(leaves))
        start = dice.randrange(len(leaf))
        match = HAN.match(leaf[start : start + dice.randint(1, 8)])
        if match:
            parts.append(match.group())
    return parts


def test_any_part_of_a_small_text_is_found_exactly_where_it_stands(search_index, found):
    index(OWN)
    for part in random_parts(OWN, 300):
        assert set(found(fold(part))) == brute_force(OWN, part), part


@pytest.fixture
def all_leaves(shared_data) -> list[str]:
    leaves = leaves_of(shared_data / "books")
    assert len(leaves) > 2_000
    return leaves


def ask(wanted: str) -> set[str]:
    query = EngineQuery(audience=Audience.PUBLIC, terms=(wanted,), limit=MAX_RESULTS, facets=())
    return {hit.ref for hit in get_engine().search(query).hits}


def test_any_part_of_real_gazetteers_is_found_exactly_where_it_stands(search_index, all_leaves):
    """The engine's answer is compared in full with a search through every leaf, of the text and, for what turns the
    page, of its beginning on the next one; each hit can also be shown."""
    closed = [SPACE.sub("", fold(leaf)) for leaf in all_leaves]
    following = [SPACE.sub("", leaf)[:CONTINUATION] for leaf in all_leaves[1:]] + [""]
    with get_engine().replacement() as writer:
        for number, leaf in enumerate(all_leaves):
            fields = {"body": leaf, "continuation": following[number]}
            writer.add(make_document(number, source="leaf", title=".", **fields))
    for part in random_parts(all_leaves, 400):
        wanted = fold(part)
        expected = set()
        for number, text in enumerate(closed):
            seam = text[1 - len(wanted) or len(text) :] + fold(following[number])[: len(wanted) - 1]
            if wanted in text or (len(wanted) > 1 and wanted in seam):
                expected.add(f"leaf:{number}")
        assert ask(wanted) == expected, part
        shown = all_leaves[min(int(ref.partition(":")[2]) for ref in expected if wanted in closed[int(ref[5:])])]
        assert "<mark>" in snippet(shown, [wanted], 60), part


def test_the_traditional_and_the_simplified_spelling_find_the_same(search_index, all_leaves):
    index(all_leaves)
    simplify = OpenCC("t2s").convert
    changed = 0
    for part in random_parts(all_leaves, 300):
        simplified = simplify(part)
        changed += simplified != part
        assert ask(fold(simplified)) == ask(fold(part)), part
    assert changed > 100


@pytest.mark.parametrize("asked", ["1978年", "12月", "gdp", "GDP增長", "12.5%", "chang'an", "鎮成立", "次"])
def test_words_numbers_and_characters_at_the_edge_are_found(search_index, found, asked):
    index(OWN)
    assert len(found(fold(asked))) == 1
