"""The append-only log and the chain over it. The database itself refuses to change what is written, and where it can
tell a row that is deleted from a table that is emptied (PostgreSQL's TRUNCATE, by which test runs and `flush` end), to
delete it; on SQLite the chain shows what was deleted."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

TABLES = ("archive_act", "archive_actseal")
POSTGRESQL = """
CREATE OR REPLACE FUNCTION archive_acts_stand() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'acts are never changed or deleted'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION archive_acts_stand();
"""
SQLITE = """
CREATE TRIGGER {table}_stands BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'acts are never changed'); END
"""


def make_them_stand(apps, schema_editor) -> None:
    wording = {"postgresql": POSTGRESQL, "sqlite": SQLITE}.get(schema_editor.connection.vendor)
    for table in TABLES if wording else ():
        schema_editor.execute(wording.format(table=table), params=None)


def let_them_go(apps, schema_editor) -> None:
    on = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_stands{on.format(table=table)}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0011_bulk_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("publication", "发布"),
                            ("permission", "权限"),
                            ("sign-in", "登录"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="事项",
                    ),
                ),
                ("kind", models.CharField(max_length=100, verbose_name="操作")),
                ("user_name", models.CharField(blank=True, max_length=150, verbose_name="操作人")),
                ("object_kind", models.CharField(blank=True, max_length=200, verbose_name="对象种类")),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("label", models.CharField(blank=True, max_length=255, verbose_name="对象")),
                ("words", models.TextField(blank=True, verbose_name="说明")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="来自")),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "操作",
                "verbose_name_plural": "操作记录",
                "ordering": ["-at", "-pk"],
                "permissions": [("view_acts", "可查看操作记录")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ActSeal",
            fields=[
                ("position", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                (
                    "act",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="seal",
                        to="archive.act",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["-at", "-id"], name="act_by_time"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["matter", "-at", "-id"], name="act_by_matter"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["kind", "-at", "-id"], name="act_by_kind"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["user", "-at", "-id"], name="act_by_user"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["object_kind", "-at", "-id"], name="act_by_object_kind"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["object_kind", "object_id", "-at"], name="act_by_object"),
        ),
        migrations.RunPython(make_them_stand, let_them_go),
    ]
