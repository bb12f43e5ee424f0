"""ISBN-10 and ISBN-13 check digits (ISO 2108:2017)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def is_isbn(text: str) -> bool:
    """Whether the digits, hyphens and spaces left out, form an ISBN with the right check digit."""
    digits = text.replace("-", "").replace(" ", "").upper()
    if not digits.isascii() or not digits[:-1].isdigit():
        return False
    if len(digits) == 13 and digits.isdigit():
        return sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(digits)) % 10 == 0
    if len(digits) == 10 and (digits[-1].isdigit() or digits[-1] == "X"):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
    return False


def validate_isbn(text: str) -> None:
    if not is_isbn(text):
        raise ValidationError(_("ISBN 有误：应为 10 位或 13 位，且末位校验码相符。"))
