"""Proves the file storages, or compares them with what the museum's rows say."""

import json
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from media_assets.storage_audit import Finding, audit
from media_assets.storage_check import Outcome, StepResult, prove
from media_assets.storage_errors import StorageUnavailableError
from media_assets.storage_mending import ImplausibleError, mend

SIGNS = {Outcome.GOOD: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "–"}
SILENCE = 10  # seconds between two lines of progress where nobody sees them overwritten


class Command(BaseCommand):
    _told_at = 0.0
    help = _("逐步验证文件存储；加 --audit 则核对存储与馆藏登记。")

    def add_arguments(self, parser) -> None:
        parser.add_argument("--audit", action="store_true", help=_("逐件核对存储里的文件与馆藏登记。"))
        parser.add_argument(
            "--mend", action="store_true", help=_("同 --audit，并修好能修的；无主的原件移到 unclaimed/，从不删除。")
        )
        parser.add_argument("--json", action="store_true", help=_("输出 JSON。"))

    def handle(self, *args, **options) -> None:
        try:
            if options["audit"] or options["mend"]:
                self._audit(options["mend"], options["json"])
            else:
                self._prove(options["json"])
        except StorageUnavailableError as error:
            raise CommandError(
                _("%(reason)s，核对没有做完：%(error)s") % {"reason": error.reason, "error": error}
            ) from error

    def _prove(self, as_json: bool) -> None:
        results = []
        for result in prove():
            results.append(result)
            if not as_json:
                self._tell_step(result)
        failed = sum(result.outcome is Outcome.FAILED for result in results)
        if as_json:
            self.stdout.write(json.dumps([vars(result) for result in results], ensure_ascii=False, indent=1))
        if failed:
            raise CommandError(_("有 %(count)d 步没有通过。") % {"count": failed})
        if not as_json:
            self.stdout.write(self.style.SUCCESS(_("文件存储可用。")))

    def _tell_step(self, result: StepResult) -> None:
        detail = f"  {result.detail}" if result.detail else ""
        self.stdout.write(f"{SIGNS[result.outcome]} {result.title}  {result.seconds:.2f}s{detail}")
        if result.advice:
            self.stdout.write(f"    → {result.advice}")

    def _audit(self, mending: bool, as_json: bool) -> None:
        if mending:
            try:
                mended = mend(self._progress)
            except ImplausibleError as error:
                raise CommandError(str(error)) from error
            self._clear_progress()
            self.stderr.write(_("已处理 %(count)d 处，再核对一遍。") % {"count": mended})
        counts: dict[str, int] = {}
        if as_json:
            self.stdout.write('{"findings": [')
        for finding in audit(self._progress):
            self._clear_progress()
            if as_json:
                comma = "," if counts else ""
                self.stdout.write(comma + json.dumps(finding.as_dict(), ensure_ascii=False))
            else:
                self._tell_finding(finding)
            counts[finding.problem.value] = counts.get(finding.problem.value, 0) + 1
        self._clear_progress()
        if as_json:
            self.stdout.write('], "counts": ' + json.dumps(counts) + "}")
        if counts:
            raise CommandError(
                _("有 %(count)d 处不符。") % {"count": sum(counts.values())}
                + ("" if mending else _("加 --mend 修好能修的。"))
            )
        if not as_json:
            self.stdout.write(self.style.SUCCESS(_("存储与馆藏登记相符。")))

    def _tell_finding(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.problem.words}  {finding.alias}:{finding.name}")
        for line in (finding.label, finding.detail, finding.address):
            if line:
                self.stdout.write(f"    {line}")

    def _progress(self, words: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{words}", ending="")
            self.stderr.flush()
        elif time.monotonic() - self._told_at > SILENCE:
            self._told_at = time.monotonic()
            self.stderr.write(words)

    def _clear_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
