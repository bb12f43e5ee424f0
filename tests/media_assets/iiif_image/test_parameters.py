"""What an address of the IIIF Image API means, in pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_assets.iiif_image.parameters import BadRequestError, Limits, UnsupportedError, Wanted, wanted

WHOLE = (6000, 4000)
LIMITS = Limits(side=5000, area=12_000_000)


def ask(address: str, whole: tuple[int, int] = WHOLE, limits: Limits = LIMITS) -> Wanted:
    region, size, rotation, last = address.split("/")
    quality, _dot, image_format = last.rpartition(".")
    return wanted(region, size, rotation, quality, image_format, whole, limits)


def region(text: str, whole: tuple[int, int] = WHOLE) -> tuple[int, int, int, int]:
    found = ask(f"{text}/!10,10/0/default.jpg", whole)
    return found.x, found.y, found.width, found.height


def size(text: str, part: str = "0,0,3000,2000") -> tuple[int, int]:
    found = ask(f"{part}/{text}/0/default.jpg")
    return found.out_width, found.out_height


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("full", (0, 0, 6000, 4000)),
        ("square", (1000, 0, 4000, 4000)),
        ("125,15,120,140", (125, 15, 120, 140)),
        ("5900,3900,500,500", (5900, 3900, 100, 100)),
        ("pct:41.6,7.5,40,70", (2496, 300, 2400, 2800)),
        ("pct:0,0,200,.5", (0, 0, 6000, 20)),
    ],
)
def test_a_region_is_the_part_of_it_that_lies_in_the_picture(text, expected):
    assert region(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "6000,0,1,1",
        "0,4000,1,1",
        "0,0,0,1",
        "-1,0,1,1",
        "1.5,0,1,1",
        "0,0,1",
        "pct:100,0,1,1",
        "pct:0,0,0,1",
        "pct:1e3,0,1,1",
        "pct:nan,0,1,1",
        "pct:0,0,1,",
        "Full",
        "",
        "１,0,1,1",
        "0,0,1,1\n",
        "9" * 100 + ",0,1,1",
    ],
)
def test_a_region_that_is_no_part_of_the_picture_is_a_mistake(text):
    with pytest.raises(BadRequestError):
        region(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max", (3000, 2000)),
        ("^max", (4242, 2828)),
        ("1500,", (1500, 1000)),
        (",500", (750, 500)),
        ("pct:50", (1500, 1000)),
        ("pct:33.3333", (1000, 667)),
        ("100,900", (100, 900)),
        ("!1000,1000", (1000, 667)),
        ("!9000,1000", (1500, 1000)),
        ("!9000,9000", (3000, 2000)),
        ("^3600,", (3600, 2400)),
        ("^,2400", (3600, 2400)),
        ("^pct:120", (3600, 2400)),
        ("^4000,100", (4000, 100)),
        ("^!3600,9000", (3600, 2400)),
        ("^!90000,90000", (4242, 2828)),
    ],
)
def test_a_size_is_what_the_specification_says(text, expected):
    assert size(text) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    "text",
    [
        "3001,",
        ",2001",
        "pct:101",
        "3001,10",
        "^6000,",
        "^5000,4000",
        "^pct:300",
        "0,",
        "0,5",
        "pct:0",
        "pct:0.001",
        "!10,",
        "!0,10",
        ",",
        "full",
        "^",
        "^^max",
        "!max",
        "-1,",
        "9999999999,",
    ],
)
def test_a_size_that_cannot_be_made_is_a_mistake(text):
    with pytest.raises(BadRequestError):
        size(text)


def test_a_picture_larger_than_the_limits_comes_at_the_limit():
    found = ask("full/max/0/default.jpg")

    assert LIMITS.allow(found.out_width, found.out_height)
    assert found.out_width / found.out_height == pytest.approx(1.5, abs=0.001)
    assert found.out_width * found.out_height > 0.99 * LIMITS.area


def test_a_strip_is_never_made_longer_than_the_limit():
    for whole in ((60_000, 3), (2, 60_000), (60_000, 2000)):
        found = ask("full/max/0/default.jpg", whole)
        assert LIMITS.allow(found.out_width, found.out_height)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", (False, 0)), ("90", (False, 90)), ("22.5", (False, 22.5)), ("!0", (True, 0)), ("!360", (True, 0))],
)
def test_a_rotation_may_be_mirrored_first(text, expected):
    found = ask(f"full/!9,9/{text}/default.jpg")
    assert (found.mirrored, found.degrees) == expected


@pytest.mark.parametrize("text", ["361", "-90", "!", "ninety", "90!", "", "0x10", "1e2"])
def test_any_other_rotation_is_a_mistake(text):
    with pytest.raises(BadRequestError):
        ask(f"full/!9,9/{text}/default.jpg")


def test_a_format_that_is_not_made_is_another_matter_than_one_that_does_not_exist():
    with pytest.raises(UnsupportedError):
        ask("full/max/0/default.jp2")
    for last in ("default.exe", "default.", "native.jpg", ".jpg", "DEFAULT.jpg"):
        with pytest.raises(BadRequestError):
            ask(f"full/max/0/{last}")


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("0,0,9000,9000/pct:50/0/color.jpg", "full/3000,2000/0/default.jpg"),
        ("pct:50,50,50,50/3000,/!0.0/gray.png", "3000,2000,3000,2000/max/!0/gray.png"),
        ("square/^!8000,100/90.50/default.webp", "1000,0,4000,4000/100,100/90.5/default.webp"),
        ("0,0,100,100/^200,/0/default.jpg", "0,0,100,100/^200,200/0/default.jpg"),
        ("0,0,100,100/^max/0/default.jpg", "0,0,100,100/^max/0/default.jpg"),
    ],
)
def test_each_picture_has_one_canonical_spelling(address, canonical):
    assert ask(address).canonical == canonical


sides = st.integers(1, 70_000)
words = st.text("0123456789.,!^:pctmaxfulsqre-/ ", max_size=20)


@given(width=sides, height=sides, x=sides, y=sides, across=sides, down=sides, form=st.sampled_from(["", "^"]))
def test_whatever_is_answered_lies_in_the_picture_and_within_the_limits(width, height, x, y, across, down, form):
    for text in (f"{form}max", f"{form}{across},", f"{form}!{across},{down}", f"{form}{across},{down}"):
        try:
            found = ask(f"{x - 1},{y - 1},{across},{down}/{text}/0/default.jpg", (width, height))
        except BadRequestError:
            continue
        assert 0 <= found.x < found.x + found.width <= width
        assert 0 <= found.y < found.y + found.height <= height
        assert LIMITS.allow(found.out_width, found.out_height)
        assert min(found.out_width, found.out_height) >= 1
        if not form:
            assert found.out_width <= found.width
            assert found.out_height <= found.height
        again = ask(found.canonical, (width, height))
        assert (again.out_width, again.out_height) == (found.out_width, found.out_height)
        assert again.canonical == found.canonical


@given(st.tuples(words, words, words, words, words))
def test_nonsense_is_always_told_as_a_mistake(parts):
    try:
        wanted(*parts, WHOLE, LIMITS)
    except (BadRequestError, UnsupportedError):
        return
    raise AssertionError(parts)
