"""Names in a ZIP are read whatever the program was that wrote them without saying how."""

import zipfile

import pytest

from archive.importing.books.bundles import Bundle


def zipped(path, names: list[str], encoding: str) -> None:
    class Member(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802 -- zipfile's own name
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(Member(name), b"-")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ("卷一/第1页.jpg", "卷一/第2页.jpg")),
        ("gb18030", ("卷一/第1页.jpg", "東莞縣志/第2頁.jpg")),
        ("big5", ("卷一/廣東通志第1頁.jpg", "東莞縣志.jpg")),
    ],
)
def test_names_are_read_in_the_encoding_that_they_were_written_in(tmp_path, encoding, names):
    zipped(tmp_path / "书.zip", list(names), encoding)
    assert set(Bundle(tmp_path / "书.zip").names) == set(names)


def test_a_name_that_leads_outside_is_no_leftover(tmp_path):
    zipped(tmp_path / "书.zip", ["../1.jpg", "./2.jpg", ".git/3.jpg", "__MACOSX/._4.jpg"], "utf-8")
    assert set(Bundle(tmp_path / "书.zip").names) == {"../1.jpg", "./2.jpg"}
