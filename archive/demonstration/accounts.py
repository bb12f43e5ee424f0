"""The demonstration's accounts: one for each part that people play at the desk. Only `demo` makes them."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from wagtail.models import Collection, WorkflowPage

from archive.editing.roles import (
    ADMINISTRATOR,
    CONTRIBUTOR_PREFIX,
    EDITOR,
    REVIEWER,
    ensure_three_reviews,
    ensure_town_group,
)
from archive.models import AlbumPage, ArchivePage, ColumnPage, HomePage, IndexPage, PhotoIndexPage, StoryIndexPage
from media_assets.models import ArchiveDocument, ArchiveImage, ArchiveVideo

from .keys import found, key_of

TOWN = "长桥镇"
TOWN_COLLECTION = f"{TOWN}来稿"
TOWN_PAGES = {"town-album": (AlbumPage, PhotoIndexPage), "town-column": (ColumnPage, StoryIndexPage)}
"""Key → what the town's contributors work beneath, and where it stands."""


@dataclass(frozen=True)
class DemonstrationAccount:
    """`group` names the group; `is_town` puts it into the town's own, `is_sender` into that of those who send in."""

    username: str
    password: str
    family_name: str
    given_name: str
    part: str
    group: str = ""
    is_superuser: bool = False
    is_town: bool = False
    is_sender: bool = False


ACCOUNTS = (
    DemonstrationAccount("admin", "museum-demo", "", "管理员", "管理员", ADMINISTRATOR, is_superuser=True),
    DemonstrationAccount("editor", "museum-demo", "", "陆编辑", "编辑", EDITOR),
    DemonstrationAccount("reviewer", "museum-demo", "", "顾审稿", "审稿人", REVIEWER),
    DemonstrationAccount("chushen", "museum-demo", "", "程初审", "初审", f"{REVIEWER}·初审"),
    DemonstrationAccount("fushen", "museum-demo", "", "苏复审", "复审", f"{REVIEWER}·复审"),
    DemonstrationAccount("zhongshen", "museum-demo", "", "陶终审", "终审", f"{REVIEWER}·终审"),
    DemonstrationAccount("changqiao", "museum-demo", "", "何通讯", f"{TOWN}通讯员", is_town=True),
    DemonstrationAccount("laigao", "museum-demo", "", "温来稿", f"{TOWN}来稿人（/contribute/）", is_sender=True),
)
"""Published on purpose, so never to be made in a museum that the public can reach: `demo` refuses there."""


def create(home: HomePage) -> list[str]:
    """Make the accounts that are not there; returns their names. An account of that name stays as it is."""
    made = []
    for account in ACCOUNTS:
        if get_user_model().objects.filter(username=account.username).exists():
            continue
        user = get_user_model().objects.create_user(
            account.username,
            password=account.password,
            last_name=account.family_name,
            first_name=account.given_name,
            is_superuser=account.is_superuser,
            is_staff=account.is_superuser,
        )
        if account.is_town:
            user.groups.add(_town_group(home))
        elif account.group:
            user.groups.add(Group.objects.get(name=account.group))
        made.append(account.username)
    return made


def remove() -> list[str]:
    """Remove the accounts that still have the published password; returns those kept, which someone took over."""
    kept = []
    for user in get_user_model().objects.filter(username__in=[account.username for account in ACCOUNTS]):
        if not _is_as_published(user) or not _is_deleted(user):
            kept.append(user.username)
    Group.objects.filter(name=f"{CONTRIBUTOR_PREFIX}·{TOWN}", user__isnull=True).delete()
    for collection in Collection.objects.filter(name=TOWN_COLLECTION):
        if not _holds_anything(collection):
            collection.delete()
    return kept


def _is_deleted(user) -> bool:
    """Not who sent something in that is no part of the demonstration."""
    try:
        user.delete()
    except ProtectedError:
        return False
    return True


def describe() -> list[str]:
    """One line for each account that can be entered with the published password, for the terminal."""
    named = get_user_model().objects.filter(username__in=[account.username for account in ACCOUNTS], is_active=True)
    users = {user.username: user for user in named}
    return [
        f"  {account.part}：{account.username} / {account.password}"
        for account in ACCOUNTS
        if account.username in users and _is_as_published(users[account.username])
    ]


def _is_as_published(user) -> bool:
    account = next(account for account in ACCOUNTS if account.username == user.username)
    return user.check_password(account.password)


def _town_group(home: HomePage) -> Group:
    root = Collection.get_first_root_node()
    collection = root.get_children().filter(name=TOWN_COLLECTION).first()
    collection = collection or root.add_child(name=TOWN_COLLECTION)
    pages = [_town_page(home, key, model, index) for key, (model, index) in TOWN_PAGES.items()]
    return ensure_town_group(TOWN, pages, collection)


def _town_page(home: HomePage, key: str, model: type[ArchivePage], index: type[IndexPage]) -> ArchivePage:
    """A draft of the town's own to work beneath: nothing of it is public until three people of the office have read it
    and it is published."""
    there = found(model, "page", [key]).get(key)
    if there is not None:
        return there
    page = model(title=TOWN_COLLECTION, slug=f"changqiao-{model.museum_kind}", live=False)
    page.translation_key = key_of("page", key)
    index.objects.child_of(home).first().add_child(instance=page)
    page.save_revision()
    WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": ensure_three_reviews()})
    return page


def _holds_anything(collection: Collection) -> bool:
    return any(
        model.objects.filter(collection=collection).exists() for model in (ArchiveImage, ArchiveVideo, ArchiveDocument)
    )
