"""Copies the museum's files from folders to a bucket, or back."""

import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media_assets.storage_move import Move, MoveError, Tally

SILENCE = 30  # seconds between two lines of progress where nobody sees them overwritten


class Command(BaseCommand):
    help = _("把馆藏的全部文件复制到另一处存储；可随时中断，再次运行即接着做。来处的文件不动。")
    _told_at = 0.0

    def add_arguments(self, parser) -> None:
        names = sorted(settings.MEDIA_BACKENDS)
        parser.add_argument("--from", dest="source", required=True, help=_("来处：") + "、".join(names))
        parser.add_argument("--to", dest="target", required=True, help=_("去处：") + "、".join(names))
        parser.add_argument("--verify", action="store_true", help=_("已复制的也重新读回核对，不符的重新复制。"))
        parser.add_argument("--limit", type=int, help=_("这一次最多复制多少个文件。"))

    def handle(self, *args, **options) -> None:
        move = Move(
            options["source"],
            options["target"],
            report=self._failure,
            progress=self._progress,
            verify=options["verify"],
            limit=options["limit"],
        )
        try:
            tally = move.run()
        except MoveError as error:
            raise CommandError(str(error)) from error
        self._sum_up(tally, options["target"])

    def _sum_up(self, tally: Tally, target: str) -> None:
        self.stdout.write(
            _(
                "登记 %(files)d 个；此前已复制 %(there)d 个，"
                "这次复制 %(copied)d 个（%(size)s），失败 %(failed)d 个，用时 %(time)s。"
            )
            % {**vars(tally), "size": filesizeformat(tally.copied_bytes), "time": _clock(tally.seconds)}
        )
        if tally.failed:
            raise CommandError(_("失败的没有记入日志；排除之后再次运行，只补做这些。"))
        if tally.there + tally.copied < tally.files:
            self.stdout.write(_("还没有复制完；再次运行即接着做。"))
            return
        self.stdout.write(
            _(
                "全部文件都在新的存储里，逐个核对过。接下来：\n"
                "  1. 停下编辑工作，再运行一次本命令，补上期间新增的文件；\n"
                "  2. 设 STORAGE=%(target)s，重启网站与后台进程；\n"
                "  3. python manage.py check_storage && python manage.py check_storage --audit\n"
                "  4. python manage.py rebuild_search（检索结果里的缩略图换成新地址）\n"
                "旧存储里的文件没有动过，确认无误之后再自行处置。"
            )
            % {"target": target}
        )

    def _failure(self, words: str) -> None:
        self.stderr.write(("\r\033[K" if sys.stderr.isatty() else "") + words)

    def _progress(self, tally: Tally) -> None:
        left = tally.remaining()
        words = _("%(done)d / %(files)d，已复制 %(size)s，%(left)s") % {
            "done": tally.there + tally.copied + tally.failed,
            "files": tally.files,
            "size": filesizeformat(tally.copied_bytes),
            "left": _("约剩 %(time)s") % {"time": _clock(left)} if left is not None else _("剩余时间尚不清楚"),
        }
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{words}", ending="")
            self.stderr.flush()
        elif time.monotonic() - self._told_at > SILENCE:
            self._told_at = time.monotonic()
            self.stderr.write(words)


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
