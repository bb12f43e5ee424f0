"""The demonstration's pages, published one by one as an editor publishes them."""

import json
from dataclasses import dataclass
from datetime import date

from wagtail.models import Page

from archive.access import AccessLevel
from archive.models import (
    AlbumPage,
    Anchor,
    ArchivePage,
    BookPage,
    CaptionTrack,
    ColumnPage,
    FreePage,
    HomePage,
    Leaf,
    PageAgent,
    PagePlace,
    PageTopic,
    PhotoPage,
    PlaysElsewhere,
    Section,
    StoryPage,
    VideoCredit,
    VideoPage,
    VideoSeriesPage,
)

from .authorities import Authorities
from .files import Library
from .keys import key_of
from .leaves_of_book import bind
from .records import (
    AlbumRecord,
    BookRecord,
    Catalogue,
    FilmRecord,
    GroupRecord,
    PhotoRecord,
    SectionRecord,
    StoryRecord,
)


@dataclass
class Publisher:
    """Makes and publishes pages of records. `user` stands as their author; `pages` keeps them by key."""

    authorities: Authorities
    library: Library
    user: object
    pages: dict[str, Page]

    # --- One kind each ----------------------------------------------------------------------------------------

    def album(self, record: AlbumRecord, index: Page) -> None:
        """The album without its photographs, which follow one by one."""
        self._add(index, AlbumPage, record.key, record.catalogue, lead_image=self.library.images[record.cover])

    def photo(self, record: PhotoRecord, parent: Page) -> None:
        self._add(
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
        self._add(index, VideoSeriesPage, record.key, record.catalogue, lead_image=picture)

    def film(self, record: FilmRecord, series_page: Page) -> None:
        self._add(
            series_page,
            VideoPage,
            record.key,
            record.catalogue,
            video=self.library.videos[record.key],
            season=record.season,
            episode=record.episode,
            first_broadcast=date.fromisoformat(record.broadcast),
            transcript=record.transcript,
            captions=[CaptionTrack(document=self.library.captions[record.key])],
            credits=[VideoCredit(role=role, name=name) for role, name in record.credits],
            plays=[
                PlaysElsewhere(platform=platform, count=count, counted_on=date.fromisoformat(day), source=source)
                for platform, count, day, source in record.plays
            ],
        )

    def book(self, record: BookRecord, index: Page) -> None:
        """The text goes in before the book is published, as an editor would have it."""
        book = self._draft(index, BookPage, record.key, record.catalogue, **record.fields)
        book.lead_image = self.library.images[record.cover] if record.cover else None
        sections = _sections(book, record.sections)
        if record.leaves:
            self._leaves(book, record, sections)
        self._publish(record.key, book)

    def column(self, record: GroupRecord, index: Page) -> None:
        picture = self.library.images[record.picture]
        self._add(index, ColumnPage, record.key, record.catalogue, lead_image=picture)

    def story(self, record: StoryRecord, parent: Page) -> None:
        self._add(
            parent,
            StoryPage,
            record.key,
            record.catalogue,
            byline=record.byline,
            instalment=record.instalment,
            lead_image=self.library.images[record.picture],
            body=self._body(record.body),
        )

    def free_page(self, key: str, title: str, slug: str, body: tuple, home: HomePage) -> None:
        page = FreePage(title=title, slug=slug, translation_key=key_of("page", key), show_in_menus=True)
        page.body = self._body(body)
        page.live = False
        home.add_child(instance=page)
        self._publish(key, page)

    # --- What they share --------------------------------------------------------------------------------------

    def _add(self, parent: Page, model: type[ArchivePage], key: str, catalogue: Catalogue, **fields) -> None:
        self._publish(key, self._draft(parent, model, key, catalogue, **fields))

    def _draft(self, parent: Page, model: type[ArchivePage], key: str, catalogue: Catalogue, **fields) -> ArchivePage:
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
        return page

    def _publish(self, key: str, page: Page) -> None:
        page.full_clean()
        page.save_revision(user=self.user).publish(user=self.user)
        self.pages[key] = page

    def _leaves(self, book: BookPage, record: BookRecord, sections: dict[str, Section]) -> None:
        for side in bind(record.leaves):
            leaf = Leaf(
                book=book,
                key=side.key,
                position=side.position,
                label=side.label,
                scan=self.library.scans[side.key],
                text=side.set_leaf.text,
            )
            leaf.save()
            for piece in side.set_leaf.pieces:
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
        return json.dumps([{"type": kind, "value": self._block(kind, value)} for kind, value in blocks])

    def _block(self, kind: str, value) -> object:
        match kind:
            case "picture":
                return value | {"image": self.library.images[value["image"]].pk}
            case "picture_pair":
                return {side: self._block("picture", picture) for side, picture in value.items()}
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
