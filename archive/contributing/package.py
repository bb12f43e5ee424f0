"""The package for the province: a campaign's accepted works as one ZIP, written as it is sent.

`files/<town>/<receipt>-<n>-<name>` are the originals, stored and not compressed again; `来稿.csv`, `来稿.xlsx`,
`统计.csv` and `授权/<receipt>.txt` stand beside them. What lies in memory is one block of one file, and the table.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from archive.models import Campaign, ContributingTown, Submission, SubmissionState
from archive.models.campaigns import Kind
from media_assets.storage_errors import StorageUnavailableError
from search.exporting import harmless

BLOCK_BYTES = 256 * 1024
BOM = "\ufeff"
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]|^[. ]+|[. ]+$')
"""What a folder or a file may not be called on some system; also the dots that lead out of a folder."""


class _Sink(io.RawIOBase):
    """What zipfile writes, until it is taken."""

    def __init__(self):
        self.waiting: list[bytes] = []
        self.offset = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data) -> int:
        self.waiting.append(bytes(data))
        self.offset += len(data)
        return len(data)

    def taken(self) -> bytes:
        data, self.waiting = b"".join(self.waiting), []
        return data


def tally(campaign: Campaign) -> list[dict]:
    """One row a town and kind, with the count of each state. What was never sent is the towns' own. One query."""
    counted = campaign.submissions.filter(sent_at__isnull=False).order_by()
    rows: dict[tuple, dict] = {}
    for town, kind, state, count in counted.values_list("town__place__name", "kind", "state").annotate(Count("pk")):
        row = rows.setdefault((town, kind), {"town": town, "kind": Kind(kind).label, "states": {}, "total": 0})
        row["states"][state] = count
        row["total"] += count
    return [rows[key] for key in sorted(rows)]


def tally_table(campaign: Campaign) -> tuple[list[str], list[list]]:
    """The tally with headings, and a line of sums."""
    states = [state for state in SubmissionState if state != SubmissionState.DRAFT]
    head = [_("镇街"), _("种类"), *(str(state.label) for state in states), _("合计")]
    rows = tally(campaign)
    lines = [[r["town"], str(r["kind"]), *(r["states"].get(s, 0) for s in states), r["total"]] for r in rows]
    sums = [sum(line[place] for line in lines) for place in range(2, len(head))]
    return head, [*lines, [_("合计"), "", *sums]]


def silent_towns(campaign: Campaign) -> list[str]:
    """The towns that were asked and have sent nothing yet, by name."""
    towns = ContributingTown.objects.exclude(
        submissions__in=campaign.submissions.filter(sent_at__isnull=False).order_by()
    )
    if not campaign.is_for_all:
        towns = towns.filter(place__in=campaign.towns.all())
    return list(towns.order_by("place__name").values_list("place__name", flat=True))


def stream(campaign: Campaign) -> Iterator[bytes]:
    """The ZIP in pieces. An original that cannot be opened is named in `缺失.txt` instead."""
    sink = _Sink()
    head = [
        _("回执号"),
        _("镇街"),
        _("种类"),
        _("题名"),
        _("作者"),
        _("年代"),
        _("图中人物"),
        _("说明或正文"),
        _("文件"),
    ]
    table: list[list[str]] = []
    missing: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
        for row in _accepted(campaign):
            names = []
            for number, file in enumerate(row.files.all(), 1):
                asset = file.asset
                town, name = _FORBIDDEN.sub("_", row.town.place.name), _FORBIDDEN.sub("_", asset.original_name)
                name = f"files/{town}/{row.receipt}-{number}-{name}"
                try:
                    content = asset.file.storage.open(asset.file.name)
                    first = content.read(BLOCK_BYTES)  # storages open lazily
                except (OSError, StorageUnavailableError):
                    missing.append(name)
                    continue
                names.append(name)
                yield from _file(package, sink, name, content, first)
            consent = _("第 %(version)d 版，%(who)s 于 %(when)s 同意") % {
                "version": row.consent_version,
                "who": row.consent_name,
                "when": timezone.localtime(row.consent_at).isoformat(timespec="seconds"),
            }
            package.writestr(f"授权/{row.receipt}.txt", f"{BOM}{consent}\n\n{row.consent}\n")
            yield sink.taken()
            kind = row.get_kind_display()
            cells = [
                row.receipt,
                row.town.place.name,
                kind,
                row.title,
                row.author,
                row.date_written,
                row.people,
                row.text,
            ]
            table.append([*cells, "；".join(names)])
        package.writestr("来稿.csv", _csv([head, *table]))
        package.writestr("来稿.xlsx", _xlsx([head, *table]))
        if missing:
            words = _("下列文件当时读不出来，没有放进来。请检查存储，再下载一次。")
            package.writestr("缺失.txt", "\n".join([f"{BOM}{words}", *missing]))
        counts, lines = tally_table(campaign)
        package.writestr("统计.csv", _csv([counts, *lines]))
    yield sink.taken()


def _accepted(campaign: Campaign):
    rows = Submission.objects.filter(campaign=campaign, state=SubmissionState.ACCEPTED).order_by("pk")
    rows = rows.select_related("town__place")
    return rows.prefetch_related("files__image", "files__video", "files__document").iterator(chunk_size=100)


def _file(package: zipfile.ZipFile, sink: _Sink, name: str, content, block: bytes) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    with content, package.open(entry, "w", force_zip64=True) as target:
        while block:
            target.write(block)
            yield sink.taken()
            block = content.read(BLOCK_BYTES)


def _csv(lines: list[list]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(c) if isinstance(c, str) else c for c in line] for line in lines)
    return (BOM + text.getvalue()).encode()


def _xlsx(lines: list[list[str]]) -> bytes:
    book, written = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(_("来稿"))
    for line in lines:
        sheet.append([harmless(ILLEGAL_CHARACTERS_RE.sub("", cell))[:32_000] for cell in line])
    book.save(written)
    return written.getvalue()
