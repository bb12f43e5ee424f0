import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import archive.models.share_links


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0016_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "secret",
                    models.CharField(
                        default=archive.models.share_links.new_secret, editable=False, max_length=40, unique=True
                    ),
                ),
                ("given_to", models.CharField(max_length=200, verbose_name="给谁")),
                ("created_by_name", models.CharField(editable=False, max_length=200, verbose_name="分享人")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="分享时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效至")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="结束时间")),
                ("opened", models.PositiveIntegerField(default=0, editable=False, verbose_name="打开次数")),
                ("last_opened_at", models.DateTimeField(editable=False, null=True, verbose_name="最近打开")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="share_links",
                        to="archive.archivepage",
                        verbose_name="页面",
                    ),
                ),
            ],
            options={
                "verbose_name": "分享链接",
                "verbose_name_plural": "分享链接",
                "ordering": ["-pk"],
                "default_permissions": ("add",),
            },
        ),
    ]
