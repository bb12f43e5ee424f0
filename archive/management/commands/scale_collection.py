"""Adds a synthetic collection of a chosen size, or takes it away."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from archive import scale_collection
from search.indexing import rebuild


class Command(BaseCommand):
    help = _("加入指定规模的合成馆藏，供测量性能；--remove 撤除。请勿在正式运行的馆里使用。")

    def add_arguments(self, parser) -> None:
        parser.add_argument("documents", type=int, nargs="?", default=20_000, help=_("可检索的条数（默认 20000）。"))
        parser.add_argument("--seed", type=int, default=1, help=_("随机种子，相同则内容相同。"))
        parser.add_argument("--remove", action="store_true", help=_("撤除合成馆藏。"))
        parser.add_argument("--no-index", action="store_true", help=_("不重建检索索引。"))

    def handle(self, *args, **options) -> None:
        if options["remove"]:
            scale_collection.remove()
        else:
            try:
                scale_collection.build(options["documents"], self.stdout.write, options["seed"])
            except ValueError as error:
                raise CommandError(_("已有合成馆藏，请先用 --remove 撤除。")) from error
        if not options["no_index"]:
            rebuild(lambda source, done, total: done == total and self.stdout.write(f"{source}: {total}"))
        self.stdout.write(self.style.SUCCESS(_("完成。")))
