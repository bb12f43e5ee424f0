"""One spelling for matching: what folds together, what must not, and that nothing changes its length."""

from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.text.folding import fold, folding_version

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def opencc_pairs(name: str):
    source = resources.files("opencc") / "dictionary" / f"{name}.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        character, _tab, forms = line.partition("\t")
        if len(character) == 1:
            yield character, [form for form in forms.split() if len(form) == 1]


@settings(deadline=None)  # the tables are made by the first call
@given(ANY_TEXT)
def test_folding_keeps_the_length_of_any_text(text):
    assert len(fold(text)) == len(text)


@settings(deadline=None)  # the tables are made by the first call
@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)  # the tables are made by the first call
@given(ANY_TEXT, ANY_TEXT)
def test_a_word_folds_the_same_alone_and_inside_a_sentence(word, rest):
    assert fold(rest + word + rest)[len(rest) : len(rest) + len(word)] == fold(word)


def test_every_traditional_character_folds_with_its_first_simplified_form():
    apart = [(t, s) for t, forms in opencc_pairs("TSCharacters") for s in forms[:1] if fold(t) != fold(s)]
    assert apart == []


def test_every_simplified_character_folds_with_its_traditional_forms():
    """賙, 穭 and 緪 have a rarer simplified form of their own, which OpenCC's table of the other way gives."""
    apart = {t for s, forms in opencc_pairs("STCharacters") for t in forms if fold(t) != fold(s)}
    assert apart == {"賙", "穭", "緪"}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("東莞縣志", "东莞县志"),
        ("圖書舘", "图书馆"),
        ("徳厯髙㑹呉寕歴峯", "德历高会吴宁历峰"),
        ("鑒鑑鉴", "鉴鉴鉴"),
        ("𫝊呉郡志五十巻", "传吴郡志五十卷"),
        ("陜西", "陕西"),
        ("𢎞治十年", "弘治十年"),  # a taboo form outside the BMP
        ("𤣥妙觀", "玄妙观"),
        ("乾隆", "干隆"),
        ("顯著 接著", "显著 接着"),
        ("⼀⾼⽼人", "一高老人"),  # Kangxi radicals, as PDF text layers give them
        ("⻓安⻢场", "长安马场"),  # radicals of the supplement, which NFKC leaves alone
        ("ＧＤＰ　１２．５％", "gdp 12.5%"),
        ("二○二三年", "二〇二三年"),
        ("㈠①㊀", "一1一"),
        ("Cháng'ān", "chang'an"),
        ("ﾄﾝｸﾜﾝ", "トンクワン"),
        ("淸𡊮𣈆𤓰鄕", "清袁晋瓜乡"),
        ("馀姚", "餘姚"),
        ("蜑戶", "疍户"),
        ("𧹒田", "買田"),
    ],
)
def test_spellings_of_one_word_fold_together(written, asked):
    assert fold(written) == fold(asked)


@pytest.mark.parametrize("pair", ["祐佑", "頫俯", "淼渺", "堃坤", "珪圭", "喆哲", "陜狭", "未末", "己已", "戊戌"])
def test_names_that_differ_stay_apart(pair):
    assert fold(pair[0]) != fold(pair[1])


def test_a_lone_surrogate_becomes_something_that_can_be_written():
    assert fold("東\ud800莞").encode() == "东\ufffd莞".encode()


def test_the_version_is_stable_within_a_process_and_short():
    assert folding_version() == folding_version()
    assert len(folding_version()) == 16
