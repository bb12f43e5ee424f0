"""The command behind `make serve` and `make dev`."""

import sys

from django.core.management.base import BaseCommand

from archive import startup


class Command(BaseCommand):
    help = "准备数据库、演示馆藏与静态文件，然后同时运行网站与后台进程。"
    requires_system_checks: list[str] = []  # they are part of the tests; here they would double the time to start

    def add_arguments(self, parser) -> None:
        parser.add_argument("--procfile", default="Procfile", help="列有各进程的文件")
        parser.add_argument("--prepare-only", action="store_true", help="只做准备，不运行")

    def handle(self, *args, **options) -> None:
        with startup.embedded_storage(self.stdout.write):
            startup.prepare(self.stdout.write)
            code = 0 if options["prepare_only"] else startup.run_processes(options["procfile"], self.stdout.write)
        sys.exit(code)
