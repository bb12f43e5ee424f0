"""Attempts to sign in that count, recovery codes of the second factor, and the museum's own rules for groups."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import archive.models.group_rules


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0012_acts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "needs_second_factor",
                    models.BooleanField(
                        default=False,
                        help_text="这一组的人设好两步验证之前，登录后哪里也去不了。",
                        verbose_name="须用两步验证",
                    ),
                ),
                (
                    "kinds",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[archive.models.group_rules.known_kinds],
                        verbose_name="只可新建",
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule",
                        to="auth.group",
                        verbose_name="组",
                    ),
                ),
            ],
            options={
                "verbose_name": "组的规则",
                "verbose_name_plural": "组的规则",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SignInTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("account", "帐号"),
                            ("address", "地址"),
                            ("factor", "两步验证"),
                            ("reset-account", "找回密码·邮箱"),
                            ("reset-address", "找回密码·地址"),
                        ],
                        max_length=16,
                        verbose_name="种类",
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("shown", models.CharField(blank=True, max_length=150, verbose_name="帐号或地址")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="次数")),
                ("last_at", models.DateTimeField(db_index=True, verbose_name="最近一次")),
                ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="暂停至")),
            ],
            options={
                "verbose_name": "登录暂停",
                "verbose_name_plural": "登录暂停",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("scope", "key"), name="one_tally_for_each")],
            },
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("user", "digest"), name="a_code_once_a_person"),
        ),
    ]
