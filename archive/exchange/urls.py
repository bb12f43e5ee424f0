"""Addresses of the exchange: those of machines, which have one language, and those of readers, which have each."""

from django.urls import path, re_path

from . import feeds, script_choice, sitemaps, views

_REFERENCE = r"(?P<reference>[0-9a-z]{1,16}(?:/p/[-\w.]{1,80})?)"

machines = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-museum.xml", sitemaps.museum, name="sitemap_museum"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    re_path(r"^id/(?P<identifier>[0-9A-Za-z]{1,16})/p/(?P<key>[-\w.]{1,80})$", views.leaf_address, name="leaf_address"),
    re_path(rf"^qr/{_REFERENCE}\.svg$", views.qr_code, name="qr_code"),
    path("offline-worker.js", views.offline_worker, name="offline_worker"),
    path("script/<slug:script>/", script_choice.choose_script, name="choose_script"),
]

readers = [
    re_path(rf"^cite/{_REFERENCE}\.(?P<suffix>[a-z]{{3}})$", views.citation, name="citation"),
    path("saved/", views.saved, name="saved"),
    path("saved/offline/", views.offline_note, name="offline_note"),
    path("saved/titles.json", views.saved_titles, name="saved_titles"),
    re_path(r"^saved/citations\.(?P<suffix>[a-z]{3})$", views.saved_citations, name="saved_citations"),
    path("feeds/", feeds.feed_list, name="feeds"),
    *(path(f"feeds/all.{suffix}", feeds.MuseumFeed(suffix), name=f"feed_{suffix}") for suffix in feeds.SUFFIXES),
    *(
        path(f"feeds/<slug:identifier>.{suffix}", feeds.ContainerFeed(suffix), name=f"feed_of_container_{suffix}")
        for suffix in feeds.SUFFIXES
    ),
    *(
        path(f"feeds/series/<slug:slug>.{suffix}", feeds.SeriesFeed(suffix), name=f"feed_of_series_{suffix}")
        for suffix in feeds.SUFFIXES
    ),
]
