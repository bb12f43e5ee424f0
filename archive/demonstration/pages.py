"""The demonstration's pages: drafted first, all of them, so that each may name the others, then published one by one
as an editor publishes them."""

import json
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from wagtail.models import Page

from archive.access import AccessLevel
from archive.models import (
    AlbumPage,
    Anchor,
    ArchivePage,
    BookPage,
    CaptionTrack,
    ColumnPage,
    ExhibitionPage,
    FreePage,
    HomePage,
    Leaf,
    LeafLayout,
    PageAgent,
    PagePlace,
    PageTopic,
    PhotoPage,
    PlaysElsewhere,
    RelatedItem,
    Section,
    StoryPage,
    VideoCredit,
    VideoPage,
    VideoSeriesPage,
)

from .authorities import Authorities
from .files import Library
from .keys import key_of
from .leaves_of_book import leaves_of
from .records import (
    AlbumRecord,
    BookRecord,
    Catalogue,
    ExhibitionRecord,
    FilmRecord,
    GroupRecord,
    PhotoRecord,
    SectionRecord,
    StoryRecord,
)


@dataclass
class Publisher:
    """Makes and publishes pages of records. `user` stands as their author; `pages` keeps them by key, those too that
    an earlier run has made: they stay as they are."""

    authorities: Authorities
    library: Library
    user: object
    pages: dict[str, Page] = field(default_factory=dict)

    # --- One kind each ----------------------------------------------------------------------------------------

    def album(self, record: AlbumRecord, index: Page) -> None:
        """The album without its photographs, which follow one by one."""
        self._draft(index, AlbumPage, record.key, record.catalogue, lead_image=self.library.images[record.cover])

    def photo(self, record: PhotoRecord, parent: Page) -> None:
        self._draft(
            parent,
            PhotoPage,
            record.key,
            record.catalogue,
            lead_image=self.library.images[record.key],
            caption=record.caption,
            photographer=record.photographer,
            people_shown=record.people,
            shot_at=record.shot_at,
        )

    def film_series(self, record: GroupRecord, index: Page) -> None:
        picture = self.library.images[record.picture] if record.picture else None
        self._draft(index, VideoSeriesPage, record.key, record.catalogue, lead_image=picture)

    def film(self, record: FilmRecord, series_page: Page) -> None:
        self._draft(
            series_page,
            VideoPage,
            record.key,
            record.catalogue,
            video=self.library.videos[record.key],
            season=record.season,
            episode=record.episode,
            first_broadcast=date.fromisoformat(record.broadcast),
            transcript=record.transcript,
            chapters=record.chapters,
            captions=[CaptionTrack(document=self.library.captions[record.key])],
            credits=[VideoCredit(role=role, name=name) for role, name in record.credits],
            plays=[
                PlaysElsewhere(platform=platform, count=count, counted_on=date.fromisoformat(day), source=source)
                for platform, count, day, source in record.plays
            ],
        )

    def book(self, record: BookRecord, index: Page) -> None:
        """The text goes in before the book is published, as an editor would have it."""
        cover = self.library.images[record.cover] if record.cover else None
        with transaction.atomic():
            if self._draft(index, BookPage, record.key, record.catalogue, lead_image=cover, **record.fields):
                book = self.pages[record.key]
                self._leaves(book, record, _sections(book, record.sections))

    def column(self, record: GroupRecord, index: Page) -> None:
        picture = self.library.images[record.picture]
        self._draft(index, ColumnPage, record.key, record.catalogue, lead_image=picture)

    def story(self, record: StoryRecord, parent: Page) -> None:
        self._draft(
            parent,
            StoryPage,
            record.key,
            record.catalogue,
            byline=record.byline,
            instalment=record.instalment,
            lead_image=self.library.images[record.picture],
            body=self._body(record.body),
        )

    def exhibition(self, record: ExhibitionRecord, index: Page) -> None:
        rooms = [
            {"heading": room.heading, "introduction": room.introduction, "contents": self._stream(room.contents)}
            for room in record.rooms
        ]
        self._draft(
            index,
            ExhibitionPage,
            record.key,
            record.catalogue,
            curators=record.curators,
            lead_image=self.library.images[record.picture],
            rooms=json.dumps([{"type": "room", "value": room} for room in rooms]),
        )

    def free_page(self, key: str, title: str, slug: str, body: tuple, home: HomePage) -> None:
        if key in self.pages:
            return
        page = FreePage(title=title, slug=slug, translation_key=key_of("page", key), show_in_menus=True)
        page.body = self._body(body)
        page.live = False
        self.pages[key] = home.add_child(instance=page)

    # --- What they share --------------------------------------------------------------------------------------

    def _draft(self, parent: Page, model: type[ArchivePage], key: str, catalogue: Catalogue, **fields) -> bool:
        """A page that nobody sees yet, unless there is one; returns whether it was made now."""
        if key in self.pages:
            return False
        series, position = catalogue.series or (None, None)
        page = model(
            translation_key=key_of("page", key),
            title=catalogue.title,
            slug=catalogue.slug,
            date_written=catalogue.written,
            description=catalogue.description,
            other_titles=catalogue.other_titles,
            language=catalogue.language,
            rights=catalogue.rights,
            credit=catalogue.credit,
            source=catalogue.source,
            access=AccessLevel[catalogue.access],
            series=self.authorities.series.get(series),
            series_position=position,
            owner=self.user,
            live=False,
            **fields,
        )
        page.page_places = [PagePlace(place=self.authorities.places[place]) for place in catalogue.places]
        page.page_topics = [PageTopic(topic=self.authorities.topics[topic]) for topic in catalogue.topics]
        page.page_agents = [
            PageAgent(agent=self.authorities.agents[agent], role=role) for agent, role in catalogue.agents
        ]
        parent.add_child(instance=page)
        self.pages[key] = page
        return True

    @transaction.atomic
    def publish(self, key: str, related: tuple[str, ...] = ()) -> None:
        """Publish a draft with what it is related to; a page that was published before stays as it is."""
        page = self.pages[key].specific
        if page.first_published_at is not None:
            return
        if related:
            page.related_items = [RelatedItem(related_id=self.pages[other].pk) for other in related]
        page.save_revision(user=self.user).publish(user=self.user)

    def _leaves(self, book: BookPage, record: BookRecord, sections: dict[str, Section]) -> None:
        for planned in leaves_of(record.key):
            leaf = Leaf(
                book=book,
                key=planned.key,
                position=planned.position,
                label=planned.label,
                scan=self.library.scans[f"{record.key}-{planned.key}"],
                text=planned.text,
            )
            leaf.save()
            if planned.boxes:
                LeafLayout.objects.create(leaf=leaf, boxes=planned.boxes)
            for piece in planned.pieces:
                Anchor.objects.create(
                    section=sections[piece.key],
                    leaf=leaf,
                    section_start=piece.section_start,
                    section_end=piece.section_end,
                    leaf_start=piece.leaf_start,
                    leaf_end=piece.leaf_end,
                )

    # --- Stories ----------------------------------------------------------------------------------------------

    def _body(self, blocks: tuple) -> str:
        """The stream in the form in which it is stored, keys replaced by the rows that they name."""
        return json.dumps(self._stream(blocks))

    def _stream(self, blocks: tuple) -> list[dict]:
        return [{"type": kind, "value": self._block(kind, value)} for kind, value in blocks]

    def _block(self, kind: str, value) -> object:
        match kind:
            case "picture":
                return value | {"image": self.library.images[value["image"]].pk}
            case "picture_pair":
                return {side: self._block("picture", picture) for side, picture in value.items()}
            case "exhibit":
                return value | {"item": self.pages[value["item"]].pk}
            case "film":
                return value | {"film": self.pages[value["film"]].pk}
            case "book_citation":
                return value | {"book": self.pages[value["book"]].pk}
            case "table":
                return {"caption": value["caption"], "table": _table(value)}
            case "timeline":
                # A list of plain values: each gets its own block id when it is read.
                events = [{"when": when, "what": what} for when, what in value["events"]]
                return value | {"events": events}
            case _:
                return value


def _table(value: dict) -> dict:
    return {
        "columns": [{"type": kind, "heading": heading} for kind, heading in value["columns"]],
        "rows": [{"values": list(row)} for row in value["rows"]],
        "caption": "",
    }


def _sections(book: BookPage, records: tuple[SectionRecord, ...]) -> dict[str, Section]:
    """The table of contents as rows, in reading order; returns them by key."""
    made: dict[str, Section] = {}

    def add(record: SectionRecord, parent: Section | None, depth: int) -> None:
        section = Section(
            book=book,
            parent=parent,
            key=record.key,
            position=len(made) + 1,
            depth=depth,
            kind=record.kind,
            label=record.label,
            title=record.title,
            text=record.text,
        )
        section.save()
        made[record.key] = section
        for part in record.parts:
            add(part, section, depth + 1)

    for record in records:
        add(record, None, 1)
    return made
