"""The media assets, lowest layer first: access_level, rights → asset → image, video, document, scan →
caption_text, derivative, film, pyramid, outbox, job, fixity, upload.

Nothing here knows a page: pages point at assets, and the museum's visibility rule reaches
the files through `media_assets.delivery`.
"""

from .access_level import AccessLevel
from .asset import ArchiveAsset, PicturedAsset
from .caption_text import CaptionText
from .derivative import Derivative, DerivativeFormat, Preset
from .document import ArchiveDocument
from .film import FilmStream, Segment, Storyboard
from .fixity import FixityCheck, FixityState
from .image import ArchiveImage, ArchiveRendition
from .job import Batch, Job, JobState
from .outbox import AssetKind, FileRemoval, PublicCopyRequest
from .pyramid import Pyramid
from .rights import RightsStatement
from .scan import Scan
from .upload import Upload, UploadState
from .video import ArchiveVideo

__all__ = [
    "AccessLevel",
    "ArchiveAsset",
    "ArchiveDocument",
    "ArchiveImage",
    "ArchiveRendition",
    "ArchiveVideo",
    "AssetKind",
    "Batch",
    "CaptionText",
    "Derivative",
    "DerivativeFormat",
    "FileRemoval",
    "FilmStream",
    "FixityCheck",
    "FixityState",
    "Job",
    "JobState",
    "PicturedAsset",
    "Preset",
    "PublicCopyRequest",
    "Pyramid",
    "RightsStatement",
    "Scan",
    "Segment",
    "Storyboard",
    "Upload",
    "UploadState",
]
