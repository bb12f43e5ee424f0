"""The command for a new installation without the demonstration."""

from django.core.management.base import BaseCommand

from archive.museum_setup import prepare


class Command(BaseCommand):
    help = "建立网站首页、四个目录页和工作组；已有的不改动，可重复执行。"

    def handle(self, *args, **options) -> None:
        home = prepare()
        self.stdout.write(self.style.SUCCESS(f"已就绪：{home.title}"))
