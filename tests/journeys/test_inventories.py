"""An inventory from Excel's own encoding: columns and names settled, looked over, applied while one watches, undone."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]
ROWS = 40


@pytest.fixture
def table(tmp_path) -> Path:
    """GB18030, as Chinese Excel writes CSV: forty photographs and one row without a title."""
    stamp = int(time.time())
    lines = ["照片编号,题名,拍摄时间,主题,拍摄者,说明"]
    lines += [f"ZP-{stamp}-{n:03},堤围旧影{stamp}（{n}）,19{n + 40}年,水利工地,陈镕,堤围㙟第{n}段" for n in range(ROWS)]
    lines.append(f"ZP-{stamp}-999,,1960年,水利工地,陈镕,没有题名")
    path = tmp_path / "老照片清册.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def test_from_the_table_to_drafts_and_back(editor, table):
    desk: Page = editor("editor")
    desk.goto("/admin/archive/inventories/add/")
    desk.set_input_files("input[name=file]", str(table))
    desk.select_option("select[name=kind]", "photo")
    choose_page(desk, "照片")
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url(re.compile(r"/inventories/\d+/$"))
    address = desk.url
    expect(desk.locator("main")).to_contain_text("读出 41 行", timeout=60_000)
    expect(desk.get_by_role("row", name=re.compile("拍摄时间")).locator("select option[selected]")).to_have_text(
        re.compile("年代")
    )
    desk.get_by_role("button", name="核对", exact=True).click()

    tally = desk.locator(".archive-import__tally")
    expect(tally).to_contain_text("40 新建 0 更新 0 未变 1 有问题", timeout=60_000)
    expect(desk.locator("main")).to_contain_text("馆里没有的主题（1）")
    desk.get_by_role("link", name=re.compile("^有问题")).click()
    expect(desk.locator("#rows ~ .archive-import__wide tbody tr")).to_have_count(1)
    desk.goto(address)
    desk.select_option("select[name=rest-topics]", "create")
    desk.get_by_role("button", name="重新核对").click()
    expect(tally).to_contain_text("40 新建", timeout=60_000)
    desk.get_by_role("button", name="导入", exact=True).click()
    expect(desk.locator("main")).to_contain_text("已导入，都是草稿", timeout=90_000)
    desk.locator("#rows ~ .archive-import__wide tbody a").first.click()
    expect(desk.locator("input[name=title]")).to_have_value(re.compile("堤围旧影"))
    expect(desk.locator("textarea[name=description]")).to_have_value(re.compile("堤围㙟"))

    desk.goto(address)
    desk.get_by_role("button", name="整体撤销").click()
    expect(desk.locator("main")).to_contain_text("已整体撤销", timeout=90_000)
    assert desk.locator("#rows ~ .archive-import__wide tbody a").count() == 0


def choose_page(desk: Page, title: str) -> None:
    """Through Wagtail's chooser, by its search."""
    desk.locator(".page-chooser button", has_text="选择").first.click()
    modal = desk.locator(".modal")
    modal.locator("input[name=q]").fill(title)
    modal.get_by_role("link", name=title, exact=True).first.click()
    expect(modal).to_have_count(0)
    expect(desk.locator(".page-chooser")).to_contain_text(title)
