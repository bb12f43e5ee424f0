"""Which files of a folder or ZIP are the pages of a book, and which text belongs to which: by their names alone."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from media_assets.file_errors import marked as _

from . import page_names
from .bundles import Bundle
from .contract import Problem, Severity
from .page_names import chapters, stem_of
from .picture_heads import EXTENSIONS

_TEXTS = ("txt",)
_MARKUP = ("xml", "alto", "hocr", "html", "htm", "xhtml")
_MARKS = re.compile(r"(?:[._-](?:alto|page|pagexml|hocr|ocr|gt|text)|\.(?:jpe?g|png|tiff?|jp2|webp|heic))+$", re.I)
_THUMBNAILS = re.compile(r"thumb(?:nail)?s?|缩略图|縮略圖", re.I)
_BETTER = ("tif", "tiff", "jp2", "j2k", "png", "webp", "heic", "heif", "jpg", "jpeg")
"""Of two pictures of one name the one that has lost less."""

_MOST_NAMED = 5


@dataclass
class PageFile:
    """One name of a page: the picture, "" where only its text is there, and the texts beside it."""

    chapter: tuple[str, ...]
    stem: str
    source: str
    picture: str = ""
    text: str = ""
    markup: str = ""


@dataclass
class PageFiles:
    """`pages` in the order of the book; `title` is the name of the one folder that holds all, `volumes` are files of
    recognised text that belong to no single page."""

    pages: list[PageFile] = field(default_factory=list)
    title: str = ""
    volumes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def page_files(bundle: Bundle) -> PageFiles:
    found = PageFiles()
    names = list(_safe(bundle, found.problems))
    root = _root(names)
    found.title = root.split("/")[-1] if root else ""
    sorted_ = _by_page(names, root, found)
    found.pages = sorted(sorted_, key=lambda page: page.source)
    romans = {
        chapter: page_names.has_romans(page.stem for page in found.pages if page.chapter == chapter)
        for chapter in {page.chapter for page in found.pages}
    }
    found.pages.sort(key=lambda p: page_names.order("/".join((*p.chapter, f"{p.stem}.")), romans[p.chapter]))
    return found


def has_pages(bundle: Bundle) -> bool:
    """Whether the images are the book, and not the figures of a text or the parts of an office document."""
    if any(name in ("[Content_Types].xml", "mimetype") or name.startswith("META-INF/") for name in bundle.names):
        return False
    images = [name for name in bundle.names if _extension(name) in EXTENSIONS]
    own = {page_stem(name) for name in images}
    texts = [n for n in bundle.names if _extension(n) in ("md", "markdown", "txt", "docx") and page_stem(n) not in own]
    return bool(images) and len(texts) <= len(images) and not any(_extension(n) in ("md", "markdown") for n in texts)


def page_stem(path: str) -> str:
    """The name that a page's picture shares with its texts: 0012.jpg.xml and 0012_alto.xml belong to 0012.jpg."""
    stem = stem_of(path)
    return _MARKS.sub("", stem) or stem


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix[1:].lower()


def _safe(bundle: Bundle, problems: list[Problem]) -> Iterator[str]:
    """Names that stay inside the bundle and are files of their own. Nothing is ever written to any of them."""
    for name in bundle.names:
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
            problems.append(Problem(Severity.BROKEN, "unsafe-name", name[-120:], _("文件名指向压缩包之外，没有读入。")))
        elif bundle.is_link(name):
            problems.append(Problem(Severity.BROKEN, "link", name[-120:], _("这是一个链接，不是文件，没有读入。")))
        elif not any(_THUMBNAILS.fullmatch(part) for part in parts[:-1]):
            yield name


def _split(name: str) -> tuple[str, str]:
    folder, _stroke, file = name.rpartition("/")
    return folder, file


def _root(names: list[str]) -> str:
    """The folder that holds everything, when its only content is another one or the pages."""
    folders = [_split(name)[0].split("/") for name in names if _extension(name) in EXTENSIONS]
    if not folders:
        return ""
    root: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1 or not parts[0] or not chapters(parts[0]):
            break
        root.append(parts[0])
    return "/".join(root)


def _by_page(names: list[str], root: str, found: PageFiles) -> list[PageFile]:
    pages: dict[tuple[tuple[str, ...], str], PageFile] = {}
    doubles: dict[str, list[str]] = defaultdict(list)
    texts: list[tuple[tuple[str, ...], str, str]] = []
    others: list[str] = []
    for name in sorted(names, key=lambda n: _better(_extension(n))):
        folder, file = _split(name)
        chapter = chapters(folder.removeprefix(root).strip("/") if (f"{folder}/").startswith(f"{root}/") else folder)
        extension = _extension(file)
        if extension in EXTENSIONS:
            key = chapter, stem_of(file)
            if key in pages:
                doubles[pages[key].picture].append(name)
                continue
            pages[key] = PageFile(*key, source="/".join((*chapter, key[1])), picture=name)
        elif extension in (*_TEXTS, *_MARKUP):
            texts.append((chapter, name, extension))
        else:
            others.append(name)
    _put_texts(pages, texts, found, others)
    found.problems += _doubled(doubles)
    found.problems += _left_out(others)
    return list(pages.values())


def _better(extension: str) -> int:
    return _BETTER.index(extension) if extension in _BETTER else len(_BETTER)


def _put_texts(pages: dict, texts: list[tuple[tuple[str, ...], str, str]], found: PageFiles, others: list[str]) -> None:
    """Each beside its picture. A text of a page whose picture is missing keeps the place of that page."""
    stems: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for chapter, stem in pages:
        stems[chapter].append(stem)
    for chapter, name, extension in sorted(texts, key=lambda text: text[1]):
        page = pages.get((chapter, stem_of(name))) or pages.get((chapter, page_stem(name)))
        if page is None and page_names.belongs(page_stem(name), stems[chapter][:50]):
            stem = page_stem(name)
            page = pages[chapter, stem] = PageFile(chapter, stem, "/".join((*chapter, stem)))
        kind = "text" if extension in _TEXTS else "markup"
        if page is not None and not getattr(page, kind):
            setattr(page, kind, name)
        elif page is None and kind == "markup":
            found.volumes.append(name)
        else:
            others.append(name)


def _doubled(doubles: dict[str, list[str]]) -> Iterator[Problem]:
    if doubles:
        kept, dropped = next(iter(doubles.items()))
        message = _("%(count)s 面的图像有同名的几份（%(kept)s 与 %(dropped)s）：各取失真较少的一份。")
        values = {"count": len(doubles), "kept": _split(kept)[1], "dropped": _split(dropped[0])[1]}
        yield Problem(Severity.NOTE, "same-name", "", message, values)


def _left_out(others: list[str]) -> Iterator[Problem]:
    if others:
        shown = "、".join(name[-60:] for name in others[:_MOST_NAMED]) + ("……" if len(others) > _MOST_NAMED else "")
        message = _("有 %(count)s 个文件不是书页，没有读入：%(names)s。")
        yield Problem(Severity.NOTE, "left-out", "", message, {"count": len(others), "names": shown})
