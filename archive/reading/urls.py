"""Addresses of authorities, ways in, sections, leaves, rooms and permanent identifiers; they stand before Wagtail's."""

from django.urls import path, re_path

from search.answers import kept_for_the_public

from . import authorities, discovery, errata, exhibitions, films, inside, leaves, sections, views

permanent = [
    path("id/<str:identifier>", views.permanent_address, name="permanent_address"),
    path("films/<int:pk>/chapters.vtt", films.chapters, name="film_chapters"),
]

ways_in = [
    path("browse/", kept_for_the_public(discovery.browse), name="browse"),
    path("timeline/", kept_for_the_public(discovery.timeline), name="timeline"),
    path("map/", kept_for_the_public(discovery.place_map), name="map"),
    path("places/", kept_for_the_public(authorities.places), name="places"),
    path("places/<slug:slug>/", kept_for_the_public(authorities.place), name="place"),
    path("topics/", kept_for_the_public(authorities.topics), name="topics"),
    path("topics/<slug:slug>/", kept_for_the_public(authorities.topic), name="topic"),
    path("people/", kept_for_the_public(authorities.people), name="people"),
    path("people/<slug:slug>/", kept_for_the_public(authorities.person), name="person"),
    path("series/", kept_for_the_public(authorities.all_series), name="all_series"),
    path("series/<slug:slug>/", kept_for_the_public(authorities.series), name="series"),
]

passages = [
    re_path(r"^(?P<path>[-\w/]+)/s/(?P<key>[-\w.]+)/$", kept_for_the_public(sections.section), name="section"),
    re_path(r"^(?P<path>[-\w/]+)/p/(?P<key>[-\w.]+)/$", kept_for_the_public(leaves.leaf), name="leaf"),
    re_path(r"^(?P<path>[-\w/]+)/p/$", leaves.jump_to_leaf, name="jump_to_leaf"),
    re_path(r"^(?P<path>[-\w/]+)/contents/$", kept_for_the_public(sections.contents), name="book_contents"),
    re_path(r"^(?P<path>[-\w/]+)/errata/$", kept_for_the_public(errata.errata), name="book_errata"),
    re_path(r"^(?P<path>[-\w/]+)/pages/$", kept_for_the_public(leaves.thumbnails), name="book_pages"),
    re_path(
        r"^(?P<path>[-\w/]+)/rooms/(?:(?P<number>[0-9]{1,2})/)?$",
        kept_for_the_public(exhibitions.room),
        name="exhibition_rooms",
    ),
    re_path(r"^(?P<path>[-\w/]+)/search/$", kept_for_the_public(inside.search_inside), name="search_inside"),
]
