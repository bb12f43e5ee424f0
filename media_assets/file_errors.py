"""Why a file cannot be kept or shown, in the words that an editor reads. Knows nothing of Django, because the process
that decodes untrusted files raises these too and must start in a few milliseconds."""


def marked(text: str) -> str:
    """The text itself. Imported as `_` where Django is not at hand: a mark for the collector of messages, which
    `media_assets.sandbox` translates when the error reaches the museum."""
    return text


class FileError(Exception):
    """`reason` is a Chinese sentence for the person who handed the file in; `values` fill its `%(name)s` places."""

    def __init__(self, message: str, **values):
        self.message, self.values = message, values
        self.reason = message % values if values else message
        super().__init__(self.reason)


class UnreadableFile(FileError):  # noqa: N818 (it names the file, not the fault)
    """Damaged, cut short, or not what its signature says."""


class RefusedFile(FileError):  # noqa: N818
    """Whole perhaps, but of a type, a size or a content that is not kept."""


class UnshownFile(FileError):  # noqa: N818
    """Whole as far as can be told, and kept, but nothing here decodes it. Its reasons begin with `OPENING`."""

    OPENING = "已保存原件，暂不能显示"
