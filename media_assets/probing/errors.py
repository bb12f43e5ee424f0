"""Why a file cannot be kept, in the words that an editor reads."""


class FileError(Exception):
    """`reason` is a Chinese sentence for the person who handed the file in."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class UnreadableFile(FileError):  # noqa: N818 (it names the file, not the fault)
    """Damaged, cut short, or not what its signature says."""


class RefusedFile(FileError):  # noqa: N818
    """Whole perhaps, but of a type or a size that is not kept."""
