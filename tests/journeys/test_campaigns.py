"""A town's contributor sends pictures from a telephone, answers what was returned, and the office takes them over."""

import re
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]
NAME, PASSWORD = "laigao", "museum-demo"
TITLE = f"埠头的旧渡船{int(time.time())}"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> list[str]:
    """Two that do not look alike, what is none under a false name, and two more."""
    folder: Path = tmp_path_factory.mktemp("手机相册")
    for number in range(1, 5):
        picture = Image.effect_noise((900, 600), 60 * number).convert("RGB")
        ImageDraw.Draw(picture).rectangle((90 * number, 100, 90 * number + 300, 500), fill=(40, 60 * number, 160))
        picture.save(folder / f"渡船{number}.jpg", quality=90)
    (folder / "布告.jpg").write_bytes(b"MZ" + b"\0" * 4000)
    return [str(folder / f"{name}.jpg") for name in ("渡船1", "渡船2", "布告", "渡船3", "渡船4")]


def sign_in(page: Page) -> None:
    page.goto("/contribute/")
    page.fill("input[name=username]", NAME)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/contribute/$"))


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_a_telephone_to_a_draft(visit, editor, pictures):
    phone: Page = visit(width=390, height=844)
    sign_in(phone)
    assert fits(phone)
    phone.get_by_role("link", name="讲村史：我们村的老照片与旧事").click()
    phone.get_by_role("button", name="开始来稿").click()
    address = phone.url
    phone.locator("[data-contribute-files]").set_input_files(pictures[:3])
    shown = phone.locator(".contribute-files li")
    expect(shown).to_have_count(2, timeout=60_000)
    refused = phone.locator(".contribute-sending li")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("不能收下")
    phone.fill("input[name=title]", TITLE)
    phone.get_by_role("button", name="送出").click()
    expect(phone.locator("[data-contribute-told]")).to_contain_text("请重试或取消它")
    refused.get_by_role("button", name="取消").click()
    expect(refused).to_have_count(0)
    phone.get_by_role("button", name="送出").click()
    expect(phone.get_by_role("alert")).to_contain_text("请先阅读授权同意书")
    expect(phone.locator("input[name=title]")).to_have_value(re.compile(TITLE))
    wait_until(lambda: _are_drawn(phone), seconds=60)
    phone.check("input[name=agree]")
    phone.get_by_role("button", name="送出").click()
    receipt = phone.locator(".contribute-receipt").inner_text()
    assert re.fullmatch(r"\d{4}-[2-9A-Z]{7}-[2-9A-Z]", receipt)
    assert fits(phone)

    desk: Page = editor("editor")
    desk.goto("/admin/archive_campaigns/")
    desk.get_by_role("row", name=re.compile("讲村史")).get_by_role("link", name=re.compile("待处理")).click()
    expect(desk.locator(".archive-tally tbody tr").first).to_contain_text("长桥镇")
    before = _counts(desk)
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.locator(".archive-submission__files img")).to_have_count(2)
    submission = desk.url
    desk.get_by_role("button", name="退回补充").click()
    expect(desk.locator(".messages")).to_contain_text("请写明理由")
    desk.fill("#reason", "请补充拍摄年代。")
    desk.get_by_role("button", name="退回补充").click()
    expect(desk.locator("dd strong")).to_have_text("退回补充")

    phone.goto("/contribute/")
    phone.get_by_role("link", name=TITLE).first.click()
    assert phone.url == address
    expect(phone.locator("main")).to_contain_text("请补充拍摄年代。")
    phone.fill("input[name=date_written]", "1978年夏")
    phone.fill("textarea[name=reply]", "问过船工，是大桥通车那年。")
    phone.check("input[name=agree]")
    # Sent while two more files are on their way: the form waits for both, and goes by itself.
    phone.locator("[data-contribute-files]").set_input_files(pictures[3:])
    phone.get_by_role("button", name="送出").click()
    expect(phone.locator(".contribute-acts")).to_contain_text("问过船工", timeout=60_000)
    expect(phone.locator(".contribute-files li")).to_have_count(4)

    desk.goto(submission)
    expect(desk.locator("body")).to_contain_text("问过船工")
    expect(desk.locator(".page-chooser")).to_contain_text("长桥镇来稿")
    desk.get_by_role("button", name="采用为草稿").click()
    expect(desk.locator("dd strong")).to_have_text("已采用")
    desk.get_by_role("link", name="由此生成的草稿").click()
    expect(desk.locator("input[name=title], textarea[name=title]").first).to_have_value(re.compile(TITLE))
    desk.goto("/admin/archive_campaigns/")
    desk.get_by_role("row", name=re.compile("讲村史")).get_by_role("link", name=re.compile("件")).click()
    assert _counts(desk)["已采用"] == before["已采用"] + 1

    phone.reload()
    expect(phone.locator(".contribute-state").first).to_have_text("已采用")
    expect(phone.get_by_text("确定撤回")).to_have_count(0)


def test_without_javascript(visit, pictures):
    phone: Page = visit(width=390, height=844, javascript=False)
    sign_in(phone)
    phone.goto("/contribute/")
    phone.get_by_role("link", name="讲村史：我们村的老照片与旧事").click()
    phone.get_by_role("button", name="开始来稿").click()
    phone.fill("input[name=title]", "没有脚本的来稿")
    phone.locator("input[type=file]").set_input_files(pictures[0])
    phone.check("input[name=agree]")
    phone.get_by_role("button", name="送出").click()
    expect(phone.locator(".contribute-receipt")).to_be_visible()
    phone.locator("summary", has_text="撤回这件来稿").click()
    phone.get_by_role("button", name="确定撤回").click()
    expect(phone.locator(".contribute-state").first).to_have_text("已撤回")


def _are_drawn(page: Page) -> bool:
    """Whether the small pictures have been made, and are shown to the town that sent them."""
    page.reload()
    widths = page.locator(".contribute-files img").evaluate_all("images => images.map(image => image.naturalWidth)")
    return len(widths) == 2 and all(width > 0 for width in widths)


def _counts(desk: Page) -> dict[str, int]:
    """The sums of the tally by state."""
    expect(desk.locator(".archive-tally__sum")).to_be_visible()
    head = desk.locator(".archive-tally thead th").all_inner_texts()
    sums = desk.locator(".archive-tally__sum").locator("th, td").all_inner_texts()
    return {state.strip(): int(count) for state, count in list(zip(head, sums, strict=True))[2:]}
