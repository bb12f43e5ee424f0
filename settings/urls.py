"""Every address of the museum. What is not named here is a page of the tree."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from archive.exchange import urls as exchange_urls
from archive.reading import urls as reading_urls
from archive.reading.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", include(wagtailadmin_urls)),
    path("media/", include("media_assets.urls")),
    *exchange_urls.machines,
    *reading_urls.permanent,
    *i18n_patterns(
        path("search/", include("search.urls")),
        *exchange_urls.readers,
        *reading_urls.ways_in,
        *reading_urls.passages,
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
