"""The pictures that pages show: upright, in the right colours, in the right sizes, telling nothing more."""

import io

import pytest
from PIL import Image, ImageCms

from media_assets import intake
from media_assets.derivatives.rendering import render, sizes_for

from .made_files import (
    LEFT_BOTTOM,
    LEFT_TOP,
    RIGHT_BOTTOM,
    RIGHT_TOP,
    a_photograph_with_a_position,
    encoded,
    near,
    quarters,
)


def rendered(data: bytes, mime_type: str, width: int, height: int) -> dict:
    """{(preset, format): decoded picture}"""
    return {
        (r.preset.value, r.format.value): Image.open(io.BytesIO(r.data))
        for r in render(io.BytesIO(data), mime_type, width, height)
    }


def corners(picture: Image.Image) -> list:
    picture = picture.convert("RGB")
    width, height = picture.size
    return [picture.getpixel((width * x // 4, height * y // 4)) for y in (1, 3) for x in (1, 3)]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4000, 3000, [("w320", 320, 240), ("w960", 960, 720), ("w1920", 1920, 1440)]),
        (1920, 1000, [("w320", 320, 167), ("w960", 960, 500), ("w1920", 1920, 1000)]),
        (500, 400, [("w320", 320, 256), ("w960", 500, 400)]),
        (320, 200, [("w320", 320, 200)]),
        (10, 10, [("w320", 10, 10)]),
        (1000, 20_000, [("w320", 32, 640), ("w960", 96, 1920), ("w1920", 192, 3840)]),
        (30_000, 10, [("w320", 320, 1), ("w960", 960, 1), ("w1920", 1920, 1)]),
    ],
)
def test_sizes_are_bounded_and_never_above_the_source(width, height, expected):
    assert [(p.value, w, h) for p, w, h in sizes_for(width, height)] == expected


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_stored = quarters(1200, 700)
    if orientation in turns:
        as_stored = as_stored.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(as_stored, "JPEG", exif=exif, quality=90)

    for key, picture in rendered(data, "image/jpeg", 1200, 700).items():
        assert picture.size[0] > picture.size[1], key
        for found, wanted in zip(corners(picture), [LEFT_TOP, RIGHT_TOP, LEFT_BOTTOM, RIGHT_BOTTOM], strict=True):
            assert near(found, wanted), (key, found, wanted)


def test_position_camera_and_profile_never_survive():
    data = a_photograph_with_a_position(400, 240)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)

    for made in render(io.BytesIO(data), "image/jpeg", 400, 240):
        picture = Image.open(io.BytesIO(made.data))
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
        assert "莞牌".encode() not in made.data
        assert b"GPS" not in made.data


def test_lab_comes_out_in_its_colours(shared_data):
    data = {name: (shared_data / "images" / name).read_bytes() for name in ("hopper.Lab.tif", "hopper.avif")}
    lab, plain = (
        rendered(data[name], mime_type, 128, 128)[("w320", "jpeg")].convert("RGB").resize((4, 4))
        for name, mime_type in (("hopper.Lab.tif", "image/tiff"), ("hopper.avif", "image/avif"))
    )

    for place in ((0, 0), (1, 1), (2, 2), (3, 3)):
        assert near(lab.getpixel(place), plain.getpixel(place), 25)


def test_what_nothing_decodes_says_that_the_original_is_kept(shared_data):
    data = (shared_data / "images" / "tiled-cmyk-i8.tif").read_bytes()

    with pytest.raises(intake.UnshownFile, match="已保存原件，暂不能显示"):
        rendered(data, "image/tiff", 490, 367)


def test_real_position_data_never_survives(shared_data):
    data = (shared_data / "images" / "xmp_test.jpg").read_bytes()
    assert b"http://ns.adobe.com/xap" in data

    for made in render(io.BytesIO(data), "image/jpeg", 2000, 1072):
        assert b"adobe" not in made.data.lower()
        assert b"<x:xmpmeta" not in made.data


def test_cmyk_comes_out_in_the_colours_of_print():
    cmyk = Image.new("CMYK", (400, 300), (0, 255, 255, 0))  # printers' red
    found = rendered(encoded(cmyk, "JPEG", quality=95), "image/jpeg", 400, 300)[("w320", "jpeg")]

    assert found.mode == "RGB"
    red, green, blue = found.getpixel((100, 100))
    assert red > 190
    assert green < 80
    assert blue < 80


def test_sixteen_bits_do_not_turn_white():
    ramp = Image.new("I;16", (400, 100))
    ramp.putdata([x * 65535 // 399 for _y in range(100) for x in range(400)])
    found = rendered(encoded(ramp, "TIFF"), "image/tiff", 400, 100)[("w960", "jpeg")].convert("L")

    assert found.getpixel((2, 50)) < 10
    assert abs(found.getpixel((200, 50)) - 128) < 8
    assert found.getpixel((397, 50)) > 245


def test_another_colour_space_is_carried_over_to_srgb():
    lab = ImageCms.createProfile("LAB")
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = encoded(quarters(), "PNG")
    profiled = encoded(quarters(), "PNG", icc_profile=wide)
    mismatched = encoded(quarters(), "PNG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())

    wanted = corners(rendered(plain, "image/png", 400, 240)[("w320", "jpeg")])
    for data in (profiled, mismatched):
        found = corners(rendered(data, "image/png", 400, 240)[("w320", "jpeg")])
        assert all(near(a, b) for a, b in zip(found, wanted, strict=True))


def test_transparency_stays_in_webp_and_shows_paper_in_jpeg():
    drawing = Image.new("RGBA", (1000, 800), (0, 0, 0, 0))
    drawing.paste((200, 30, 30, 255), (0, 0, 500, 800))
    found = rendered(encoded(drawing, "PNG"), "image/png", 1000, 800)

    webp, jpeg = found[("w320", "webp")], found[("w320", "jpeg")]
    assert webp.mode == "RGBA"
    assert webp.getpixel((310, 100))[3] == 0
    assert near(jpeg.getpixel((310, 100)), (255, 255, 255))
    assert near(jpeg.getpixel((80, 100)), (200, 30, 30))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_comes_out(mode):
    found = rendered(encoded(quarters(700, 500).convert(mode), "PNG"), "image/png", 700, 500)

    assert found[("w960", "webp")].size == (700, 500)
    assert near(corners(found[("w960", "jpeg")])[3], RIGHT_BOTTOM, 60 if mode in ("1", "P") else 20)


@pytest.mark.parametrize(
    "name",
    [
        *("tiff_strip_cmyk_jpeg.tif", "16bit.deflate.tif", "planar-rgb-u8.tif", "g4-multi.tiff", "hopper.avif"),
        *("iphone.heic", "test-card-lossless.jp2", "hopper.Lab.tif", "int16_rgb.tif", "BigTIFF.tif"),
        "old-style-jpeg-compression.tif",
    ],
)
def test_real_pictures_come_out(shared_data, name):
    with (shared_data / "images" / name).open("rb") as file:
        facts = intake.describe(file)
        made = list(render(file, facts.mime_type, facts.width, facts.height))
    assert len(made) == 2 * len(sizes_for(facts.width, facts.height))
    for one in made:
        assert Image.open(io.BytesIO(one.data)).size == (one.width, one.height)
