"""Compares the search index with what it should hold."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.drift import Drift, DriftKind, find_drift, repair
from search.engines.base import IndexUnavailableError


class Command(BaseCommand):
    help = _("核对检索索引与馆藏：列出应有而未编入的条目、已撤下却仍在索引里的条目。")

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help=_("把有出入的条目重新编入索引。"))
        parser.add_argument("--show", type=int, default=20, help=_("列出前多少条（默认 20）。"))

    def handle(self, *args, **options) -> None:
        counts: Counter[DriftKind] = Counter()
        found = self._report(counts, options["show"])
        try:
            queued = repair(found) if options["repair"] else 0
            for _drift in found:
                pass  # counted on the way
        except IndexUnavailableError as error:
            raise CommandError(_("索引尚未建成或需要重建，请先运行 rebuild_search。")) from error
        if not counts:
            self.stdout.write(self.style.SUCCESS(_("索引与馆藏一致。")))
            return
        summary = _("缺 %(missing)d 条，多 %(ghost)d 条。") % {
            "missing": counts[DriftKind.MISSING],
            "ghost": counts[DriftKind.GHOST],
        }
        if not options["repair"]:
            raise CommandError(summary + _("加 --repair 可重新编入。"))
        if queued < counts.total():
            raise CommandError(summary + _("其中有已不存在的来源，须运行 rebuild_search 才能清除。"))
        self.stdout.write(summary + _("已排队重新编入。"))

    def _report(self, counts: Counter[DriftKind], show: int):
        """Pass the differences on, counting them and listing the first ones."""
        labels = {DriftKind.MISSING: _("缺"), DriftKind.GHOST: _("多")}
        for drift in find_drift():
            counts[drift.kind] += 1
            if sum(counts.values()) <= show:
                self._list(drift, labels[drift.kind])
            yield drift

    def _list(self, drift: Drift, label: str) -> None:
        self.stdout.write(f"{label} {drift.ref}")
