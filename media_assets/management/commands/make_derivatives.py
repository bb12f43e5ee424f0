"""Makes, or makes again, the display pictures of images, scans and films."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from media_assets.derivatives.batch import make_all, queue_all
from media_assets.models import Job


class Command(BaseCommand):
    help = "制作展示图：默认检查全部图片、扫描页和影片，只补做缺少的或已过时的。"

    def add_arguments(self, parser):
        parser.add_argument("--missing", action="store_true", help="只看还没有展示图的，不逐一核对。")
        parser.add_argument("--force", action="store_true", help="全部重做。")
        parser.add_argument(
            "--queue",
            action="store_true",
            help="不在这里做，作为一个批次交给后台：连同深度缩放、影片播放文件与 PDF 封面，进度见“后台任务”。",
        )

    def handle(self, *args, missing: bool, force: bool, queue: bool, **options):
        if queue:
            if missing or force:
                raise CommandError("--queue 总是全部核对、只补缺少的，不与 --missing、--force 同用。")
            batch = queue_all(f"全部核对（{timezone.localtime():%Y-%m-%d %H:%M}）")
            self.stdout.write(f"已交给后台：{batch}，共 {Job.objects.filter(batch=batch).count()} 项。")
            return
        tally = make_all(only_missing=missing, force=force, report=self.stderr.write)
        summary = f"共 {tally.seen} 件，完好 {tally.good} 件，失败 {tally.failed} 件。"
        if tally.failed:
            raise CommandError(summary)
        self.stdout.write(summary)
