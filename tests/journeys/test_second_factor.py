"""A reviewer sets a second factor, goes, comes back with the telephone's code, and is slowed down when guessing."""

import re
import time
from base64 import b32decode

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]
NAME, PASSWORD = "reviewer", "museum-demo"


def code_of(key: bytes, after: str = "") -> str:
    """What the telephone shows now; with `after` only when it has changed since."""
    while (code := f"{totp(key):06d}") == after:
        time.sleep(0.5)
    return code


def give_password(page: Page) -> None:
    page.goto("/admin/login/")
    page.fill("input[name=username]", NAME)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")


def give_code(page: Page, code: str) -> None:
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="继续").click()


def test_from_setting_it_to_signing_in_with_it(editor, visit, museum):
    desk: Page = editor(NAME)
    desk.goto("/admin/account/")
    desk.get_by_role("tab", name=re.compile("更多")).click()
    desk.get_by_role("link", name="两步验证").click()
    assert desk.locator(".door-code svg").bounding_box()["width"] > 150
    key = b32decode(desk.locator(".door-key").inner_text().replace(" ", ""))
    desk.fill("input[name=code]", "000000")
    desk.get_by_role("button", name="确认").click()
    expect(desk.locator("main")).to_contain_text("验证码不对")
    used = code_of(key)
    desk.fill("input[name=code]", used)
    desk.get_by_role("button", name="确认").click()
    shown = desk.locator(".door-codes code")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    desk.get_by_role("link", name="已经收好，继续").click()
    expect(desk).to_have_url(re.compile("/admin/$"))

    phone: Page = visit(width=390)
    give_password(phone)
    expect(phone).to_have_url(re.compile("/admin/second-factor/verify/"))
    phone.goto("/admin/pages/")
    expect(phone).to_have_url(re.compile("/admin/second-factor/verify/"))
    give_code(phone, used)
    expect(phone.locator("main")).to_contain_text("已用过")
    give_code(phone, code_of(key, after=used))
    expect(phone).to_have_url(re.compile("/admin/pages/"))

    lost: Page = visit()
    give_password(lost)
    give_code(lost, codes[0])
    expect(lost).to_have_url(re.compile("/admin/$"))

    guesser: Page = visit()
    give_password(guesser)
    for _attempt in range(5):
        give_code(guesser, "000000")
    give_code(guesser, codes[1])
    expect(guesser.locator("h1")).to_have_text("尝试次数过多，请稍候")

    keeper: Page = editor("admin")
    keeper.goto("/admin/archive/sign-ins/")
    keeper.get_by_role("row", name=re.compile(NAME)).get_by_role("button", name="解除").click()
    expect(keeper.locator("body")).to_contain_text("已解除")
    keeper.goto("/admin/archive/acts/?matter=sign-in")
    expect(keeper.locator("main table")).to_contain_text("两步验证失败")
    desk.goto("/admin/second-factor/")
    desk.get_by_role("button", name="取消两步验证").click()
    expect(desk.locator("body")).to_contain_text("已取消两步验证")
