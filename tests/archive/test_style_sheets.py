"""The sheets that are written apart are served as one, whole and in order."""

from pathlib import Path

from django.contrib.staticfiles import finders

from archive.style_sheets import PRINT, SHEETS, TOGETHER, SheetsTogetherStorage, together

FOLDER = Path(finders.find(PRINT)).parent


def test_every_sheet_of_the_site_is_among_them():
    assert {f"archive/{path.name}" for path in FOLDER.glob("*.css")} == {*SHEETS, PRINT}


def test_they_keep_their_order_and_paper_stays_apart():
    texts = {name: f".{Path(name).stem} {{ color: red; }}" for name in (*SHEETS, PRINT)}
    sheet = together(texts)
    places = [sheet.index(texts[name]) for name in SHEETS]
    assert places == sorted(places)
    assert sheet.endswith("@media print {\n.print { color: red; }\n}\n")


def test_one_file_is_collected_hashed_and_compressed(tmp_path):
    storage = SheetsTogetherStorage(location=tmp_path, base_url="/static/")
    sources = {}
    for name in (*SHEETS, PRINT, "archive/thread.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(Path(finders.find(name)).read_bytes())
        sources[name] = (storage, name)
    for _name, _hashed, processed in storage.post_process(sources):
        assert not isinstance(processed, Exception)
    hashed = tmp_path / storage.hashed_files[TOGETHER]
    assert hashed.name != "museum.css"
    assert "@media print" in hashed.read_text()
    assert 'url("thread.' in hashed.read_text()
    assert hashed.with_name(f"{hashed.name}.br").stat().st_size < hashed.stat().st_size / 3


def test_a_page_that_is_not_collected_names_each_of_them(home, client):
    page = client.get("/").content.decode()
    places = [page.index(f"/static/{name}") for name in (*SHEETS, PRINT)]
    assert places == sorted(places)
    assert f'/static/{PRINT}" media="print"' in page
