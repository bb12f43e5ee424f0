"""The covers of PDFs."""

import pytest
from django.core.files.base import ContentFile

from archive.models import BookPage
from media_assets.decoding.covers import MAX_HEIGHT, MAX_WIDTH, first_page
from media_assets.file_errors import UnreadableFile
from media_assets.models import ArchiveDocument, Derivative
from tests import factories


@pytest.fixture
def pdf(shared_data) -> bytes:
    return (shared_data / "pdf" / "honglou-pinglun_vertical.pdf").read_bytes()


@pytest.mark.django_db
def test_a_pdf_has_its_first_page_in_the_sizes_of_a_picture(media_root, pdf):
    document = ArchiveDocument.objects.create(title="红楼梦评论", file=ContentFile(pdf, "红楼梦评论.pdf"))

    assert {(row.preset, row.format) for row in document.derivatives.all()} >= {("w320", "webp"), ("w960", "jpeg")}
    assert all(row.width <= 1920 for row in document.derivatives.all())
    assert {row.source_sha256 for row in document.derivatives.all()} == {document.sha256}


@pytest.mark.django_db
def test_another_file_takes_the_cover_of_the_first_away(media_root, pdf, settings):
    document = ArchiveDocument.objects.create(title="红楼梦评论", file=ContentFile(pdf, "红楼梦评论.pdf"))
    document.file = ContentFile("序".encode(), "序.txt")
    document.save()

    assert not Derivative.objects.filter(document=document).exists()


@pytest.mark.django_db
def test_a_book_without_a_picture_shows_the_first_page_of_its_file(home, client, pdf):
    document = factories.document("红楼梦评论", pdf, "红楼梦评论.pdf")
    book = factories.book("红楼梦评论", pdf=document)

    assert book.picture == document
    assert document.fitting(320).url in client.get(book.get_url()).content.decode()
    card = BookPage.objects.for_cards().get(pk=book.pk)
    assert card.picture == document
    chosen = factories.image("书影")
    book.lead_image = chosen
    book.save_revision().publish()
    assert BookPage.objects.get(pk=book.pk).picture == chosen


@pytest.mark.parametrize("name", ["encryption_openpassword.pdf", "javascript.pdf", "corruptionOneByteMissing.pdf"])
def test_odd_files_give_a_page_or_say_that_there_is_none(shared_data, name):
    try:
        picture, width, height = first_page(str(shared_data / "pdf" / name))
    except UnreadableFile as error:
        assert "PDF" in error.reason
    else:
        assert picture.startswith(b"\xff\xd8")
        assert 0 < width <= MAX_WIDTH
        assert 0 < height <= MAX_HEIGHT


def test_a_page_that_claims_to_be_enormous_is_drawn_small(tmp_path):
    path = tmp_path / "大.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 14000000 14000000]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    _picture, width, height = first_page(str(path))

    assert (width, height) == (MAX_WIDTH, MAX_WIDTH)
