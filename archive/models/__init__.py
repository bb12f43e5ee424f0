"""The museum's domain, lowest layer first: access (beside it), dates, slugs, identifiers → authorities → base (the
spine) → books, videos, photos, stories → exhibitions → asset_uses, listings → site.

Nothing here knows the desk, the importers or the public views: they stand above and listen to `signals`.
"""

from .acts import Act, ActSeal
from .asset_uses import AssetUse
from .authorities import Agent, Place, PlaceName, Series, Topic
from .base import ArchivePage, PageAgent, PageAward, PagePlace, PageTopic, RelatedItem
from .book_changes import Change, ChangeSet, PassageRevision
from .book_imports import BookImport, ImportPicture, ImportProblem
from .book_layout import Figure, LeafLayout
from .books import Anchor, BookPage, Leaf, Section
from .bulk_edits import BulkEdit, BulkEditLine
from .campaigns import Campaign, ContributingTown, Submission, SubmissionAct, SubmissionFile, SubmissionState
from .exhibitions import ExhibitedItem, ExhibitionPage
from .group_rules import GroupRule
from .identifiers import Identifier
from .inventories import Inventory, InventoryMapping, InventoryRow
from .letters import SentLetter
from .particulars import EnglishParticulars
from .photos import AlbumPage, PhotoPage
from .reviews import EmergencyPublication, ReviewState, ReviewTask
from .share_links import ShareLink
from .sign_in import RecoveryCode, SignInTally
from .site import (
    BookIndexPage,
    ExhibitionIndexPage,
    FreePage,
    HomePage,
    IndexPage,
    MuseumSettings,
    PhotoIndexPage,
    StoryIndexPage,
    VideoIndexPage,
)
from .stories import ColumnPage, StoryPage
from .upload_batches import BatchRow, UploadBatch
from .videos import CaptionTrack, PlaysElsewhere, VideoCredit, VideoPage, VideoSeriesPage
from .wording import TraditionalWording

__all__ = [
    "Act",
    "ActSeal",
    "Agent",
    "AlbumPage",
    "Anchor",
    "ArchivePage",
    "AssetUse",
    "BatchRow",
    "BookImport",
    "BookIndexPage",
    "BookPage",
    "BulkEdit",
    "BulkEditLine",
    "Campaign",
    "CaptionTrack",
    "Change",
    "ChangeSet",
    "ColumnPage",
    "ContributingTown",
    "EmergencyPublication",
    "EnglishParticulars",
    "ExhibitedItem",
    "ExhibitionIndexPage",
    "ExhibitionPage",
    "Figure",
    "FreePage",
    "GroupRule",
    "HomePage",
    "Identifier",
    "ImportPicture",
    "ImportProblem",
    "IndexPage",
    "Inventory",
    "InventoryMapping",
    "InventoryRow",
    "Leaf",
    "LeafLayout",
    "MuseumSettings",
    "PageAgent",
    "PageAward",
    "PagePlace",
    "PageTopic",
    "PassageRevision",
    "PhotoIndexPage",
    "PhotoPage",
    "Place",
    "PlaceName",
    "PlaysElsewhere",
    "RecoveryCode",
    "RelatedItem",
    "ReviewState",
    "ReviewTask",
    "Section",
    "SentLetter",
    "Series",
    "ShareLink",
    "SignInTally",
    "StoryIndexPage",
    "StoryPage",
    "Submission",
    "SubmissionAct",
    "SubmissionFile",
    "SubmissionState",
    "Topic",
    "TraditionalWording",
    "UploadBatch",
    "VideoCredit",
    "VideoIndexPage",
    "VideoPage",
    "VideoSeriesPage",
]
