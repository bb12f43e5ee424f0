"""The day on which a picture was taken, as metadata writes it, as an editor would, and in EDTF (ISO 8601-2)."""

import re
from calendar import monthrange

_DATE = re.compile(r"\s*(\d{4})(?:[-:/.]?(\d\d)(?:[-:/.]?(\d\d))?)?(?!\d)")


def edtf_of(text: str) -> str:
    """ "2019-10-01", "2019-10" or "2019" of "2019:10:01 08:30:00", "20191001", "1936-05", "19360000"; "" for none.

    A month or a day of 00 is one that is not known."""
    found = _DATE.match(text)
    if not found:
        return ""
    year, month, day = (int(part or 0) for part in found.groups())
    if not year or month > 12:
        return ""
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" if day <= monthrange(year, month)[1] else ""


def written(edtf: str) -> str:
    """As it is written in a record: “2019年10月1日”."""
    units = ("年", "月", "日")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(edtf.split("-"), units, strict=False)) if edtf else ""
