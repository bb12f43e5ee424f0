from django.db import migrations
from django.db.models import OuterRef, Subquery


def give_books_their_file(apps, schema_editor):
    """Of books that came before: one statement, whatever their number."""
    page_model, book_model = apps.get_model("archive", "ArchivePage"), apps.get_model("archive", "BookPage")
    file = book_model.objects.filter(pk=OuterRef("pk")).values("pdf_id")[:1]
    books = book_model.objects.filter(lead_image=None).exclude(pdf=None).values("pk")
    page_model.objects.filter(pk__in=list(books.values_list("pk", flat=True))).update(cover_document=Subquery(file))


class Migration(migrations.Migration):
    """Back: nothing to do, the column goes with the migration before."""

    dependencies = [("archive", "0006_covers_of_books")]

    operations = [migrations.RunPython(give_books_their_file, migrations.RunPython.noop)]
