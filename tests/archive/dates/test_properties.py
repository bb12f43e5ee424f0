"""What holds for every string, whatever an editor, a spreadsheet or a crawler sends."""

import edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.dates import describe, interpret

# fmt: off
FRAGMENTS = [
    "康熙", "光緒", "清", "明", "宋", "元", "唐", "民国", "至元", "貞觀", "二十八", "28", "年", "年间", "间",
    "月", "日", "三月", "初五", "闰", "正月", "腊月", "农历", "公元", "前", "公元前", "世纪", "年代", "20",
    "二十", "初", "末", "中叶", "约", "左右", "前后", "（", "）", "〔", "〕", "—", "至", "-", "~", "?",
    "1978", "１９７８", "1689", "12", "18", "2", "29", "31", "0", "〇", ".", "/", "..", "X",
    "春", "冬", "上半年", "底", "己巳", "甲子", "岁次", "十", "廿", "以前", "以后", "至今", "起", "下旬", "朔",
    "晦", ",", "[", "]", "Y", "1582", "755", "-0213", "存疑", "刻本", "摄于",
]
# fmt: on
assembled = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=9).map("".join)
machine_made = st.text(alphabet="0123456789XYTZES?~%/.,-+[]{} ", max_size=30)

years = st.integers(min_value=-2500, max_value=2100).filter(bool)
reigns = st.sampled_from(["康熙", "嘉靖", "清光绪", "唐开元", "宋元丰", "民国", "汉建武", "金大定"])
numbers = st.integers(min_value=1, max_value=34)
months = st.integers(min_value=1, max_value=12)
days = st.integers(min_value=1, max_value=31)
tails = st.sampled_from(["", "春", "上半年", "底"])
written_dates = st.one_of(
    st.builds(lambda y: f"公元前{-y}年" if y < 0 else f"公元{y}年", years),
    st.builds(lambda y, m, d: f"{y}年{m}月{d}日", st.integers(1000, 2100), months, days),
    st.builds(lambda y, tail: f"{y}年{tail}", st.integers(1000, 2100), tails),
    st.builds(lambda r, n, m: f"{r}{n}年{m}月", reigns, numbers, months),
    st.builds(lambda r, n, m, d: f"约{r}{n}年{m}月{d}日", reigns, numbers, months, days),
    st.builds(lambda r, n, k: f"{r}{n}年至{n + k}年", reigns, numbers, st.integers(1, 9)),
    st.builds(lambda a, k: f"{a}—{a + k}年（存疑）", st.integers(1000, 1990), st.integers(1, 99)),
)


def _check(written: str) -> None:
    date = interpret(written)
    if date is None:
        return
    assert date.earliest <= date.latest
    assert date.earliest_year <= date.latest_year
    again = interpret(describe(date))
    assert again is not None, describe(date)
    assert (again.earliest, again.latest) == (date.earliest, date.latest)
    assert (again.approximate, again.uncertain) == (date.approximate, date.uncertain)


@given(st.text())
def test_no_text_raises(written):
    _check(written)


@given(
    st.text(alphabet="年月日世纪前后公元约至—一二三十廿〇初末清明宋元康熙光绪民国甲子己巳0189/-~?.()（）", max_size=90)
)
@settings(max_examples=300)
def test_no_text_of_date_characters_raises(written):
    _check(written)


@given(assembled)
@settings(max_examples=400)
def test_fragments_of_dates_in_any_order_are_read_consistently_or_refused(written):
    _check(written)


@given(machine_made)
@settings(deadline=None)
def test_no_machine_made_text_raises(written):
    _check(written)


@given(written_dates)
@settings(max_examples=300, deadline=None)
def test_words_of_a_date_are_read_back_to_the_same_days(written):
    _check(written)


@given(written_dates)
@settings(max_examples=60, deadline=None)
def test_the_edtf_of_a_date_is_valid_and_means_the_same_days(written):
    date = interpret(written)
    if date is not None:
        assert edtf.is_valid_edtf(date.edtf)
        again = interpret(date.edtf)
        assert (again.earliest, again.latest) == (date.earliest, date.latest)


@given(written_dates, st.sampled_from(["traditional", "wide", "spaced"]))
@settings(max_examples=150, deadline=None)
def test_the_same_date_typed_another_way_means_the_same(written, way):
    typed = {
        "traditional": written.translate(str.maketrans("约汉绪开庆丰", "約漢緒開慶豐")),
        "wide": "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in written),
        "spaced": " ".join(written),
    }[way]
    if len(typed) <= 80:
        assert interpret(typed) == interpret(written)
