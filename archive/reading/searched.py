"""The words of a question that a reader brings along to a page (`?q=`), as search itself understands them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from search.forms import SearchForm
from search.parsing import expand, parse
from search.text.snippets import occurrences

Range = tuple[int, int]


@dataclass(frozen=True)
class Searched:
    """`terms` are folded; `query` is what addresses carry along, "?q=…" or nothing."""

    words: str = ""
    terms: tuple[str, ...] = ()
    query: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms)

    def ranges(self, plain: str, continuation: str = "") -> list[Range]:
        """Where the words stand in a text; those that begin in it and end in its continuation too, up to its end."""
        if not self.terms:
            return []
        length = len(plain)
        found = occurrences(f"{plain}\n{continuation}" if continuation else plain, self.terms)
        return [(start, min(end, length)) for start, end in found if start < length]


def searched(request: HttpRequest) -> Searched:
    """What an address asks to be marked. The other names of places count as they do in search: a query or two where
    there are words, none where there are not."""
    form = SearchForm.read(request.GET)
    if not form.text.strip():
        return Searched()
    query = parse(form.text)
    terms = (expand(query) if form.expands else query).terms
    carried = {"q": query.text} | ({} if form.expands else {"expand": "0"})
    return Searched(query.text, terms, f"?{urlencode(carried)}" if terms else "")
