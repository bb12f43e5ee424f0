"""What Wagtail's groups do not know: whether their people need a second factor, and which kinds they may add."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupPagePermission, Page


class PageKind(models.TextChoices):
    """The kinds that a group may be bound to; each with the pages that hold it."""

    PHOTO = "photo", _("照片")
    FILM = "film", _("影片")
    STORY = "story", _("故事")
    BOOK = "book", _("图书")


MODELS_OF_KINDS = {
    PageKind.PHOTO: ("photopage", "albumpage"),
    PageKind.FILM: ("videopage", "videoseriespage"),
    PageKind.STORY: ("storypage", "columnpage"),
    PageKind.BOOK: ("bookpage",),
}


def known_kinds(value) -> None:
    """Raises ValidationError for anything but a list of kinds."""
    if not isinstance(value, list) or set(value) - set(PageKind.values):
        raise ValidationError(_("馆藏种类只能是照片、影片、故事、图书。"))


class GroupRule(models.Model):
    """The museum's own rules for a group. Without a row: no second factor, every kind."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="rule", verbose_name=_("组"))
    needs_second_factor = models.BooleanField(
        _("须用两步验证"), default=False, help_text=_("这一组的人设好两步验证之前，登录后哪里也去不了。")
    )
    kinds = models.JSONField(_("只可新建"), default=list, blank=True, validators=[known_kinds])

    class Meta:
        verbose_name = _("组的规则")
        verbose_name_plural = _("组的规则")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.group)

    @property
    def kind_labels(self) -> list[str]:
        return [str(kind.label) for kind in PageKind if kind in self.kinds]


def may_add_kind(user, parent: Page, model: type[Page]) -> bool:
    """Whether some group that lets this person add pages beneath `parent` lets them add this kind.

    Pages of no kind (home, lists, free pages) are not bound; whoever gives an add permission on them decides.
    """
    kind = next((kind for kind, models_ in MODELS_OF_KINDS.items() if model._meta.model_name in models_), None)
    if kind is None or user.is_superuser:
        return True
    above = [parent.path[:end] for end in range(Page.steplen, len(parent.path) + 1, Page.steplen)]
    groups = GroupPagePermission.objects.filter(
        group__user=user, page__path__in=above, permission__codename="add_page"
    ).values_list("group", flat=True)
    rules = dict(GroupRule.objects.filter(group__in=groups).values_list("group", "kinds"))
    return any(not rules.get(group) or kind in rules[group] for group in groups)
