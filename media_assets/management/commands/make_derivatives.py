"""Makes, or makes again, the display pictures of images, scans and films."""

from django.core.management.base import BaseCommand, CommandError

from media_assets.derivatives.batch import make_all


class Command(BaseCommand):
    help = "制作展示图：默认检查全部图片、扫描页和影片，只补做缺少的或已过时的。"

    def add_arguments(self, parser):
        parser.add_argument("--missing", action="store_true", help="只看还没有展示图的，不逐一核对。")
        parser.add_argument("--force", action="store_true", help="全部重做。")

    def handle(self, *args, missing: bool, force: bool, **options):
        tally = make_all(only_missing=missing, force=force, report=self.stderr.write)
        summary = f"共 {tally.seen} 件，完好 {tally.good} 件，失败 {tally.failed} 件。"
        if tally.failed:
            raise CommandError(summary)
        self.stdout.write(summary)
