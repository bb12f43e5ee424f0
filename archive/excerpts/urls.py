"""The address of an excerpt, beneath that of its book; it stands before Wagtail's own."""

from django.urls import re_path

from . import views

excerpts = [re_path(r"^(?P<path>[-\w/]+)/pdf/$", views.excerpt, name="excerpt")]
