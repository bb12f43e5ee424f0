"""Addresses of authorities, ways in, sections, leaves and permanent identifiers; they stand before Wagtail's own."""

from django.urls import path, re_path

from . import authorities, discovery, views

permanent = [path("id/<str:identifier>", views.permanent_address, name="permanent_address")]

ways_in = [
    path("browse/", discovery.browse, name="browse"),
    path("timeline/", discovery.timeline, name="timeline"),
    path("map/", discovery.place_map, name="map"),
    path("places/", authorities.places, name="places"),
    path("places/<slug:slug>/", authorities.place, name="place"),
    path("topics/", authorities.topics, name="topics"),
    path("topics/<slug:slug>/", authorities.topic, name="topic"),
    path("people/", authorities.people, name="people"),
    path("people/<slug:slug>/", authorities.person, name="person"),
    path("series/", authorities.all_series, name="all_series"),
    path("series/<slug:slug>/", authorities.series, name="series"),
]

passages = [
    re_path(r"^(?P<path>[-\w/]+)/s/(?P<key>[-\w.]+)/$", views.section, name="section"),
    re_path(r"^(?P<path>[-\w/]+)/p/(?P<key>[-\w.]+)/$", views.leaf, name="leaf"),
    re_path(r"^(?P<path>[-\w/]+)/p/$", views.jump_to_leaf, name="jump_to_leaf"),
]
