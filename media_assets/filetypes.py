"""The closed list of file types the museum keeps: what each is called, and what its files end in.

A type that is not here is refused at the door: it could be neither shown, nor checked, nor still be
readable when it is needed.
"""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """`reader` is what opens it: Pillow's format name, or FFmpeg's demuxer; none for documents."""

    mime_type: str
    extension: str
    kind: FileKind
    reader: str = ""


_IMAGE, _VIDEO, _AUDIO, _DOCUMENT = FileKind.IMAGE, FileKind.VIDEO, FileKind.AUDIO, FileKind.DOCUMENT
_OFFICE = "application/vnd.openxmlformats-officedocument."

FILE_TYPES: tuple[FileType, ...] = (
    FileType("image/jpeg", "jpg", _IMAGE, "JPEG"),
    FileType("image/png", "png", _IMAGE, "PNG"),
    FileType("image/webp", "webp", _IMAGE, "WEBP"),
    FileType("image/gif", "gif", _IMAGE, "GIF"),
    FileType("image/tiff", "tif", _IMAGE, "TIFF"),
    FileType("image/avif", "avif", _IMAGE, "AVIF"),
    FileType("image/heic", "heic", _IMAGE, "HEIF"),
    FileType("image/jp2", "jp2", _IMAGE, "JPEG2000"),
    FileType("image/j2c", "j2k", _IMAGE, "JPEG2000"),
    FileType("video/mp4", "mp4", _VIDEO, "mov"),
    FileType("audio/mp4", "m4a", _AUDIO, "mov"),
    FileType("video/quicktime", "mov", _VIDEO, "mov"),
    FileType("video/webm", "webm", _VIDEO, "matroska"),
    FileType("audio/webm", "weba", _AUDIO, "matroska"),
    FileType("video/x-matroska", "mkv", _VIDEO, "matroska"),
    FileType("audio/x-matroska", "mka", _AUDIO, "matroska"),
    FileType("video/x-msvideo", "avi", _VIDEO, "avi"),
    FileType("video/mpeg", "mpg", _VIDEO, "mpeg"),
    FileType("video/mp2t", "ts", _VIDEO, "mpegts"),
    FileType("video/x-ms-asf", "wmv", _VIDEO, "asf"),
    FileType("audio/x-ms-wma", "wma", _AUDIO, "asf"),
    FileType("video/ogg", "ogv", _VIDEO, "ogg"),
    FileType("audio/ogg", "ogg", _AUDIO, "ogg"),
    FileType("audio/mpeg", "mp3", _AUDIO, "mp3"),
    FileType("audio/wav", "wav", _AUDIO, "wav"),
    FileType("audio/flac", "flac", _AUDIO, "flac"),
    FileType("audio/aac", "aac", _AUDIO, "aac"),
    FileType("audio/aiff", "aiff", _AUDIO, "aiff"),
    FileType("application/pdf", "pdf", _DOCUMENT),
    FileType(f"{_OFFICE}wordprocessingml.document", "docx", _DOCUMENT),
    FileType(f"{_OFFICE}spreadsheetml.sheet", "xlsx", _DOCUMENT),
    FileType(f"{_OFFICE}presentationml.presentation", "pptx", _DOCUMENT),
    FileType("application/vnd.oasis.opendocument.text", "odt", _DOCUMENT),
    FileType("application/vnd.oasis.opendocument.spreadsheet", "ods", _DOCUMENT),
    FileType("application/epub+zip", "epub", _DOCUMENT),
    FileType("application/msword", "doc", _DOCUMENT),
    FileType("application/vnd.ms-excel", "xls", _DOCUMENT),
    FileType("application/vnd.ms-powerpoint", "ppt", _DOCUMENT),
    FileType("application/rtf", "rtf", _DOCUMENT),
    FileType("text/vtt", "vtt", _DOCUMENT),
    FileType("application/x-subrip", "srt", _DOCUMENT),
    FileType("text/csv", "csv", _DOCUMENT),
    FileType("text/plain", "txt", _DOCUMENT),
)

_BY_EXTENSION = {file_type.extension: file_type for file_type in FILE_TYPES}
_BY_MIME_TYPE = {file_type.mime_type: file_type for file_type in FILE_TYPES}


def file_type(mime_type: str) -> FileType:
    """The type's entry. Raises KeyError for one that is not kept here."""
    return _BY_MIME_TYPE[mime_type]


_RECORDINGS = {
    "video/mp4": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "video/webm": "audio/webm",
    "video/x-matroska": "audio/x-matroska",
    "video/x-ms-asf": "audio/x-ms-wma",
    "video/ogg": "audio/ogg",
}
_FILMS = {"audio/mp4": "video/mp4"}


def mime_type_as(kind: FileKind, mime_type: str) -> str:
    """The same container under the name it has when it holds a film, or when it holds sound alone."""
    names = _RECORDINGS if kind is FileKind.AUDIO else _FILMS
    return names.get(mime_type, mime_type)


def mime_type_of_extension(extension: str) -> str:
    """The type of a file that this app has named. Raises KeyError for any other extension."""
    return _BY_EXTENSION[extension].mime_type


def extension_of(mime_type: str) -> str:
    return _BY_MIME_TYPE[mime_type].extension


_SPELLINGS = {"jpg": "jpeg", "heic": "heif", "tif": "tiff", "mpg": "mpeg", "mp4": "m4v", "aiff": "aif", "ogg": "oga"}


def extensions(*kinds: FileKind) -> list[str]:
    """What the files of these kinds end in, with the usual second spellings."""
    found = {t.extension for t in FILE_TYPES if t.kind in kinds}
    return sorted(found | {second for first, second in _SPELLINGS.items() if first in found})


def type_of_name(name: str) -> FileType | None:
    """What a person's file is by its name alone, a guess until its bytes are there; None for what is not kept here."""
    extension = name.rpartition(".")[2].lower()
    first = {second: first for first, second in _SPELLINGS.items()}.get(extension, extension)
    return _BY_EXTENSION.get(first)
