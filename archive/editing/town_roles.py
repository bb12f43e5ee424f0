"""The people of a town in one step: their groups, a branch of their own for each kind, a collection for their files."""

from collections.abc import Collection as Several
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, Locale, Page, WorkflowPage

from archive.models import (
    AlbumPage,
    ArchivePage,
    BookIndexPage,
    ColumnPage,
    ContributingTown,
    GroupRule,
    HomePage,
    PhotoIndexPage,
    Place,
    StoryIndexPage,
    VideoIndexPage,
    VideoSeriesPage,
)
from archive.models.group_rules import PageKind
from archive.models.slugs import fill_slug
from media_assets.uploading.rights import MODEL_OF

from . import roles

EDITOR_PREFIX = "镇街编辑"
_BRANCHES = {
    PageKind.PHOTO: (PhotoIndexPage, AlbumPage),
    PageKind.FILM: (VideoIndexPage, VideoSeriesPage),
    PageKind.STORY: (StoryIndexPage, ColumnPage),
}
"""Kind → the list and what a town works beneath in it. Books stand in their list itself."""


@dataclass(frozen=True)
class TownRoles:
    """`contributors` (of the CMS), `editors` and `senders` (from the site) are None where the town has none."""

    contributors: Group | None
    editors: Group | None
    senders: Group | None
    pages: list[Page]
    collection: Collection | None

    @property
    def groups(self) -> list[Group]:
        return [group for group in (self.contributors, self.editors, self.senders) if group is not None]


def groups_of(town: str) -> dict[str, str]:
    """Part → the name of its group."""
    return {"contributors": f"{roles.CONTRIBUTOR_PREFIX}·{town}", "editors": f"{EDITOR_PREFIX}·{town}"}


@transaction.atomic
def ensure(
    town: str,
    kinds: Several[str],
    *,
    with_editors: bool = False,
    with_senders: bool = False,
    needs_second_factor: bool = False,
) -> TownRoles:
    """Make what is not there, and bind the groups to `kinds`. Called again it mends; it takes nothing away but kinds.

    Contributors add and change their own work; a town's editors change everything in the town's branches. Neither
    publishes. What stands in the branches is read by three people first. Senders never enter the CMS: they answer
    campaigns from the site, and need no kinds.
    """
    town = town.strip()
    if not town or not (kinds or with_senders) or set(kinds) - set(PageKind.values):
        raise ValidationError(_("请写明镇街，并至少选一种馆藏，或设来稿人。"))
    known = Group.objects.filter(contributing_town__place__name=town).first()
    senders = _senders(town) if with_senders else known
    if senders is not None:
        GroupRule.objects.update_or_create(group=senders, defaults={"needs_second_factor": needs_second_factor})
    if not kinds:
        return TownRoles(None, None, senders, [], None)
    home = HomePage.objects.filter(locale=Locale.get_default()).first() or HomePage.objects.get()
    branches = [_branch(home, town, *_BRANCHES[kind]) for kind in PageKind if kind in kinds and kind in _BRANCHES]
    lists = list(BookIndexPage.objects.child_of(home)[:1]) if PageKind.BOOK in kinds else []
    collection = _collection(town)
    contributors = roles.ensure_town_group(town, [*branches, *lists], collection)
    editors = _editors(town, branches, lists, collection) if with_editors else None
    editors = editors or Group.objects.filter(name=groups_of(town)["editors"]).first()
    for group in filter(None, (contributors, editors)):
        rule = GroupRule.objects.filter(group=group).first() or GroupRule(group=group)
        rule.kinds = [kind.value for kind in PageKind if kind in kinds]
        rule.needs_second_factor = needs_second_factor
        rule.save()
    return TownRoles(contributors, editors, senders, [*branches, *lists], collection)


@transaction.atomic
def remove(town: str) -> list[str]:
    """Take the town's groups away, and with them every right; the names of those that were there. Pages and files stay.

    Raises ValidationError while anybody is in them: rights are taken from people knowingly.
    """
    sending = ContributingTown.objects.filter(place__name=town.strip()).select_related("group", "collection").first()
    names = [*groups_of(town.strip()).values(), *([sending.group.name] if sending else [])]
    groups = Group.objects.filter(name__in=names)
    people = sorted(groups.filter(user__isnull=False).values_list("user__username", flat=True).distinct())
    if people:
        raise ValidationError(_("组里还有人：%(people)s。请先把他们移出。") % {"people": "、".join(people)})
    if sending is not None and sending.submissions.exists():
        # It stays, without anybody, for what it sent.
        groups, sending = groups.exclude(pk=sending.group_id), None
    names = list(groups.order_by("name").values_list("name", flat=True))
    if sending is not None:
        stop_sending(sending)
    for group in groups:
        group.delete()
    return names


def _senders(town: str) -> Group:
    places = list(Place.objects.filter(name=town, locale=Locale.get_default())[:2])
    if len(places) != 1:
        told = {"town": town[:60]}
        raise ValidationError(_("设来稿人前，请先在“地方”里建好“%(town)s”，且只有一个这样的名称。") % told)
    return roles.ensure_contributing_town(places[0]).group


def stop_sending(town: ContributingTown) -> None:
    """Take away its group, and its folder if that is empty. Raises ProtectedError for a town that sent anything."""
    group, folder = town.group, town.collection
    town.delete()
    group.delete()
    if not any(model.objects.filter(collection=folder).exists() for model in set(MODEL_OF.values())):
        folder.delete()


def _branch(home: HomePage, town: str, index: type[Page], model: type[ArchivePage]) -> ArchivePage:
    """A draft of the town's own: nothing of it is public until three people have read it and it is published."""
    title = f"{town}来稿"
    above = index.objects.child_of(home).first()
    if above is None:
        raise ValidationError(_("首页之下没有“%(list)s”，请先建立。") % {"list": index._meta.verbose_name})
    granted = model.objects.child_of(above).filter(group_permissions__group__name__in=groups_of(town).values())
    page = granted.first() or model.objects.child_of(above).filter(title=title).first()
    if page is not None:
        return page
    taken = set(above.get_children().values_list("slug", flat=True))
    page = above.add_child(instance=model(title=title, slug=fill_slug(title, taken.__contains__), live=False))
    page.save_revision()
    WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": roles.ensure_three_reviews()})
    return page


def _collection(town: str) -> Collection:
    root, name = Collection.get_first_root_node(), f"{town}来稿"
    return root.get_children().filter(name=name).first() or root.add_child(name=name)


def _editors(town: str, branches: list[Page], lists: list[Page], collection: Collection) -> Group:
    group, _made = Group.objects.get_or_create(name=groups_of(town)["editors"])
    roles.let_in(group)
    for page in branches:
        roles.grant_pages(group, page, ("add_page", "change_page"))
    for page in lists:
        # Changing would reach every town's books.
        roles.grant_pages(group, page, ("add_page",))
    roles.grant_collection(group, collection, ("add", "change", "choose"))
    return group
