"""Numbers of persons are found by their check digits, however they are written, and nothing else is taken for one."""

import pytest

from archive.advice.personal_data import Kind, find


def kinds(text: str) -> list[Kind]:
    return [number.kind for number in find(text)]


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "440524188001010014", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_identity_numbers_are_known_by_their_check_character(number):
    assert kinds(f"何某，身份证{number}，住桥东村") == [Kind.IDENTITY]


@pytest.mark.parametrize(
    "number", ["110105194912310021", "110105194913310020", "11010519491231002", "111010519491231002X"]
)
def test_what_only_looks_like_one_is_none(number):
    assert Kind.IDENTITY not in kinds(f"编号{number}号")


@pytest.mark.parametrize("number", ["13912345678", "139-1234-5678", "139 1234 5678", "１３９１２３４５６７８"])
def test_mobile_numbers_are_found_however_they_are_grouped(number):
    assert kinds(f"联系人何某{number}。") == [Kind.MOBILE]


@pytest.mark.parametrize("number", ["12345678901", "0769-22123456", "1391234567", "139123456789"])
def test_other_telephones_are_not(number):
    assert kinds(f"电话{number}") == []


def test_bank_cards_are_known_by_their_luhn_sum():
    assert kinds("账号4111 1111 1111 1111") == [Kind.CARD]
    assert kinds("账号6222021234567890120") in ([Kind.CARD], [])
    assert kinds("账号4111 1111 1111 1112") == []


def test_years_and_figures_of_a_yearbook_are_no_numbers_of_persons():
    assert find("2022年全县生产总值1234567.89万元，人口20220101人，邮编523000，1978—1985年。") == []


def test_enough_is_shown_to_find_it_again_and_no_more():
    (number,) = find("手机13912345678")
    assert number.masked == "139…78"
    assert "手机13912345678"[number.start : number.end] == "13912345678"
