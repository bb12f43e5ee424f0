"""How a reader wants a book shown: which view of a leaf, and in which direction its lines run.

Chosen by links (`?view=`, `?lines=`), which work without JavaScript, and remembered in a functional cookie each, as
the choice of script is.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

_A_YEAR = 365 * 24 * 3600


class View(StrEnum):
    """What is shown of a leaf."""

    BESIDE = "beside"
    PAGE = "page"
    SPREAD = "spread"
    TEXT = "text"


class Lines(StrEnum):
    """How the lines of a text run."""

    ACROSS = "across"
    DOWN = "down"


_ASKED = {"view": View, "lines": Lines}


@dataclass(frozen=True)
class Choice:
    """A way to show a book: what it is called, the address that chooses it, and whether it is chosen."""

    value: str
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Modes:
    """What is in force for a request."""

    view: View = View.BESIDE
    lines: Lines = Lines.ACROSS


def modes_of(request: HttpRequest) -> Modes:
    """What the address asks for, else what was chosen last, else the usual."""
    return Modes(**{name: _read(request, name, kind) for name, kind in _ASKED.items()})


def _read(request: HttpRequest, name: str, kind: type[StrEnum]) -> StrEnum:
    known = {member.value: member for member in kind}
    asked = known.get(request.GET.get(name)) or known.get(request.COOKIES.get(f"reader_{name}"))
    return asked or next(iter(kind))


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what the address asks for, where it is something else than what is kept."""
    for name, kind in _ASKED.items():
        value, cookie, usual = _read(request, name, kind), f"reader_{name}", next(iter(kind))
        if request.COOKIES.get(cookie, usual) == value:
            continue
        if value is usual:
            response.delete_cookie(cookie, samesite="Lax")
        else:
            response.set_cookie(
                cookie, value, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


def view_choices(request: HttpRequest, chosen: View) -> list[Choice]:
    """The views of a leaf."""
    labels = {
        View.BESIDE: _("图文对照"),
        View.PAGE: _("单页"),
        View.SPREAD: _("双页"),
        View.TEXT: _("文字"),
    }
    return [Choice(view, label, _address(request, view=view), view is chosen) for view, label in labels.items()]


def line_choices(request: HttpRequest, chosen: Lines) -> list[Choice]:
    """The directions of lines."""
    labels = {Lines.ACROSS: _("横排"), Lines.DOWN: _("竖排")}
    return [Choice(lines, label, _address(request, lines=lines), lines is chosen) for lines, label in labels.items()]


def _address(request: HttpRequest, **changed: str) -> str:
    """The same address with another choice; the words that were searched stay."""
    parameters = request.GET.copy()
    for name in _ASKED:
        parameters.pop(name, None)
    for name, value in changed.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"
