"""The page of a section and of a leaf: its views, the words that were searched, its citation."""

import re

import pytest

from archive.access import AccessLevel
from archive.models import Anchor, Figure, Leaf, LeafLayout
from archive.reading.passages import section_text
from search.indexing import drain
from tests import factories

from .pages import get, plain_of


@pytest.mark.django_db
class TestSectionPage:
    def test_shows_notes_tables_figures_and_footnotes_as_what_they_are(self, home, client):
        book = factories.book("县志")
        Figure.objects.create(book=book, key="map", image=factories.image("县城"), caption="县城图")
        source = (
            "永濟橋{{在縣西北}}跨江[^甲]。\n| 年 | 户 |\n|---|---|\n| 1911 | 3\\|4 |\n![县城图](fig:map)\n"
            "![失图](fig:lost)\n[^甲]: 见<旧志>。"
        )
        html = get(client, factories.section(book, "桥梁", source).get_absolute_url())
        assert '<span class="note-line">在縣</span><span class="note-line">西北</span>' in html
        assert "永濟橋（在縣西北）跨江" in plain_of(html)
        assert '<th scope="col">年</th>' in html
        assert "<td>3|4</td>" in html
        assert html.count("<figure") - html.count("share-code") == 2
        assert "此处原有插图" in html
        assert 'href="#note-1"' in html
        assert 'id="note-1"' in html
        assert 'href="#ref-1"' in html
        assert 'id="ref-1"' in html
        assert "见&lt;旧志&gt;。" in html
        assert not re.search(r"\{\{|\}\}|\[\^|fig:|\\\|", plain_of(html))

    def test_shows_no_figure_that_is_not_for_this_reader(self, home, client, staff):
        book = factories.book("县志")
        image = factories.image("内部图", access=AccessLevel.STAFF)
        Figure.objects.create(book=book, key="map", image=image)
        address = factories.section(book, "桥梁", "![城图](fig:map)").get_absolute_url()
        assert "此图不对外展示" in get(client, address)
        assert "<picture" not in get(client, address)
        assert "此图不对外展示" not in get(staff, address)

    def test_a_section_of_leaves_shows_where_each_begins(self, book, leaves, client):
        section = factories.section(book, "橋梁")
        for leaf in leaves[1:3]:
            Anchor.objects.create(section=section, leaf=leaf, leaf_end=len(leaf.text))
        html = get(client, section.get_absolute_url(), q="永济桥")
        assert "建永卷一·二上濟橋" in plain_of(html)
        assert '<mark id="found">永</mark>' in html
        assert "<mark>濟橋</mark>" in html
        assert f'class="leaf-mark" href="{leaves[2].get_absolute_url()}?q=' in html
        assert section_text(section) == "康熙二十八年知縣某建永\n濟橋於縣西北"

    def test_leaves_begin_inside_the_text_of_a_section_that_holds_it(self, home, client):
        book = factories.book("县志")
        section = factories.section(book, "桥梁", "在城东三里。{{旧志}}乾隆间重修。")
        for start, label in ((0, "12"), (8, "13")):
            leaf = factories.leaf(book, label=label)
            Anchor.objects.create(section=section, leaf=leaf, section_start=start, section_end=start + 6)
        assert "12在城东三里。（旧志）13乾隆间重修。" in plain_of(get(client, section.get_absolute_url()))

    def test_has_its_path_its_neighbours_and_those_beside_it(self, home, client):
        book = factories.book("县志")
        first = factories.section(book, "舆地", label="卷一")
        chapter = factories.section(book, "建置", parent=first, depth=2)
        entry = factories.section(book, "沿革", parent=chapter, depth=3)
        second = factories.section(book, "民政", label="卷二")
        html = get(client, entry.get_absolute_url())
        assert re.search(r"卷一 舆地.*建置.*沿革", plain_of(html), re.S)
        html = get(client, first.get_absolute_url())
        assert f'rel="next" href="{chapter.get_absolute_url()}"' in html
        assert f'class="beside-step" href="{second.get_absolute_url()}"' in html

    def test_a_long_one_is_paged_by_its_leaves(self, book, client):
        section = factories.section(book, "長卷")
        rows = Leaf.objects.bulk_create(
            Leaf(book=book, key=f"{n:04}", position=n, label=str(n), text=f"第{n}葉之文。") for n in range(1, 131)
        )
        Anchor.objects.bulk_create(Anchor(section=section, leaf=leaf, leaf_end=len(leaf.text)) for leaf in rows)
        first, last = (get(client, section.get_absolute_url(), page=page) for page in (1, 3))
        assert "第60葉之文。" in plain_of(first)
        assert "第61葉之文。" not in plain_of(first)
        assert "第130葉之文。" in plain_of(last)

    def test_is_cited_to_its_printed_pages(self, book, leaves, client):
        section = factories.section(book, "橋梁")
        for leaf in leaves[1:4]:
            Anchor.objects.create(section=section, leaf=leaf, leaf_end=len(leaf.text))
        html = get(client, section.get_absolute_url())
        assert "橋梁[M/OL]//縣志" in html
        assert "卷一·一下-卷一·二下[" in html
        ris = client.get(f"/cite/{section.identifier_id}.ris").content.decode()
        assert "SP  - 卷一·一下\r\nEP  - 卷一·二下\r\n" in ris
        assert "pages = {卷一·一下--卷一·二下}" in client.get(f"/cite/{section.identifier_id}.bib").content.decode()
        assert "卷一·一下-卷一·二下[" in client.get(f"/cite/{section.identifier_id}.txt").content.decode()

    def test_a_leaf_is_cited_to_its_page(self, book, leaves, client):
        html = get(client, leaves[1].get_absolute_url())
        assert re.search(r'class="cited">[^<]*縣志\[M/OL\][^<]*卷一·一下\[', html)
        cited = client.get(f"/cite/{book.identifier_id}/p/{leaves[1].key}.ris").content.decode()
        assert "SP  - 卷一·一下" in cited


@pytest.mark.django_db
class TestLeafPage:
    def test_words_are_marked_in_the_text_and_boxed_on_the_scan(self, book, leaves, client):
        boxes = [[8000, 1000, 800, 8000, 0, 11, 0]]
        LeafLayout.objects.create(leaf=leaves[1], boxes=boxes)
        html = get(client, leaves[1].get_absolute_url(), q="知县")
        assert '<mark id="found">知縣</mark>' in html
        (box,) = re.findall(r'<rect class="found-box" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', html)
        left, top, width, height = map(int, box)
        assert (left, width) == (8000, 800)
        assert 5000 < top < 5800
        assert 1300 < height < 1600
        assert "found-box" not in get(client, leaves[1].get_absolute_url())
        assert "<mark" not in get(client, leaves[1].get_absolute_url())

    def test_a_word_that_runs_onto_the_next_leaf_is_marked_where_it_begins(self, book, leaves, client, index):
        drain()
        (hit,) = client.get("/search/", {"q": "永济桥", "kind": "leaf", "format": "json"}).json()["hits"]
        html = client.get(hit["url"]).content.decode()
        assert '<mark id="found">永</mark>' in html

    def test_the_words_are_those_of_the_search_box(self, book, leaves, client):
        address = leaves[1].get_absolute_url()
        assert '<mark id="found">康熙</mark>' in get(client, address, q="康熙|乾隆")
        assert "<mark" not in get(client, address, q="雍正 -康熙")
        assert "<mark" not in get(client, address, q="，。")
        assert "<script>" not in get(client, address, q="<script>alert(1)</script>")

    def test_the_words_go_along_when_the_leaf_is_turned(self, book, leaves, client):
        html = get(client, leaves[1].get_absolute_url(), q="桥")
        assert f'rel="next" href="{leaves[2].get_absolute_url()}?q=%E6%A1%A5"' in html

    def test_its_view_is_chosen_by_a_link_and_remembered(self, book, leaves, client):
        address = leaves[1].get_absolute_url()
        assert html_has(get(client, address), scans=1, texts=1)
        answer = client.get(address, {"view": "page"})
        assert html_has(answer.content.decode(), scans=1, texts=0)
        assert html_has(get(client, leaves[2].get_absolute_url()), scans=1, texts=0)
        assert html_has(get(client, address, view="text"), scans=0, texts=1)
        assert html_has(get(client, address, view="beside"), scans=1, texts=1)
        assert html_has(get(client, address), scans=1, texts=1)
        assert html_has(get(client, address, view="nonsense"), scans=1, texts=1)

    def test_two_pages_face_each_other_as_they_are_bound(self, book, leaves, client):
        for leaf in leaves[1:3]:
            html = get(client, leaf.get_absolute_url(), view="spread")
            assert html_has(html, scans=2, texts=0)
            assert "spread-leftwards" in html
            assert f'rel="prev" href="{leaves[0].get_absolute_url()}"' in html
            assert f'rel="next" href="{leaves[3].get_absolute_url()}"' in html
        assert html_has(get(client, leaves[0].get_absolute_url()), scans=1, texts=0)

    def test_vertical_text_is_remembered_too(self, book, leaves, client):
        assert "passage-down" in get(client, leaves[1].get_absolute_url(), lines="down")
        assert "passage-down" in get(client, leaves[2].get_absolute_url())
        assert "passage-down" not in get(client, leaves[2].get_absolute_url(), lines="across")

    def test_an_answer_that_is_kept_is_not_given_in_another_view(self, book, leaves, client, index):
        drain()
        address = leaves[1].get_absolute_url()
        get(client, address)
        client.get(address, {"view": "page"})
        assert html_has(get(client, address), scans=1, texts=0)

    def test_a_text_without_a_scan_is_shown_in_every_view(self, book, client):
        leaf = factories.leaf(book, "僅有文字", label="一")
        for view in ("beside", "page", "spread", "text"):
            assert "僅有文字" in get(client, leaf.get_absolute_url(), view=view)

    def test_names_the_sections_that_begin_on_it(self, home, client):
        book = factories.book("县志")
        leaf = factories.leaf(book, label="12")
        for title, text in (("前条", "上页起的文字"), ("后条", "本页起的文字")):
            section = factories.section(book, title, text)
            start = 2 if title == "前条" else 0
            Anchor.objects.create(section=section, leaf=leaf, section_start=start, section_end=6)
        html = get(client, leaf.get_absolute_url())
        assert "起的文字" in html
        assert re.search(r'class="passage-heading"><a href="[^"]+">后条</a>', html)
        assert not re.search(r'class="passage-heading"><a href="[^"]+">前条</a>', html)


def html_has(html: str, *, scans: int, texts: int) -> bool:
    return (html.count('class="scan-picture'), html.count('class="prose passage')) == (scans, texts) or (
        html.count("picture-missing scan-picture"),
        html.count('class="prose passage'),
    ) == (scans, texts)
