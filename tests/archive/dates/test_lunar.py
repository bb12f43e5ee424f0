"""The Chinese calendar against days that history knows in both calendars."""

import threading

import pytest

from archive.dates import interpret
from archive.dates.days import civil_date, historical_date
from archive.dates.lunar import months_of, sexagenary, sexagenary_of_day


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("唐武德九年六月初四", (626, 7, 2)),  # 玄武门之变
        ("唐天宝十四载十一月初九", (755, 12, 16)),  # 安禄山起兵
        ("宋建隆元年正月初四", (960, 2, 3)),  # 陈桥兵变
        ("宋景祐三年十二月十九", (1037, 1, 8)),  # 苏轼生
        ("宋元丰五年七月既望", (1082, 8, 12)),  # 赤壁赋
        ("靖康元年闰十一月丙辰", (1127, 1, 9)),  # 汴京陷
        ("宋祥兴二年二月初六", (1279, 3, 19)),  # 厓山
        ("洪武元年正月初四", (1368, 1, 23)),  # 朱元璋即位
        ("正统十四年八月十五日", (1449, 9, 1)),  # 土木之变
        ("成化八年九月三十日", (1472, 10, 31)),  # 王守仁生
        ("崇祯十七年三月十九日", (1644, 4, 25)),  # 明亡
        ("康熙六十一年十一月十三", (1722, 12, 20)),  # 康熙帝卒
        ("道光十九年四月廿二", (1839, 6, 3)),  # 虎门销烟
        ("道光二十二年七月二十四日", (1842, 8, 29)),  # 南京条约
        ("光绪二十年七月初一", (1894, 8, 1)),  # 甲午宣战
        ("宣统三年八月十九", (1911, 10, 10)),  # 武昌起义
    ],
)
def test_a_lunar_day_is_the_day_that_the_chronologies_print(written, known):
    date = interpret(written)
    assert date.earliest == date.latest
    assert historical_date(date.earliest) == known


def test_months_follow_each_other_without_a_gap_from_ming_to_the_republic():
    last_day = months_of(1367)[-1].last_day
    for year in range(1368, 1950):
        named, first_month, _ = civil_date(months_of(year)[0].first_day)
        assert (named, first_month in (1, 2)) == (year, True)
        for month in months_of(year):
            assert month.first_day == last_day + 1, (year, month)
            assert month.last_day - month.first_day in (28, 29)
            last_day = month.last_day


def test_a_day_of_the_cycle_is_found_once_in_a_month_or_not_at_all():
    days = [interpret(f"康熙二十八年三月{stem}{branch}") for stem in "甲乙" for branch in "子丑寅卯辰巳午未申酉戌亥"]
    found = [date.earliest for date in days if date]
    assert len(found) == len(set(found)) > 0
    assert all(sexagenary_of_day(day) % 10 in (0, 1) for day in found)
    assert sexagenary("甲子") == 0
    assert sexagenary("癸亥") == 59
    assert sexagenary("甲丑") is None


@pytest.mark.parametrize("written", ["武周天授二年三月", "唐上元二年五月初五（761年）", "始建国元年三月初三"])
def test_where_months_were_renamed_only_the_year_is_known(written):
    date = interpret(written)
    assert date.precision == "year"


@pytest.mark.parametrize("written", ["武周天授二年正月", "秦始皇三十三年十月", "元始元年十二月"])
def test_a_month_that_may_lie_in_the_year_before_or_after_is_refused(written):
    assert interpret(written) is None


def test_threads_that_ask_at_once_get_the_same_table():
    answers = []
    months_of.cache_clear()
    threads = [threading.Thread(target=lambda: answers.append(months_of(1689))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert [(month.number, month.leap) for month in answers[0]][2:4] == [(3, False), (3, True)]
