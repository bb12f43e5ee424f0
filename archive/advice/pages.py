"""What is worth a look in one version of a page: its words, its tables, its pictures, its rights."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access import Audience, published
from archive.book_text import notation
from archive.book_text.table_gaps import table_gaps
from archive.models import ArchivePage, BookPage, ExhibitionPage, MuseumSettings, StoryPage
from archive.models.story_blocks import walk
from archive.text_repair import LABELS
from archive.text_repair import find as damages_in
from media_assets.models import ArchiveImage
from media_assets.models.rights import RightsStatement

from . import personal_data, word_list

MOST = 100
MOST_PASSAGES = 500
_AROUND = 12
_PERSONAL = {
    personal_data.Kind.IDENTITY: gettext_lazy("身份证号"),
    personal_data.Kind.MOBILE: gettext_lazy("手机号码"),
    personal_data.Kind.CARD: gettext_lazy("银行卡号"),
}


@dataclass(frozen=True)
class Advice:
    """`kind` in a few words; `sentence` says what and where."""

    kind: str | Promise
    sentence: str


def advise(page: ArchivePage) -> list[Advice]:
    """At most MOST pieces of advice, the weightiest first. Reads the page given (a version as an object will do) and,
    of a book, the changes of its text that wait."""
    texts = list(_texts(page))
    settings = MuseumSettings.objects.first()
    words = word_list.parse(settings.advised_words) if settings else []
    found: list[Iterable[Advice]] = [
        *(_personal(where, text) for where, text in texts),
        _record(page),
        _on_show(page),
        *(_sums(where, text) for where, text in [*texts, *_tables(page)]),
        *(_words(where, text, words) for where, text in texts),
        *(_damages(where, text) for where, text in texts),
    ]
    return list(islice((advice for part in found for advice in part), MOST))


# --- The words ----------------------------------------------------------------------------------------------------


def _texts(page: ArchivePage) -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text."""
    yield _("题名"), page.title
    yield _("说明"), page.description
    yield _("正文"), page.text_for_search()
    if isinstance(page, BookPage):
        yield from _waiting_passages(page)


def _waiting_passages(book: BookPage) -> Iterator[tuple[str, str]]:
    """The texts of the change set that is not yet published; its last word on each passage."""
    waiting = book.change_sets.filter(state__in=["open", "submitted"]).first()
    if waiting is None:
        return
    operations = waiting.changes.filter(is_undone=False, operation__do="text").order_by("-pk")
    latest: dict[str, str] = {}
    for operation in operations.values_list("operation", flat=True)[:MOST_PASSAGES]:
        latest.setdefault(operation["of"], operation["text"])
    for ref, text in latest.items():
        yield (_("改动的书页") if ref.startswith("l") else _("改动的篇目")), text


def _personal(where: str, text: str) -> Iterator[Advice]:
    for number in personal_data.find(text):
        yield Advice(
            gettext_lazy("个人信息"),
            _("%(where)s：像是%(kind)s（%(masked)s），在“%(around)s”之后。")
            % {
                "where": where,
                "kind": _PERSONAL[number.kind],
                "masked": number.masked,
                "around": _before(text, number.start),
            },
        )


def _words(where: str, text: str, words: list[word_list.AdvisedWord]) -> Iterator[Advice]:
    for place, word in word_list.find(text, words):
        told = {"where": where, "word": word.word, "better": word.better, "around": _before(text, place)}
        sentence = _("%(where)s：“%(word)s”宜作“%(better)s”，在“%(around)s”之后。") if word.better else ""
        sentence = sentence or _("%(where)s：“%(word)s”在本馆用语表里，在“%(around)s”之后。")
        yield Advice(gettext_lazy("用语"), sentence % told)


def _damages(where: str, text: str) -> Iterator[Advice]:
    for damage in damages_in(text):
        told = {"where": where, "kind": _(LABELS[damage.kind]), "found": damage.found[:20]}
        sentence = _("%(where)s：%(kind)s“%(found)s”。")
        if damage.proposed:
            told["proposed"] = damage.proposed[:20]
            sentence = _("%(where)s：%(kind)s“%(found)s”，似应作“%(proposed)s”。")
        yield Advice(gettext_lazy("文字受损"), sentence % told)


def _before(text: str, place: int) -> str:
    return text[max(0, place - _AROUND) : place].replace("\n", " ").strip() or "…"


# --- Tables, pictures, rights -------------------------------------------------------------------------------------


def _tables(page: ArchivePage) -> Iterator[tuple[str, str]]:
    """The tables of a story in the notation of books, so that one rule looks at both."""
    if not isinstance(page, StoryPage):
        return
    for kind, value in walk(page.body):
        if kind == "table":
            table = value["table"]
            heads = [column["heading"] for column in table.columns]
            rows = [["" if cell is None else str(cell) for cell in row["values"]] for row in table.row_data]
            rows = [[cell.removesuffix(".0") for cell in row] for row in rows]
            yield _("表“%(caption)s”") % {"caption": value["caption"]}, notation.table([heads, *rows], head_rows=1)


def _sums(where: str, text: str) -> Iterator[Advice]:
    for gap in table_gaps(text):
        told = _(gap.message) % gap.values
        yield Advice(gettext_lazy("表格"), _("%(where)s：%(told)s") % {"where": where, "told": told})


def _record(page: ArchivePage) -> Iterator[Advice]:
    if page.rights == RightsStatement.NOT_EVALUATED:
        yield Advice(gettext_lazy("版权"), _("还没有写明版权声明。"))
    images = [pk for kind, pk in page.used_assets() if kind == "image"]
    told = {value["image"].pk for kind, value in _pictures(page) if value["alt"]}
    for image in ArchiveImage.objects.filter(pk__in=set(images) - told, description="").order_by("pk")[:MOST]:
        yield Advice(gettext_lazy("替代文字"), _("图片“%(title)s”没有替代文字。") % {"title": image.title})


def _on_show(page: ArchivePage) -> Iterator[Advice]:
    """What an exhibition would show and the public would not see there."""
    if not isinstance(page, ExhibitionPage):
        return
    hidden = ArchivePage.objects.filter(pk__in=page.shown_items()).exclude(published(Audience.PUBLIC))
    for title in hidden.order_by("pk").values_list("title", flat=True)[:MOST]:
        yield Advice(
            gettext_lazy("展品"),
            _("“%(title)s”没有公布，或不对外公开：读者在展室里看不到它和它的展签。") % {"title": title},
        )


def _pictures(page: ArchivePage) -> Iterator[tuple]:
    if isinstance(page, StoryPage):
        yield from ((kind, value) for kind, value in walk(page.body) if kind == "picture" and value["image"])
