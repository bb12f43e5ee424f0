"""The media assets, lowest layer first: access_level, rights → asset → image, video, document, scan →
derivative, outbox.

Nothing here knows a page: pages point at assets, and the museum's visibility rule reaches
the files through `media_assets.delivery`.
"""

from .access_level import AccessLevel
from .asset import ArchiveAsset, PicturedAsset
from .derivative import Derivative, DerivativeFormat, Preset
from .document import ArchiveDocument
from .image import ArchiveImage, ArchiveRendition
from .outbox import AssetKind, FileRemoval, PublicCopyRequest
from .rights import RightsStatement
from .scan import Scan
from .video import ArchiveVideo

__all__ = [
    "AccessLevel",
    "ArchiveAsset",
    "ArchiveDocument",
    "ArchiveImage",
    "ArchiveRendition",
    "ArchiveVideo",
    "AssetKind",
    "Derivative",
    "DerivativeFormat",
    "FileRemoval",
    "PicturedAsset",
    "Preset",
    "PublicCopyRequest",
    "RightsStatement",
    "Scan",
]
