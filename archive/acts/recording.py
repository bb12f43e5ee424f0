"""Writes acts as they happen: from Wagtail's log, from accounts and groups, from sign-ins, whoever caused them."""

import json
from contextlib import suppress
from copy import copy

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest
from django.utils import translation
from django.utils.html import strip_tags
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupCollectionPermission, GroupPagePermission, ModelLogEntry, PageLogEntry

from archive.access import client_address
from archive.models import Act, GroupRule
from archive.models.acts import Matter

from . import kinds
from .permission_words import words_of

LANGUAGE = "zh-hans"  # the log is kept in the office's language, whoever reads the CMS in another
_FLAGS = {"is_active": ("启用", "停用"), "is_superuser": ("设为超级用户", "不再是超级用户"), "is_staff": ("", "")}
_NAMES = {"username": "用户名", "email": "邮箱", "last_name": "姓", "first_name": "名"}
_ACTIONS_OF_ACCOUNTS = frozenset(["wagtail.create", "wagtail.edit", "wagtail.delete"])


def record(
    kind: str,
    thing: Model | None = None,
    words: str = "",
    *,
    user=None,
    matter=Matter.PERMISSION,
    label="",
    address=None,
) -> Act:
    """Add one act. Without a person it is that of the CMS request under way, else the system's."""
    person = user or get_active_log_context().user
    return Act.objects.create(
        kind=kind,
        matter=matter,
        user_id=person.pk if person is not None else None,
        user_name=person.get_username() if person is not None else "",
        object_kind=thing._meta.label_lower if thing is not None else "",
        object_id=str(thing.pk or "") if thing is not None else "",
        label=(label or str(thing or ""))[:255],
        words=words,
        address=address,
    )


def address_of(request: HttpRequest | None) -> str | None:
    address = client_address(request) if request is not None else None
    return str(address) if address is not None else None


def connect() -> None:
    """Called once, when the apps are ready."""
    uid = "archive.acts"
    user_model = get_user_model()
    for sender in (PageLogEntry, ModelLogEntry):
        post_save.connect(_logged, sender=sender, dispatch_uid=uid)
    for sender in (user_model, Group, GroupRule):
        pre_save.connect(_note_before, sender=sender, dispatch_uid=uid)
    post_save.connect(_user_saved, sender=user_model, dispatch_uid=uid)
    post_delete.connect(_user_deleted, sender=user_model, dispatch_uid=uid)
    post_save.connect(_group_saved, sender=Group, dispatch_uid=uid)
    post_delete.connect(_group_deleted, sender=Group, dispatch_uid=uid)
    post_save.connect(_rule_saved, sender=GroupRule, dispatch_uid=uid)
    m2m_changed.connect(_groups_changed, sender=user_model.groups.through, dispatch_uid=uid)
    m2m_changed.connect(_rights_changed, sender=user_model.user_permissions.through, dispatch_uid=uid)
    m2m_changed.connect(_rights_changed, sender=Group.permissions.through, dispatch_uid=uid)
    for sender in (GroupPagePermission, GroupCollectionPermission):
        post_save.connect(_grant_made, sender=sender, dispatch_uid=uid)
        post_delete.connect(_grant_withdrawn, sender=sender, dispatch_uid=uid)
    user_logged_in.connect(_signed_in, dispatch_uid=uid)
    user_logged_out.connect(_signed_out, dispatch_uid=uid)


# --- What Wagtail logs ----------------------------------------------------------------------------------------------


def _logged(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    if raw or not created:
        return
    object_kind = ".".join(instance.content_type.natural_key()) if instance.content_type_id else ""
    of_account = object_kind in (get_user_model()._meta.label_lower, Group._meta.label_lower)
    if of_account and instance.action in _ACTIONS_OF_ACCOUNTS:
        return  # told with what changed by the signals of users and groups
    object_id = instance.page_id if sender is PageLogEntry else instance.object_id
    Act.objects.create(
        at=instance.timestamp,
        kind=instance.action,
        matter=Matter.PUBLICATION if sender is PageLogEntry else Matter.OTHER,
        user_id=instance.user_id,
        user_name=instance.user.get_username() if instance.user_id and instance.user else "",
        object_kind=object_kind,
        object_id=str(object_id or "")[:64],
        label=instance.label[:255],
        words=_words_of(instance),
    )


def _words_of(entry) -> str:
    """Wagtail's sentence, with what it leaves to the entry's data: reasons and comments."""
    entry = copy(entry)
    # As the database gives it back, which is what the sentences are made from.
    entry.data = json.loads(json.dumps(entry.data, cls=DjangoJSONEncoder))
    with translation.override(LANGUAGE):
        words = strip_tags(str(entry.message))
        comment = strip_tags(str(entry.comment or ""))
    data = entry.data if isinstance(entry.data, dict) else {}
    told = [words, comment, data.get("reason", "")]
    if {"before", "after"} <= data.keys():
        told.append(f"{data['before']} → {data['after']}")
    return "；".join(str(part) for part in told if part)


# --- Accounts -------------------------------------------------------------------------------------------------------


def _note_before(sender, instance, raw: bool = False, update_fields=None, **kwargs) -> None:
    """Keep what the row held, to tell afterwards what changed."""
    instance._acts_before = None
    if raw or instance.pk is None or (update_fields is not None and set(update_fields) <= {"last_login"}):
        return
    instance._acts_before = sender._base_manager.filter(pk=instance.pk).values().first()
    # A stronger hash of the same password, written when its owner signs in, is no new password.
    rehashed = update_fields is not None and set(update_fields) == {"password"} and instance._password is None
    if instance._acts_before and rehashed:
        instance._acts_before["password"] = instance.password


def _user_saved(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    if raw:
        return
    if created:
        record(kinds.USER_MADE, instance, "超级用户" if instance.is_superuser else "")
        return
    before = instance._acts_before
    if before is None:
        return
    changed = [
        f"{name}：{before[field]} → {getattr(instance, field)}" if field == "username" else f"{name}已改"
        for field, name in _NAMES.items()
        if before[field] != getattr(instance, field)
    ]
    for field, (on, off) in _FLAGS.items():
        value = getattr(instance, field)
        if before[field] != value and (on if value else off):
            changed.append(on if value else off)
    if changed:
        record(kinds.USER_CHANGED, instance, "；".join(changed))
    if before["password"] != instance.password:
        record(kinds.PASSWORD_CHANGED, instance)


def _user_deleted(sender, instance, **kwargs) -> None:
    record(kinds.USER_DELETED, instance)


def _group_saved(sender, instance: Group, created: bool, raw: bool = False, **kwargs) -> None:
    before = getattr(instance, "_acts_before", None)
    if raw:
        return
    if created:
        record(kinds.GROUP_MADE, instance)
    elif before and before["name"] != instance.name:
        record(kinds.GROUP_CHANGED, instance, f"改名：{before['name']} → {instance.name}")


def _group_deleted(sender, instance: Group, **kwargs) -> None:
    record(kinds.GROUP_DELETED, instance)


@translation.override(LANGUAGE)
def _rule_saved(sender, instance: GroupRule, created: bool, raw: bool = False, **kwargs) -> None:
    before = getattr(instance, "_acts_before", None) or {"needs_second_factor": False, "kinds": []}
    told = []
    if instance.needs_second_factor != before["needs_second_factor"]:
        told.append("须用两步验证" if instance.needs_second_factor else "不再须用两步验证")
    if sorted(instance.kinds) != sorted(before["kinds"]):
        told.append(f"只可新建：{'、'.join(instance.kind_labels)}" if instance.kinds else "各种馆藏都可新建")
    if told and not raw:
        record(kinds.GROUP_CHANGED, instance.group, "；".join(told))


_VERBS = {"post_add": "加入", "post_remove": "移出", "pre_clear": "移出"}
_GRANTS = {"post_add": "给予", "post_remove": "收回", "pre_clear": "收回"}


def _groups_changed(sender, instance, action: str, reverse: bool, pk_set, **kwargs) -> None:
    """Told of each person; `reverse` when a group was given its people."""
    if action not in _VERBS:
        return
    if not reverse:
        groups = instance.groups.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
        names = "、".join(groups.order_by("name").values_list("name", flat=True))
        if names:
            record(kinds.USER_GROUPS, instance, f"{_VERBS[action]}：{names}")
        return
    people = instance.user_set.all() if pk_set is None else get_user_model().objects.filter(pk__in=pk_set)
    for person in people.order_by("pk"):
        record(kinds.USER_GROUPS, person, f"{_VERBS[action]}：{instance.name}")


@translation.override(LANGUAGE)
def _rights_changed(sender, instance, action: str, reverse: bool, pk_set, **kwargs) -> None:
    if action not in _GRANTS or (reverse and pk_set is None):
        return
    if reverse:
        owners = kwargs["model"].objects.filter(pk__in=pk_set).order_by("pk")
        told = [(owner, words_of(instance)) for owner in owners]
    else:
        held = instance.permissions if isinstance(instance, Group) else instance.user_permissions
        permissions = held.all() if pk_set is None else Permission.objects.filter(pk__in=pk_set)
        names = "、".join(map(words_of, permissions.order_by("pk")))
        told = [(instance, names)] if names else []
    for owner, names in told:
        kind = kinds.GROUP_RIGHTS if isinstance(owner, Group) else kinds.USER_RIGHTS
        record(kind, owner, f"{_GRANTS[action]}：{names}")


def _grant_made(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        tell_grant(instance, "给予")


def _grant_withdrawn(sender, instance, **kwargs) -> None:
    tell_grant(instance, "收回")


@translation.override(LANGUAGE)
def tell_grant(grant: GroupPagePermission | GroupCollectionPermission, verb: str) -> None:
    """A group's right on a branch of pages or on a collection was given or taken."""
    where = grant.page.title if isinstance(grant, GroupPagePermission) else grant.collection.name
    room = "页面" if isinstance(grant, GroupPagePermission) else "图文集"
    record(kinds.GROUP_RIGHTS, grant.group, f"{verb}：{room}“{where}”·{words_of(grant.permission)}")


# --- Coming in ------------------------------------------------------------------------------------------------------


def _signed_in(sender, request, user, **kwargs) -> None:
    record(kinds.SIGNED_IN, user, user=user, matter=Matter.SIGN_IN, address=address_of(request))


def _signed_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        with suppress(AttributeError):
            user = user._wrapped
        record(kinds.SIGNED_OUT, user, user=user, matter=Matter.SIGN_IN, address=address_of(request))
