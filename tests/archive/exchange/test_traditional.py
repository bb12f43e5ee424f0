"""Simplified text shown in traditional characters."""

import pytest

from archive.exchange.script_choice import FIELD_WORDS
from archive.exchange.traditional import Conversion, convert_html, is_traditional, read_words, words_of_names


@pytest.fixture(scope="module")
def conversion() -> Conversion:
    return Conversion(FIELD_WORDS | read_words("于谦=于謙\n三里屯\n# 说明\n栖澜＝棲瀾"))


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("皇后在后面", "皇后在後面"),
        ("头发与发展", "頭髮與發展"),
        ("干部晒干粮", "幹部曬乾糧"),
        ("复修重复", "復修重複"),
        ("万历二十一年", "萬曆二十一年"),
        ("县志与方志馆", "縣志與方志館"),
        ("镇志、乡志、志书", "鎮志、鄉志、志書"),
        ("于谦巡抚", "于謙巡撫"),
        ("范知县募修，范围不大", "范知縣募修，範圍不大"),
        ("走三里屯，行三里路", "走三里屯，行三里路"),
        ("栖澜的桥", "棲瀾的橋"),
        ("沈阳沈默生", "瀋陽沈默生"),
        ("ABC 2023 ，。", "ABC 2023 ，。"),
        ("𢎞治年间", "𢎞治年間"),
    ],
)
def test_phrases_and_names_decide(conversion, simplified, traditional):
    assert conversion.convert(simplified) == traditional


@pytest.mark.parametrize("text", ["東三里有橋，后土祠在焉", "棲瀾縣志", "干支歲次"])
def test_what_is_traditional_already_stays(conversion, text):
    assert is_traditional(text)
    assert conversion.convert(text) == text


def test_text_that_is_the_same_in_both_is_no_traditional_text():
    assert not is_traditional("三里")
    assert not is_traditional("2023")


def test_another_name_in_traditional_characters_teaches_the_name():
    names = {"栖澜县": ["棲瀾縣", "Qilan", "栖澜"], "芦汀村": ["蘆丁村"], "石龙": []}
    assert words_of_names(names) == {"栖澜县": "棲瀾縣"}


class TestHtml:
    def show(self, conversion, body: str, lang: str = "zh-Hans") -> str:
        return convert_html(f'<!doctype html><html lang="{lang}"><body>{body}</body></html>', conversion)

    def test_text_and_what_is_read_aloud_are_converted(self, conversion):
        html = self.show(conversion, '<p title="图书">国<img alt="书页"><input placeholder="书名" value="书名"></p>')
        assert html.startswith('<!doctype html><html lang="zh-Hant">')
        assert '<p title="圖書">國<img alt="書頁"><input placeholder="書名" value="书名"></p>' in html

    @pytest.mark.parametrize(
        "kept",
        [
            '<script type="application/ld+json">{"name":"图书"}</script>',
            "<style>.书{}</style>",
            "<code>图书</code>",
            "<textarea>图书</textarea>",
            '<span lang="lzh">图书<b>图书</b></span>',
            '<span lang="zh-Hant">三里</span>',
            '<span translate="no">简体</span>',
            "<!-- 图书 -->",
        ],
    )
    def test_what_is_not_simplified_prose_stays(self, conversion, kept):
        html = self.show(conversion, f"{kept}<p>图书</p>")
        assert kept in html
        assert "<p>圖書</p>" in html

    def test_addresses_stay(self, conversion):
        assert '<a href="/图书?q=图书">圖書</a>' in self.show(conversion, '<a href="/图书?q=图书">图书</a>')

    def test_only_the_chinese_of_a_page_in_another_language_is_converted(self, conversion):
        html = self.show(conversion, '<p>图书</p><p lang="zh-Hans">图书</p>', lang="en")
        assert '<html lang="en">' in html
        assert '<p>图书</p><p lang="zh-Hant">圖書</p>' in html

    @pytest.mark.parametrize("broken", ["<p>国", "</div>国", "<p title='国>国", "国 < 国 > 国", "<b><i>国</b>国</i>国"])
    def test_broken_markup_loses_nothing(self, conversion, broken):
        html = self.show(conversion, broken)
        assert html.replace("國", "国").replace("zh-Hant", "zh-Hans") == (
            f'<!doctype html><html lang="zh-Hans"><body>{broken}</body></html>'
        )
