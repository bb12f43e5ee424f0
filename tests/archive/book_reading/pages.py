"""What a reader gets of a page."""

import re
from html import unescape


def plain_of(html: str) -> str:
    """What a reader sees of a page, and hears of it."""
    return unescape(re.sub(r"<[^>]+>", "", html[max(0, html.find("<main")) :]))


def get(client, address: str, **parameters) -> str:
    answer = client.get(address, parameters)
    assert answer.status_code == 200, address
    return answer.content.decode()


def again(address: str) -> str:
    """The same question, which no kept answer is given to."""
    return f"{address}{'&' if '?' in address else '?'}again=1"
