"""The content-security policy: strict on the site, as loose as Wagtail's own pages need in the CMS."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

ADMIN_POLICY = {
    # Wagtail's date widgets, inline panels and image form carry inline scripts and styles.
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "object-src": [NONE],
}


class ContentSecurityMiddleware(CSPMiddleware):
    """One header from one place; a view that set a policy of its own (a served file) keeps it."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponse, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path.startswith(reverse("wagtailadmin_home")):
            files = {name: [*ADMIN_POLICY[name], *settings.MEDIA_ORIGINS] for name in ("img-src", "media-src")}
            parts.replace = ADMIN_POLICY | files
        return parts
