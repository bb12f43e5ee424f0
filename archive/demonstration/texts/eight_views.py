"""《瀾江八景》: an album of ink paintings, each leaf a picture with its couplet."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..drawing.views import VERSES
from ..records import BookRecord, Catalogue, SectionRecord

TITLE_KEY = "view-title"
TITLE_TEXT = "瀾江八景\n道光癸卯冬日\n西橋顧樵寫"

LEAVES = {
    TITLE_KEY: TITLE_TEXT,
    **{key: f"{title}\n{first}，{second}。" for key, (title, first, second) in VERSES.items()},
}
"""Leaf by its drawing → the words on it."""

BOOK = BookRecord(
    "eight-views",
    Catalogue(
        title="瀾江八景册", slug="lanjiang-bajing", written="道光二十三年冬", other_titles="澜江八景册\n顾西桥八景",
        description="顾樵所绘设色水墨册页，引首一开，画八开，每开自题七言一联。今八景存其五：凤台已圮，石门航道炸宽，夜窑只余一座。",
        places=("qilan", "shimen", "wenlanta", "yongjiqiao"), topics=("arts", "water"), agents=(("gu-qiao", "aut"),),
        language="lzh", rights="pdm", credit="栖澜县地方志办公室（虚构）藏", source="1962年自栖城镇收购",
    ),
    {"book_kind": "other", "volume": "全一册", "compilers": "（清）顾樵绘并题", "extent": "1册，9开，纸本设色",
     "text_unit": "leaf", "reading_direction": "rtl"},
    tuple(SectionRecord(key.removeprefix("view-"), "item", text.split("\n")[0]) for key, text in LEAVES.items()),
    cover="view-moon",
)  # fmt: skip
