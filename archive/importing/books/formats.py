"""The formats that books come in, in the order in which a file is shown to them."""

from .contract import BookFormat
from .kanripo import Kanripo
from .plain_text import PlainText
from .sheets import Sheets
from .word import Word

FORMATS: tuple[BookFormat, ...] = (Kanripo(), Word(), Sheets(), PlainText())
