"""Tables of text in the encodings that offices have, read line by line."""

import pytest

from archive.importing.books.contract import Problem
from archive.importing.books.sheet_rows import Row
from archive.importing.collections.csv_rows import csv_rows, encoding_of
from media_assets.file_errors import UnreadableFile

TABLE = '编号,題名\r\n甲1,石龍鎮的碼頭與市場\r\n甲2,"第一行\r\n第二行，在這裏"\r\n' * 30


def written(tmp_path, data: bytes):
    path = tmp_path / "清册.csv"
    path.write_bytes(data)
    return path


def only_rows(items) -> list[Row]:
    return [item for item in items if isinstance(item, Row)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_rows_are_the_same_in_every_encoding(encoding, tmp_path):
    found = only_rows(csv_rows(written(tmp_path, TABLE.encode(encoding))))
    assert len(found) == 90
    assert found[0].cells == ("编号", "題名")
    assert (found[2].number, found[2].cells) == (3, ("甲2", "第一行\n第二行，在這裏"))
    assert found[3].number == 5


def test_big5_is_recognised_by_its_words(tmp_path):
    table = "編號,題名\n甲1,石龍鎮的碼頭與市場\n" * 30
    path = written(tmp_path, table.encode("big5hkscs"))
    assert encoding_of(path) == ("big5hkscs", False)
    assert only_rows(csv_rows(path))[1].cells == ("甲1", "石龍鎮的碼頭與市場")


def test_lines_of_another_encoding_are_read_in_it_and_told(tmp_path):
    data = "编号,题名\n".encode() + "甲1,石龙镇\n".encode() * 30 + "甲2,石龙镇的码头\n".encode("gb18030")
    items = list(csv_rows(written(tmp_path, data)))
    assert only_rows(items)[-1].cells == ("甲2", "石龙镇的码头")
    assert any(isinstance(item, Problem) and item.code == "encodings-mixed" for item in items)


def test_bytes_that_cannot_be_read_are_told_with_their_line(tmp_path):
    data = ("编号,题名\n" + "甲1,石龙镇\n" * 30).encode() + b"\xe7\x9f,\xe9\xbe\x99\n"
    items = list(csv_rows(written(tmp_path, data), "utf-8"))
    assert [item.where for item in items if isinstance(item, Problem)] == ["第 32 行"]


def test_semicolons_and_tabs_separate_too(tmp_path):
    for mark in "\t;":
        assert only_rows(csv_rows(written(tmp_path, f"编号{mark}题名\n甲{mark}码头\n".encode())))[1].cells == (
            "甲",
            "码头",
        )


def test_an_open_quotation_mark_ends_the_reading_in_words(tmp_path):
    data = '编号,题名\n甲,码头\n乙,"没有结束\n' + "丙,渡口，很长的一行\n" * 120_000
    items = list(csv_rows(written(tmp_path, data.encode())))
    assert len(only_rows(items)) == 2
    assert "无法读下去" in items[-1].message


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        list(csv_rows(written(tmp_path, b" \n")))
