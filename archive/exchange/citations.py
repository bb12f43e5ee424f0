"""References in the three forms that readers paste: GB/T 7714—2015, BibTeX and RIS. Pure: no database, no clock."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from archive.dates import interpret


class Sort(StrEnum):
    """What is cited. A part stands within a book and names it as its host."""

    BOOK = "book"
    JOURNAL = "journal"
    PART = "part"
    PHOTO = "photo"
    FILM = "film"
    STORY = "story"
    GROUP = "group"


@dataclass(frozen=True)
class Reference:
    """What a citation says. Everything but `title` and `address` may be empty.

    `year` is ready for print (see `year_of`), `pages` is the printed label of the page, or of the first one up to
    `last_page`, `released` is the day of publication
    here, `address` the permanent address, `accessed` the day of the citation.
    """

    sort: Sort
    title: str
    address: str
    accessed: date
    identifier: str = ""
    authors: tuple[str, ...] = ()
    host: str = ""
    host_authors: tuple[str, ...] = ()
    edition: str = ""
    publisher: str = ""
    year: str = ""
    pages: str = ""
    last_page: str = ""
    isbn: str = ""
    language: str = ""
    released: date | None = None


_MARKS = {
    Sort.BOOK: "M",
    Sort.PART: "M",
    Sort.JOURNAL: "J",
    Sort.STORY: "EB",
}
_OTHER_MARK = "Z"
AUTHORS_NAMED = 3
_SPACES = re.compile(r"\s+")
_PLAIN_YEAR = re.compile(r"([12]?\d{3})年?(?:版|出版)?")
_PART_TAKEN = re.compile(r"(..)\s*(?:主编|編著|编著|编纂|編纂|纂修|编写|编|編|纂|撰文|撰|摄影|辑|輯)$")
_BETWEEN_NAMES = re.compile(r"[、，,；;]+|\s{2,}")


def year_of(written: str) -> str:
    """The year of publication as GB/T 7714 8.4.3 wants it: 「1985」; with the older calendar in brackets behind it,
    「1689(康熙二十八年)」; what is not one year stands in square brackets as it was written."""
    written = _plain(written)
    if not written:
        return ""
    plain = _PLAIN_YEAR.fullmatch(written)
    if plain:
        return plain[1]
    meaning = interpret(written)
    if meaning is None or meaning.earliest_year != meaning.latest_year or meaning.earliest_year < 1:
        return f"[{written}]"
    year = str(meaning.earliest_year)
    return year if year in written else f"{year}({written})"


def names_in(written: str) -> tuple[str, ...]:
    """The names in a line as it stands on a title page, without the word for their part, which 8.1 leaves out:
    「县志编纂委员会编，顾怀瑾主编」 are two. A word that may end a name (修) stays."""
    names = (_PART_TAKEN.sub(r"\1", _plain(part)) for part in _BETWEEN_NAMES.split(written))
    return tuple(name for name in names if name)


def without_marks(title: str) -> str:
    """A title without the 《》 around it, which none of the three forms sets."""
    title = _plain(title)
    inner = title[1:-1]
    return inner if title[:1] == "《" and title[-1:] == "》" and "《" not in inner else title


def _plain(text: str) -> str:
    """One line: a line break in a field would start a new field of RIS."""
    return _SPACES.sub(" ", text).strip()


def _tidied(reference: Reference) -> Reference:
    return replace(
        reference,
        title=without_marks(reference.title),
        host=without_marks(reference.host),
        authors=tuple(map(_plain, reference.authors)),
        host_authors=tuple(map(_plain, reference.host_authors)),
        edition=_plain(reference.edition),
        publisher=_plain(reference.publisher),
        pages=_plain(reference.pages),
        last_page=_plain(reference.last_page),
    )


# --- GB/T 7714—2015 -------------------------------------------------------------------------------------------


def gbt7714(reference: Reference) -> str:
    """One line after GB/T 7714—2015, for a resource read online: authors (three, then 等), title with its mark, host,
    edition, publisher, year, pages, the day it was read, the permanent address. Unknown elements are left out, as 4.1
    and 8.4 allow for electronic resources."""
    reference = _tidied(reference)
    mark = f"[{_MARKS.get(reference.sort, _OTHER_MARK)}/OL]"
    title = _joined(": ", reference.title, reference.edition if not reference.host else "")
    head = [_authors(reference.authors), f"{title}{mark}"]
    if reference.host:
        head[-1] += "//" + ". ".join(filter(None, [_authors(reference.host_authors), reference.host]))
        head.append(reference.edition)
    return f"{'. '.join(filter(None, [*head, _issue(reference)]))}. {reference.address}."


def _issue(reference: Reference) -> str:
    """「出版者, 年: 页[引用日期]」; a story has the day of its publication instead."""
    read = f"[{reference.accessed.isoformat()}]"
    if reference.sort is Sort.STORY and reference.released:
        return f"({reference.released.isoformat()}){read}"
    pages = _joined("-", reference.pages, reference.last_page)
    return _joined(": ", _joined(", ", reference.publisher, reference.year), pages) + read


def _joined(separator: str, *parts: str) -> str:
    return separator.join(filter(None, parts))


def _authors(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    more = ", et al" if names[0].isascii() else ", 等"
    return ", ".join(names[:AUTHORS_NAMED]) + (more if len(names) > AUTHORS_NAMED else "")


# --- BibTeX ---------------------------------------------------------------------------------------------------

_BIBTEX_TYPES = {Sort.BOOK: "book", Sort.JOURNAL: "book", Sort.PART: "incollection"}
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "#$%&_"},
}


def bibtex(reference: Reference) -> str:
    """One BibTeX entry in UTF-8. Names stand in braces: a Chinese name or a body is one word to BibTeX."""
    reference = _tidied(reference)
    part = reference.sort is Sort.PART
    names = reference.authors or (() if part else reference.host_authors)
    fields = {
        "author": _bibtex_names(names),
        "editor": _bibtex_names(reference.host_authors) if part else "",
        "title": f"{{{_tex(reference.title)}}}",
        "booktitle": f"{{{_tex(reference.host)}}}" if reference.host else "",
        "edition": _tex(reference.edition),
        "publisher": _tex(reference.publisher),
        "year": _tex(reference.year),
        "date": reference.released.isoformat() if reference.sort is Sort.STORY and reference.released else "",
        "pages": _joined("--", _tex(reference.pages), _tex(reference.last_page)),
        "isbn": _tex(reference.isbn),
        "language": _tex(reference.language),
        "url": reference.address,
        "urldate": reference.accessed.isoformat(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9]+", "-", reference.identifier).strip("-") or "museum"
    return "\n".join([f"@{_BIBTEX_TYPES.get(reference.sort, 'misc')}{{{key},", *lines, "}", ""])


def _bibtex_names(names: tuple[str, ...]) -> str:
    return " and ".join(f"{{{_tex(name)}}}" for name in names)


def _tex(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(character, character) for character in text)


# --- RIS ------------------------------------------------------------------------------------------------------

_RIS_TYPES = {
    Sort.BOOK: "BOOK",
    Sort.JOURNAL: "JFULL",
    Sort.PART: "CHAP",
    Sort.PHOTO: "ART",
    Sort.FILM: "VIDEO",
    Sort.STORY: "ELEC",
    Sort.GROUP: "GEN",
}


def ris(reference: Reference) -> str:
    """One RIS record in UTF-8, lines ended by CR LF as its specification asks."""
    reference = _tidied(reference)
    year = re.search(r"\d{3,4}", reference.year)
    lines = [
        ("TY", _RIS_TYPES[reference.sort]),
        *(("AU", name) for name in reference.authors),
        *(("A2", name) for name in reference.host_authors),
        ("TI", reference.title),
        ("T2", reference.host),
        ("ET", reference.edition),
        ("PB", reference.publisher),
        ("PY", year[0] if year else ""),
        ("DA", reference.released.strftime("%Y/%m/%d") if reference.released else ""),
        ("SP", reference.pages),
        ("EP", reference.last_page),
        ("SN", reference.isbn),
        ("LA", reference.language),
        ("AN", reference.identifier),
        ("UR", reference.address),
        ("Y2", reference.accessed.strftime("%Y/%m/%d")),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


@dataclass(frozen=True)
class Format:
    """A form in which references are handed out as a file."""

    suffix: str
    content_type: str
    write: object


FORMATS = {
    "txt": Format("txt", "text/plain; charset=utf-8", lambda reference: gbt7714(reference) + "\n"),
    "bib": Format("bib", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": Format("ris", "application/x-research-info-systems; charset=utf-8", ris),
}
