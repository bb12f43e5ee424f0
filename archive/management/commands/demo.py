"""The command that builds the demonstration collection, and removes it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.demonstration import accounts, build


class Command(BaseCommand):
    help = "建立示范馆藏（虚构的栖澜县）与示范帐号；已有的不改动，可重复执行。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--remove", action="store_true", help="移除示范馆藏与仍用公开密码的示范帐号")
        parser.add_argument("--force", action="store_true", help="在生产环境中也执行（示范帐号的密码是公开的）")

    def handle(self, *args, **options) -> None:
        if options["remove"]:
            build.remove(self.stdout.write)
            return
        if settings.SETTINGS_MODULE == "settings.production" and not options["force"]:
            raise CommandError("这是生产环境，而示范帐号的密码是公开的。确要建立，请加 --force，并随即更改密码。")
        build.build(self.stdout.write)
        self.stdout.write("\n".join(["示范帐号：", *accounts.describe()]))
