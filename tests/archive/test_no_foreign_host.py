"""The public pages ask no other host for anything, and run nothing that the content-security policy forbids."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / app / kind for app in ("archive", "search", "media_assets") for kind in ("templates", "static")]
SUFFIXES = {".html", ".css", ".js", ".mjs", ".svg", ".xml", ".txt"}
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"}

FILES = sorted(path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*") if path.suffix in SUFFIXES)
TEMPLATES = [path for path in FILES if path.suffix == ".html"]

ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'<>)]*", re.IGNORECASE)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
INLINE = {
    "script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def foreign_addresses(text: str) -> list[str]:
    return [address for address in ADDRESS.findall(text) if address not in NAMESPACES]


def inline_parts(text: str) -> list[str]:
    bare = COMMENT.sub("", text)
    return [name for name, pattern in INLINE.items() if pattern.search(bare)]


def test_there_are_templates_and_style_sheets_to_look_at():
    assert {path.suffix for path in FILES} >= {".html", ".css", ".js", ".svg"}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_template_style_sheet_or_script_names_another_host(path):
    assert foreign_addresses(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_inline_script_or_style(path):
    assert inline_parts(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<link rel="stylesheet" href="https://fonts.example.com/css">',
        '<script src="//cdn.example.com/a.js"></script>',
        '@import url("http://cdn.example.com/a.css");',
    ],
)
def test_a_foreign_host_would_be_noticed(text):
    assert foreign_addresses(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('志')</script>",
        '<p style="color: red">题签</p>',
        "<style>p { color: red }</style>",
        '<button type="button" onclick="go()">检索</button>',
        '<a href="javascript:go()">检索</a>',
    ],
)
def test_inline_script_and_style_would_be_noticed(text):
    assert inline_parts(text)


def test_the_namespace_of_a_drawing_is_no_host():
    assert foreign_addresses('<svg xmlns="http://www.w3.org/2000/svg">') == []
