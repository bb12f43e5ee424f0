"""What a picture tells of itself, put to the editor as values for the fields of its record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import ArchiveImage


@dataclass(frozen=True)
class Proposal:
    """`field` of the image's form, and the value that it would have: a text, or a list of tags."""

    key: str
    field: str
    label: str
    value: str | list[str]

    def __str__(self):
        value = "、".join(self.value) if isinstance(self.value, list) else self.value
        return _("%(label)s：%(value)s") % {"label": self.label, "value": value}


def proposals_for(image: ArchiveImage) -> list[Proposal]:
    """Those that would change something."""
    said = image.said or {}
    texts = (
        ("title", "title", _("标题")),
        ("caption", "description", _("说明")),
        ("author", "credit", _("署名")),
        ("date_written", "date_written", _("年代")),
        ("rights", "rights_note", _("权利说明")),
    )
    found = []
    for key, field, label in texts:
        value = (said.get(key) or "")[: image._meta.get_field(field).max_length]
        if value and value != getattr(image, field):
            found.append(Proposal(key, field, label, value))
    words = [word for word in [said.get("place"), *said.get("keywords", ())] if word]
    missing = [word for word in dict.fromkeys(words) if word not in set(image.tags.names())]
    if missing:
        found.append(Proposal("keywords", "tags", _("标签（地点与关键词）"), missing))
    return found


def position_of(image: ArchiveImage) -> str:
    """Where it was taken, for the staff: “北纬23.043056°，东经113.751667°”; "" when it does not tell."""
    position = (image.said or {}).get("position")
    if not position:
        return ""
    latitude, longitude = position
    north, east = _("北纬") if latitude >= 0 else _("南纬"), _("东经") if longitude >= 0 else _("西经")
    return f"{north}{round(abs(latitude), 6)}°，{east}{round(abs(longitude), 6)}°"
