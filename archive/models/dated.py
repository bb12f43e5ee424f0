"""A date as it was written, with the range of days that it stands for."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.dates import HistoricalDate, describe, interpret


def meaning_of(written: str) -> str:
    """How a written date is understood, in one line; empty when nothing is written."""
    if not written.strip():
        return ""
    date = interpret(written)
    if date is None:
        return gettext("未能理解，将照原文保存与显示，但不参与按年代的排序与筛选。")
    return gettext("理解为：%(words)s") % {"words": describe(date)}


class DatedMixin(models.Model):
    """Keeps what was written and derives the rest from it at every save.

    ``date_earliest`` and ``date_latest`` are day numbers of the proleptic Gregorian calendar, signed, with day 1 at
    0001-01-01 as in :meth:`datetime.date.toordinal`; both are empty when the words could not be understood.
    """

    date_written = models.CharField(
        _("年代（照原文）"),
        max_length=120,
        blank=True,
        help_text=_("照原件写，例如“康熙二十八年”“民国廿五年”“1978年12月”“二十世纪八十年代”“1962—1965年”。"),
    )
    date_earliest = models.BigIntegerField(null=True, blank=True, editable=False, db_index=True)
    date_latest = models.BigIntegerField(null=True, blank=True, editable=False, db_index=True)
    date_precision = models.CharField(max_length=12, blank=True, editable=False)
    date_edtf = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def order_constraint(name: str) -> models.CheckConstraint:
        """The range is whole (both ends or none) and runs forward. Each model adds it under its own name."""
        return models.CheckConstraint(
            condition=models.Q(date_earliest__isnull=True, date_latest__isnull=True)
            | models.Q(date_earliest__isnull=False, date_latest__gte=models.F("date_earliest")),
            name=f"{name}_date_order",
        )

    @property
    def date(self) -> HistoricalDate | None:
        """What the written date means, or None."""
        return interpret(self.date_written) if self.date_written else None

    @property
    def date_in_words(self) -> str:
        """The meaning in Gregorian words where it adds something to what is written, else nothing."""
        date = self.date
        words = describe(date) if date else ""
        return words if words != self.date_written.strip() else ""

    @property
    def date_not_understood(self) -> bool:
        """Whether something is written that cannot be sorted or filtered by."""
        return bool(self.date_written.strip()) and self.date is None

    def date_meaning(self) -> str:
        """One line for the editor: how the written date is understood, or that it is only kept as written."""
        return meaning_of(self.date_written)

    def derive_dates(self) -> None:
        """Fill the range from what is written."""
        date = self.date
        self.date_earliest = date.earliest if date else None
        self.date_latest = date.latest if date else None
        self.date_precision = date.precision if date else ""
        self.date_edtf = date.edtf[:80] if date else ""

    def save(self, *args, **kwargs) -> None:
        self.derive_dates()
        super().save(*args, **kwargs)
