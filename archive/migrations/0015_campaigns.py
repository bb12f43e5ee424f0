import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import archive.models.campaigns


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0014_inventories"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("media_assets", "0013_uploads"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="题名")),
                ("wanted", models.TextField(help_text="内容、要求与用途；空一行为一段。", verbose_name="征集什么")),
                ("wants_pictures", models.BooleanField(default=True, verbose_name="收照片")),
                ("wants_films", models.BooleanField(default=False, verbose_name="收影片")),
                ("wants_texts", models.BooleanField(default=True, verbose_name="收文字")),
                ("is_for_all", models.BooleanField(default=True, verbose_name="向所有来稿镇街征集")),
                ("opens_on", models.DateField(verbose_name="开始日期")),
                ("closes_on", models.DateField(help_text="当天仍可来稿。", verbose_name="截止日期")),
                ("is_closed_early", models.BooleanField(default=False, verbose_name="提前结束")),
                ("consent_text", models.TextField(verbose_name="授权同意书")),
                ("consent_version", models.PositiveIntegerField(default=1, editable=False)),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="联系人与电话")),
                (
                    "towns",
                    models.ManyToManyField(
                        blank=True,
                        help_text="没有勾上面一项时，只有选中的镇街看得到这次征集。",
                        limit_choices_to={"contributing_town__isnull": False},
                        related_name="+",
                        to="archive.place",
                        verbose_name="只向这些镇街征集",
                    ),
                ),
            ],
            options={
                "verbose_name": "征集活动",
                "verbose_name_plural": "征集活动",
                "ordering": ["-opens_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ContributingTown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "collection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="待收文件夹",
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributing_town",
                        to="auth.group",
                        verbose_name="来稿人组",
                    ),
                ),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributing_town",
                        to="archive.place",
                        verbose_name="镇街/村",
                    ),
                ),
            ],
            options={
                "verbose_name": "来稿镇街",
                "verbose_name_plural": "来稿镇街",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "date_written",
                    models.CharField(
                        blank=True,
                        help_text="照原件写，例如“康熙二十八年”“民国廿五年”“1978年12月”“二十世纪八十年代”“1962—1965年”。",
                        max_length=120,
                        verbose_name="年代（照原文）",
                    ),
                ),
                ("date_earliest", models.BigIntegerField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.BigIntegerField(blank=True, db_index=True, editable=False, null=True)),
                ("date_precision", models.CharField(blank=True, editable=False, max_length=12)),
                ("date_edtf", models.CharField(blank=True, editable=False, max_length=80)),
                (
                    "receipt",
                    models.CharField(
                        default=archive.models.campaigns.new_receipt,
                        editable=False,
                        max_length=20,
                        unique=True,
                        verbose_name="回执号",
                    ),
                ),
                ("contributor_name", models.CharField(editable=False, max_length=200, verbose_name="来稿人")),
                (
                    "kind",
                    models.CharField(
                        choices=[("picture", "照片"), ("film", "影片"), ("text", "文字")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="题名")),
                ("text", models.TextField(blank=True, max_length=50000, verbose_name="说明或正文")),
                ("author", models.CharField(blank=True, max_length=120, verbose_name="作者（拍摄者、撰文者）")),
                ("people", models.CharField(blank=True, max_length=500, verbose_name="图中人物")),
                ("place_written", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("sent", "已送出"),
                            ("returned", "退回补充"),
                            ("accepted", "已采用"),
                            ("declined", "未采用"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("consent", models.TextField(blank=True, editable=False)),
                ("consent_version", models.PositiveIntegerField(editable=False, null=True)),
                ("consent_name", models.CharField(blank=True, editable=False, max_length=200)),
                ("consent_at", models.DateTimeField(editable=False, null=True)),
                ("reply", models.TextField(blank=True, max_length=2000, verbose_name="给方志办的答复")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="送出时间")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="archive.campaign",
                        verbose_name="征集活动",
                    ),
                ),
                (
                    "contributor",
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("pages", models.ManyToManyField(editable=False, related_name="+", to=settings.WAGTAIL_PAGE_MODEL)),
                (
                    "town",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="archive.contributingtown",
                        verbose_name="镇街",
                    ),
                ),
            ],
            options={
                "verbose_name": "来稿",
                "verbose_name_plural": "来稿",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SubmissionAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("sent", "已送出"),
                            ("returned", "退回补充"),
                            ("accepted", "已采用"),
                            ("declined", "未采用"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="archive.submission"
                    ),
                ),
            ],
            options={
                "verbose_name": "来稿经过",
                "verbose_name_plural": "来稿经过",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SubmissionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="media_assets.archivedocument",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="media_assets.archiveimage",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="archive.submission"
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="media_assets.archivevideo",
                    ),
                ),
            ],
            options={
                "verbose_name": "来稿文件",
                "verbose_name_plural": "来稿文件",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                name="campaign_runs_forward",
                violation_error_message="截止日期不能早于开始日期。",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["campaign", "state"], name="submission_tally"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["-sent_at"], name="submission_sent"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("date_earliest__isnull", True), ("date_latest__isnull", True)),
                    models.Q(("date_earliest__isnull", False), ("date_latest__gte", models.F("date_earliest"))),
                    _connector="OR",
                ),
                name="submission_date_order",
            ),
        ),
    ]
