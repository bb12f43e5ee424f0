"""Folders and ZIPs of page images become leaves in the order of the book, with their texts, labels and sections."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from archive.importing.books import page_names, tiff_pages
from archive.importing.books.contract import Options
from archive.importing.books.kanripo import Kanripo
from archive.importing.books.page_images import PageImages
from archive.importing.books.reading import format_of
from media_assets.file_errors import FileError

from .reading_books import Reading

LINE = '<TextLine HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}"><String CONTENT="{text}"/></TextLine>'
ALTO = '<alto><Layout><Page WIDTH="40" HEIGHT="60"><TextBlock>{line}</TextBlock></Page></Layout></alto>'


def alto(text: str, *, is_vertical: bool = False) -> str:
    place = {"x": 10, "y": 6, "w": 4, "h": 50} if is_vertical else {"x": 10, "y": 6, "w": 20, "h": 4}
    return ALTO.format(line=LINE.format(text=text, **place))


def picture(shade: int = 0, kind: str = "PNG", **how) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (40, 60), shade).save(buffer, kind, **how)
    return buffer.getvalue()


def content(name: str, number: int) -> bytes:
    return picture(number % 256, "JPEG" if name.endswith("jpg") else "PNG")


def folder(tmp_path: Path, files: Mapping[str, bytes | str] | list[str], name: str = "莞志") -> Path:
    """Names alone are pictures, each another one."""
    if isinstance(files, list):
        files = {file: content(file, number) for number, file in enumerate(files)}
    root = tmp_path / name
    for file, data in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def bundle(tmp_path: Path, files: Mapping[str, bytes | str], name: str = "莞志.zip") -> Path:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for file, data in files.items():
            archive.writestr(file, data)
    return tmp_path / name


def read(path: Path, tmp_path: Path, options: Options | None = None) -> Reading:
    return Reading(PageImages(), path, tmp_path / "workspace", options)


def sources(reading: Reading) -> list[str]:
    return [leaf.source for leaf in reading.leaves]


# --- Order and labels -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ["1", "2", "10"],
        ["１", "２", "１０"],
        ["第一页", "第二页", "第十页", "第十一页", "第一百页"],
        ["卷一-上", "卷一-中", "卷一-下", "卷二-上", "卷十-上"],
        ["封面", "序", "凡例", "目录", "001", "002", "附录", "封底"],
        ["cov001", "bok001", "leg001", "fow001", "!00001", "000001", "000002", "cov002"],
        ["i", "ii", "iv", "ix", "1", "2"],
        ["卷三 一上", "卷三 一下", "卷三 二上"],
        ["p9", "p10", "p100"],
    ],
)
def test_names_are_put_into_the_order_of_the_book(tmp_path, names):
    shuffled = sorted(names, key=lambda name: hash((name, 7)))
    path = folder(tmp_path, [f"{name}.png" for name in shuffled])
    assert sources(read(path, tmp_path)) == names


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("0012", "12"),
        ("第十二页", "12"),
        ("page-007", "7"),
        ("012-013", "12-13"),
        ("卷一-上", "卷一·上"),
        ("吳郡志_卷二_三上", "卷二·三上"),
        ("003a", "3a"),
        ("封面", "封面"),
        ("cov001", "封面"),
        ("!00003", "目录3"),
        ("IMG_0012", ""),
        ("digidepo_2531162_0024", ""),
        ("三国志", ""),
    ],
)
def test_labels_are_read_from_names_that_say_pages(name, label):
    assert page_names.label(name) == label


def test_labels_from_names_are_told_as_a_proposal(tmp_path):
    reading = read(folder(tmp_path, ["001.png", "002.png"]), tmp_path)
    assert [leaf.label for leaf in reading.leaves] == ["1", "2"]
    assert reading.codes == ["labels-from-names"]


def test_folders_are_sections_and_name_the_pages_that_count_anew_in_them(tmp_path):
    path = folder(
        tmp_path, ["莞志/02_卷二 賦役/1.png", "莞志/01_卷一 輿地/2.png", "莞志/01_卷一 輿地/1.png", "莞志/封面.png"]
    )
    reading = read(path, tmp_path)
    assert reading.outline() == [(1, "juan", "卷一", "輿地"), (1, "juan", "卷二", "賦役")]
    assert [section.leaf for section in reading.sections] == ["01_卷一 輿地/1", "02_卷二 賦役/1"]
    assert [leaf.label for leaf in reading.leaves] == ["封面", "卷一·1", "卷一·2", "卷二·1"]
    assert reading.facts.title == "莞志"


def test_sections_stand_after_the_leaf_that_they_begin_on(tmp_path):
    reading = read(folder(tmp_path, ["封面.png", "卷一/1.png", "卷一/山川/2.png"]), tmp_path)
    kinds = [type(item).__name__ for item in reading.items if type(item).__name__ in ("LeafItem", "SectionItem")]
    assert kinds == ["LeafItem", "LeafItem", "SectionItem", "LeafItem", "SectionItem"]
    assert [section.level for section in reading.sections] == [1, 2]


# --- Texts beside the pictures ----------------------------------------------------------------------------------------


def test_plain_text_of_the_same_name_is_the_text_of_the_leaf(tmp_path):
    files = {"1.png": picture(1), "1.txt": "東莞縣志\n\n| 序 {{", "2.png": picture(2), "2.txt": "", "3.png": picture(3)}
    reading = read(folder(tmp_path, {**files, "3.txt": "城池".encode("gb18030")}), tmp_path)
    assert [leaf.text for leaf in reading.leaves] == ["東莞縣志\n\n\\| 序 \\{\\{", "", "城池"]
    assert not [problem for problem in reading.problems if problem.severity == "broken"]


def test_recognised_text_keeps_its_boxes_and_goes_before_plain_text(tmp_path):
    files = {"1.png": picture(1), "1.txt": "又一份", "1.xml": alto("東莞縣志"), "2.png": picture(2)}
    reading = read(folder(tmp_path, {**files, "2.png.xml": alto("城池")}), tmp_path)
    assert [leaf.text for leaf in reading.leaves] == ["東莞縣志", "城池"]
    box = reading.leaves[0].boxes[0]
    assert (box.left, box.top, box.width, box.start, box.end) == (0.25, 0.1, 0.5, 0, 4)


def test_a_folder_of_images_and_one_of_recognised_text_are_one_book(tmp_path):
    files = {"images/卷一/1.png": picture(1), "alto/卷一/1.xml": alto("東莞"), "images/卷一/2.png": picture(2)}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [(leaf.source, leaf.text) for leaf in reading.leaves] == [("卷一/1", "東莞"), ("卷一/2", "")]
    assert [section.title for section in reading.sections] == ["卷一"]


def test_a_book_of_which_most_pages_are_vertical_is_read_from_the_right(tmp_path):
    files = {f"{n}.png": picture(n) for n in (1, 2, 3)}
    files |= {f"{n}.xml": alto("東莞縣志序", is_vertical=n < 3) for n in (1, 2, 3)}
    assert read(folder(tmp_path, files), tmp_path).facts.reading == "rtl"
    files["2.xml"] = alto("東莞縣志序")
    assert read(folder(tmp_path, files, "橫排"), tmp_path).facts.reading == "ltr"


def test_one_file_of_recognised_text_serves_the_pictures_that_it_names(tmp_path):
    line = '<LINE X="1" Y="1" WIDTH="9" HEIGHT="3" STRING="第{n}面"/>'
    page = f'<PAGE IMAGENAME="{{n}}.png" WIDTH="40" HEIGHT="60">{line}</PAGE>'
    pages = "".join(page.format(n=n) for n in (2, 1, 9))
    files = {"1.png": picture(1), "2.png": picture(2), "全冊.xml": f"<OCRDATASET>{pages}</OCRDATASET>"}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [leaf.text for leaf in reading.leaves] == ["第1面", "第2面"]
    assert "ocr-without-picture" in reading.codes


def test_a_broken_text_costs_its_leaf_the_text_and_nothing_else(tmp_path):
    files = {"1.png": picture(1), "1.xml": "<alto><Layout>", "2.png": picture(2), "2.xml": alto("城池")}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [leaf.text for leaf in reading.leaves] == ["", "城池"]
    assert [(p.code, p.where) for p in reading.problems if p.severity == "broken"] == [("ocr", "1")]


# --- What is wrong ----------------------------------------------------------------------------------------------------


def test_gaps_in_the_numbers_are_told_with_what_is_missing(tmp_path):
    reading = read(folder(tmp_path, [f"p{n:03}.png" for n in (1, 2, 3, 6, 7)]), tmp_path)
    gap = next(problem for problem in reading.problems if problem.code == "leaf-gap")
    assert gap.values == {"after": "p003", "before": "p006", "count": 2, "names": "p004、p005"}


def test_names_that_count_in_twos_have_no_gaps():
    assert not list(page_names.gaps(["001", "003", "005", "007"]))
    assert [gap.missing for gap in page_names.gaps(["第一页", "第二页", "第五页"])] == [("第3页", "第4页")]


def test_the_same_picture_twice_is_told_and_a_copy_is_left_out(tmp_path):
    files = {"1.png": picture(1), "2.png": picture(1), "2 (1).png": picture(2), "1 - 副本.png": picture(1)}
    reading = read(folder(tmp_path, {**files, "3.png": picture(3)}), tmp_path)
    assert sources(reading) == ["1", "2", "2 (1)", "3"]
    assert reading.leaves[0].picture == reading.leaves[1].picture
    assert {p.code: p.where for p in reading.problems if p.code in ("copy", "duplicate")} == {
        "copy": "1 - 副本",
        "duplicate": "2",
    }


def test_members_that_are_no_pictures_keep_their_place_and_are_told(tmp_path):
    files = {"1.jpg": picture(1, "JPEG"), "2.jpg": b"<html>404</html>", "3.jpg": b"", "4.jpg": picture(4, "JPEG")}
    files["5.jpg"] = files["4.jpg"][:300]
    reading = read(folder(tmp_path, files), tmp_path)
    assert [bool(leaf.picture) for leaf in reading.leaves] == [True, False, False, True, True]
    assert [(p.code, p.where) for p in reading.problems if p.severity == "broken"] == [
        ("not-a-picture", "2"),
        ("not-a-picture", "3"),
        ("picture", "5"),
    ]


def test_a_damaged_member_of_a_zip_stops_nothing_else(tmp_path):
    path = bundle(tmp_path, {f"{n}.png": picture(n) + bytes(200_000) for n in (1, 2, 3)})
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("2.png").header_offset + 150_000
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    reading = read(path, tmp_path)
    assert [bool(leaf.picture) for leaf in reading.leaves] == [True, False, True]
    assert [(p.code, p.where) for p in reading.problems if p.severity == "broken" and p.where == "2"] == [
        ("picture", "2")
    ]


def test_a_text_without_its_picture_is_a_leaf_whose_scan_is_missing(tmp_path):
    files = {"1.png": picture(1), "1.txt": "甲", "2.txt": "乙", "3.png": picture(3), "說明.txt": "掃描說明"}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [(leaf.source, leaf.text, bool(leaf.picture)) for leaf in reading.leaves] == [
        ("1", "甲", True),
        ("2", "乙", False),
        ("3", "", True),
    ]
    assert {"no-picture", "left-out"} <= set(reading.codes)


def test_of_two_pictures_of_one_name_the_better_one_is_taken(tmp_path):
    files = {"1.jpg": picture(1, "JPEG"), "1.tif": picture(1, "TIFF"), "2.jpg": picture(2, "JPEG")}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [leaf.picture.rpartition(".")[2] for leaf in reading.leaves] == ["tif", "jpg"]
    assert "same-name" in reading.codes


# --- Bundles ----------------------------------------------------------------------------------------------------------


def test_what_file_managers_leave_behind_is_ignored(tmp_path):
    junk = {"Thumbs.db": b"x", "__MACOSX/._1.png": b"x", ".DS_Store": b"x", "~$1.png": b"x", "thumbs/1.png": picture(9)}
    reading = read(bundle(tmp_path, {"1.png": picture(1), **junk}), tmp_path)
    assert sources(reading) == ["1"]


def test_names_that_lead_out_of_the_bundle_and_links_are_not_read(tmp_path):
    path = bundle(
        tmp_path, {"1.png": picture(1), "../2.png": picture(2), "/3.png": picture(3), "C:\\4.png": picture(4)}
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("5.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    reading = read(path, tmp_path)
    assert sources(reading) == ["1"]
    assert {"link", "unsafe-name"} <= set(reading.codes)
    assert sorted(file.name for file in (tmp_path / "workspace").rglob("*.*")) == ["000001.png"]


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    path = folder(tmp_path, ["1.png"])
    (tmp_path / "outside.png").write_bytes(picture(9))
    (path / "2.png").symlink_to(tmp_path / "outside.png")
    reading = read(path, tmp_path)
    assert sources(reading) == ["1"]
    assert "link" in reading.codes


def test_windows_zips_with_names_in_gbk_and_their_own_strokes_are_read(tmp_path):
    written = "卷一\\第十页.png".encode("gb18030")
    stand_in = "a" * (len(written) - 4) + ".png"
    path = bundle(tmp_path, {"封面.png": picture(2), stand_in: picture(1)})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), written))
    assert sources(read(path, tmp_path)) == ["封面", "卷一/第十页"]


def test_the_books_of_other_formats_are_left_to_them(tmp_path, shared_data):
    assert not PageImages().recognises(bundle(tmp_path, {"a.txt": "莞志"}, "a.zip"))
    assert not PageImages().recognises(bundle(tmp_path, {"a.md": "# 莞志", "图.png": picture(1)}, "b.zip"))
    office = {"[Content_Types].xml": "<Types/>", "word/media/1.png": picture(1)}
    assert not PageImages().recognises(bundle(tmp_path, office, "c.docx"))
    assert not PageImages().recognises(bundle(tmp_path, {"1.jpg": "不是图像"}, "d.zip"))
    assert isinstance(format_of(shared_data / "books" / "wujun-zhi"), Kanripo)
    assert isinstance(format_of(shared_data / "scans"), PageImages)


def test_an_empty_folder_is_refused_in_chinese(tmp_path):
    (tmp_path / "空").mkdir()
    with pytest.raises(FileError, match="没有书页图像"):
        read(tmp_path / "空", tmp_path)


# --- TIFF -------------------------------------------------------------------------------------------------------------


def test_each_page_of_a_tiff_is_a_leaf_with_its_pixels_as_they_were_stored(tmp_path, shared_data):
    source = shared_data / "images" / "g4-multi.tiff"
    reading = read(source, tmp_path)
    assert sources(reading) == ["g4-multi", "g4-multi#2", "g4-multi#3"]
    with Image.open(source) as whole:
        for number, leaf in enumerate(reading.leaves):
            whole.seek(number)
            with Image.open(tmp_path / "workspace" / "pictures" / leaf.picture) as page:
                assert page.n_frames == 1
                assert page.info["compression"] == "group4"
                assert page.tobytes() == whole.tobytes()
    assert [file.suffix for file in (tmp_path / "workspace" / "pictures").iterdir()] == [".tif"] * 3


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_a_page_is_carried_over_whatever_its_compression(tmp_path, compression):
    frames = [Image.linear_gradient("L").convert("RGB").rotate(90 * turn) for turn in range(3)]
    path = tmp_path / "多页.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:], compression=compression)
    for number, page in enumerate(tiff_pages.pages(path)):
        page.copy(tmp_path / f"{number}.tif")
        with Image.open(path) as whole, Image.open(tmp_path / f"{number}.tif") as alone:
            whole.seek(number)
            assert alone.tobytes() == whole.tobytes()
    assert number == 2


def test_a_big_tiff_is_written_as_an_ordinary_one(tmp_path, shared_data):
    source = shared_data / "images" / "BigTIFF.tif"
    next(tiff_pages.pages(source)).copy(tmp_path / "page.tif")
    assert (tmp_path / "page.tif").read_bytes()[2:4] in (b"\x2a\x00", b"\x00\x2a")
    with Image.open(source) as whole, Image.open(tmp_path / "page.tif") as alone:
        assert alone.tobytes() == whole.tobytes()


def test_a_tiff_that_is_cut_off_gives_the_pages_before_the_cut(tmp_path, shared_data):
    data = (shared_data / "images" / "g4-multi.tiff").read_bytes()
    (tmp_path / "a.tif").write_bytes(data[: len(data) - 100])
    reading = read(tmp_path / "a.tif", tmp_path)
    assert any(problem.severity == "broken" for problem in reading.problems)


def test_pictures_of_all_kinds_are_known_by_their_bytes(tmp_path, shared_data):
    images = shared_data / "images"
    names = ["iphone.heic", "test-card-lossless.jp2", "hopper.avif", "hopper_orientation_8.webp", "exif_gps.jpg"]
    files = {f"{n}.jpg": (images / name).read_bytes() for n, name in enumerate(names, start=1)}
    reading = read(folder(tmp_path, files), tmp_path)
    assert [leaf.picture.rpartition(".")[2] for leaf in reading.leaves] == ["heic", "jp2", "avif", "webp", "jpg"]
    assert not [problem for problem in reading.problems if problem.severity == "broken"]
