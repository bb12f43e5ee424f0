"""Who may sit at the workbench of a book, and how its pages answer."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin.auth import user_passes_test

from archive.book_text.contents import ContentsError
from archive.manuscripts import changing
from archive.models import BookPage

CONFLICT, LOCKED, WRONG = 409, 423, 400
MOST_BYTES = 4 * 1024 * 1024


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of a book's workbench: given the book, for whoever may edit its page. 403 for others, 404 for no book."""

    @wraps(view)
    def answered(request: HttpRequest, book_id: int, **kwargs) -> HttpResponse:
        book = get_object_or_404(BookPage.objects.select_related("identifier"), pk=book_id)
        permissions = book.permissions_for_user(request.user)
        if not permissions.can_edit():
            raise PermissionDenied
        book.is_locked_here = permissions.page_locked()
        return view(request, book, **kwargs)

    return user_passes_test(lambda user: user.has_perm("wagtailadmin.access_admin"))(answered)


def changed(action: Callable[[], changing.Done]) -> tuple[changing.Done | None, JsonResponse | None]:
    """What an action did, or the answer that says why it could not."""
    try:
        return action(), None
    except changing.StaleTextError as stale:
        reason = _("这段文字刚被他人改过。您的文字还在，请比较后再保存。")
        told = {"reason": reason, "theirs": stale.theirs, "digest": changing.digest(stale.theirs)}
        return None, JsonResponse(told, status=CONFLICT)
    except changing.LockedError:
        return None, JsonResponse({"reason": _("这本书的改动已提交，正待发布；请先撤回，再继续编辑。")}, status=LOCKED)
    except ContentsError as error:
        return None, JsonResponse({"reason": _(error.reason)}, status=WRONG)
