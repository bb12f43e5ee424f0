"""A book with leaves, as readers meet it."""

import pytest

from archive.models import BookPage, Leaf
from tests import factories


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
