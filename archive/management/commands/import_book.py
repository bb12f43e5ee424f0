"""The command `import_book`: the import of the desk, here and now, for a file or a folder of this machine."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from archive.importing.books import runs
from archive.models import BookImport, BookPage
from media_assets.file_errors import FileError
from media_assets.jobs import JobError


class Command(BaseCommand):
    help = "导入一部书：PDF、Word、文本、表格，或书页图像与漢籍文字的文件夹；再次导入同一部书只更新有变化之处。"

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="文件或文件夹")
        parser.add_argument("--book", help="导入到已有的书：它的标识符或网址名；不给则新建草稿")
        parser.add_argument("--title", default="", help="新书的书名")
        parser.add_argument("--dry-run", action="store_true", help="只读取并报告，不写入")

    def handle(self, *args, path: Path, **options):
        if not path.exists():
            raise CommandError(_("没有这个文件：%(path)s") % {"path": path})
        book = self._book(options["book"]) if options["book"] else None
        run = runs.start_folder(path, None, book=book, title=options["title"])
        try:
            runs.read(run, self._say)
            self._tell_plan(run)
            if options["dry_run"]:
                runs.discard(run)
                return
            runs.make(run, self._say)
        except (FileError, JobError) as error:
            runs.fail(run, error.reason)
            raise CommandError(error.reason) from error
        run.refresh_from_db()
        self.stdout.write(f"{run.get_state_display()}：{run.plan.get('report', '')}")

    @staticmethod
    def _book(name: str) -> BookPage:
        found = BookPage.objects.filter(identifier=name).first() or BookPage.objects.filter(slug=name).first()
        if found is None:
            raise CommandError(_("没有这本书：%(name)s") % {"name": name})
        return found

    def _say(self, percent: float) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{percent:5.1f} %", ending="")

    def _tell_plan(self, run: BookImport) -> None:
        plan = run.plan
        self.stdout.write(
            _("《%(title)s》：书页 %(leaves)d 面，篇目 %(sections)d 个，图像 %(pictures)d 幅，正文 %(characters)d 字。")
            % {
                "title": run.title,
                "leaves": sum(plan["leaves"][name] for name in ("new", "changed", "same", "corrected")),
                "sections": sum(plan["sections"][name] for name in ("new", "changed", "same", "corrected")),
                "pictures": plan["pictures"],
                "characters": plan["characters"],
            }
        )
        for problem in run.problems.all()[:50]:
            self.stdout.write(f"  {problem.get_severity_display()} {problem.where}：{problem.message}")
