"""Tiles found by the index are those of the file."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media_assets.decoding.bounds import Bounds
from media_assets.decoding.pyramid import write
from media_assets.iiif_image import tiles
from media_assets.iiif_image.parameters import Limits, wanted
from media_assets.iiif_image.tiles import part_of, reads, whole_tile
from media_assets.tile_index import BadPyramidError, TileIndex, index_of

from .conftest import numbered


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pyramid")
    numbered(2300, 1500).save(folder / "original.png")
    write(str(folder / "original.png"), "image/png", str(folder / "pyramid.tif"), 85, Bounds())
    return folder / "pyramid.tif"


@pytest.fixture(scope="module")
def index(file) -> TileIndex:
    with file.open("rb") as opened:
        return TileIndex(index_of(opened))


def test_the_levels_are_those_of_the_file(file, index):
    with Image.open(file) as tiff:
        sizes = []
        for number in range(tiff.n_frames):
            tiff.seek(number)
            sizes.append(tiff.size)

    assert [(level.width, level.height) for level in index.levels] == sizes == [
        (2300, 1500), (1150, 750), (575, 375), (287, 187),
    ]  # fmt: skip
    assert (index.width, index.height, index.side) == (2300, 1500, 512)


def test_every_tile_is_a_whole_jpeg_with_the_pixels_of_the_file(file, index):
    data = file.read_bytes()
    with Image.open(file) as tiff:
        for level in index.levels:
            tiff.seek(level.number)
            for row in range(index.down(level)):
                for column in range(index.across(level)):
                    offset, length = index.place(level, column, row)
                    jpeg = Image.open(io.BytesIO(index.jpeg(level, data[offset : offset + length])))
                    assert jpeg.size == (512, 512)
                    x, y = column * 512, row * 512
                    assert jpeg.getpixel((5, 5)) == pytest.approx(tiff.getpixel((x + 5, y + 5)), abs=2)


def test_there_are_no_tiles_beyond_the_edges(index):
    for column, row in ((5, 0), (0, 3), (-1, 0), (0, -1)):
        with pytest.raises(IndexError):
            index.place(index.levels[0], column, row)


def test_the_index_is_small_beside_its_file(file, index):
    assert len(index.packed) < file.stat().st_size / 50


def test_what_is_no_pyramid_is_refused(tmp_path):
    numbered(600, 600).save(tmp_path / "strips.tif", compression="jpeg")
    for data in (
        (tmp_path / "strips.tif").read_bytes(),
        b"",
        b"II*\0",
        b"\x89PNG",
        bytes(100),
        b"II*\0" + b"\xff" * 90,
    ):
        with pytest.raises(BadPyramidError):
            index_of(io.BytesIO(data))


def test_a_chain_of_directories_without_end_is_refused():
    loop = struct.pack("<2sHIHI", b"II", 42, 8, 0, 8)
    with pytest.raises(BadPyramidError):
        index_of(io.BytesIO(loop))


def test_bytes_that_are_no_tile_are_refused(index):
    for stream in (b"", b"\xff\xd8", bytes(1000), b"\xff\xd8" + bytes(100)):
        with pytest.raises(BadPyramidError):
            index.jpeg(index.levels[0], stream)


LIMITS = Limits(4096, 12_000_000)


@given(x=st.integers(0, 2299), y=st.integers(0, 1499), width=st.integers(1, 2300), height=st.integers(1, 1500),
       across=st.integers(1, 2300))  # fmt: skip
def test_a_part_is_covered_by_its_tiles_and_has_the_detail_that_is_wanted(index, x, y, width, height, across):
    asked = wanted(f"{x},{y},{width},{height}", f"!{across},9999", "0", "default", "jpg", (2300, 1500), LIMITS)
    part = part_of(index, asked)

    assert part.left >= part.first_column * 512
    assert part.left + part.width <= min((part.first_column + part.across) * 512, part.level.width)
    assert part.top + part.height <= min((part.first_row + len(part.tiles) // part.across) * 512, part.level.height)
    step = 1 << part.level.number
    assert part.width >= asked.width // step
    assert part.level.number == 0 or part.width + 1 >= asked.out_width
    assert sorted(tile.offset for group in reads(part.tiles) for tile in group) == sorted(
        tile.offset for tile in part.tiles
    )


@given(factor=st.sampled_from([1, 2, 4, 8]), column=st.integers(0, 5), row=st.integers(0, 5))
def test_only_tiles_that_the_picture_fills_are_handed_out_whole(index, factor, column, row):
    step = 512 * factor
    if column * step >= 2300 or row * step >= 1500:
        return
    try:
        asked = wanted(
            f"{column * step},{row * step},{step},{step}", "512,512", "0", "default", "jpg", (2300, 1500), LIMITS
        )
    except ValueError:
        return
    tile = whole_tile(index, asked)
    is_full = (column + 1) * step <= 2300 and (row + 1) * step <= 1500
    assert (tile is not None) == is_full
    if tile:
        assert (tile.level.number, tile.column, tile.row) == (factor.bit_length() - 1, column, row)


def test_tiles_that_lie_together_are_read_together(index):
    asked = wanted("full", "1150,750", "0", "default", "jpg", (2300, 1500), LIMITS)
    assert len(reads(part_of(index, asked).tiles)) == 1


def test_a_picture_pulled_out_of_its_shape_is_not_made_of_the_whole_picture(index, monkeypatch):
    monkeypatch.setattr(tiles, "_MOST_PIXELS", 500_000)
    asked = wanted("full", "1,1500", "0", "default", "jpg", (2300, 1500), LIMITS)
    part = part_of(index, asked)
    assert part.width * part.height <= 500_000
