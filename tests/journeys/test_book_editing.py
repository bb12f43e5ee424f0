"""An editor brings a manuscript in, corrects its contents, repairs it, publishes it and finds its words on their page;
then changes what readers know already."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until
from .test_editing import becomes, found, publish

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

MANUSCRIPT = """# 瀾溪鄉志 {mark}

## 第一章 地理

瀾溪發源於{mark}山，東流入海。{{{{一說西流。}}}}

## 第二章 物產

鄉人買買提?艾力種甜瓜，户户皆有。

產茶，歲入1O3擔。

## 第四章 人物

里人何某，事蹟不詳。
"""


@pytest.fixture
def mark() -> str:
    """A word that stands nowhere else: three rare characters."""
    return "".join(chr(0x4E00 + int(part, 16) % 0x5000) for part in re.findall("....", uuid.uuid4().hex)[:3])


def bring_in(page: Page, name: str, text: str) -> None:
    """Hand the file in, look at the plan, approve it, wait until it is done."""
    page.goto("/admin/")
    page.get_by_role("link", name="书稿导入").click()
    page.get_by_role("link", name=re.compile("导入书稿")).first.click()
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/markdown", "buffer": text.encode()})
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("button", name="导入", exact=True)).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("物產")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("link", name="到书稿工作台")).to_be_visible(timeout=60_000)


def row(page: Page, title: str):
    return page.locator(".workbench-row", has_text=title)


def test_a_manuscript_becomes_a_book_that_is_found(editor, mark):
    page = editor()
    bring_in(page, f"瀾溪鄉志{mark}.md", MANUSCRIPT.format(mark=mark))
    form = page.get_by_role("link", name="打开这本书的表单").get_attribute("href")

    page.get_by_role("link", name="到书稿工作台").click()
    expect(row(page, "人物")).to_be_visible()
    row(page, "人物").click()
    page.keyboard.press("F2")
    page.locator("#workbench-label").fill("第三章")
    page.keyboard.press("Enter")
    expect(row(page, "第三章")).to_be_visible()
    page.locator("#workbench-tree").press("Alt+ArrowUp")
    wait_until(lambda: "人物" in page.locator(".workbench-row").all_inner_texts()[-2])
    page.locator("#workbench-tree").press("Control+z")
    wait_until(lambda: "人物" in page.locator(".workbench-row").all_inner_texts()[-1])

    row(page, "地理").click()
    words = page.locator("#workbench-words")
    wait_until(lambda: "發源於" in words.input_value())
    words.fill(words.input_value().replace("東流入海", "東流入大海"))
    expect(page.locator("#workbench-dirty")).to_be_visible()
    words.evaluate("area => area.setSelectionRange(area.value.indexOf('大海'), area.value.indexOf('大海') + 2)")
    words.press("Control+e")
    page.keyboard.type("大江；據府志")
    assert "[[大海→大江；據府志]]" in words.input_value()
    words.press("Control+s")
    expect(page.locator("#workbench-state")).to_contain_text("已保存")
    expect(page.locator("#workbench-history")).to_be_visible()

    page.get_by_role("link", name="修补文字").click()
    expect(page.locator("main")).to_contain_text("1O3")
    box = page.locator("tr", has_text="1O3").get_by_role("checkbox")
    box.check()
    page.get_by_role("button", name="接受勾选的").click()
    expect(page.locator(".messages")).to_contain_text("已处理")

    page.goto(form)
    address = publish(page)
    becomes(page, mark, 2, seconds=15)  # the book and its first chapter
    page.goto(f"/search/?q=發源於{mark}山")
    page.locator("main").get_by_role("link", name=re.compile("地理")).first.click()
    expect(page.locator("main mark").first).to_have_text(f"發源於{mark}山")
    expect(page.locator("main")).to_contain_text("東流入大海")
    expect(page.locator(".errata")).to_contain_text("“大海”当作“大江”。據府志")
    assert found(page, f"{mark}山，東流入大江") == 1
    page.goto(address)
    expect(page.locator("main")).to_contain_text("第三章")


def test_changes_to_what_readers_know_wait_until_they_are_published(editor, visit, mark):
    page = editor()
    bring_in(page, f"瀾溪鄉志{mark}.md", MANUSCRIPT.format(mark=mark))
    workbench = page.get_by_role("link", name="到书稿工作台").get_attribute("href")
    page.goto(page.get_by_role("link", name="打开这本书的表单").get_attribute("href"))
    address = publish(page)
    becomes(page, mark, 2, seconds=15)  # the book and its first chapter

    page.goto(workbench)
    row(page, "物產").click()
    words = page.locator("#workbench-words")
    wait_until(lambda: "甜瓜" in words.input_value())
    words.fill(words.input_value().replace("甜瓜", f"荔枝{mark[::-1]}"))
    words.press("Control+s")
    expect(page.locator("#workbench-state")).to_contain_text("已保存")

    # A second editor, who opened the page earlier, changes the same words.
    other = editor()
    other.goto(workbench)
    row(other, "物產").click()
    wait_until(lambda: "荔枝" in other.locator("#workbench-words").input_value())
    words.fill(words.input_value() + "\n再添一行。")
    words.press("Control+s")
    expect(page.locator("#workbench-state")).to_contain_text("已保存")
    theirs = other.locator("#workbench-words")
    theirs.fill(theirs.input_value() + "\n另添一行。")
    theirs.press("Control+s")
    expect(other.locator("#workbench-theirs")).to_contain_text("再添一行")
    assert "另添一行" in theirs.input_value()
    theirs.fill(theirs.input_value() + "\n再添一行。")
    other.get_by_role("button", name="用我的").click()
    expect(other.locator("#workbench-state")).to_contain_text("已保存")

    reader = visit()
    assert found(reader, mark[::-1]) == 0
    page.goto(workbench)
    page.get_by_role("link", name="待发布的改动").click()
    expect(page.locator("ins", has_text="荔枝")).to_be_visible()
    page.get_by_role("button", name="发布这些改动").click()
    expect(page.locator(".messages")).to_contain_text("已发布")
    becomes(reader, mark[::-1], 1, seconds=15)
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("物產")
