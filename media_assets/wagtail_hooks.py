"""Wagtail's own document address, should it be mounted, asks the same rule as ours."""

from wagtail import hooks

from .views import serve_document


@hooks.register("before_serve_document")
def ask_the_rule(document, request):
    return serve_document(request, document)
