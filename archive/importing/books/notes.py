"""What an import tells while it is applied, gathered and written at once."""

from django.utils.translation import gettext as _

from archive.models import BookImport, ImportProblem

MOST = 2_000


class Notes:
    """Things that a person should look at, in the order in which they were found."""

    def __init__(self, run: BookImport):
        self._run = run
        self._rows: list[ImportProblem] = []

    def add(self, code: str, where: str, message: str) -> None:
        doubtful = ImportProblem.Severity.DOUBTFUL
        self._rows.append(
            ImportProblem(book_import=self._run, severity=doubtful, code=code, where=where[:255], message=message)
        )

    def corrected(self, where: str) -> None:
        message = _("底本与上次不同，但这段文字经人更正过：保留更正，底本新文可在旧稿旁比较。")
        self.add("corrected", where, message)

    def write(self) -> None:
        """Keep them; of very many the first."""
        ImportProblem.objects.bulk_create(self._rows[:MOST], batch_size=500)
