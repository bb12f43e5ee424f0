"""The acts that Wagtail's own log does not know, and the words for all of them."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry

USER_MADE, USER_CHANGED, USER_DELETED = "user.make", "user.change", "user.delete"
PASSWORD_CHANGED = "user.password"
USER_GROUPS, USER_RIGHTS = "user.groups", "user.rights"
GROUP_MADE, GROUP_CHANGED, GROUP_DELETED, GROUP_RIGHTS = "group.make", "group.change", "group.delete", "group.rights"
SIGNED_IN, SIGNED_OUT, SIGN_IN_FAILED, SIGN_IN_HELD = "sign-in", "sign-out", "sign-in.failed", "sign-in.held"
HOLD_LIFTED = "sign-in.lifted"
FACTOR_SET, FACTOR_GIVEN, FACTOR_FAILED, FACTOR_RESET = "factor.set", "factor.given", "factor.failed", "factor.reset"

LABELS = {
    USER_MADE: _("新建用户"),
    USER_CHANGED: _("修改用户"),
    USER_DELETED: _("删除用户"),
    PASSWORD_CHANGED: _("改密码"),
    USER_GROUPS: _("调整用户所在的组"),
    USER_RIGHTS: _("调整用户的单独权限"),
    GROUP_MADE: _("新建组"),
    GROUP_CHANGED: _("修改组"),
    GROUP_DELETED: _("删除组"),
    GROUP_RIGHTS: _("调整组的权限"),
    SIGNED_IN: _("登录"),
    SIGNED_OUT: _("退出"),
    SIGN_IN_FAILED: _("登录失败"),
    SIGN_IN_HELD: _("登录被暂停"),
    HOLD_LIFTED: _("解除登录暂停"),
    FACTOR_SET: _("设置两步验证"),
    FACTOR_GIVEN: _("通过两步验证"),
    FACTOR_FAILED: _("两步验证失败"),
    FACTOR_RESET: _("取消两步验证"),
}


def label_of(kind: str) -> str:
    """What an act is called; its own name for one that nobody registers any more."""
    if kind in LABELS:
        return str(LABELS[kind])
    return str(registry.get_action_label(kind)) if registry.action_exists(kind) else kind
