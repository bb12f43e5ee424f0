"""The figures that a passage names, with their pictures."""

from collections.abc import Iterable

from archive.models import BookPage, Figure


def figures_of(book: BookPage, names: Iterable[str]) -> dict[str, Figure]:
    """By their names, with what is needed to show them: two queries, none without names."""
    wanted = set(names)
    if not wanted:
        return {}
    rows = Figure.objects.filter(book=book, key__in=wanted).select_related("image")
    return {figure.key: figure for figure in rows.prefetch_related("image__derivatives")}
