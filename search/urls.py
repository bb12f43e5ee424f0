"""The addresses of search; mounted by the project at /search/."""

from django.urls import path

from .compare_view import compared
from .keeping import named, refs
from .views import results, search_help, suggest

app_name = "search"
urlpatterns = [
    path("", results, name="results"),
    path("suggest", suggest, name="suggest"),
    path("compare/", compared, name="compare"),
    path("refs.json", refs, name="refs"),
    path("named.json", named, name="named"),
    path("help/", search_help, name="help"),
]
