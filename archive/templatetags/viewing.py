"""What a template asks to let a reader look closely at a picture: the viewer, and the plain picture without it."""

from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from media_assets.models import ArchiveImage, Derivative, Pyramid, Scan

register = template.Library()

LIBRARY = "libraries/openseadragon/build/openseadragon/openseadragon.min.js"


@register.simple_tag
def largest_picture(asset) -> Derivative | None:
    """The largest picture that a browser shows by itself."""
    return asset.largest() if asset is not None else None


@register.simple_tag
def zoom_script() -> str:
    """The small script that opens the viewer, and fetches it only then. Nothing where the viewer is not installed."""
    return format_html('<script src="{}" defer></script>', static("archive/viewer.js")) if _is_installed() else ""


@register.inclusion_tag("components/zoom.html")
def zoom(asset: ArchiveImage | Scan, name: str) -> dict:
    """The button and the parts of the viewer, hidden until the script shows them. One query."""
    owner = "scan" if isinstance(asset, Scan) else "image"
    key = Pyramid.objects.filter(**{owner: asset}, source_sha256=asset.sha256).values_list("key", flat=True).first()
    largest = asset.largest()
    return {
        "library": static(LIBRARY) if _is_installed() and largest is not None else "",
        "service": reverse("iiif_image:base", args=[key]) if key else "",
        "largest": largest,
        "name": name,
    }


@cache
def _is_installed() -> bool:
    """Asked of the manifest where there is one: it is what `static` will be asked, and it raises."""
    hashed = getattr(staticfiles_storage, "hashed_files", None)
    return LIBRARY in hashed if hashed else finders.find(LIBRARY) is not None
