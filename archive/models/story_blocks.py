"""What a story is told with."""

from collections.abc import Iterator

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"]


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("引文"))
    source = blocks.CharBlock(label=_("出处"), required=False, help_text=_("例如“康熙《栖澜县志》卷二”。"))

    class Meta:
        label = _("引文")
        icon = "openquote"
        template = "blocks/quotation.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    caption = blocks.CharBlock(label=_("图说"), required=False)
    alt = blocks.CharBlock(
        label=_("替代文字"), required=False, help_text=_("给看不见图片的读者；留空则用图片自己的说明。")
    )

    class Meta:
        label = _("图片")
        icon = "image"
        template = "blocks/picture.html"


class PicturePairBlock(blocks.StructBlock):
    left = PictureBlock(label=_("左图"))
    right = PictureBlock(label=_("右图"))

    class Meta:
        label = _("对照图片")
        icon = "image"
        template = "blocks/picture_pair.html"


class FilmBlock(blocks.StructBlock):
    film = blocks.PageChooserBlock(label=_("视频"), page_type="archive.VideoPage")
    caption = blocks.CharBlock(label=_("说明"), required=False)

    class Meta:
        label = _("视频")
        icon = "media"
        template = "blocks/film.html"


class BookCitationBlock(blocks.StructBlock):
    book = blocks.PageChooserBlock(label=_("图书"), page_type="archive.BookPage")
    place_in_book = blocks.CharBlock(label=_("卷、篇与页码"), required=False)
    quotation = blocks.TextBlock(label=_("引文"), required=False)

    class Meta:
        label = _("引书")
        icon = "doc-full"
        template = "blocks/book_citation.html"


class TimelineEventBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("时间"))
    what = blocks.TextBlock(label=_("事件"))


class TimelineBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("标题"), required=False)
    events = blocks.ListBlock(TimelineEventBlock(label=_("事件")), label=_("大事"), min_num=1)

    class Meta:
        label = _("大事年表")
        icon = "list-ol"
        template = "blocks/timeline.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("表题"))
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label=_("文字"))), ("number", blocks.FloatBlock(label=_("数值")))]
    )

    class Meta:
        label = _("表格")
        icon = "table"
        template = "blocks/table.html"


class StoryBlocks(blocks.StreamBlock):
    text = blocks.RichTextBlock(label=_("文字"), features=TEXT_FEATURES, template="blocks/text.html")
    quotation = QuotationBlock()
    picture = PictureBlock()
    picture_pair = PicturePairBlock()
    film = FilmBlock()
    book_citation = BookCitationBlock()
    table = TableBlock()
    timeline = TimelineBlock()


class FreeBlocks(blocks.StreamBlock):
    """Free pages hold words alone: their assets would have no catalogue record to take their level from."""

    text = blocks.RichTextBlock(label=_("文字"), features=TEXT_FEATURES, template="blocks/text.html")
    quotation = QuotationBlock()
    table = TableBlock()
    timeline = TimelineBlock()


def walk(stream):
    """Every block value of a story with its block type, those inside pairs included."""
    for child in stream:
        yield child.block_type, child.value
        if child.block_type == "picture_pair":
            yield "picture", child.value["left"]
            yield "picture", child.value["right"]


def pictures_in(stream) -> list:
    """The images that a story shows, in order."""
    return [value["image"] for kind, value in walk(stream) if kind == "picture" and value["image"]]


def films_in(stream) -> list:
    """The film pages that a story embeds, in order."""
    return [value["film"] for kind, value in walk(stream) if kind == "film" and value["film"]]


def words_in(stream) -> list[str]:
    """What a stream says, in order and without markup; the pages and pictures that it names are not looked up."""
    return [strip_tags(part) for part in _said(stream.stream_block, stream.raw_data)]


def _said(block: blocks.Block, raw) -> Iterator[str]:
    """The words of one block from its stored value. Choosers, which would each ask the database, say nothing, nor do
    blocks whose Meta says that they are `unsaid`."""
    if isinstance(block, blocks.ChooserBlock) or raw is None or getattr(block.meta, "unsaid", False):
        return
    if isinstance(block, blocks.StreamBlock):
        for child in raw:
            if child["type"] in block.child_blocks:
                yield from _said(block.child_blocks[child["type"]], child["value"])
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _said(child, raw.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in raw:
            yield from _said(block.child_block, item["value"] if isinstance(item, dict) and "id" in item else item)
    else:
        yield from map(str, block.get_searchable_content(block.to_python(raw)))
