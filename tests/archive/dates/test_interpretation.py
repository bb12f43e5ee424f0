"""What each way of writing a date means, and which strings are no date."""

import dataclasses
import datetime

import pytest

from archive.dates import OPEN_END, OPEN_START, HistoricalDate, Precision, interpret
from archive.dates.days import civil_date

# Written form; first and last day in the proleptic Gregorian calendar (a year alone means all of
# it); precision; EDTF. 約 and 存疑 have a table of their own below.
TABLE = """
康熙二十八年            1689                       year     1689
康熙28年                1689                       year     1689
康熙28                  1689                       year     1689
清康熙二十八年          1689                       year     1689
清代康熙廿八年          1689                       year     1689
清圣祖康熙二十八年      1689                       year     1689
大清康熙二十八年岁次己巳 1689                      year     1689
康熙二十八年己巳        1689                       year     1689
康熙己巳年              1689                       year     1689
康熙己巳                1689                       year     1689
康熙岁次己巳            1689                       year     1689
萬曆丙申歲              1596                       year     1596
萬厯二十四年            1596                       year     1596
崇禎元年                1628                       year     1628
嘉佑二年                1057                       year     1057
天寶三載                744                        year     0744
民国廿五年              1936                       year     1936
民國卅八年              1949                       year     1949
民國元年                1912                       year     1912
中华民国三十六年        1947                       year     1947
民国35年                1946                       year     1946
民國五十七年            1968                       year     1968
民国二十五年十月        1936-10-01 1936-10-31      month    1936-10
民国三十八年十月一日    1949-10-01 1949-10-01      day      1949-10-01
洪武三十五年            1402                       year     1402
後至元三年              1337                       year     1337
至元二十年              1283                       year     1283
秦始皇三十三年          -213                       year     -0213
汉武帝元狩二年          -120                       year     -0120
建安二十五年            220                        year     0220
光绪间                  1875 1908                  reign    1875/1908
光緒年間                1875 1908                  reign    1875/1908
嘉靖中                  1522 1566                  reign    1522/1566
大明宣德年制            1426 1435                  reign    1426/1435
南宋绍兴年间            1131 1162                  reign    1131/1162
太平興國間              976 984                    reign    0976/0984
开元天宝间              713 756                    reign    0713/0756
清康熙、雍正年间        1662 1735                  reign    1662/1735
咸同年间                1851 1874                  reign    1851/1874
道光间                  1821 1850                  reign    1821/1850
光绪初                  1875 1884                  period   1875~/1884~
光绪中叶                1885 1898                  period   1885~/1898~
光绪末年                1899 1908                  period   1899~/1908~
清末                    1840 1911                  period   1840~/1911~
清初                    1644 1722                  period   1644~/1722~
宋末                    1230 1279                  period   1230~/1279~
晚唐                    836 907                    period   0836~/0907~
明末清初                1573 1722                  period   1573~/1722~
清末民初                1840 1927                  period   1840~/1927~
明代                    1368 1644                  period   1368/1644
唐                      618 907                    period   0618/0907
漢朝                    -205 220                   period   -0205/0220
民国时期                1912 1949                  period   1912/1949
宋元间                  960 1368                   period   0960/1368
元明清                  1271 1911                  period   1271/1911
明、清                  1368 1911                  period   1368/1911
魏晋南北朝              220 589                    period   0220/0589
公元前214年             -213                       year     -0213
前214年                 -213                       year     -0213
西元前214年             -213                       year     -0213
214BC                   -213                       year     -0213
公元618年               618                        year     0618
618年                   618                        year     0618
公元26年                26                         year     0026
1978                    1978                       year     1978
1978年                  1978                       year     1978
１９７８年              1978                       year     1978
一九七八年              1978                       year     1978
一九七八                1978                       year     1978
一千九百七十八年        1978                       year     1978
二〇〇八年              2008                       year     2008
二○○八年                2008                       year     2008
二OO八年                2008                       year     2008
⼆零零⼋年              2008                       year     2008
1978年度                1978                       year     1978
1978年12月              1978-12-01 1978-12-31      month    1978-12
１９７８年１２月        1978-12-01 1978-12-31      month    1978-12
一九七八年十二月        1978-12-01 1978-12-31      month    1978-12
1978.12                 1978-12-01 1978-12-31      month    1978-12
1978/12                 1978-12-01 1978-12-31      month    1978-12
1978年元月              1978-01-01 1978-01-31      month    1978-01
1978年12月18日          1978-12-18 1978-12-18      day      1978-12-18
1978年12月18日（星期一） 1978-12-18 1978-12-18     day      1978-12-18
1978-12-18              1978-12-18 1978-12-18      day      1978-12-18
1978/12/18              1978-12-18 1978-12-18      day      1978-12-18
1978.1.5                1978-01-05 1978-01-05      day      1978-01-05
19781218                1978-12-18 1978-12-18      day      1978-12-18
1978-12-18T10:00:00     1978-12-18 1978-12-18      day      1978-12-18
1978:12:18T10:00:00     1978-12-18 1978-12-18      day      1978-12-18
2020-02-29              2020-02-29 2020-02-29      day      2020-02-29
755年12月16日           0755-12-20 0755-12-20      day      0755-12-20
1978年12月上旬          1978-12-01 1978-12-10      month    1978-12-01/1978-12-10
1978年2月下旬           1978-02-21 1978-02-28      month    1978-02-21/1978-02-28
1978年春                1978-02-01 1978-05-31      season   1978-21
1978年夏                1978-05-01 1978-08-31      season   1978-22
1978年秋季              1978-08-01 1978-11-30      season   1978-23
1978年冬                1978-11-01 1978-12-31      season   1978-24
1978年上半年            1978-01-01 1978-06-30      season   1978-01/1978-06
1978年下半年            1978-07-01 1978-12-31      season   1978-07/1978-12
1978年第三季度          1978-07-01 1978-09-30      season   1978-07/1978-09
1978年初                1978-01-01 1978-02-28      season   1978-01/1978-02
1978年底                1978-11-01 1978-12-31      season   1978-11/1978-12
1978年年末              1978-11-01 1978-12-31      season   1978-11/1978-12
二十世纪八十年代        1980 1989                  decade   198X
20世纪80年代            1980 1989                  decade   198X
1980年代                1980 1989                  decade   198X
二十世紀八十年代末      1987 1989                  period   1987~/1989~
20世纪六七十年代        1960 1979                  range    1960/1979
20世纪六、七十年代      1960 1979                  range    1960/1979
20世纪                  1901 2000                  century  1901/2000
公元前3世纪             -299 -200                  century  -0299/-0200
十九世纪初              1801 1820                  period   1801~/1820~
十九世纪中叶            1834 1867                  period   1834~/1867~
十九世纪末              1881 1900                  period   1881~/1900~
十九世纪上半叶          1801 1850                  period   1801/1850
1962—1965年             1962 1965                  range    1962/1965
1962-1965年             1962 1965                  range    1962/1965
1962–1965               1962 1965                  range    1962/1965
1962——1965年            1962 1965                  range    1962/1965
1962～1965年            1962 1965                  range    1962/1965
1962~1965年             1962 1965                  range    1962/1965
1962至1965年            1962 1965                  range    1962/1965
1962年到1965年          1962 1965                  range    1962/1965
1962一1965年            1962 1965                  range    1962/1965
1962—65年               1962 1965                  range    1962/1965
1962-65                 1962 1965                  range    1962/1965
从1962年至1965年间      1962 1965                  range    1962/1965
1978年3—5月             1978-03-01 1978-05-31      range    1978-03/1978-05
1978年12月18—22日       1978-12-18 1978-12-22      range    1978-12-18/1978-12-22
1978年12月18日至1979年1月3日 1978-12-18 1979-01-03 range    1978-12-18/1979-01-03
康熙二十八年至三十年    1689 1691                  range    1689/1691
康熙二十八年至雍正三年  1689 1725                  range    1689/1725
民国25-27年             1936 1938                  range    1936/1938
清光緒三十年—民國三年   1904 1914                  range    1904/1914
明嘉靖至万历年间        1522 1620                  range    1522/1620
至正十年至洪武二年      1350 1369                  range    1350/1369
20世纪70—80年代         1970 1989                  range    1970/1989
公元前221—前206年       -220 -205                  range    -0220/-0205
前206—220年             -205 220                   range    -0205/0220
公元前5年—公元10年      -4 10                      range    -0004/0010
康熙二十八年正月初一    1689-01-21 1689-01-21      day      1689-01-21
康熙二十八年三月初五    1689-03-25 1689-03-25      day      1689-03-25
康熙二十八年閏三月初五  1689-04-24 1689-04-24      day      1689-04-24
康熙二十八年三月庚午    1689-03-23 1689-03-23      day      1689-03-23
康熙二十八年三月        1689-03-21 1689-04-19      month    1689-03-21/1689-04-19
康熙二十八年臘月        1690-01-10 1690-02-08      month    1690-01-10/1690-02-08
康熙二十八年春          1689-01-21 1689-05-18      season   1689-01-21/1689-05-18
康熙五十七年歲次戊戌仲春 1718-03-02 1718-03-31     month    1718-03-02/1718-03-31
光绪廿六年庚子八月吉旦  1900-08-25 1900-09-23      month    1900-08-25/1900-09-23
光绪二十年七月朔        1894-08-01 1894-08-01      day      1894-08-01
光緒二十年冬十月        1894-10-29 1894-11-26      month    1894-10-29/1894-11-26
民国二十五年正月初一    1936-01-24 1936-01-24      day      1936-01-24
1978年农历八月十五      1978-09-17 1978-09-17      day      1978-09-17
始建国元年三月          9                          year     0009
〔1689〕                1689                       year     1689
[1689]                  1689                       year     1689
（1368—1644）           1368 1644                  range    1368/1644
康熙二十八年（1689年）  1689                       year     1689
1689年（清康熙二十八年） 1689                      year     1689
康熙二十八年〔1689〕    1689                       year     1689
康熙二十八年（己巳）    1689                       year     1689
清末（1900年）          1900                       year     1900
康熙二十八年十二月（1690年1月） 1690-01-10 1690-02-08 month  1690-01-10/1690-02-08
康熙二十八年十二月（1689年） 1690-01-10 1690-02-08 month    1690-01-10/1690-02-08
天宝十四载十一月初九（755年12月16日） 0755-12-20 0755-12-20 day 0755-12-20
康熙二十八年（1689年）至三十年（1691年） 1689 1691 range    1689/1691
清康熙二十八年（1689年）刻本 1689                  year     1689
民国铅印本              1912 1949                  period   1912/1949
摄于1978年春            1978-02-01 1978-05-31      season   1978-21
拍摄时间：1978年12月    1978-12-01 1978-12-31      month    1978-12
1978-12                 1978-12-01 1978-12-31      month    1978-12
1962/1965               1962 1965                  range    1962/1965
198X                    1980 1989                  decade   198X
19XX                    1900 1999                  century  19XX
1978-XX                 1978                       year     1978-XX
2004-06-XX              2004-06-01 2004-06-30      month    2004-06-XX
1978-21                 1978-02-01 1978-05-31      season   1978-21
-0213                   -213                       year     -0213
-0213-05                -0213-05-01 -0213-05-31    month    -0213-05
Y-17000                 -17000                     year     Y-17000
[1667,1669]             1667 1669                  range    [1667,1669]
"""


def _row(line: str):
    written, *days, precision, edtf = line.split()
    return pytest.param(written, days, precision, edtf, id=written)


def _day(day: int) -> str:
    year, month, day_of_month = civil_date(day)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day_of_month:02d}"


@pytest.mark.parametrize(("written", "days", "precision", "edtf"), [_row(line) for line in TABLE.strip().splitlines()])
def test_a_written_date_means_these_days(written, days, precision, edtf):
    date = interpret(written)
    assert date is not None
    assert (date.precision, date.edtf) == (precision, edtf)
    if "-" in days[0][1:]:
        assert [_day(date.earliest), _day(date.latest)] == days
    else:
        first, last = int(days[0]), int(days[-1])
        assert (date.earliest_year, date.latest_year) == (first, last)
        assert civil_date(date.earliest)[1:] == (1, 1)
        assert civil_date(date.latest)[1:] == (12, 31)


@pytest.mark.parametrize(
    ("written", "edtf", "approximate", "uncertain"),
    [
        ("约1689年", "1689~", True, False),
        ("約1689年", "1689~", True, False),
        ("大约1689年", "1689~", True, False),
        ("1689年前后", "1689~", True, False),
        ("1978年左右", "1978~", True, False),
        ("1978~", "1978~", True, False),
        ("198X~", "198X~", True, False),
        ("约198X", "198X~", True, False),
        ("1978?前后", "1978%", True, True),
        ("约1962—1965年", "1962~/1965~", True, False),
        ("约康熙二十八年（1689）", "1689~", True, False),
        ("约20世纪80年代", "198X~", True, False),
        ("约1978年春", "1978-02~/1978-05~", True, False),
        ("1978?", "1978?", False, True),
        ("1978？", "1978?", False, True),
        ("康熙二十八年？", "1689?", False, True),
        ("1978年（存疑）", "1978?", False, True),
        ("疑为1978年", "1978?", False, True),
        ("约1978年（存疑）", "1978%", True, True),
        ("1978%", "1978%", True, True),
        ("1978年", "1978", False, False),
    ],
)
def test_words_of_doubt_are_flags_and_never_widen_the_span(written, edtf, approximate, uncertain):
    date = interpret(written)
    assert (date.edtf, date.approximate, date.uncertain) == (edtf, approximate, uncertain)
    plain = interpret(edtf.rstrip("~?%"))
    if plain and "/" not in edtf:
        assert (date.earliest, date.latest) == (plain.earliest, plain.latest)


@pytest.mark.parametrize("written", ["1985/..", "1985年至今", "1985年起", "1985年以来", "1985年及以后"])
def test_a_date_without_an_end_is_open(written):
    date = interpret(written)
    assert (date.earliest, date.latest) == (datetime.date(1985, 1, 1).toordinal(), OPEN_END)
    assert (date.edtf, date.precision) == ("1985/..", Precision.RANGE)


@pytest.mark.parametrize("written", ["../1949", "1949年以前", "1949年之前", "民国三十八年以前"])
def test_a_date_without_a_beginning_is_open(written):
    date = interpret(written)
    assert (date.earliest, date.latest) == (OPEN_START, datetime.date(1949, 12, 31).toordinal())
    assert date.edtf == "../1949"


def test_an_unknown_end_adds_nothing_to_the_known_one():
    date = interpret("1985/")
    assert (date.earliest_year, date.latest_year, date.uncertain, date.edtf) == (1985, 1985, True, "1985/")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "　",
        "无",
        "年代不详",
        "不详",
        "东莞",
        "公元",
        "年",
        "0",
        "公元0年",
        "公元前0年",
        "-0000",
        "1978年13月",
        "1978-13",
        "1978.13",
        "1978年2月29日",
        "1979年2月30日",
        "1979-02-30",
        "2021-02-29",
        "1978/2/30",
        "19781332",
        "1582年10月10日",
        "康熙九十九年",
        "康熙〇年",
        "宣统四年",
        "康熙二十八年闰五月",  # that year had a 闰三月
        "康熙二十八年正月三十一日",
        "康熙二十八年二月三十",  # a month of 29 days
        "康熙二十八年庚午",
        "康熙甲丑",
        "康熙二十八年（庚午）",
        "康熙二十八年（1690年）",
        "1978年（1979年）",
        "1978年（一说1979年）",
        "80年代",
        "78年",
        "三十年",
        "己巳年",
        "3月5日",
        "1965—1962年",
        "公元前206—前221年",
        "公元前221—206年",
        "1978²",
        "1978①",
        "齐",
        "夏",
        "上世纪80年代",
        "Y1E99",
        "1950S2",
        "元和郡县图志",
    ],
)
def test_what_is_impossible_or_unclear_is_no_date(written):
    assert interpret(written) is None


def test_a_sentence_is_no_date():
    assert interpret("1978年" + "，改革开放开始" * 20) is None
    assert interpret("康熙" * 100_000) is None


def test_a_lunar_year_alone_is_found_under_its_own_year_only():
    assert (interpret("康熙二十八年").earliest_year, interpret("康熙二十八年").latest_year) == (1689, 1689)
    assert interpret("康熙二十八年十二月").latest_year == 1690


def test_a_date_is_a_frozen_value_that_cannot_end_before_it_begins():
    date = interpret("1978年")
    with pytest.raises(dataclasses.FrozenInstanceError):
        date.earliest = 0
    with pytest.raises(ValueError, match="ends before it begins"):
        HistoricalDate(2, 1, Precision.DAY, "0001-01-02")
