"""The first page of a PDF as a picture. Run in the sandbox; imports nothing of Django."""

import io

import pypdfium2

from ..file_errors import UnreadableFile
from ..file_errors import marked as _

MAX_WIDTH, MAX_HEIGHT = 1920, 3840
MAX_SCALE = 4.0  # of 72 dots an inch: a page the size of a stamp is not blown up
JPEG_QUALITY = 92


def first_page(path: str) -> tuple[bytes, int, int]:
    """JPEG, width and height: at most 1920 × 3840 pixels whatever the page claims to measure. Raises
    UnreadableFile."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            page = document[0]
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                raise UnreadableFile(_("PDF 的第一页没有尺寸。"))
            scale = min(MAX_WIDTH / width, MAX_HEIGHT / height, MAX_SCALE)
            picture = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(_("PDF 的第一页画不出来，可能已损坏或设有密码。")) from error
    picture = picture.crop((0, 0, min(picture.width, MAX_WIDTH), min(picture.height, MAX_HEIGHT)))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue(), picture.width, picture.height
