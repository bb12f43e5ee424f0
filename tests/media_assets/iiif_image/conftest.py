"""A picture with a pyramid, and the way to ask for parts of it."""

import io
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from PIL import Image, ImageDraw

from media_assets.derivatives.pyramids import make_pyramid
from media_assets.models import ArchiveImage, Pyramid
from tests.media_assets.made_files import encoded, upload

WIDTH, HEIGHT = 2300, 1500


def numbered(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Squares of 100 pixels, each of a colour that tells its column (red) and row (green)."""
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for x in range(0, width, 100):
        for y in range(0, height, 100):
            draw.rectangle((x, y, x + 99, y + 99), (10 + x // 10, 10 + y // 10, 90))
    return picture


@pytest.fixture
def image(db, media_root) -> ArchiveImage:
    return ArchiveImage.objects.create(title="可园全景", file=upload(encoded(numbered(), quality=95), "可园全景.jpg"))


@pytest.fixture
def pyramid(image, rule) -> Pyramid:
    return make_pyramid(image)


@pytest.fixture
def ask(pyramid, client) -> Callable[..., HttpResponse]:
    """`ask("full/max/0/default.jpg")` of the one pyramid there is."""

    def asked(rest: str, method: str = "get", **headers) -> HttpResponse:
        return getattr(client, method)(f"/iiif/image/3/{pyramid.key}{rest}", headers=headers)

    return asked


def opened(response: HttpResponse) -> Image.Image:
    return Image.open(io.BytesIO(response.content))
