"""The addresses of files; to be mounted at /media/."""

from django.urls import path, re_path

from . import views

app_name = "media"
urlpatterns = [
    re_path(r"^p/(?P<key>[0-9a-f]{40})\.(?P<extension>webp|jpg|mp4|m4a)$", views.derivative, name="derivative"),
    re_path(
        r"^public/(?P<name>[0-9a-f]{2}/[0-9a-f]{38}/(?P<preset>[a-z0-9]+)\.(?P<extension>webp|jpg|mp4|m4a))$",
        views.public_copy,
        name="public",
    ),
    path("v/<int:pk>/<str:name>", views.play, name="play"),
    path("h/<int:pk>/film.m3u8", views.playlist, name="playlist"),
    path("h/<int:pk>/<slug:preset>.m3u8", views.stream, name="stream"),
    path("h/<int:pk>/storyboard.vtt", views.storyboard, name="storyboard"),
    path("h/<str:signed>.mp4", views.segments, name="segments"),
    path("c/<int:pk>.vtt", views.caption_track, name="captions"),
    path("d/<int:pk>/<str:name>", views.document, name="document"),
    path("o/<slug:kind>/<int:pk>/", views.original, name="original"),
    path("f/<path:path>", views.stored, name="stored"),
    path("cms/<path:path>", views.rendition, name="rendition"),
]
