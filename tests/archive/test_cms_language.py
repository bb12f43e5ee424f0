"""The CMS speaks Chinese throughout and carries the museum's own mark."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, trans_real
from wagtail.models import Site

CATALOGUES = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
KEYWORD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")
TAG = re.compile(r"</?[a-z][^>]*>")
LATIN_IN_CHINESE_TOO = {"", "URL", "ID", "Wagtail API v"}


def entries(catalogue: Path) -> list[dict[str, str]]:
    """The messages of a .po file, without its header; obsolete lines are comments and stay out."""
    text = re.sub(r'"\n"', "", catalogue.read_text(encoding="utf-8"))
    blocks = (dict(KEYWORD.findall(block)) for block in re.split(r"\n\s*\n", text))
    found = [{key: ast.literal_eval(value) for key, value in block.items()} for block in blocks]
    return [entry for entry in found if entry.get("msgid")]


def stock_catalogues(domain: str) -> list[Path]:
    """The English catalogues of whatever part of the CMS is installed."""
    folders = [Path(app.path) / "locale/en/LC_MESSAGES" for app in apps.get_app_configs() if app.name[:7] == "wagtail"]
    return [folder / f"{domain}.po" for folder in folders if (folder / f"{domain}.po").exists()]


def stock_entries(domain: str) -> list[dict[str, str]]:
    return [entry for catalogue in stock_catalogues(domain) for entry in entries(catalogue)]


def own_entries(domain: str) -> list[dict[str, str]]:
    return entries(CATALOGUES / f"{domain}.po")


def in_chinese(entry: dict[str, str]) -> str:
    if "msgid_plural" in entry:
        return ngettext(entry["msgid"], entry["msgid_plural"], 2)
    if "msgctxt" in entry:
        return pgettext(entry["msgctxt"], entry["msgid"])
    return _(entry["msgid"])


def is_chinese(shown: str) -> bool:
    """Holds Chinese, or nothing but values, signs and what Chinese writes in Latin letters as well."""
    letters = re.sub(r"[^A-Za-z ]", "", TAG.sub("", PLACEHOLDER.sub("", shown))).strip()
    return CHINESE.search(shown) is not None or letters in LATIN_IN_CHINESE_TOO


def test_every_message_of_the_installed_cms_is_chinese():
    messages = stock_entries("django")
    assert len(messages) > 1500
    with translation.override("zh-hans"):
        english = {entry["msgid"] for entry in messages if not is_chinese(in_chinese(entry))}
    assert english == set()


def test_every_message_of_the_cms_scripts_is_chinese():
    messages = stock_entries("djangojs")
    assert len(messages) > 80
    own = {entry["msgid"]: entry.get("msgstr", entry.get("msgstr[0]")) for entry in own_entries("djangojs")}
    packages = [catalogue.parents[3] for catalogue in stock_catalogues("djangojs")]
    catalogue = trans_real.DjangoTranslation(
        "zh-hans", domain="djangojs", localedirs=[str(package / "locale") for package in packages]
    )
    for entry in messages:
        if "msgid_plural" in entry:
            shown = catalogue.ngettext(entry["msgid"], entry["msgid_plural"], 2)
        else:
            shown = catalogue.gettext(entry["msgid"])
        assert is_chinese(shown), entry["msgid"]
        assert own.get(entry["msgid"], shown) == shown


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_the_written_one(domain):
    written = {}
    for entry in own_entries(domain):
        key = f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]
        if "msgid_plural" in entry:
            written[key, 0] = entry["msgstr[0]"]
        else:
            written[key] = entry["msgstr"]
    with (CATALOGUES / f"{domain}.mo").open("rb") as stream:
        compiled = dict(gettext.GNUTranslations(stream)._catalog)
    del compiled[""]
    assert compiled == written


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_translation_invents_no_placeholder_and_keeps_those_of_one_form(domain):
    for entry in own_entries(domain):
        allowed = set(PLACEHOLDER.findall(entry["msgid"]))
        offered = allowed | set(PLACEHOLDER.findall(entry.get("msgid_plural", "")))
        used = set(PLACEHOLDER.findall(entry.get("msgstr", entry.get("msgstr[0]"))))
        assert allowed <= used <= offered, entry["msgid"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_message_is_written_for_a_cms_that_no_longer_asks_for_it(domain):
    asked = {(entry.get("msgctxt"), entry["msgid"]) for entry in stock_entries(domain)}
    assert {(entry.get("msgctxt"), entry["msgid"]) for entry in own_entries(domain)} <= asked


def test_the_words_are_those_of_the_office():
    with translation.override("zh-hans"):
        assert _("Media") == "音视频"
        assert _("Live") == "已发布"
        assert _("View live") == "查看已发布页面"
        assert _("Exploring") == "浏览"
        assert _("Log out") == "退出登录"
        assert ngettext("%(count)s image", "%(count)s images", 3) % {"count": 3} == "3张图片"


@pytest.mark.django_db
def test_the_login_page_bears_the_seal_and_the_name_of_the_museum():
    page = Client(headers={"accept-language": "zh-CN"}).get(reverse("wagtailadmin_login")).content.decode()
    assert "<title>登录 - 数字方志馆</title>" in re.sub(r"\s+", " ", page)
    assert "archive/seal" in page
    assert "archive/favicon" in page
    assert "login-logo" not in page
    assert "Password" not in page
    assert "wagtailadmin/images/favicon" not in page


@pytest.mark.django_db
def test_the_desk_bears_the_seal_and_the_name_of_the_museum(admin_client):
    page = admin_client.get(reverse("wagtailadmin_home"), headers={"accept-language": "zh-CN"}).content.decode()
    sidebar = page.split("data-wagtail-sidebar-branding-logo>", 1)[1].split("</template>", 1)[0]
    assert "archive/seal" in sidebar
    assert 'target="_blank"' not in page.split("<main", 1)[1]
    assert re.search(r"<title>\s*工作台\s*- 数字方志馆</title>", page)


@pytest.mark.django_db
def test_a_cms_without_any_site_still_names_the_museum():
    Site.objects.all().delete()
    page = Client().get(reverse("wagtailadmin_login")).content.decode()
    assert "- 数字方志馆</title>" in page
