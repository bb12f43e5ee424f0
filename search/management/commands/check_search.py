"""Compares the search indexes, the public one and the desk's, with what they should hold."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.desk import indexing as desk
from search.drift import Drift, DriftKind, find_drift, repair
from search.engines.base import IndexUnavailableError


class Command(BaseCommand):
    help = _("核对公众检索与后台检索的索引与馆藏：列出应有而未编入的条目、已撤下却仍在索引里的条目。")

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help=_("把有出入的条目重新编入索引。"))
        parser.add_argument("--show", type=int, default=20, help=_("列出前多少条（默认 20）。"))

    def handle(self, *args, **options) -> None:
        desk.keep_up()
        troubles = [
            self._check(_("公众检索"), find_drift, repair, options),
            self._check(_("后台检索"), desk.find_drift, desk.repair, options),
        ]
        if any(troubles):
            raise CommandError("\n".join(filter(None, troubles)))

    def _check(
        self,
        index: str,
        find: Callable[[], Iterator[Drift]],
        mend: Callable[[Iterable[Drift]], int],
        options: dict,
    ) -> str:
        """Report on one index, and have it repaired when asked to; what is left for the operator to do, or ""."""
        counts: Counter[DriftKind] = Counter()
        found = self._report(find(), counts, options["show"])
        try:
            queued = mend(found) if options["repair"] else 0
            for _drift in found:
                pass  # counted on the way
        except IndexUnavailableError:
            return index + _("：索引尚未建成或需要重建，请先运行 rebuild_search。")
        if not counts:
            self.stdout.write(self.style.SUCCESS(index + _("：索引与馆藏一致。")))
            return ""
        summary = _("%(index)s：缺 %(missing)d 条，多 %(ghost)d 条。") % {
            "index": index,
            "missing": counts[DriftKind.MISSING],
            "ghost": counts[DriftKind.GHOST],
        }
        if not options["repair"]:
            return summary + _("加 --repair 可重新编入。")
        if queued < counts.total():
            return summary + _("其中有已不存在的来源，须运行 rebuild_search 才能清除。")
        self.stdout.write(summary + _("已排队重新编入。"))
        return ""

    def _report(self, drifts: Iterator[Drift], counts: Counter[DriftKind], show: int) -> Iterator[Drift]:
        """Pass the differences on, counting them and listing the first ones."""
        labels = {DriftKind.MISSING: _("缺"), DriftKind.GHOST: _("多")}
        for drift in drifts:
            counts[drift.kind] += 1
            if sum(counts.values()) <= show:
                self._list(drift, labels[drift.kind])
            yield drift

    def _list(self, drift: Drift, label: str) -> None:
        self.stdout.write(f"{label} {drift.ref}")
