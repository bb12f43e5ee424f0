"""The addresses of search; mounted by the project at /search/."""

from django.urls import path

from .views import results, search_help, suggest

app_name = "search"
urlpatterns = [
    path("", results, name="results"),
    path("suggest", suggest, name="suggest"),
    path("help/", search_help, name="help"),
]
