"""The text of a passage, wherever it is stored: one side is kept, the other is put together through the anchors."""

from archive.models import Anchor, BookPage, Leaf, Section


def section_text(section: Section) -> str:
    """A section's text. In a book whose text is in its leaves: the pieces of the leaves, in order."""
    if section.book.text_unit == BookPage.TextUnit.SECTION:
        return section.text
    anchors = Anchor.objects.filter(section=section).select_related("leaf").order_by("leaf__position")
    return "\n".join(anchor.leaf.text[anchor.leaf_start : anchor.leaf_end] for anchor in anchors)


def leaf_text(leaf: Leaf) -> str:
    """A leaf's text. In a book whose text is in its sections: the pieces of the sections, in order."""
    if leaf.book.text_unit == BookPage.TextUnit.LEAF:
        return leaf.text
    anchors = Anchor.objects.filter(leaf=leaf).select_related("section").order_by("section__position", "section_start")
    return "\n".join(anchor.section.text[anchor.section_start : anchor.section_end] for anchor in anchors)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: its lines, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
