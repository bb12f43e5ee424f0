"""Builds the search indexes anew: the public one and the desk's."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.desk import indexing as desk
from search.indexing import rebuild
from search.locking import IndexerBusyError


class Command(BaseCommand):
    help = _("重建公众检索与后台检索的索引；重建期间检索照常，完成后一次切换。")
    _shown: tuple[str, int] = ("", 0)

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--only", choices=["public", "desk"], help=_("只重建公众检索（public）或后台检索（desk）。")
        )

    def handle(self, *args, **options) -> None:
        try:
            if options["only"] != "desk":
                count = rebuild(self._show)
                self.stdout.write(self.style.SUCCESS(_("索引已重建，共 %(count)d 份检索文档。") % {"count": count}))
            if options["only"] != "public":
                count = desk.rebuild(self._show)
                self.stdout.write(self.style.SUCCESS(_("后台索引已重建，共 %(count)d 件。") % {"count": count}))
        except IndexerBusyError as error:
            raise CommandError(_("另一个进程正在写索引，请稍后再试。")) from error

    def _show(self, source: str, done: int, total: int) -> None:
        """One line for each tenth of a source, so that a log stays readable."""
        tenth = (source, 10 * done // total if total else 10)
        if tenth != self._shown:
            self._shown = tenth
            self.stdout.write(f"{source}: {done}/{total}")
