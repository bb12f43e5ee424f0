"""Addresses of sections, leaves and permanent identifiers; they stand before Wagtail's own."""

from django.urls import path, re_path

from . import views

permanent = [path("id/<str:identifier>", views.permanent_address, name="permanent_address")]

passages = [
    re_path(r"^(?P<path>[-\w/]+)/s/(?P<key>[-\w.]+)/$", views.section, name="section"),
    re_path(r"^(?P<path>[-\w/]+)/p/(?P<key>[-\w.]+)/$", views.leaf, name="leaf"),
    re_path(r"^(?P<path>[-\w/]+)/p/$", views.jump_to_leaf, name="jump_to_leaf"),
]
