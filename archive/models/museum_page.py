"""What every page of the site does, catalogue record or not: address, audience, withdrawal."""

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.locks import BasicLock
from wagtail.models import PagePermissionTester
from wagtail.url_routing import RouteResult

from archive.access import AccessLevel, audience_of, may_see_content, may_see_record

from .page_form import MuseumPageForm
from .slugs import fill_slug

TITLE_PANELS = [FieldPanel("title", classname="title")]
"""The browser is not to make a slug of a Chinese title, for it can only make hyphens: the server does, from pinyin."""


class WithdrawalWaitsForNobody(PagePermissionTester):
    """What an account may do with a page. A review that is going on, or a date that is set, holds the words as they
    are; neither keeps whoever may publish from taking the page away from readers. A lock that a person set does."""

    def can_unpublish(self) -> bool:
        if not self.user.is_active or not self.page.live or self.page_is_root:
            return False
        lock = self.page.get_lock()
        if isinstance(lock, BasicLock) and lock.for_user(self.user):
            return False
        return self.user.is_superuser or "publish" in self.permissions


class MuseumPageMixin(models.Model):
    """Mixed into every page type. Pages that carry no level of their own are open."""

    effective_access = AccessLevel.OPEN
    content_panels = TITLE_PANELS
    catalogue_panels: list = []
    museum_kind = ""
    base_form_class = MuseumPageForm

    class Meta:
        abstract = True

    @classproperty
    def edit_handler(cls) -> TabbedInterface:  # noqa: N805
        """Content, then the catalogue record, then address and schedule."""
        tabs = [
            (cls.content_panels, _("内容")),
            (cls.catalogue_panels, _("著录")),
            (cls.promote_panels, _("网址与推介")),
            (cls.settings_panels, _("排期与批注")),
        ]
        return TabbedInterface(
            [ObjectList(panels, heading=heading) for panels, heading in tabs if panels],
            base_form_class=cls.base_form_class,
        )

    # --- Address ---

    def _set_core_field_defaults(self) -> None:
        """A Chinese title gives no ASCII slug by itself: propose one from its pinyin once the parent is known."""
        if not self.slug and self.title and (self.path or getattr(self, "_cached_parent_obj", None)):
            parent = self.get_parent()
            self.slug = fill_slug(self.title, lambda slug: not self._slug_is_available(slug, parent, self))
        super()._set_core_field_defaults()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """As Wagtail's, and a withdrawn page answers for itself instead of with a bare 404."""
        if not path_components and not self.live and self.is_withdrawn:
            return RouteResult(self, kwargs={"withdrawn": True})
        return super().route(request, path_components)

    @property
    def is_withdrawn(self) -> bool:
        """Whether this was published once and is no longer."""
        return not self.live and self.first_published_at is not None

    # --- At the desk ---

    def permissions_for_user(self, user) -> PagePermissionTester:
        return WithdrawalWaitsForNobody(user, self)

    # --- Serving ---

    def serve(self, request: HttpRequest, *args, withdrawn: bool = False, **kwargs) -> HttpResponse:
        """The public page; 404 where the audience may not even know of it, 410 when it was withdrawn."""
        if not may_see_record(audience_of(request), self.effective_access):
            raise Http404
        if withdrawn:
            return TemplateResponse(request, "errors/withdrawn.html", {"page": self}, status=410)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        audience = audience_of(request)
        previewing = getattr(request, "is_preview", False)
        context["audience"] = audience
        context["content_allowed"] = previewing or may_see_content(audience, self.effective_access)
        return context
