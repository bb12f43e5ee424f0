"""Builds the search index anew."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.indexing import rebuild
from search.locking import IndexerBusyError


class Command(BaseCommand):
    help = _("重建检索索引；重建期间检索照常，完成后一次切换。")
    _shown: tuple[str, int] = ("", 0)

    def handle(self, *args, **options) -> None:
        try:
            count = rebuild(self._show)
        except IndexerBusyError as error:
            raise CommandError(_("另一个进程正在写索引，请稍后再试。")) from error
        self.stdout.write(self.style.SUCCESS(_("索引已重建，共 %(count)d 份检索文档。") % {"count": count}))

    def _show(self, source: str, done: int, total: int) -> None:
        """One line for each tenth of a source, so that a log stays readable."""
        tenth = (source, 10 * done // total if total else 10)
        if tenth != self._shown:
            self._shown = tenth
            self.stdout.write(f"{source}: {done}/{total}")
