"""Captions and chapters: what is read, what is refused and where, what is left of it for a page."""

import pytest
from django.core.files.base import ContentFile

from media_assets import captions
from media_assets.caption_tracks import cues_of
from media_assets.captions import CaptionError
from media_assets.file_errors import RefusedFile
from media_assets.models import ArchiveDocument, CaptionText

VTT = (
    "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.500 line:80% onclick:x\n<v 陈老伯>龙舟<b>竞渡</b>\n\n"
    "NOTE 校对\n\n00:04.000 --> 00:06.000\n鼓声 & 爆竹\n"
)
SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,500\r\n{\\an8}<font color=red>龍舟</font>競渡\r\n\r\n"
    "2\r\n0:0:4,5-->00:00:06,000\r\n1<2\r\n"
)


def refused(text: str) -> CaptionError:
    with pytest.raises(CaptionError) as caught:
        captions.read(text)
    return caught.value


def test_cues_keep_their_words_and_the_few_tags_that_mean_something():
    first, second = captions.read(VTT)

    assert (first.start, first.end, first.settings) == (1.0, 3.5, "line:80%")
    assert first.text == "<v 陈老伯>龙舟<b>竞渡</b>"
    assert (first.plain, first.speaker) == ("龙舟竞渡", "陈老伯")
    assert second.text == "鼓声 &amp; 爆竹"
    assert second.plain == "鼓声 & 爆竹"


def test_subrip_becomes_webvtt():
    written = captions.as_webvtt(SRT.encode()).decode()

    assert written == ("WEBVTT\n\n00:00:01.000 --> 00:00:03.500\n龍舟競渡\n\n00:00:04.500 --> 00:00:06.000\n1&lt;2\n")
    assert [cue.plain for cue in captions.read(written)] == ["龍舟競渡", "1<2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_are_read_in_the_encodings_of_offices(encoding):
    assert captions.read(captions.decoded(VTT.encode(encoding)))[1].plain == "鼓声 & 爆竹"


@pytest.mark.parametrize(
    "data", [b"WEBVTT\n\n\xff\xff\xff\x80", "WEBVTT".encode("utf-16-le"), b"x" * (8 * 1024**2 + 1)]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(RefusedFile):
        captions.decoded(data)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "空"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\n甲\n", 1, "WEBVTT"),
        ("WEBVTT\n00:01.000 --> 00:02.000\n甲\n", 2, "空行"),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\n甲\n", 4, "时间"),
        ("WEBVTT\n\n00:01.00 --> 00:02.000\n甲\n", 3, "写法"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\n甲\n", 3, "59"),
        ("WEBVTT\n\n00:05.000 --> 00:02.000\n甲\n", 3, "不晚于"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n甲\n\n00:01.000 --> 00:02.000\n乙\n", 6, "早于"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n甲\n00:07.000 --> 00:08.000\n乙\n", 4, "空行"),
        ("WEBVTT\n\nNOTE 无\n", 4, "没有"),
        ("片名\n\n甲\n", 1, "不是字幕"),
        ("1\n00:00:01,000 --> 00:00:02,000\n甲\n\n乙\n", 5, "序号"),
        ("1\n\n00:00:01,000 --> 00:00:02,000\n甲\n", 2, "时间行"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(text, line, words):
    error = refused(text)

    assert error.line == line
    assert error.reason.startswith(f"第 {line} 行：")
    assert words in error.reason


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>甲", "甲"),
        ("<b onclick=x>甲</b>", "甲</b>"),
        ("<v 甲&quot;>乙", "乙"),
        ("甲 <", "甲 &lt;"),
        ("3 > 2 && 1 < 2", "3 &gt; 2 &amp;&amp; 1 &lt; 2"),
        ("<c.red>甲</c>", "甲</c>"),
        ("<ruby>莞<rt>guǎn</rt></ruby>", "<ruby>莞<rt>guǎn</rt></ruby>"),
        ("<00:00:01.000>甲", "甲"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("<<script>script>", "&lt;script&gt;"),
        ("甲\n<font color=red>\n乙", "甲\n乙"),
        ("{\\an8}甲", "甲"),
    ],
)
def test_nothing_is_left_that_a_page_could_take_for_markup(text, left):
    assert captions.clean(text) == left
    assert captions.clean(left) == left


def test_positions_that_are_left_open_cost_no_time():
    assert captions.clean("{\\" * 500_000).startswith("{")


def test_real_files_are_read_or_refused(shared_data):
    folder = shared_data / "vtt"
    good = {"cue_tags.vtt", "long_string_chinese.vtt", "sample.srt", "sample.vtt", "subtitles_en.vtt"}
    for path in folder.iterdir():
        if path.name in good:
            assert captions.read(captions.decoded(path.read_bytes())), path.name
        else:
            with pytest.raises(CaptionError):
                captions.read(captions.decoded(path.read_bytes()))


def test_chapters_are_lines_of_a_time_and_a_title():
    chapters = captions.read_chapters("00:00 序\n\n1:20 古城门\n01：02：03、赛龙舟\n")

    assert [(chapter.start, chapter.clock, chapter.title) for chapter in chapters] == [
        (0, "0:00", "序"),
        (80, "1:20", "古城门"),
        (3723, "1:02:03", "赛龙舟"),
    ]
    track = captions.chapters_track(chapters, 4000)
    assert [(cue.start, cue.end) for cue in captions.read(track)] == [(0, 80), (80, 3723), (3723, 4000)]


def test_chapters_may_be_a_webvtt_text():
    assert captions.read_chapters("WEBVTT\n\n00:00.000 --> 00:10.000\n序\n") == [captions.Chapter(0, "序")]


@pytest.mark.parametrize(
    ("text", "line"), [("古城门", 1), ("0:00 序\n0:61 城", 2), ("0:10 序\n0:10 城", 2), ("0:10", 1)]
)
def test_chapters_that_are_wrong_are_refused_with_their_line(text, line):
    with pytest.raises(CaptionError) as caught:
        captions.read_chapters(text)
    assert caught.value.line == line


@pytest.mark.django_db
def test_captions_are_read_when_they_come_in_and_again_when_they_change(media_root):
    document = ArchiveDocument.objects.create(title="字幕", file=ContentFile(SRT.encode("gb18030"), "字幕.srt"))
    assert document.mime_type == "application/x-subrip"
    assert [cue.plain for cue in CaptionText.objects.get(document=document).read()] == ["龍舟競渡", "1<2"]

    document.file = ContentFile(VTT.encode(), "字幕.vtt")
    document.save()
    fresh = ArchiveDocument.objects.select_related("caption_text").get(pk=document.pk)
    assert [cue.plain for cue in cues_of(fresh)] == ["龙舟竞渡", "鼓声 & 爆竹"]


@pytest.mark.django_db
def test_subrip_is_served_as_webvtt_under_the_rule(media_root, rule, client):
    document = ArchiveDocument.objects.create(title="字幕", file=ContentFile(SRT.encode(), "字幕.srt"))
    answer = client.get(document.captions_url)

    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode().startswith("WEBVTT\n")
    rule.verdict = type(rule.verdict)(allowed=False)
    assert client.get(document.captions_url).status_code == 404
