"""The reign table against itself, against real gazetteers, and the rules for titles that were used again."""

import re

import pytest

from archive.dates import interpret
from archive.dates.courts import COURT_NAMES
from archive.dates.lunar import sexagenary, sexagenary_of_year
from archive.dates.reigns import reigns_titled
from archive.dates.spelling import fold

ALL_USES = sorted({use for uses in reigns_titled().values() for use in uses}, key=lambda use: use.first)


def _years_without_a_title(court: str) -> set[int]:
    uses = [use for use in ALL_USES if use.court == court]
    covered = {year for use in uses for year in range(use.first, use.last + 1)}
    return set(range(min(covered), max(covered) + 1)) - covered


@pytest.mark.parametrize(
    "court",
    ["西汉", "新", "东汉", "曹魏", "蜀汉", "孙吴", "西晋", "东晋", "刘宋", "南齐", "梁", "陈", "北魏", "东魏"]
    + ["西魏", "北齐", "北周", "隋", "武周", "后梁", "后唐", "后晋", "后汉", "后周", "辽", "金", "北宋", "南宋"]
    + ["元", "明", "清", "民国"],
)
def test_a_dynasty_has_a_title_for_each_of_its_years(court):
    assert _years_without_a_title(court) == set()


def test_tang_lacks_titles_only_while_the_zhou_of_wu_zetian_ruled():
    assert _years_without_a_title("唐") == set(range(691, 705))


def test_every_use_of_a_title_runs_forward_and_belongs_to_a_known_court():
    for use in ALL_USES:
        assert use.first <= use.last <= use.numbered_to, use
        assert use.court in COURT_NAMES, use


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("元光二年", None),  # 西汉 and 金
        ("建武二年", None),
        ("太平二年", None),
        ("天德二年", None),
        ("上元二年", None),
        ("至元三年", None),
        ("乾德四年", 966),
        ("东汉建武二年", 26),
        ("南齐建武二年", 495),
        ("金天德二年", 1150),
        ("闽天德二年", 944),
        ("吴太平二年", 257),
        ("遼太平二年", 1022),
        ("至元三十一年", 1294),  # the second 至元 had six years
        ("唐上元三年", None),  # 676 or 762
        ("貞觀十年", 636),  # and not Western Xia's
        ("永樂十年", 1412),
        ("正德十年", 1515),
        ("天启二年", 1622),
        ("天順二年", 1458),
        ("大定元年", None),
        ("大定二十年", 1180),
        ("永昌元年", None),
        ("李自成永昌元年", None),
        ("大顺永昌元年", 1644),
        ("宋元嘉三年", 426),
        ("宋元豐三年", 1080),
        ("魏太和三年", None),
        ("北魏太和三年", 479),
        ("元貞元年", 1295),
        ("贞元元年", 785),
        ("元元貞元年", 1295),
        ("周顯德元年", 954),
        ("清洪武元年", None),
        ("宋开元三年", None),
    ],
)
def test_a_title_that_was_used_again_needs_its_dynasty_unless_one_reading_is_left(written, year):
    date = interpret(written)
    assert (date and date.earliest_year) == year


@pytest.mark.parametrize("written", ["康熙壬寅", "康熙壬寅年", "清康熙壬寅"])
def test_a_reign_of_more_than_sixty_years_has_some_cyclic_years_twice(written):
    assert interpret(written) is None


def test_every_cyclic_year_of_a_shorter_reign_is_its_numbered_year():
    stems, branches = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
    for number in range(1, 61):
        place = sexagenary_of_year(1735 + number)
        pair = stems[place % 10] + branches[place % 12]
        assert sexagenary(pair) == place
        assert interpret(f"乾隆{pair}").earliest_year == interpret(f"乾隆{number}年").earliest_year


def test_a_title_with_its_court_means_the_year_of_that_court_alone():
    for use in ALL_USES:
        if len(use.title) == 1:
            continue
        date = interpret(f"{use.court}{use.title}{use.last - use.first + 1}年")
        rivals = [rival for rival in reigns_titled()[use.title] if rival.court == use.court]
        if len(rivals) == 1:
            assert date and date.earliest_year == use.last, use
        elif date:
            assert any(rival.first <= date.earliest_year <= rival.last for rival in rivals), use


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("至元三年（1266年）", 1266),
        ("至元三年（1337）", 1337),
        ("1337年（元至元三年）", 1337),
        ("建武二年（公元26年）", 26),
        ("唐上元二年（761年）", 761),
        ("康熙壬寅（1722年）", None),  # two 壬寅 years: the reader gives none for a reign that has both
        ("至元三年（1300年）", None),
        ("康熙二十八年（1266年）", None),
    ],
)
def test_a_year_of_our_era_beside_it_tells_an_ambiguous_title_apart(written, year):
    date = interpret(written)
    assert (date and date.earliest_year) == year


def test_cyclic_years_in_real_gazetteers_agree_with_the_table(shared_data):
    titles = "|".join(sorted((title for title in reigns_titled() if len(title) > 1), key=len, reverse=True))
    dated = re.compile(
        rf"(?:{titles})(?:元|[一二三四五六七八九十]+)年(?:岁次)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"
    )
    found = []
    for book in sorted((shared_data / "books").rglob("*.txt")):
        lines = re.sub(r"<pb[^>]*>", "", book.read_text(encoding="utf-8")).splitlines()
        for line in lines:
            for start in range(0, len(line), 60):
                found += dated.findall(fold(line[start : start + 70]) or "")
    assert len(set(found)) > 40
    assert [written for written in found if interpret(written) is None] == []
