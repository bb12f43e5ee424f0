"""The command that starts the background process."""

from django.core.management.base import BaseCommand

from archive import worker


class Command(BaseCommand):
    help = "后台进程：执行任务、维护检索索引、按时发布。每个馆至少运行一个。"

    def handle(self, *args, **options) -> None:
        worker.run()
