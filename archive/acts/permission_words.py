"""Permissions in the office's words: Django and Wagtail name theirs in English, for programmers."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PAGE_WORDS = {
    "add_page": gettext_lazy("新建并修改自己的页面"),
    "change_page": gettext_lazy("修改所有页面"),
    "publish_page": gettext_lazy("发布与撤回"),
    "bulk_delete_page": gettext_lazy("成批删除"),
    "lock_page": gettext_lazy("锁定"),
    "unlock_page": gettext_lazy("解锁"),
}
ACTION_WORDS = {
    "add": gettext_lazy("添加"),
    "change": gettext_lazy("修改"),
    "delete": gettext_lazy("删除"),
    "view": gettext_lazy("查看"),
    "choose": gettext_lazy("选用"),
}
FILE_WORDS = {"image": gettext_lazy("图片"), "document": gettext_lazy("文档"), "media": gettext_lazy("影片")}
KNOWN_WORDS = {
    "access_admin": gettext_lazy("进入后台"),
    "view_internal": gettext_lazy("查看内部资料"),
    "view_acts": gettext_lazy("查看操作记录"),
}


def words_of(permission: Permission) -> str:
    """「修改图片」 for `wagtailimages.change_image`."""
    code = permission.codename
    told = KNOWN_WORDS.get(code) or PAGE_WORDS.get(code)
    if told is not None:
        return str(told)
    action, _underscore, name = code.partition("_")
    model = ContentType.objects.get_for_id(permission.content_type_id).model_class()
    if action in ACTION_WORDS and model is not None and name == model._meta.model_name:
        return f"{ACTION_WORDS[action]}{FILE_WORDS.get(name, model._meta.verbose_name)}"
    return _(permission.name)
