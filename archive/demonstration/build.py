"""Builds the demonstration through the same doors as an editor, in one transaction; and takes it away again."""

import logging
from collections.abc import Callable
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import models, transaction
from django.db.models import ProtectedError
from wagtail.models import Page, Site

from archive.access import AccessLevel
from archive.models import (
    Agent,
    AlbumPage,
    ArchivePage,
    BookIndexPage,
    BookPage,
    CaptionTrack,
    ColumnPage,
    FreePage,
    HomePage,
    MuseumSettings,
    PageAgent,
    PagePlace,
    PageTopic,
    PhotoIndexPage,
    PhotoPage,
    Place,
    PlaceName,
    PlaysElsewhere,
    Series,
    StoryIndexPage,
    StoryPage,
    Topic,
    VideoCredit,
    VideoIndexPage,
    VideoPage,
    VideoSeriesPage,
)
