"""The IIIF Image API as a viewer, a harvester and another site meet it."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import storages

from media_assets import delivery
from media_assets.delivery import Use, Verdict
from media_assets.iiif_image import drawing, views
from media_assets.outage import OUTAGE
from media_assets.storage_errors import StorageUnavailableError, Trouble

from .conftest import HEIGHT, WIDTH, opened


def colour_at(picture, x: int, y: int) -> tuple[int, int]:
    """Column and row of the square of a hundred pixels that is seen there."""
    red, green, _blue = picture.convert("RGB").getpixel((x, y))
    return round((red - 10) / 10), round((green - 10) / 10)


# --- info.json ----------------------------------------------------------------------------------------------------


def test_info_tells_what_can_be_asked(ask, pyramid, settings):
    settings.PUBLIC_BASE_URL = "https://fangzhi.example.cn"
    answer = ask("/info.json")
    info = json.loads(answer.content)

    assert answer["Content-Type"] == "application/json"
    assert info["id"] == f"https://fangzhi.example.cn/iiif/image/3/{pyramid.key}"
    assert (info["width"], info["height"]) == (WIDTH, HEIGHT)
    assert info["@context"] == "http://iiif.io/api/image/3/context.json"
    assert (info["type"], info["profile"]) == ("ImageService3", "level2")
    assert info["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4, 8]}]
    assert info["sizes"][-1] == {"width": WIDTH, "height": HEIGHT}
    assert info["maxArea"] == views.LIMITS.area


def test_info_comes_as_linked_data_to_those_who_ask_for_it(ask):
    answer = ask("/info.json", Accept="application/ld+json")

    assert answer["Content-Type"] == 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
    assert "Accept" in answer["Vary"]
    assert answer["ETag"] != ask("/info.json")["ETag"]


def test_every_size_that_info_names_can_be_had(ask):
    for size in json.loads(ask("/info.json").content)["sizes"]:
        answer = ask(f"/full/{size['width']},{size['height']}/0/default.jpg")
        assert opened(answer).size == (size["width"], size["height"])


def test_the_address_of_the_picture_leads_to_info(ask, pyramid):
    answer = ask("")

    assert (answer.status_code, answer["Location"]) == (303, f"/iiif/image/3/{pyramid.key}/info.json")
    assert answer["Access-Control-Allow-Origin"] == "*"


# --- pictures -----------------------------------------------------------------------------------------------------


def test_a_whole_tile_is_handed_out_with_one_read_and_without_decoding(ask, monkeypatch):
    read = []
    keep = type(storages["derivatives"]).open_part

    def remember(self, *place):
        read.append(place)
        return keep(self, *place)

    monkeypatch.setattr(type(storages["derivatives"]), "open_part", remember)
    monkeypatch.setattr(views, "drawn", lambda *args: pytest.fail("decoded"))
    whole = ask("/512,512,512,512/512,512/0/default.jpg")
    half = ask("/1024,0,1024,1024/512,/0/color.jpg")

    assert len(read) == 2
    assert opened(whole).size == opened(half).size == (512, 512)
    assert colour_at(opened(whole), 200, 300) == (7, 8)
    assert colour_at(opened(half), 300, 100) == (16, 2)
    assert whole["Content-Type"] == "image/jpeg"
    assert whole.content[6:10] == b"JFIF"


def test_every_tile_that_a_viewer_asks_for_has_its_size_and_its_place(ask):
    info = json.loads(ask("/info.json").content)
    for factor in info["tiles"][0]["scaleFactors"]:
        step = 512 * factor
        for x in range(0, WIDTH, step):
            for y in range(0, HEIGHT, step):
                width, height = min(step, WIDTH - x), min(step, HEIGHT - y)
                size = (-(-width // factor), -(-height // factor))
                picture = opened(ask(f"/{x},{y},{width},{height}/{size[0]},{size[1]}/0/default.jpg"))

                assert picture.size == size
                at = (size[0] // 2, size[1] // 2)
                expected = ((x + at[0] * factor) // 100, (y + at[1] * factor) // 100)
                assert max(abs(a - b) for a, b in zip(colour_at(picture, *at), expected, strict=True)) <= 1


@pytest.mark.parametrize(
    ("asked", "size", "seen"),
    [
        ("square/300,/0/default.jpg", (300, 300), {(150, 150): (11, 7)}),
        ("pct:50,50,10,10/max/0/default.jpg", (230, 150), {(115, 75): (12, 8)}),
        ("1000,200,400,300/!100,100/0/default.jpg", (100, 75), {(5, 5): (10, 2), (95, 70): (13, 4)}),
        ("0,0,200,100/^400,/0/default.jpg", (400, 200), {(30, 30): (0, 0), (350, 30): (1, 0)}),
        ("0,0,200,100/max/90/default.jpg", (100, 200), {(50, 50): (0, 0), (50, 150): (1, 0)}),
        ("0,0,200,100/max/180/default.jpg", (200, 100), {(50, 50): (1, 0), (150, 50): (0, 0)}),
        ("0,0,200,100/max/270/default.jpg", (100, 200), {(50, 50): (1, 0), (50, 150): (0, 0)}),
        ("0,0,200,100/max/!0/default.jpg", (200, 100), {(50, 50): (1, 0), (150, 50): (0, 0)}),
        ("0,0,200,100/max/!90/default.png", (100, 200), {(50, 50): (1, 0), (50, 150): (0, 0)}),
        ("450,450,200,200/max/0/default.webp", (200, 200), {(10, 10): (4, 4), (190, 190): (6, 6)}),
    ],
)
def test_a_part_comes_in_its_size_turned_as_asked(ask, asked, size, seen):
    picture = opened(ask(f"/{asked}"))

    assert picture.size == size
    assert {place: colour_at(picture, *place) for place in seen} == seen


def test_a_slanting_picture_is_transparent_at_its_corners_where_it_can_be(ask):
    part = "100,100,200,200/max/45"
    png, jpg = opened(ask(f"/{part}/default.png")), opened(ask(f"/{part}/default.jpg"))

    assert png.size == jpg.size
    assert png.width in range(282, 286)
    assert png.getpixel((2, 2))[3] == 0
    assert min(jpg.getpixel((2, 2))) > 250


def test_colours_are_taken_away_when_asked(ask):
    grey, bitonal = opened(ask("/full/200,/0/gray.jpg")), opened(ask("/full/200,/0/bitonal.png"))

    assert grey.mode == "L"
    assert {value for _count, value in bitonal.convert("L").getcolors()} <= {0, 255}


def test_a_picture_that_is_too_large_is_made_smaller_or_refused(ask, monkeypatch):
    monkeypatch.setattr(views, "LIMITS", views.Limits(side=1000, area=200_000))
    largest = opened(ask("/full/max/0/default.jpg"))

    assert largest.width * largest.height <= 200_000
    assert largest.width == pytest.approx(553, abs=2)
    assert ask("/full/1000,/0/default.jpg").status_code == 400
    assert ask("/full/^max/0/default.jpg").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/full/max/0/default.tif", 501),
        ("/full/max/0/default.bmp", 400),
        ("/full/max/0/native.jpg", 400),
        ("/full/max/361/default.jpg", 400),
        ("/full/3000,/0/default.jpg", 400),
        ("/2300,0,10,10/max/0/default.jpg", 400),
        ("/0,0,0,10/max/0/default.jpg", 400),
        ("/full/max/0", 400),
        ("/full/max/0/default", 400),
        ("/图/max/0/default.jpg", 400),
    ],
)
def test_what_cannot_be_answered_says_so(ask, asked, status):
    answer = ask(asked)

    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "no-store"


# --- headers ------------------------------------------------------------------------------------------------------


def test_one_picture_has_one_canonical_address(ask, pyramid, settings):
    spellings = ["/0,0,2300,1500/^230,/0/color.jpg", "/full/pct:10/0.0/default.jpg", "/full/!230,9000/360/default.jpg"]
    links = {ask(spelling)["Link"] for spelling in spellings}

    assert links == {
        f'<{settings.PUBLIC_BASE_URL}/iiif/image/3/{pyramid.key}/full/230,150/0/default.jpg>;rel="canonical",'
        '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
    }
    assert len({ask(spelling)["ETag"] for spelling in spellings}) == 1


def test_who_has_it_already_gets_nothing_again(ask, monkeypatch):
    for address in ("/info.json", "/0,0,512,512/512,512/0/default.jpg", "/full/100,/0/default.jpg"):
        tag = ask(address)["ETag"]
        with monkeypatch.context() as patch:
            patch.setattr(views, "_read", lambda *args: pytest.fail("read"))
            again = ask(address, **{"If-None-Match": tag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert again["Access-Control-Allow-Origin"] == "*"


def test_other_sites_may_ask_first_and_may_read_what_is_public(ask):
    preflight = ask("/info.json", "options", Origin="https://viewer.example.org")

    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert ask("/full/50,/0/default.jpg")["Access-Control-Allow-Origin"] == "*"
    assert ask("/full/50,/0/default.jpg")["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_is_for_this_reader_alone_is_kept_by_no_cache_and_open_to_no_other_site(ask, rule):
    rule.verdict = Verdict(allowed=True, cache="private")
    for address in ("", "/info.json", "/full/50,/0/default.jpg", "/0,0,512,512/512,512/0/default.jpg"):
        answer = ask(address)
        assert answer["Cache-Control"] == "private, no-store"
        assert not answer.has_header("Access-Control-Allow-Origin")


def test_head_tells_the_length_and_sends_nothing(ask):
    for address in ("/info.json", "/0,0,512,512/512,512/0/default.jpg", "/full/100,/0/default.jpg"):
        head, whole = ask(address, "head"), ask(address)
        assert (head.content, int(head["Content-Length"])) == (b"", len(whole.content))


def test_nothing_may_be_posted(ask):
    assert ask("/info.json", "post").status_code == 405


# --- who may see --------------------------------------------------------------------------------------------------


def test_the_rule_is_asked_at_every_request(ask, image, rule):
    for address in ("", "/info.json", "/full/50,/0/default.jpg", "/full/50,/0/nonsense.jpg", "/nonsense"):
        rule.asked.clear()
        ask(address)
        assert rule.asked == [(image, Use.ZOOM)]


def test_what_is_refused_looks_like_what_does_not_exist(ask, rule, client, pyramid):
    rule.verdict = delivery.REFUSED
    for rest in ("", "/info.json", "/full/max/0/default.jpg", "/0,0,512,512/512,512/0/default.jpg", "/full/x/0/a.b"):
        refused, unknown = ask(rest), client.get(f"/iiif/image/3/{'0' * 40}{rest}")
        assert refused.status_code == unknown.status_code == 404
        assert refused.content == unknown.content
        assert dict(refused.items()) == dict(unknown.items())


# --- storage ------------------------------------------------------------------------------------------------------


def test_a_storage_that_is_down_is_said_and_not_cached(ask, monkeypatch):
    def down(*args):
        raise StorageUnavailableError(Trouble.UNREACHABLE, "x", "")

    monkeypatch.setattr(type(storages["derivatives"]), "open_part", down)
    answer = ask("/0,0,512,512/512,512/0/default.jpg")
    OUTAGE.forget()

    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert "Retry-After" in answer


@pytest.mark.parametrize("damage", ["lost", "short", "changed"])
def test_a_damaged_pyramid_is_not_found_and_is_logged(ask, pyramid, caplog, damage):
    storage, name = pyramid.file.storage, pyramid.file.name
    if damage == "lost":
        storage.remove(name)
    else:
        with Path(storage.path(name)).open("r+b") as file:
            whole = file.read()
            file.seek(0)
            file.truncate()
            file.write(whole[:2000] if damage == "short" else bytes(len(whole)))

    for address in ("/512,512,512,512/512,512/0/default.jpg", "/full/300,/0/default.png"):
        caplog.clear()
        assert ask(address).status_code == 404
        assert name in caplog.text


def test_the_indexes_that_are_remembered_are_bounded(pyramid):
    indexes = views._Indexes(most_bytes=len(bytes(pyramid.tiles)) * 2)
    for number in range(5):
        pyramid.file.name = f"derivatives/00/{number}.tif"
        indexes.of(pyramid)

    assert len(indexes._known) == 2


# --- Too many at once ---------------------------------------------------------------------------------------------


def test_who_would_wait_too_long_is_asked_to_come_again_and_tiles_are_given_all_the_same(ask, monkeypatch):
    monkeypatch.setattr(drawing, "LONGEST_WAIT", 0.05)
    with drawing.place_at_the_table(), drawing.place_at_the_table():
        answer = ask("/full/100,/0/default.jpg")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert ask("/0,0,512,512/512,512/0/default.jpg").status_code == 200
    assert ask("/full/100,/0/default.jpg").status_code == 200
