"""The draft behind a link: the page as its newest revision has it, and the files that it shows."""

from archive.models import ArchivePage


def draft_of(page: ArchivePage) -> ArchivePage:
    """The newest words of a page, as an object that is never saved."""
    draft = page.specific.get_latest_revision_as_object()
    draft.choose_stand_ins()
    return draft


def assets_of_draft(page: ArchivePage) -> set[tuple[str, int]]:
    """`used_assets` of the draft, in at most two queries where `page` came with its `latest_revision`: the links of
    the revision to other rows, which are one query each, are not looked up."""
    revision = page.latest_revision
    if revision is None or not page.has_unpublished_changes:
        return page.specific.used_assets()
    draft = page.specific_class.from_serializable_data(revision.content, check_fks=False)
    draft.pk = page.pk
    return draft.used_assets()
