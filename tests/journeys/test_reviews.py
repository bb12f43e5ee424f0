"""A town's story is read by three people of the office, comes back once, and reaches readers when the third has passed
it; whoever wrote it or has read it before cannot, and nobody can publish it past them."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]


def number_of(folder, column: str, value: str) -> int:
    """The key of a page."""
    with closing(sqlite3.connect(folder / "museum.sqlite3", timeout=20)) as database:
        asked = f"SELECT id FROM wagtailcore_page WHERE {column} = ?"  # noqa: S608 -- a column of ours
        return database.execute(asked, [value]).fetchone()[0]


def choose(desk: Page, action: str) -> None:
    """One of the actions in the footer, which may lie beneath the first of them."""
    desk.locator(f"footer button[name='{action}'], footer [data-workflow-action-name='{action}']").first.evaluate(
        "button => button.click()"
    )


def give(desk: Page, action: str, comment: str) -> None:
    """An opinion, in the dialogue that asks for its words."""
    choose(desk, action)
    dialogue = desk.locator(".modal")
    dialogue.locator("textarea").fill(comment)
    with desk.expect_navigation():
        dialogue.locator("button[type=submit], input[type=submit]").first.click()


@pytest.fixture
def story(editor, museum) -> str:
    """Written and handed in by the town's contributor; the address of its form."""
    town: Page = editor("changqiao")
    column = number_of(museum.folder, "slug", "changqiao-column")
    town.goto(f"/admin/pages/add/archive/storypage/{column}/")
    town.fill("#id_title", "长桥墟的早市")
    town.fill("#id_description", "旧墟三六九，天未亮船已到岸。联系人13912345678。")
    choose(town, "action-submit")
    expect(town.locator("body")).to_contain_text("请留意")
    return f"/admin/pages/{number_of(museum.folder, 'title', '长桥墟的早市')}/edit/"


def test_three_people_read_a_story_before_anybody_else_does(editor, museum, story):
    first: Page = editor("chushen")
    first.goto("/admin/archive/reviews/")
    expect(first.locator("main table")).to_contain_text("长桥墟的早市")
    first.goto(story)
    assert first.locator("footer button[name='action-publish']").count() == 0
    give(first, "approve", "墟期与《县志》合。")

    second: Page = editor("fushen")
    second.goto(story)
    give(second, "reject", "请删去联系电话。")

    town: Page = editor("changqiao")
    town.goto(story)
    town.fill("#id_description", "旧墟三六九，天未亮船已到岸。")
    choose(town, "action-submit")
    expect(town.locator("body")).not_to_contain_text("请先更正")

    first.goto(story)
    give(first, "approve", "已删。")
    again: Page = first
    again.goto("/admin/archive/reviews/")
    expect(again.locator("main")).not_to_contain_text("长桥墟的早市")
    second.goto(story)
    give(second, "approve", "可。")

    editor_page: Page = editor("editor")
    editor_page.goto(story)
    assert editor_page.locator("footer button[name='action-publish']").count() == 0

    final: Page = editor("zhongshen")
    final.goto(story)
    give(final, "approve", "同意发布。")
    number = re.search(r"/pages/(\d+)/", story)[1]
    final.goto(f"/admin/archive/reviews/{number}/")
    expect(final.locator("main")).to_contain_text("最新一稿可以发布")
    expect(final.locator("main")).to_contain_text("请删去联系电话。")
    expect(final.locator("main .review-version table")).to_have_count(2)

    with closing(sqlite3.connect(museum.folder / "museum.sqlite3", timeout=20)) as database:
        asked = f"SELECT live FROM wagtailcore_page WHERE id = {number}"  # noqa: S608 -- a number
        wait_until(lambda: database.execute(asked).fetchone()[0] == 1)
