import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0005_film_chapters"),
        ("media_assets", "0009_caption_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="archivepage",
            name="cover_document",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.WAGTAILDOCS_DOCUMENT_MODEL,
            ),
        ),
    ]
