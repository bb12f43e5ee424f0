"""What a page is advised of before others read it; nothing of it holds the page back."""

import json

import pytest
from wagtail.models import Site

from archive.advice.pages import MOST, advise
from archive.models import MuseumSettings, StoryPage
from tests import factories

pytestmark = pytest.mark.django_db


def told(page) -> list[str]:
    return [f"{advice.kind}：{advice.sentence}" for advice in advise(page)]


def story(**fields) -> StoryPage:
    return factories.story("长桥墟", published=False, rights="open-copyright", **fields)


def with_body(*blocks) -> StoryPage:
    return story(body=json.dumps([{"type": kind, "value": value} for kind, value in blocks]))


def test_a_sound_page_gets_no_advice(home):
    rights = StoryPage._meta.get_field("rights").choices[0][0]
    page = factories.story("长桥墟", published=False, rights=rights, description="逢三六九开市。")
    assert [line for line in told(page) if not line.startswith("版权")] == []


def test_personal_numbers_are_told_masked_with_what_stands_before(home):
    (line,) = [x for x in told(story(description="联系何阿水13912345678")) if x.startswith("个人信息")]
    assert "手机号码（139…78）" in line
    assert "联系何阿水" in line
    assert "13912345678" not in line


def test_missing_rights_are_told(home):
    assert any(line.startswith("版权") for line in told(factories.story("长桥墟", published=False)))


def test_a_picture_without_words_for_those_who_do_not_see_it_is_told(home):
    picture = factories.image("墟亭")
    page = with_body(("picture", {"image": picture.pk, "caption": "墟亭", "alt": ""}))
    assert any("“墟亭”没有替代文字" in line for line in told(page))
    page = with_body(("picture", {"image": picture.pk, "caption": "墟亭", "alt": "四柱茅亭，亭下堆着竹筐"}))
    assert not any("替代文字" in line for line in told(page))


def test_a_total_that_does_not_add_up_is_told(home):
    columns = [{"type": "text", "heading": "村"}, {"type": "number", "heading": "户数"}]
    rows = [{"values": [name, count]} for name, count in (("桥东", 12), ("芦汀", 30), ("合计", 43))]
    page = with_body(("table", {"caption": "各村户数", "table": {"columns": columns, "rows": rows}}))
    assert any(line.startswith("表格") and "各村户数" in line for line in told(page))
    rows[-1]["values"][1] = 42
    page = with_body(("table", {"caption": "各村户数", "table": {"columns": columns, "rows": rows}}))
    assert not any(line.startswith("表格") for line in told(page))


def test_the_offices_own_words_are_told(home):
    settings = MuseumSettings.objects.first() or MuseumSettings(site=Site.objects.get())
    settings.advised_words = "残废=残疾"
    settings.save()
    assert any("“残废”宜作“残疾”" in line for line in told(story(description="抚恤残废军人")))


def test_damaged_text_is_told(home):
    assert any(line.startswith("文字受损") for line in told(story(description="領(lǐng)導小組")))


def test_a_page_of_a_thousand_numbers_gets_a_bounded_list(home):
    page = story(description="、".join(["13912345678"] * 1000))
    assert len(advise(page)) == MOST
