"""The command that proves the log of acts whole."""

from django.core.management.base import BaseCommand, CommandError

from archive.acts import sealing

SHOWN = 50


class Command(BaseCommand):
    help = "核对操作记录：逐条验算封记，报告被改动、删去或截去的记录。输出末尾的封记请抄存馆外，下次用 --noted 核对。"

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--noted", default="", metavar="序号:封记", help="先前抄存的封记；查得出末尾被截去或整体重做"
        )

    def handle(self, *args, noted: str, **options) -> None:
        number, _colon, digest = noted.partition(":")
        if noted and not (number.isdecimal() and len(digest) == 64):
            raise CommandError("--noted 须为“序号:封记”，即上次输出的那一行。")
        sealing.seal()
        found = 0
        for problem in sealing.check(noted):
            found += 1
            if found <= SHOWN:
                self.stderr.write(f"第 {problem.position} 号：{problem.words}")
        if found:
            raise CommandError(f"操作记录有 {found} 处对不上。")
        self.stdout.write(self.style.SUCCESS("操作记录完整。"))
        self.stdout.write(sealing.head() or "（还没有记录）")
