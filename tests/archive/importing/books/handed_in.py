"""Files as an editor hands them in, for the tests of imports from beginning to end."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from archive.importing.books import runs
from archive.models import BookImport, BookPage

ANNALS = """# 栖澜縣志

## 卷一 輿地

### 沿革

秦屬南海郡，漢置博羅縣。

### 疆域

東西廣百里，南北袤八十里。

## 卷二 賦役

田賦、戶口附。
"""


def uploaded(words: str | bytes, name: str = "栖澜縣志.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words if isinstance(words, bytes) else words.encode())


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def leaves_text(numbers: Iterable[int | str], changed: Mapping[int | str, str] | None = None) -> str:
    """A mandoku text with a leaf side for each number, whose words are its own."""
    changed = changed or {}
    lines = ["# -*- mode: mandoku-view; -*-", "#+TITLE: 莞志", "#+PROPERTY: ID KR2k9999", "#+PROPERTY: JUAN 卷一"]
    for number in numbers:
        lines += [f"<pb:KR2k9999_WYG_001-{number}a>¶", changed.get(number, f"第{number}葉東莞秦屬南海郡¶\n晉立寳安縣¶")]
    return "\n".join(lines) + "\n"


def read_in(words: str | bytes, name: str = "栖澜縣志.md", book: BookPage | None = None, user=None) -> BookImport:
    """Handed in and read, as far as that goes."""
    run = runs.start(uploaded(words, name), user, book=book)
    run.refresh_from_db()
    return run


def imported(words: str | bytes, name: str = "栖澜縣志.md", book: BookPage | None = None, user=None) -> BookImport:
    run = read_in(words, name, book, user)
    assert run.state == BookImport.State.READ, run.reason
    assert runs.approve(run, user)
    run.refresh_from_db()
    return run
