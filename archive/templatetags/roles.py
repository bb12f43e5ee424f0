"""What a person's groups leave open, for the CMS's own templates."""

from django import template
from django.apps import apps
from wagtail.models import Page

from archive.models.group_rules import may_add_kind

register = template.Library()


@register.simple_tag
def kinds_open_to(user, parent: Page, page_types: list[tuple]) -> list[tuple]:
    """Of Wagtail's choices (name, app, model, description) those that this person may make beneath `parent`."""
    return [choice for choice in page_types if may_add_kind(user, parent, apps.get_model(*choice[1:3]))]
