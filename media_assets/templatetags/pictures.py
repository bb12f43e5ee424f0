"""`{% picture %}`: the only way a public page shows a picture."""

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

FALLBACK_WIDTH = 960  # what a browser gets that knows no srcset


@register.simple_tag
def picture(image, sizes: str = "100vw", alt: str | None = None, loading: str = "lazy", **attributes):
    """`<picture>` with the derivatives of an image, a scan or a film in WebP and JPEG.

    `sizes` is HTML's; `alt` defaults to the image's own description; pass `alt=""` for ornament. `class` and
    any other attribute go to the `<img>`. Asks the database nothing when `derivatives` is prefetched. Without
    derivatives: an element of class `picture-missing` that says so.
    """
    fallback = image.fitting(FALLBACK_WIDTH, "jpeg") if image is not None else None
    if fallback is None:
        return _missing(image, alt, attributes.get("class", ""))
    img = {
        "src": fallback.url,
        "srcset": srcset(image, "jpeg"),
        "sizes": sizes,
        "width": str(fallback.width),
        "height": str(fallback.height),
        "alt": _alternative(image, alt),
        "loading": loading,
        "decoding": "async",
        **attributes,
    }
    return format_html(
        '<picture><source type="image/webp" srcset="{}" sizes="{}"><img{}></picture>',
        srcset(image, "webp"),
        sizes,
        flatatt({name: value for name, value in img.items() if value is not None}),
    )


def srcset(image, image_format: str) -> str:
    return ", ".join(f"{d.url} {d.width}w" for d in image.derivatives_in(image_format))


def _alternative(image, alt: str | None) -> str:
    return alt if alt is not None else getattr(image, "default_alt_text", "") or getattr(image, "title", "")


def _missing(image, alt: str | None, css_class: str) -> SafeString:
    words = _("暂无图片")
    if image is not None:
        words = _("图片尚未备好") if getattr(image, "derivatives_error", "") else _("展示图制作中")
    classes = f"picture-missing {css_class}".strip()
    return format_html(
        '<span class="{}" role="img" aria-label="{}"><span aria-hidden="true">{}</span></span>',
        classes,
        _alternative(image, alt) or words,
        words,
    )
