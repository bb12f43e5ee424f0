"""The formats that books come in, in the order in which a file is shown to them."""

from .contract import BookFormat
from .kanripo import Kanripo
from .page_images import PageImages
from .pdf import Pdf
from .plain_text import PlainText
from .sheets import Sheets
from .word import Word

FORMATS: tuple[BookFormat, ...] = (Kanripo(), Pdf(), Word(), Sheets(), PageImages(), PlainText())
