"""The reader's colours are those of the system's two themes."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "archive/static/archive"


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def block(text: str, opening: str) -> str:
    return text[text.index(opening) :].partition("}")[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_the_systems(theme):
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    chosen = colours(block((STATIC / "comfort.css").read_text(encoding="utf-8"), f':root[data-theme="{theme}"]'))
    light = colours(block(tokens, ":root {"))
    dark = colours(block(tokens[tokens.index("prefers-color-scheme: dark") :], ":root {"))
    wanted = {name: (light if theme == "light" else dark)[name] for name in dark}
    assert chosen == wanted


def test_settings_are_applied_before_the_page_is_painted(client, db, home):
    head = client.get("/").content.decode().partition("</head>")[0]
    script = re.search(r"<script src=\"[^\"]*preferences[^\"]*\"[^>]*>", head)
    assert script
    assert "defer" not in script[0]
    assert script.start() < head.index('rel="stylesheet"')
