"""An editor's batch of pictures, from the drop to the published album; and a sending that was cut off goes on."""

import io
import re
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from .conftest import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("museum")]

COUNT = 100


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> list[Path]:
    """Pictures that no two look alike, a megabyte or less each."""
    folder = tmp_path_factory.mktemp("龙舟老照片")
    found = []
    for number in range(1, COUNT + 1):
        picture = Image.effect_noise((640, 480), 40 + number * 3).convert("RGB")
        ImageDraw.Draw(picture).ellipse((number * 12, 80, number * 12 + 160, 380), fill=(180, number * 6, 60))
        path = folder / f"龙舟_{number:03}.jpg"
        picture.save(path, quality=92)
        found.append(path)
    return found


def choose(page: Page, files: list[Path]) -> None:
    page.locator("[data-upload-files]").set_input_files([str(file) for file in files])


def states(page: Page) -> list[str]:
    return page.locator(".archive-uploads__files tbody tr").evaluate_all("rows => rows.map(row => row.dataset.state)")


def sent_parts(page: Page) -> list[str]:
    """Collects the addresses to which parts go."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.method == "PUT" else None)
    return found


def test_a_batch_goes_from_the_drop_to_a_published_album(editor, visit, pictures):
    desk: Page = editor("editor")
    title = f"龙舟老照片{int(time.time())}"
    desk.goto("/admin/archive/uploads/")
    choose(desk, pictures)
    wait_until(lambda: states(desk) == ["accepted"] * COUNT, seconds=180)
    expect(desk.locator("[data-upload-total]")).to_contain_text("全部处理完毕")

    desk.locator("[data-upload-table]").click()
    desk.wait_for_url(re.compile(r"/archive/uploads/\d+/$"))
    lines = desk.locator("tr[data-row]")
    expect(lines).to_have_count(COUNT)
    expect(lines.first.locator("td[data-column=places]")).to_have_class(re.compile("is-missing"))

    # A piece of a spreadsheet: two columns, three rows, from the title of the first row on.
    first = lines.first.locator("td[data-column=title] input")
    first.focus()
    first.evaluate(
        """(field, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "起龍\t“起龙”仪式\n采青\t\n趁景\t两岸观者如堵\n",
    )
    expect(lines.nth(2).locator("td[data-column=title] input")).to_have_value("趁景")
    desk.locator("[data-batch-status]", has_text="已保存").wait_for()
    date = lines.first.locator("td[data-column=date_written] input")
    date.fill("1978年")
    desk.locator("[data-apply=date_written]").click()
    rights = lines.first.locator("td[data-column=rights] select")
    rights.select_option("cc-by")
    desk.locator("[data-apply=rights]").click()
    take_steps_back(desk, lines)
    credit = lines.first.locator("td[data-column=credit] input")
    credit.fill("县志办供图")
    desk.locator("[data-apply=credit]").click()
    expect(lines.last.locator("td[data-column=credit] .archive-batch__note")).to_have_text("", timeout=20_000)
    expect(lines.last.locator("td[data-column=date_written]")).to_contain_text("1978")

    desk.reload()
    expect(desk.locator("tr[data-row]").last.locator("td[data-column=credit] input")).to_have_value("县志办供图")
    desk.fill("#id_album", title)
    desk.locator("button[value=drafts]").click()
    made = desk.locator("main", has_text=f"已生成 {COUNT} 页草稿")
    made.wait_for(timeout=120_000)

    reader = visit()
    assert title not in reader.request.get("/photos/").text(), "drafts are nobody's to see"
    desk.locator("button[value=drafts]").click()  # pressed once more
    made.wait_for(timeout=60_000)
    desk.get_by_role("link", name="发布相册与照片").click()
    desk.locator("input[name=include_descendants]").check()
    desk.locator("main form button[type=submit], main form input[type=submit]").first.click()
    desk.wait_for_load_state()

    reader.goto("/photos/")
    reader.get_by_role("link", name=re.compile(title)).first.click()
    expect(reader.locator("h1")).to_contain_text(title)
    expect(reader.locator("main")).to_contain_text("起龍")
    assert reader.locator("main picture img").count() > 10


def take_steps_back(desk: Page, lines) -> None:
    """A word of one's own, the same for the rows beneath, one step back, one more: what stood there stands again."""
    sources = [lines.nth(number).locator("td[data-column=source] input") for number in (1, 2, COUNT - 1)]
    sources[0].fill("误填")
    sources[0].press("Control+d")
    expect(sources[2]).to_have_value("误填")
    expect(lines.first.locator("td[data-column=source] input")).to_have_value("")
    desk.locator("[data-undo]").click()
    expect(sources[1]).to_have_value("")
    expect(sources[2]).to_have_value("")
    expect(sources[0]).to_have_value("误填")
    sources[0].press("Control+z")
    expect(sources[0]).to_have_value("")
    lines.last.locator("td[data-column=left_out] select").select_option("1")
    lines.last.locator("td[data-column=left_out] select").select_option("")


def test_a_sending_that_was_cut_off_goes_on_when_the_same_files_are_chosen_again(editor, tmp_path):
    """A film of four parts is sent until two have arrived; the page is loaded anew, and only the rest is sent."""
    desk: Page = editor("editor")
    film = tmp_path / "龙舟竞渡.mp4"
    body = io.BytesIO()
    body.write(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41")
    body.write((50 * 1024 * 1024).to_bytes(4, "big") + b"free")
    body.write(bytes(50 * 1024 * 1024 - 8))
    film.write_bytes(body.getvalue())
    desk.goto("/admin/archive/uploads/")

    def lose(route) -> None:
        if len(arrived) >= 2:
            route.abort()
        else:
            arrived.append(route.request.url)
            route.continue_()

    arrived: list[str] = []
    desk.route("**/media/uploads/parts/**", lose)
    choose(desk, [film])
    wait_until(lambda: states(desk) == ["retrying"], seconds=60)
    wait_until(lambda: len(arrived) == 2)
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.reload()
    desk.unroute_all()

    expect(desk.locator("main")).to_contain_text("没有传完")
    parts = sent_parts(desk)
    choose(desk, [film])
    # Whole, but no film: it is refused with the reason, as every other file would be.
    wait_until(lambda: states(desk) == ["refused"], seconds=90)
    assert len(parts) == 2, parts
    assert "：" in desk.locator(".archive-uploads__files tbody tr td.is-refused").inner_text()
    desk.reload()
    expect(desk.locator("main")).not_to_contain_text("没有传完")


def test_without_javascript_several_files_come_with_the_form(editor, pictures, tmp_path):
    desk: Page = editor("editor", javascript=False)
    desk.goto("/admin/archive/uploads/")
    again = tmp_path / "又一张.jpg"
    again.write_bytes(pictures[0].read_bytes())
    choose(desk, [pictures[0], again])
    desk.get_by_role("button", name="上传", exact=True).click()
    desk.wait_for_url(re.compile(r"/archive/uploads/\d+/$"))
    expect(desk.locator("tr[data-row]")).to_have_count(2)
    expect(desk.locator("tr[data-row]").first).to_contain_text("馆内已有相同的文件")
    desk.locator("tr[data-row] td[data-column=title] input").first.fill("无脚本")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("tr[data-row] td[data-column=title] input").first).to_have_value("无脚本")
