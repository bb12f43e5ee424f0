"""Reads masters again and compares them with their SHA-256."""

import sys
import time
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from media_assets.models import AssetKind, FixityCheck, FixityState
from media_assets.preservation import fixity
from media_assets.storage_errors import StorageUnavailableError

SILENCE = 10  # seconds between two lines of progress where nobody sees them overwritten


class Command(BaseCommand):
    help = _("重读原件，与入库时的 SHA-256 逐件比对；发现损坏时以状态 1 结束。可随时中断，再次运行接着查。")
    _told_at = 0.0

    def add_arguments(self, parser) -> None:
        parser.add_argument("--all", action="store_true", help=_("全部重查，不论上次何时查过。"))
        parser.add_argument(
            "--kind", action="append", choices=[kind.value for kind in AssetKind], help=_("只查这一类，可多次给出。")
        )
        parser.add_argument("--limit", type=int, help=_("至多查多少件。"))
        parser.add_argument("--since", type=_date, help=_("只查这一天（YYYY-MM-DD）以来没有查过的。"))

    def handle(self, *args, **options) -> None:
        before = options["since"] or (timezone.now() if options["all"] else fixity.regular_limit())
        kinds = [AssetKind(kind) for kind in options["kind"] or AssetKind]
        try:
            progress = fixity.check(
                kinds=kinds,
                before=before,
                again=None if options["all"] else timezone.now(),
                most_files=options["limit"],
                watch=self._watch,
                count=True,
            )
        except (StorageUnavailableError, fixity.ImplausibleError) as error:
            self._clear()
            reason = getattr(error, "reason", str(error))
            raise CommandError(_("检查没有做完：%(reason)s") % {"reason": reason}) from error
        self._clear()
        told = _("查了 %(files)d 件，%(size)s，%(damaged)d 件损坏。") % {
            "files": progress.files,
            "size": filesizeformat(progress.bytes),
            "damaged": progress.damaged,
        }
        known = FixityCheck.objects.damaged().count()
        if progress.damaged:
            raise CommandError(told)
        if known:
            raise CommandError(told + _("此前查出的损坏还有 %(count)d 件。") % {"count": known})
        self.stdout.write(self.style.SUCCESS(told))

    def _watch(self, progress: fixity.Progress, result: FixityCheck | None) -> None:
        if result is not None and result.state != FixityState.OK:
            self._clear()
            self.stdout.write(f"{result.get_state_display()}  {_named(result)}  {result.note}")
        now = time.monotonic()
        if now - self._told_at < (0.2 if sys.stderr.isatty() else SILENCE):
            return
        self._told_at = now
        words = _("%(files)d/%(all)d 件，%(size)s，剩余约 %(remaining)s") % {
            "files": progress.files,
            "all": progress.expected_files or 0,
            "size": filesizeformat(progress.bytes),
            "remaining": _span(progress.remaining),
        }
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{words}", ending="")
            self.stderr.flush()
        else:
            self.stderr.write(words)

    def _clear(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")


def _date(written: str):
    found = parse_date(written)
    if found is None:
        raise CommandError(_("日期要写成 YYYY-MM-DD：%(written)s") % {"written": written})
    return timezone.make_aware(datetime(found.year, found.month, found.day))


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _named(result: FixityCheck) -> str:
    asset = result.asset()
    names = [asset.filename, asset.file.name] if asset else []
    return " ".join([result.get_asset_kind_display(), str(result.object_id), *names])
