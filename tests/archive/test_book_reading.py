"""Books as they are read: what a passage is set in, words found in it, views of a leaf, the ways through a book."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.access import AccessLevel
from archive.book_text import notation
from archive.models import Anchor, BookPage, Figure, Identifier, Leaf, LeafLayout, Section
from archive.publication import set_access
from archive.reading.composition import compose
from archive.reading.passages import Piece, Text, section_text
from archive.reading.searched import Searched
from search.indexing import drain
from search.text.folding import fold
from tests import factories


def words(*typed: str) -> Searched:
    return Searched(" ".join(typed), tuple(map(fold, typed)))


def text_of(source: str, *, physical: bool = False) -> Text:
    passage = notation.parse(source, lines_are_physical=physical)
    return Text((Piece(passage, 0, len(passage.plain)),), lines_are_physical=physical)


def marked(passage) -> list[str]:
    """What is marked, part by part."""
    spans = [span for block in passage.blocks for span in block.spans]
    parts = [part for span in spans for part in (*span.parts, *(part for line in span.lines for part in line))]
    return [part.text for part in parts if part.is_found]


def plain_of(html: str) -> str:
    """What a reader sees of a page, and hears of it."""
    return unescape(re.sub(r"<[^>]+>", "", html[max(0, html.find("<main")) :]))


class TestComposition:
    def test_a_short_note_is_set_in_two_lines_and_a_long_one_in_one(self):
        (short,) = compose(text_of("橋{{在縣西北二十里}}")).blocks
        assert ["".join(part.text for part in line) for line in short.spans[1].lines] == ["在縣西北", "二十里"]
        (long,) = compose(text_of(f"橋{{{{{'案' * 40}}}}}")).blocks
        assert not long.spans[1].lines
        assert long.spans[1].parts[0].text == "案" * 40

    def test_every_note_of_a_page_is_in_two_lines_and_its_lines_are_shown(self):
        (block,) = compose(text_of(f"橋{{{{{'案' * 40}}}}}\n跨江", physical=True)).blocks
        assert [span.kind for span in block.spans] == ["text", "note", "line", "text"]
        assert len(block.spans[1].lines) == 2

    def test_a_word_is_marked_where_it_runs_from_the_text_into_a_note_and_over_a_line(self):
        text = text_of("濟橋{{石造也}}", physical=True)
        assert marked(compose(text, words("桥石造").ranges(text.plain))) == ["橋", "石造"]
        text = text_of("永濟\n橋成", physical=True)
        assert marked(compose(text, words("济桥").ranges(text.plain))) == ["濟", "橋"]

    def test_only_the_first_that_was_found_is_where_the_page_opens(self):
        text = text_of("橋{{橋}}橋")
        (block,) = compose(text, words("桥").ranges(text.plain)).blocks
        firsts = [part.is_first for span in block.spans for line in (span.parts, *span.lines) for part in line]
        assert firsts == [True, False, False]

    def test_footnotes_lead_back_to_the_first_that_refers_to_them(self):
        passage = compose(text_of("甲[^1]乙[^1]丙[^2]\n[^1]: 某書。"))
        references = [span for span in passage.blocks[0].spans if span.kind == "reference"]
        assert [(span.number, span.is_first) for span in references] == [(1, True), (1, False), (0, False)]
        assert [(note.number, note.label, note.is_referred_to) for note in passage.footnotes] == [(1, "1", True)]

    def test_cells_that_were_joined_stay_joined_and_the_head_is_the_head(self):
        (table,) = compose(text_of("| 年 | 户 | < |\n|---|---|---|\n| 1911 | 3 | 4 |\n| ^ | 5 | 6 |")).blocks
        assert [(cell.columns, cell.rows) for cell in table.head[0]] == [(1, 1), (2, 1)]
        assert [(cell.columns, cell.rows) for cell in table.body[0]] == [(1, 2), (1, 1), (1, 1)]
        assert len(table.body[1]) == 2

    def test_lines_of_a_page_flow_together_and_a_short_one_ends_its_paragraph(self):
        leaf = Leaf(key="1", position=1)
        passage = notation.parse(
            "橋梁\n永濟橋在縣西北二\n十里跨瀾江之上凡\n九洞。\n青石橋在縣東", lines_are_physical=True
        )
        text = Text((Piece(passage, 0, len(passage.plain), leaf),))
        lines = ["".join(part.text for span in block.spans for part in span.parts) for block in compose(text).blocks]
        assert lines == ["橋梁", "永濟橋在縣西北二十里跨瀾江之上凡九洞。", "青石橋在縣東"]

    def test_latin_words_of_two_lines_stay_two_words(self):
        passage = notation.parse("the Chronicle of\nQilan County", lines_are_physical=True)
        text = Text((Piece(passage, 0, len(passage.plain), Leaf(key="1", position=1)),))
        (block,) = compose(text).blocks
        assert "".join(part.text for span in block.spans for part in span.parts) == "the Chronicle of Qilan County"

    def test_a_sentence_goes_on_over_the_end_of_a_leaf_and_its_word_is_marked_on_both(self):
        first = notation.parse("康熙二十八年知縣某建永", lines_are_physical=True)
        second = notation.parse("濟橋於縣西北二十里之地", lines_are_physical=True)
        leaves = [Leaf(key=str(n), position=n) for n in (1, 2)]
        pieces = (
            Piece(first, 0, len(first.plain), leaves[0]),
            Piece(second, 0, len(second.plain), leaves[1], goes_on=True),
        )
        text = Text(pieces, ((0, leaves[0]), (len(first.plain) + 1, leaves[1])))
        (block,) = (passage := compose(text, words("永济桥").ranges(text.plain))).blocks
        assert [span.kind for span in block.spans] == ["leaf", "text", "leaf", "text"]
        assert marked(passage) == ["永", "濟橋"]

    def test_a_part_of_a_leaf_is_cut_out_of_its_notes_and_tables_too(self):
        passage = notation.parse("甲乙{{丙丁}}戊\n| 己 | 庚 |", lines_are_physical=True)
        whole = compose(Text((Piece(passage, 1, 3),)))
        assert [span.kind for span in whole.blocks[0].spans] == ["text", "note"]
        assert len(whole.blocks) == 1


@pytest.fixture
def book(home) -> BookPage:
    return factories.book("縣志", reading_direction="rtl", text_unit="leaf")


@pytest.fixture
def leaves(book) -> list[Leaf]:
    texts = ["序", "康熙二十八年知縣某建永", "濟橋於縣西北", "青石橋"]
    return [
        factories.leaf(book, text, label=f"卷一·{label}", scan=factories.scan())
        for text, label in zip(texts, ["一上", "一下", "二上", "二下"], strict=True)
    ]


def get(client, address: str, **parameters) -> str:
    answer = client.get(address, parameters)
    assert answer.status_code == 200, address
    return answer.content.decode()


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


def again(address: str) -> str:
    """The same question, which no kept answer is given to."""
    return f"{address}{'&' if '?' in address else '?'}again=1"


def html_has(html: str, *, scans: int, texts: int) -> bool:
    return (html.count('class="scan-picture'), html.count('class="prose passage')) == (scans, texts) or (
        html.count("picture-missing scan-picture"),
        html.count('class="prose passage'),
    ) == (scans, texts)


@pytest.mark.django_db
class TestWaysThroughABook:
    @pytest.mark.parametrize("asked", ["卷一·二上", "卷一 二上", "卷1·2上", "卷一‧2a", "第3面", "３", "二上"])
    def test_a_page_is_found_however_it_is_written(self, book, leaves, client, asked):
        answer = client.get(f"{book.get_url()}p/", {"page": asked})
        assert answer["Location"] == leaves[2].get_absolute_url()

    @pytest.mark.parametrize("asked", ["第12页", "12", "１２", "p. 12", "十二"])
    def test_a_printed_number_comes_before_a_position(self, home, client, asked):
        book = factories.book()
        for label in ("i", "12", "13"):
            factories.leaf(book, label=label)
        answer = client.get(f"{book.get_url()}p/", {"page": asked})
        assert answer["Location"] == book.leaves.get(label="12").get_absolute_url()

    @pytest.mark.parametrize("asked", ["", "第九百页", "𢎞", "%00", "<b>"])
    def test_a_page_that_is_not_there_is_said_so(self, book, leaves, client, asked):
        assert client.get(f"{book.get_url()}p/", {"page": asked}).status_code == 404

    def test_leaves_are_shown_sixty_at_a_time_with_their_labels(self, book, client):
        Leaf.objects.bulk_create(Leaf(book=book, key=str(n), position=n, label=str(n)) for n in range(1, 75))
        first, second = (get(client, f"{book.get_url()}pages/", page=page) for page in (1, 2))
        assert first.count('class="thumb"') == 60
        assert "第 60 页" in first
        assert second.count('class="thumb"') == 14

    def test_the_whole_tree_is_shown_with_the_pages_where_it_begins(self, book, leaves, client):
        juan = factories.section(book, "輿地", label="卷一")
        chapter = factories.section(book, "建置", parent=juan, depth=2)
        entry = factories.section(book, "沿革", parent=chapter, depth=3)
        factories.section(book, "民政", label="卷二")
        for leaf in leaves[1:3]:
            Anchor.objects.create(section=entry, leaf=leaf)
        html = get(client, f"{book.get_url()}contents/")
        tree = html[html.index('<ol class="tree">') : html.index("</article>")]
        assert tree.count("<ol") == tree.count("</ol>") == 3
        assert tree.count("<li") == tree.count("</li>") == 4
        assert re.search(r"沿革.*卷一·一下", plain_of(tree), re.S)
        assert "卷一·二上" not in tree

    def test_levels_that_were_left_out_close_as_they_opened(self, book, client):
        for depth in (1, 3, 2, 3, 1, 4, 4):
            factories.section(book, f"層{depth}", depth=depth)
        html = get(client, f"{book.get_url()}contents/")
        tree = html[html.index('<ol class="tree">') : html.index("</article>")]
        assert tree.count("<ol") == tree.count("</ol>")
        assert tree.count("<li") == tree.count("</li>") == 7

    def test_a_later_page_of_the_tree_says_what_it_lies_beneath(self, book, client):
        juan = factories.section(book, "人物", label="卷九")
        values = Identifier.objects.assign_many(Identifier.Kind.SECTION, 310)
        Section.objects.bulk_create(
            Section(book=book, parent=juan, identifier=value, key=f"e{n}", position=n, depth=2, title=f"人物{n}")
            for n, value in enumerate(values, start=2)
        )
        html = get(client, f"{book.get_url()}contents/", page=2)
        assert re.search(r'class="tree-way">.*卷九 人物', html, re.S)

    def test_a_page_of_the_tree_may_be_called_as_a_room_of_a_book(self, home, client):
        page = factories.free_page(home, "联系", slug="contents")
        nested = factories.free_page(page, "缩略", slug="pages")
        assert "联系" in get(client, page.get_url())
        assert "缩略" in get(client, nested.get_url())

    def test_the_comfort_of_traditional_characters_reaches_notes_and_marks(self, home, client):
        client.cookies["script"] = "hant"
        section = factories.section(factories.book("县志"), "桥梁", "永济桥{{旧志}}跨江")
        html = get(client, section.get_absolute_url(), q="永济桥")
        assert '<mark id="found">永濟橋</mark>' in html
        assert "舊志" in plain_of(html)


@pytest.mark.django_db
class TestSearchInside:
    @pytest.fixture
    def found(self, book, leaves, index):
        factories.section(book, "橋梁", label="卷一")
        other = factories.book("別志")
        factories.section(other, "他橋", "石橋")
        drain()
        return book

    def test_finds_in_this_book_alone_in_its_order_and_opens_at_the_words(self, found, leaves, client):
        html = get(client, f"{found.get_url()}search/", q="桥")
        links = re.findall(r'class="hit-title"><a href="([^"]+)"', html)
        assert [link.split("?")[0] for link in links if "/p/" in link] == [
            leaves[2].get_absolute_url(),
            leaves[3].get_absolute_url(),
        ]
        assert all(link.endswith("?q=%E6%A1%A5#found") for link in links)
        assert "他橋" not in html
        assert '<mark id="found">橋</mark>' in client.get(links[-1]).content.decode()

    def test_sections_and_leaves_can_be_told_apart(self, found, client):
        both = get(client, f"{found.get_url()}search/", q="桥")
        assert "篇目 1" in both
        assert "书页 2" in both
        alone = get(client, f"{found.get_url()}search/", q="桥", kind="leaf")
        assert alone.count('class="hit"') == 2
        assert get(client, f"{found.get_url()}search/", q="桥", kind="video").count('class="hit"') == 3

    def test_says_when_there_is_nothing(self, found, client):
        assert "没有查到" in get(client, f"{found.get_url()}search/", q="龙舟")
        assert client.get(f"{found.get_url()}search/", {"q": "桥", "page": 9}).status_code == 404
        get(client, f"{found.get_url()}search/")
        get(client, f"{found.get_url()}search/", q="。")

    def test_says_when_it_cannot_search(self, book, leaves, client, index):
        answer = client.get(f"{book.get_url()}search/", {"q": "桥"})
        assert answer.status_code == 503
        assert answer["Retry-After"]

    def test_hits_of_the_whole_museum_open_at_the_words_too(self, found, client):
        html = get(client, "/search/", q="青石桥")
        assert re.search(r'href="/books/[^"]+/p/0004/\?q=%E9%9D%92%E7%9F%B3%E6%A1%A5#found"', html)
        (hit,) = client.get("/search/", {"q": "青石桥", "format": "json"}).json()["hits"]
        assert hit["url"].endswith("/p/0004/?q=%E9%9D%92%E7%9F%B3%E6%A1%A5#found")

    def test_words_are_found_across_the_marks_of_the_notation(self, home, client, index):
        section = factories.section(factories.book("县志"), "桥梁", "永濟{{舊橋也}}\n| 石 | 橋 |")
        drain()
        assert client.get("/search/", {"q": "济旧桥", "format": "json"}).json()["total"] == 1
        assert client.get("/search/", {"q": "石桥", "format": "json"}).json()["total"] == 0
        (hit,) = client.get("/search/", {"q": "永济", "format": "json"}).json()["hits"]
        assert "{" not in hit["snippet"]
        assert hit["url"].startswith(section.get_absolute_url())


@pytest.mark.django_db
def test_a_yearbook_of_2023_is_found_under_2022(home, client, index):
    book = factories.book("年鉴（2023）", volume_year=2023, content_year_from=2022, date_written="2023年")
    factories.section(book, "水利", "修堤三里。")
    drain()

    def total(**asked) -> int:
        return client.get("/search/", {"format": "json", **asked}).json()["total"]

    assert total(q="修堤", year_from=2022, year_to=2022) == 1
    assert total(q="修堤", year_from=2023, year_to=2023) == 0
    assert total(q="年鉴", kind="book", year_from=2022, year_to=2022) == 1
    assert "年鉴（2023）" in get(client, "/books/", year_from=2022, year_to=2022)
    assert "年鉴（2023）" not in get(client, "/books/", year_from=2023, year_to=2023)


SECTIONS, LEAVES, BUDGET = 5_000, 10_000, 28


@pytest.mark.django_db
class TestAtTheSizeOfTheLargestBook:
    @pytest.fixture
    def large(self, home) -> BookPage:
        book = factories.book("大志", text_unit="leaf", reading_direction="rtl")
        values = Identifier.objects.assign_many(Identifier.Kind.SECTION, SECTIONS)
        parent, rows = None, []
        for number, value in enumerate(values, start=1):
            depth = 1 + (number % 5 and 1) + (number % 25 and 1) * (number % 5 and 1)
            rows.append(
                Section(
                    book=book, identifier=value, key=f"s{number}", position=number, depth=depth, title=f"目{number}"
                )
            )
        Section.objects.bulk_create(rows, 1000)
        top = Section.objects.get(book=book, position=25)
        Section.objects.filter(book=book, position__range=(26, 400)).update(parent=top)
        parent = Section.objects.get(book=book, position=30)
        Section.objects.filter(book=book, position__range=(31, 35)).update(parent=parent)
        Leaf.objects.bulk_create(
            (Leaf(book=book, key=f"{n:05}", position=n, label=str(n), text=f"第{n}葉。") for n in range(1, LEAVES + 1)),
            1000,
        )
        leaves = Leaf.objects.filter(book=book, position__lte=100)
        Anchor.objects.bulk_create(Anchor(section=row, leaf=leaf, leaf_end=3) for leaf in leaves for row in (parent,))
        return book

    def test_every_page_of_the_reader_asks_as_much_as_of_a_small_one(self, large, book, leaves, client, index):
        section = factories.section(book, "小目")
        Anchor.objects.create(section=section, leaf=leaves[0], leaf_end=1)
        drain()
        pairs = {
            "section": ("s/s30/?q=葉", "s/s1/?q=葉"),
            "leaf": ("p/00050/?q=葉", "p/0002/?q=葉"),
            "spread": ("p/00050/?view=spread&q=葉", "p/0002/?view=spread&q=葉"),
            "pages": ("pages/?page=9", "pages/"),
            "contents": ("contents/?page=9", "contents/"),
            "jump": ("p/?page=第9999页", "p/?page=卷一·二上"),
            "search": ("search/?q=葉&page=2", "search/?q=桥"),
        }
        for name, (there, here) in pairs.items():
            counts = []
            for address in (f"{large.get_url()}{there}", f"{book.get_url()}{here}"):
                client.get(address)
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(again(address)).status_code in (200, 302), address
                counts.append(len(asked))
            assert counts[0] <= BUDGET, (name, counts)
            assert counts[0] <= counts[1] + 4, (name, counts)


@pytest.mark.django_db
class TestClosedBooks:
    """Every address of the reader, for whoever may not see the book, or its content."""

    ROOMS = (
        "contents/",
        "pages/",
        "search/",
        "search/?q=秘文",
        "s/s1/",
        "s/s1/?q=秘文",
        "p/0001/",
        "p/0001/?view=spread",
    )

    def closed(self, **fields) -> BookPage:
        book = factories.book("秘志", text_unit="leaf", **fields)
        section = factories.section(book, "秘目")
        leaf = factories.leaf(book, "秘文一葉", label="秘一", scan=factories.scan())
        LeafLayout.objects.create(leaf=leaf, boxes=[[0, 0, 100, 100, 0, 4, 0]])
        Anchor.objects.create(section=section, leaf=leaf, leaf_end=4)
        return book

    def addresses(self, book: BookPage) -> list[str]:
        return [*(f"{book.get_url()}{room}" for room in self.ROOMS), f"{book.get_url()}p/?page=秘一"]

    def test_of_a_draft_nothing_is_known(self, home, client, reading_room, staff, index):
        book = self.closed(published=False)
        for reader in (client, reading_room, staff):
            for address in self.addresses(book):
                assert reader.get(address).status_code == 404, address

    def test_of_a_withdrawn_one_nothing_is_shown(self, home, client, reading_room, index):
        book = self.closed()
        BookPage.objects.get(pk=book.pk).unpublish()
        for reader in (client, reading_room):
            for address in self.addresses(book):
                answer = reader.get(address)
                assert answer.status_code in (404, 410), address
                assert "秘文" not in answer.content.decode().replace("?q=秘文", "")

    def test_a_staff_one_is_there_for_staff_alone(self, home, client, reading_room, staff, index):
        book = self.closed()
        set_access(book, AccessLevel.STAFF)
        drain()
        for address in self.addresses(book):
            for reader in (client, reading_room):
                answer = reader.get(address)
                assert answer.status_code == 404, address
                assert "秘目" not in answer.content.decode()
            assert staff.get(address).status_code in (200, 302), address

    def test_of_an_on_site_one_everybody_has_the_record_and_nobody_outside_the_text(
        self, home, client, reading_room, index
    ):
        book = self.closed()
        set_access(book, AccessLevel.ON_SITE)
        drain()
        for address in self.addresses(book):
            answer = client.get(address)
            assert answer.status_code in (200, 302), address
            html = answer.content.decode()
            for trace in ("一葉", "<mark", "found-box", "<picture", "/media/p/", "处</span>"):
                assert trace not in html, (address, trace)
        inside = reading_room.get(f"{book.get_url()}search/", {"q": "秘文"})
        assert "<mark>秘文</mark>一葉" in inside.content.decode()
        assert "no-store" in inside["Cache-Control"]
        leaf = reading_room.get(f"{book.get_url()}p/0001/", {"q": "秘文"})
        assert '<mark id="found">秘文</mark>' in leaf.content.decode()
        assert "found-box" in leaf.content.decode()
        assert "no-store" in leaf["Cache-Control"]
