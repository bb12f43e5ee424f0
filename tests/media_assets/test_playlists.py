"""Playlists and what they point to: written anew at each request, for whoever may see the film at that moment."""

import re
import time

import pytest
from django.core.files.base import ContentFile
from django.core.signing import TimestampSigner

from media_assets import delivery, jobs
from media_assets.delivery import Use, Verdict
from media_assets.derivatives.videos import KIND
from media_assets.models import ArchiveVideo, Derivative
from tests.media_assets.made_files import a_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(media_root) -> ArchiveVideo:
    video = ArchiveVideo.objects.create(title="龙舟竞渡", file=ContentFile(a_film(8, 160, 120, sound=True), "龙舟.mp4"))
    jobs.ask(KIND, video)
    return ArchiveVideo.objects.get(pk=video.pk)


def playlist(client, film, name: str = "film") -> str:
    answer = client.get(f"/media/h/{film.pk}/{name}.m3u8")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.apple.mpegurl"
    return answer.content.decode()


def segments_address(client, film) -> str:
    return re.search(r'URI="([^"]+)"', playlist(client, film, "film480"))[1]


def test_the_playlist_names_each_stream_with_what_a_player_must_know(film, rule, client):
    text = playlist(client, film)

    told = re.search(r"#EXT-X-STREAM-INF:(.+)\n(.+)\n", text)
    assert told[2] == "film480.m3u8"
    assert re.search(r"BANDWIDTH=\d+", told[1])
    assert "RESOLUTION=160x120" in told[1]
    assert re.search(r'CODECS="avc1\.64[0-9a-f]{4},mp4a\.40\.2"', told[1])
    assert (film, Use.PLAY) in rule.asked


def test_segments_are_ranges_of_one_file_and_are_had_by_them(film, rule, client):
    rule.verdict = Verdict(allowed=True, cache="private")
    text = playlist(client, film, "film480")
    ranges = re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)\n", text)
    data = Derivative.objects.get(video=film, preset="film480").file.read()

    assert text.endswith("#EXT-X-ENDLIST\n")
    assert len(ranges) == 2
    for length, first, address in ranges:
        last = int(first) + int(length) - 1
        answer = client.get(address, headers={"Range": f"bytes={first}-{last}"})
        assert answer.status_code == 206
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer.streaming_content) == data[int(first) : last + 1]


def test_a_signed_address_is_good_for_a_while_only(film, rule, client, monkeypatch):
    address = segments_address(client, film)
    assert client.get(address).status_code == 200

    later = time.time() + 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(address).status_code == 404


def test_an_address_that_was_not_signed_here_is_refused(film, rule, client):
    key = Derivative.objects.get(video=film, preset="film480").key
    signed = segments_address(client, film)

    assert client.get(f"/media/h/{key}.mp4").status_code == 404
    assert client.get(f"/media/h/{TimestampSigner(sep='.').sign(key)}.mp4").status_code == 404
    assert client.get(signed.replace(key, "0" * 40)).status_code == 404


def test_who_may_not_see_the_film_has_none_of_it(film, rule, client):
    addresses = [f"/media/h/{film.pk}/{name}" for name in ("film.m3u8", "film480.m3u8", "storyboard.vtt")]
    addresses += [segments_address(client, film), *(d.checked_url for d in film.derivatives.films())]
    assert {client.get(address).status_code for address in addresses} == {200}

    rule.verdict = delivery.REFUSED
    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_public_film_is_played_from_its_public_copies(film, rule, client):
    film.derivatives.films().update(public_name="ab/" + "c" * 38 + "/film480.mp4")

    assert segments_address(client, film) == "/media/public/ab/" + "c" * 38 + "/film480.mp4"


def test_the_sheet_has_a_cue_for_each_of_its_pictures(film, rule, client):
    answer = client.get(f"/media/h/{film.pk}/storyboard.vtt")
    sheet = film.derivatives.get(preset="sheet")
    cues = re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", answer.content.decode())

    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert len(cues) == 8
    assert cues[0] == ("00:00:00.000", "00:00:01.000", sheet.url, "0", "0", "160", "120")
    assert all(int(x) + int(w) <= sheet.width and int(y) + int(h) <= sheet.height for *_, x, y, w, h in cues)


def test_playlists_of_closed_films_stay_in_no_cache(film, rule, client):
    assert client.get(f"/media/h/{film.pk}/film.m3u8")["Cache-Control"] == "public, max-age=60"
    rule.verdict = Verdict(allowed=True, cache="private")
    assert client.get(f"/media/h/{film.pk}/film.m3u8")["Cache-Control"] == "private, no-store"


def test_a_film_without_streams_has_no_playlist(media_root, rule, client):
    video = ArchiveVideo.objects.create(title="未制", file=ContentFile(a_film(1), "未制.mp4"))

    for name in ("film.m3u8", "film480.m3u8", "storyboard.vtt"):
        assert client.get(f"/media/h/{video.pk}/{name}").status_code == 404
