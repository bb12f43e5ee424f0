"""The command that makes the roles of a town, or takes them away."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from archive.editing import town_roles
from archive.models.group_rules import PageKind


class Command(BaseCommand):
    help = (
        "为一个镇街建立通讯员（及编辑、来稿人）的组、各类来稿的栏目与图文集；可重复执行。"
        "--remove 撤去组，页面与文件保留。"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("town", metavar="镇街")
        parser.add_argument(
            "--kinds", nargs="*", choices=PageKind.values, default=[PageKind.PHOTO.value, PageKind.STORY.value]
        )
        parser.add_argument("--editors", action="store_true", help="另设镇街编辑，可修改本镇街全部来稿")
        words = "另设来稿人，从网站来稿；只设来稿人时写 --kinds --senders"
        parser.add_argument("--senders", action="store_true", help=words)
        parser.add_argument("--second-factor", action="store_true", help="这些组须用两步验证")
        parser.add_argument("--remove", action="store_true", help="撤去组；组里有人时不撤")

    def handle(self, *args, **options) -> None:
        try:
            if options["remove"]:
                names = town_roles.remove(options["town"])
                self.stdout.write(f"已撤去：{'、'.join(names) or '（原本没有）'}")
                return
            made = town_roles.ensure(
                options["town"],
                options["kinds"],
                with_editors=options["editors"],
                with_senders=options["senders"],
                needs_second_factor=options["second_factor"],
            )
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        for group in made.groups:
            self.stdout.write(self.style.SUCCESS(f"已就绪：{group.name}"))
        for page in made.pages:
            self.stdout.write(f"  {page.title}（{page.url_path}）")
