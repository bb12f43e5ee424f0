"""Who may do what: the groups of the office, in its own words, made and mended by one idempotent call."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from archive.models import ContributingTown, Place, ReviewTask
from archive.models.reviews import Stage

ADMINISTRATOR, EDITOR, REVIEWER = "管理员", "编辑", "审稿人"
CONTRIBUTOR_PREFIX = "镇街通讯员"
SENDER_PREFIX = "来稿人"

_PAGE_RIGHTS = {
    ADMINISTRATOR: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"),
    EDITOR: ("add_page", "change_page", "publish_page"),
    REVIEWER: ("change_page", "publish_page"),
}
_ASSET_ACTIONS = {
    ADMINISTRATOR: ("add", "change", "delete", "choose"),
    EDITOR: ("add", "change", "choose"),
    REVIEWER: ("choose",),
}
# Wagtail and wagtailmedia ask for the permissions of their own models, whatever models are in use.
_ASSET_MODELS = (("wagtailimages", "image"), ("wagtaildocs", "document"), ("wagtailmedia", "media"))
_AUTHORITY_MODELS = ("place", "agent", "topic", "series")
_SETTINGS_MODELS = ("identifier", "museumsettings", "traditionalwording", "englishparticulars")
_CAMPAIGN_RIGHTS = ("add_campaign", "change_campaign", "view_campaign", "view_submission", "change_submission")
_STALE_GROUPS = ("Moderators", "Editors")
WORKFLOW, THREE_REVIEWS = "审核发布", "三审发布"


def ensure_roles(root: Page) -> dict[str, Group]:
    """The three office-wide groups, with their rights on everything below `root` and on all collections."""
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in _PAGE_RIGHTS}
    everything = Collection.get_first_root_node()
    for name, group in groups.items():
        group.permissions.add(*_general_rights(name))
        grant_pages(group, root, _PAGE_RIGHTS[name])
        grant_collection(group, everything, _ASSET_ACTIONS[name])
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=["add_collection", "change_collection", "delete_collection"]
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=groups[ADMINISTRATOR], collection=everything, permission=permission
        )
    _ensure_workflow(groups[REVIEWER], root)
    ensure_three_reviews()
    return groups


def ensure_town_group(town: str, pages: list[Page], collection: Collection) -> Group:
    """The contributors of one town: they add and change their own work beneath `pages`, with files of their own
    collection, and publish nothing."""
    group, _created = Group.objects.get_or_create(name=f"{CONTRIBUTOR_PREFIX}·{town}")
    let_in(group)
    for page in pages:
        grant_pages(group, page, ("add_page",))
    grant_collection(group, collection, ("add", "choose"))
    return group


def ensure_contributing_town(place: Place) -> ContributingTown:
    """The people of a town who send in from the site, and the folder for what they send: their group has no right in
    the CMS, nor on that folder there."""
    town = ContributingTown.objects.filter(place=place).first()
    if town is None:
        root = Collection.get_first_root_node()
        collection = root.add_child(name=f"{place.name}待收来稿")
        group = Group.objects.create(name=f"{SENDER_PREFIX}·{place.name}")
        town = ContributingTown.objects.create(place=place, group=group, collection=collection)
    return town


def retire_stock_groups() -> None:
    """Take away the groups that Wagtail's first migration made, if nobody was put into them."""
    stale = Group.objects.filter(name__in=_STALE_GROUPS, user__isnull=True)
    GroupApprovalTask.objects.filter(groups__in=stale, task_states__isnull=True).delete()
    Workflow.objects.filter(workflow_tasks__isnull=True, workflow_states__isnull=True).delete()
    stale.delete()


def let_in(group: Group) -> None:
    """Let the people of a group into the CMS."""
    group.permissions.add(_admin_access())


def _admin_access() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def _general_rights(name: str):
    """Rights that are not tied to a page or a collection."""
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    wanted |= Q(content_type__app_label="archive", codename="view_internal")
    if name in (ADMINISTRATOR, EDITOR):
        for model in _AUTHORITY_MODELS:
            wanted |= Q(content_type__app_label="archive", content_type__model=model)
        wanted |= Q(content_type__app_label="archive", codename__in=(*_CAMPAIGN_RIGHTS, "add_sharelink"))
    if name == ADMINISTRATOR:
        wanted |= Q(content_type__app_label="accounts", content_type__model="user")
        wanted |= Q(content_type__app_label="auth", content_type__model="group")
        wanted |= Q(content_type__app_label="archive", content_type__model__in=_SETTINGS_MODELS)
        wanted |= Q(content_type__app_label="wagtailcore", content_type__model__in=["workflow", "task", "locale"])
        wanted |= Q(content_type__app_label="media_assets", codename__in=["change_job", "change_fixitycheck"])
        wanted |= Q(content_type__app_label="wagtailredirects")
        wanted |= Q(content_type__app_label="simple_translation")
        wanted |= Q(content_type__app_label="archive", content_type__model__in=["reviewtask", "emergencypublication"])
        wanted |= Q(content_type__app_label="archive", codename="view_acts")
    return Permission.objects.filter(wanted)


def grant_pages(group: Group, page: Page, codenames: tuple[str, ...]) -> None:
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames)
    for permission in permissions:
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def grant_collection(group: Group, collection: Collection, actions: tuple[str, ...]) -> None:
    wanted = Q()
    for app, model in _ASSET_MODELS:
        wanted |= Q(content_type__app_label=app, codename__in=[f"{action}_{model}" for action in actions])
    permissions = Permission.objects.filter(wanted)
    for permission in permissions:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _ensure_workflow(reviewers: Group, root: Page) -> None:
    """One review by the reviewers, for whoever may not publish. Which workflow governs which pages is the office's to
    change afterwards."""
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if not created:
        return
    task = GroupApprovalTask.objects.create(name="审稿")
    task.groups.add(reviewers)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})


def ensure_three_reviews() -> Workflow:
    """The workflow of three reviews and a group for each. It governs nothing until it is assigned to pages, for nothing
    beneath them goes live without it, and an office of fewer than four people could publish no more."""
    workflow, created = Workflow.objects.get_or_create(name=THREE_REVIEWS)
    for stage in Stage if created else ():
        group, _made = Group.objects.get_or_create(name=f"{REVIEWER}·{stage.label}")
        group.permissions.add(*_general_rights(group.name))
        grant_collection(group, Collection.get_first_root_node(), _ASSET_ACTIONS[REVIEWER])
        task = ReviewTask.objects.create(name=str(stage.label), stage=stage)
        task.groups.add(group)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=stage)
    return workflow
