"""What the rooms of an exhibition are furnished with."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from .books import BookPage, Leaf, Section
from .story_blocks import TEXT_FEATURES, QuotationBlock, TimelineBlock

MOST_ROOMS, MOST_IN_A_ROOM = 24, 60
ITEMS = [
    "archive.PhotoPage",
    "archive.VideoPage",
    "archive.BookPage",
    "archive.StoryPage",
    "archive.AlbumPage",
    "archive.ColumnPage",
    "archive.VideoSeriesPage",
]
_PASSAGE = re.compile(r"(?:^|/)(?P<kind>[ps])/(?P<key>[-\w.]{1,80})/?(?:[?#].*)?")
_IDENTIFIER = re.compile(r"(?:.*/id/)?(?P<value>[0-9a-z]{6,16})/?(?:[?#].*)?")


class ExhibitBlock(blocks.StructBlock):
    """One thing of the collection, or one page or section of a book, with the curator's words beside it.

    What is written on a label is shown only together with its thing, so that it is no text of the exhibition's own:
    a thing that is withdrawn takes its label along, out of the search as well.
    """

    item = blocks.PageChooserBlock(label=_("展品"), page_type=ITEMS)
    passage = blocks.CharBlock(
        label=_("书中的哪一处"),
        required=False,
        max_length=300,
        help_text=_("展品是书时可填：贴上书中某一页或某一篇的网址，展出的就是那一处。"),
    )
    label = blocks.TextBlock(label=_("展签"), required=False, help_text=_("写在展品旁边的话；留空则用它自己的说明。"))
    wide = blocks.BooleanBlock(label=_("通栏展出"), required=False, help_text=_("占满整行；不勾则两件并排。"))

    class Meta:
        label = _("展品")
        icon = "image"
        unsaid = True

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["passage"]:
            try:
                cleaned["passage"] = passage_of(cleaned["item"], cleaned["passage"].strip())
            except ValidationError as error:
                raise StructBlockValidationError(block_errors={"passage": error}) from error
        return cleaned


def passage_of(item, written: str) -> str:
    """What an editor wrote of a place in a book, as it is kept: `p/<key>` of a leaf, `s/<key>` of a section.

    Accepts the address of either, and permanent addresses. Raises ValidationError.
    """
    if item.specific_class is not BookPage:
        raise ValidationError(_now("只有图书才有书页与篇目；这一件请留空。"))
    if found := _PASSAGE.search(written):
        model = Leaf if found["kind"] == "p" else Section
        if model.objects.filter(book=item.pk, key=found["key"]).exists():
            return f"{found['kind']}/{found['key']}"
    elif found := _IDENTIFIER.fullmatch(written):
        section = Section.objects.filter(book=item.pk, identifier=found["value"]).only("key").first()
        if section is not None:
            return f"s/{section.key}"
    raise ValidationError(_now("在《%(book)s》里找不到这一处，请从书页或篇目的页面上复制网址。") % {"book": item.title})


class RoomContents(blocks.StreamBlock):
    exhibit = ExhibitBlock()
    text = blocks.RichTextBlock(label=_("文字"), features=TEXT_FEATURES, template="blocks/text.html")
    quotation = QuotationBlock()
    timeline = TimelineBlock()

    class Meta:
        max_num = MOST_IN_A_ROOM


class RoomBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("展室名"), max_length=60)
    introduction = blocks.RichTextBlock(label=_("前言"), required=False, features=["bold", "italic", "link"])
    contents = RoomContents(label=_("陈列"), required=False)

    class Meta:
        label = _("展室")
        icon = "folder-open-inverse"


class ExhibitionRooms(blocks.StreamBlock):
    """The rooms in the order in which one walks through them."""

    room = RoomBlock()

    class Meta:
        max_num = MOST_ROOMS


def items_of(rooms) -> set[int]:
    """The primary keys of the pages that an exhibition shows, without looking one up."""
    contents = (part for room in rooms.raw_data for part in room["value"].get("contents") or ())
    chosen = (part["value"].get("item") for part in contents if part["type"] == "exhibit")
    return {int(pk) for pk in chosen if pk}
