"""The command `import_collection`: the import of inventories of the desk, here and now."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from wagtail.models import Page

from archive.importing.collections import runs
from archive.importing.collections.plan import KINDS, may_have
from archive.models import Inventory
from media_assets.file_errors import FileError
from media_assets.jobs import JobError

_MOST_SHOWN = 50


class Command(BaseCommand):
    help = "导入一份清册（CSV、XLSX），每行一件；先核对，再写入；可整体撤销。"

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, nargs="?", help="清册文件")
        parser.add_argument("--kind", choices=list(KINDS), default="photo", help="每行是什么")
        parser.add_argument("--parent", type=int, help="放在哪一页之下：页面的编号")
        parser.add_argument("--create-terms", action="store_true", help="馆里没有的地方、主题、人物、丛书都新建")
        parser.add_argument("--yes", action="store_true", help="核对之后直接写入")
        parser.add_argument("--dry-run", action="store_true", help="只核对并报告")
        parser.add_argument("--undo", type=int, metavar="RUN", help="撤销这一次导入")

    def handle(self, *args, path: Path | None, **options):
        try:
            if options["undo"]:
                self._undo(options["undo"])
            elif path is None or not path.is_file():
                raise CommandError(_("没有这个文件：%(path)s") % {"path": path})
            else:
                self._import(path, options)
        except (FileError, JobError) as error:
            raise CommandError(error.reason) from error

    def _undo(self, pk: int) -> None:
        inventory = Inventory.objects.filter(pk=pk).first()
        if inventory is None or not runs.take_back(inventory):
            raise CommandError(_("没有这次导入，或它不能撤销。"))
        self._perform(inventory, Inventory.State.UNDONE)
        self.stdout.write(str(inventory.plan["undone"]))

    def _import(self, path: Path, options: dict) -> None:
        parents = KINDS[options["kind"]].allowed_parent_page_models()
        chosen = Page.objects.filter(pk=options["parent"]) if options["parent"] else Page.objects.type(*parents)
        parent = chosen.order_by("depth", "path").first()
        if not may_have(parent, options["kind"]):
            raise CommandError(_("这一页之下不能放这一类内容。"))
        with path.open("rb") as file:
            inventory = runs.start(File(file, path.name), None, parent=parent, kind=options["kind"])
        self._perform(inventory, Inventory.State.MAPPING)
        runs.map_columns(inventory, inventory.columns, runs.create_all(options["create_terms"]))
        self._perform(inventory, Inventory.State.PLANNED)
        self._tell(inventory)
        if options["dry_run"] or not options["yes"]:
            runs.discard(inventory)
            return
        runs.approve(inventory)
        self._perform(inventory, Inventory.State.DONE)
        self.stdout.write(_("已导入，撤销用 --undo %(pk)d。") % {"pk": inventory.pk})

    def _perform(self, inventory: Inventory, expected: str) -> None:
        """Here, unless a worker was quicker."""
        inventory.refresh_from_db()
        try:
            runs.perform(inventory, lambda percent: None)
        except (FileError, JobError) as error:
            runs.fail(inventory, error.reason)
            raise
        inventory.refresh_from_db()
        if inventory.state != expected:
            raise CommandError(inventory.reason or _("后台已在处理这一次导入，请到“清册导入”里看。"))

    def _tell(self, inventory: Inventory) -> None:
        counts = inventory.plan["counts"]
        self.stdout.write(_("%(create)d 新建 %(update)d 更新 %(skip)d 未变 %(problem)d 有问题") % counts)
        for _shown, (number, sheet, column, words) in zip(range(_MOST_SHOWN), runs.problems(inventory), strict=False):
            self.stdout.write(f"  {sheet} 第 {number} 行 {column}：{words}")
