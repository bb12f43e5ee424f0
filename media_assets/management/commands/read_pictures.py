"""Reads what stored pictures tell of themselves, and what they look like."""

from django.core.management.base import BaseCommand, CommandError

from media_assets.rereading import reread


class Command(BaseCommand):
    help = "读取图库中图片自带的信息（EXIF、IPTC、XMP）和相似值；默认只读还没有读过的。升级后运行一次。"

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", dest="everything", help="全部重读。")

    def handle(self, *args, everything: bool, **options):
        tally = reread(everything=everything, report=self.stderr.write)
        summary = f"已读 {tally.read} 张，失败 {tally.failed} 张。"
        if tally.failed:
            raise CommandError(summary)
        self.stdout.write(summary)
