"""The addresses of the IIIF Image API; to be mounted at /iiif/image/3/."""

from django.urls import path, re_path

from . import views

app_name = "iiif_image"
urlpatterns = [
    path("<str:key>", views.base, name="base"),
    path("<str:key>/info.json", views.info, name="information"),
    re_path(
        r"^(?P<key>[^/]+)/(?P<region>[^/]+)/(?P<size>[^/]+)/(?P<rotation>[^/]+)/(?P<quality>[^/.]+)\.(?P<form>[^/]+)$",
        views.image,
        name="image",
    ),
    path("<str:key>/<path:rest>", views.nothing),
]
