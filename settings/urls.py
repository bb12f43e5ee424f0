"""Every address of the museum. What is not named here is a page of the tree."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.views import serve

from archive.excerpts import urls as excerpts_urls
from archive.exchange import urls as exchange_urls
from archive.reading import urls as reading_urls
from archive.reading.health import healthz, readyz
from archive.signing_in import views as second_factor
from media_assets.uploading import views as uploading
from search.answers import kept_for_the_public

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/second-factor/", include(second_factor.urls())),
    path("admin/", include(wagtailadmin_urls)),
    path("contribute/", include("archive.contributing.urls")),
    path("share/", include("archive.sharing.urls")),
    path("media/uploads/", include(uploading.urls())),
    path("media/", include("media_assets.urls")),
    path("iiif/image/3/", include("media_assets.iiif_image.urls")),
    *exchange_urls.machines,
    *reading_urls.permanent,
    *i18n_patterns(
        path("search/", include("search.urls")),
        *exchange_urls.readers,
        *reading_urls.ways_in,
        *reading_urls.passages,
        *excerpts_urls.excerpts,
        *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
        re_path(wagtail_urls.serve_pattern, kept_for_the_public(serve), name="wagtail_serve"),
        prefix_default_language=False,
    ),
]
