"""What the demonstration's texts are made of: one frozen record a thing, which `build` turns into rows.

Every record has a `key` that never changes: rows are found again by it, whatever an editor renames.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlaceRecord:
    """`former` holds (name, years as written, note)."""

    key: str
    name: str
    kind: str
    parent: str = ""
    other_names: str = ""
    description: str = ""
    position: tuple[str, str] | None = None
    former: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class AgentRecord:
    key: str
    name: str
    kind: str
    written: str = ""
    other_names: str = ""
    description: str = ""


@dataclass(frozen=True)
class TopicRecord:
    key: str
    name: str
    description: str
    other_names: str = ""


@dataclass(frozen=True)
class SeriesRecord:
    key: str
    name: str
    colour: str
    description: str


@dataclass(frozen=True)
class Catalogue:
    """The part of a record that all pages share. `agents` holds (key, role)."""

    title: str
    slug: str
    written: str = ""
    description: str = ""
    other_titles: str = ""
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    agents: tuple[tuple[str, str], ...] = ()
    series: tuple[str, int] | None = None
    language: str = "zh-Hans"
    rights: str = "cc-by"
    credit: str = "栖澜县地方志办公室（虚构）供图"
    source: str = ""
    access: str = "OPEN"


@dataclass(frozen=True)
class SectionRecord:
    """`parts` are the sections beneath it, in order."""

    key: str
    kind: str
    title: str
    label: str = ""
    text: str = ""
    parts: tuple["SectionRecord", ...] = ()


@dataclass(frozen=True)
class BookRecord:
    """`fields` go to the page as they are. `cover` names a picture. A book with `leaves` keeps its text there:
    `leaves` is then the module's list of blocks, see `typesetting`."""

    key: str
    catalogue: Catalogue
    fields: dict
    sections: tuple[SectionRecord, ...]
    cover: str = ""
    leaves: tuple = ()


@dataclass(frozen=True)
class PhotoRecord:
    """`scene` names the drawing; `alt` says what is to be seen for those who cannot see it."""

    key: str
    scene: str
    catalogue: Catalogue
    alt: str
    caption: str = ""
    photographer: str = ""
    people: str = ""
    shot_at: str = ""
    seed: int | None = None


@dataclass(frozen=True)
class AlbumRecord:
    key: str
    catalogue: Catalogue
    cover: str
    photos: tuple[PhotoRecord, ...]


@dataclass(frozen=True)
class FilmRecord:
    """`captions` holds (from, to, words) in seconds; `plays` holds (platform, count, day, source)."""

    key: str
    scene: str
    catalogue: Catalogue
    season: int
    episode: int
    broadcast: str
    transcript: str
    captions: tuple[tuple[float, float, str], ...]
    credits: tuple[tuple[str, str], ...]
    plays: tuple[tuple[str, int, str, str], ...] = ()
    chapters: str = ""


@dataclass(frozen=True)
class StoryRecord:
    """`body` holds (block type, value); values name pictures, films and books by their keys."""

    key: str
    catalogue: Catalogue
    byline: str
    picture: str
    body: tuple[tuple[str, object], ...]
    instalment: int | None = None


@dataclass(frozen=True)
class GroupRecord:
    """A series of films or a column of stories."""

    key: str
    catalogue: Catalogue
    members: tuple = field(default=())
    picture: str = ""


@dataclass(frozen=True)
class RoomRecord:
    """`contents` holds (block type, value); an exhibit names its item by key."""

    heading: str
    introduction: str
    contents: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class ExhibitionRecord:
    key: str
    catalogue: Catalogue
    curators: str
    picture: str
    rooms: tuple[RoomRecord, ...]


@dataclass(frozen=True)
class CampaignRecord:
    """`opened` and `closes` are days from the day on which the demonstration is built."""

    key: str
    title: str
    wanted: str
    opened: int
    closes: int


@dataclass(frozen=True)
class SubmissionRecord:
    """`number` is the receipt without its check letter, by which it is known again; `picture` the key of a photograph
    of which a small print is sent."""

    number: str
    campaign: CampaignRecord
    kind: str
    title: str
    text: str
    author: str
    place: str
    date: str = ""
    people: str = ""
    picture: str = ""
    returned: str = ""
    is_draft: bool = False
    is_accepted: bool = False
