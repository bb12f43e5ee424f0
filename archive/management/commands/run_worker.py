"""The command that starts the background process."""

import os

from django.core.management.base import BaseCommand

from archive import worker

BEHIND_THE_SITE = 5


class Command(BaseCommand):
    help = "后台进程：执行任务、维护检索索引、按时发布。每个馆至少运行一个。"

    def add_arguments(self, parser) -> None:
        words = f"处理器的谦让程度，0—19，默认 {BEHIND_THE_SITE}：读者与上传先行，后台随后"
        parser.add_argument("--nice", type=int, choices=range(20), default=BEHIND_THE_SITE, metavar="N", help=words)

    def handle(self, *args, **options) -> None:
        os.nice(options["nice"])
        worker.run()
