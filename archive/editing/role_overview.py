"""The page 「角色一览」 of the CMS: each group told in sentences, and the form that makes the roles of a town."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from archive.acts.permission_words import ACTION_WORDS, FILE_WORDS, KNOWN_WORDS, PAGE_WORDS, words_of
from archive.models import ContributingTown, GroupRule, ReviewTask
from archive.models.group_rules import PageKind

from . import town_roles

KEEP_GROUPS = "auth.change_group"
_keeps_groups = permission_required(KEEP_GROUPS)


@dataclass(frozen=True)
class Role:
    """A group as an administrator reads it."""

    group: Group
    sentences: list[str]
    people: int
    with_factor: int
    needs_second_factor: bool


def urls() -> list:
    return [
        path("archive/roles/", overview, name="archive_roles"),
        path("archive/roles/town/", town, name="archive_town_roles"),
    ]


def menu_item() -> MenuItem:
    return RolesMenuItem(gettext_lazy("角色一览"), reverse("archive_roles"), name="roles", icon_name="group", order=602)


class RolesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(KEEP_GROUPS)


# --- In sentences -------------------------------------------------------------------------------------------------


def read_roles() -> list[Role]:
    """Every group, in a number of queries that does not grow with the groups."""
    active = Q(user__is_active=True)
    groups = Group.objects.annotate(
        people=Count("user", filter=active, distinct=True),
        with_factor=Count("user", filter=active & Q(user__totpdevice__confirmed=True), distinct=True),
    ).order_by("name")
    told: dict[int, list[str]] = defaultdict(list)
    for part in (_general, _on_pages, _on_collections, _as_reviewer, _as_sender):
        for group, sentence in part():
            told[group].append(sentence)
    rules = {rule.group_id: rule for rule in GroupRule.objects.all()}
    found = []
    for group in groups:
        rule = rules.get(group.pk)
        sentences = told[group.pk]
        if rule is not None and rule.kinds:
            sentences.append(_("只可新建：%(kinds)s。") % {"kinds": "、".join(rule.kind_labels)})
        required = rule is not None and rule.needs_second_factor
        found.append(Role(group, sentences, group.people, group.with_factor, required))
    return found


def _general():
    """Rights that are tied to no page and no collection."""
    rows = Permission.objects.filter(group__isnull=False).distinct().order_by("content_type__app_label", "pk")
    known, models, others = defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(list)
    for permission in rows.select_related("content_type").prefetch_related("group_set"):
        model = permission.content_type.model_class()
        action, _underscore, name = permission.codename.partition("_")
        for group in permission.group_set.all():
            if permission.codename in KNOWN_WORDS:
                known[group.pk].append(str(KNOWN_WORDS[permission.codename]))
            elif model is not None and name == model._meta.model_name and action in ACTION_WORDS:
                models[group.pk][str(model._meta.verbose_name)].append(str(ACTION_WORDS[action]))
            else:
                others[group.pk].append(words_of(permission))
    for group, words in known.items():
        yield group, _("可%(rights)s。") % {"rights": _join(words)}
    for group, of_models in models.items():
        together = defaultdict(list)
        for name, actions in of_models.items():
            together["、".join(dict.fromkeys(actions))].append(name)
        for actions, names in together.items():
            yield group, _("可%(rights)s：%(things)s。") % {"rights": actions, "things": _join(names)}
    for group, words in others.items():
        yield group, _("另有权限：%(rights)s。") % {"rights": _join(words)}


def _on_pages():
    grants = GroupPagePermission.objects.select_related("page", "permission").order_by("page__path", "permission_id")
    branches: dict[tuple[int, str], list[str]] = defaultdict(list)
    for grant in grants:
        word = PAGE_WORDS.get(grant.permission.codename, grant.permission.name)
        branches[grant.group_id, grant.page.path].append(str(word))
    titles = _titles({path_ for _group, path_ in branches})
    together: dict[tuple[int, tuple], list[str]] = defaultdict(list)
    for (group, path_), words in branches.items():
        together[group, tuple(dict.fromkeys(words))].append(titles[path_])
    for (group, words), places in together.items():
        places_told = "、".join(f"“{place}”" for place in places)
        yield group, _("在%(places)s及其下，可%(rights)s。") % {"places": places_told, "rights": _join(words)}


def _titles(paths: set[str]) -> dict[str, str]:
    """Path → the way to the page from beneath the home."""
    above = {path_[:end] for path_ in paths for end in range(Page.steplen, len(path_) + 1, Page.steplen)}
    names = dict(Page.objects.filter(path__in=above).values_list("path", "title"))
    told = {}
    for path_ in paths:
        ends = range(3 * Page.steplen, len(path_) + 1, Page.steplen)
        told[path_] = " › ".join(names[path_[:end]] for end in ends) or names[path_]
    return told


def _on_collections():
    grants = GroupCollectionPermission.objects.select_related("collection", "permission").order_by("collection__path")
    root = Collection.get_first_root_node().pk
    held = defaultdict(lambda: defaultdict(list))
    for grant in grants.order_by("collection__path", "permission_id"):
        action, _underscore, model = grant.permission.codename.partition("_")
        if model in FILE_WORDS:
            place = (
                _("所有图文集") if grant.collection_id == root else _("图文集“%(name)s”") % {"name": grant.collection}
            )
            held[grant.group_id, place][action].append(model)
    for (group, place), actions in held.items():
        told = [
            (word, [str(FILE_WORDS[name]) for name in FILE_WORDS if name in actions[action]])
            for action, word in ACTION_WORDS.items()
            if action in actions
        ]
        rights = "；".join(f"{word}{_join(files)}" for word, files in told)
        yield group, _("在%(place)s里，可%(rights)s。") % {"place": place, "rights": rights}


def _as_reviewer():
    for task in ReviewTask.objects.filter(active=True).prefetch_related("groups").order_by("stage"):
        for group in task.groups.all():
            yield group.pk, _("担任%(stage)s。") % {"stage": task.get_stage_display()}


def _as_sender():
    for town in ContributingTown.objects.select_related("place"):
        yield town.group_id, _("不进后台；可在网站的 /contribute/ 来稿，看到%(town)s的全部来稿。") % {"town": town}


def _join(words) -> str:
    return "、".join(words)


# --- The pages ----------------------------------------------------------------------------------------------------


@require_GET
@_keeps_groups
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "archive/editing/roles.html", {"roles": read_roles()})


class TownForm(forms.Form):
    town = forms.CharField(label=gettext_lazy("镇街"), max_length=60, help_text=gettext_lazy("如“石渡镇”。"))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("通讯员收哪些馆藏"),
        choices=PageKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("通讯员在后台里写。都不选则不设通讯员。"),
    )
    with_editors = forms.BooleanField(
        label=gettext_lazy("另设镇街编辑"), required=False, help_text=gettext_lazy("可修改本镇街全部来稿，不能发布。")
    )
    with_senders = forms.BooleanField(
        label=gettext_lazy("另设来稿人"),
        required=False,
        help_text=gettext_lazy("不进后台，在网站的 /contribute/ 用手机或电脑来稿，只看到本镇街的。"),
    )
    needs_second_factor = forms.BooleanField(label=gettext_lazy("须用两步验证"), required=False)


@_keeps_groups
def town(request: HttpRequest) -> HttpResponse:
    """Make or mend the roles of a town; with `remove` take them away."""
    form = TownForm(request.POST or None)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, request.POST.get("town", ""))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = town_roles.ensure(
                given["town"],
                given["kinds"],
                with_editors=given["with_editors"],
                with_senders=given["with_senders"],
                needs_second_factor=given["needs_second_factor"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            names = "、".join(f"“{group.name}”" for group in made.groups)
            messages.success(request, _("%(names)s已就绪，可以往里加人。") % {"names": names})
            return redirect("archive_roles")
    return render(request, "archive/editing/town_roles.html", {"form": form})


def _remove(request: HttpRequest, name: str) -> HttpResponse:
    try:
        removed = town_roles.remove(name)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        if removed:
            messages.success(request, _("已撤去%(names)s；页面与文件都还在。") % {"names": _join(removed)})
        else:
            messages.info(request, _("没有“%(town)s”的组。") % {"town": name[:60]})
    return redirect("archive_roles")
