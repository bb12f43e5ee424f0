"""Permanent identifiers: assigned once, kept through everything, explained when the thing is gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import AccessLevel
from archive.models import Identifier, StoryPage
from archive.models.identifiers import ALPHABET, check_character, is_well_formed, mint
from archive.publication import set_access
from tests import factories

pytestmark = pytest.mark.postgresql


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place, character):
    value = mint()
    damaged = value[:place] + character + value[place + 1 :]
    assert is_well_formed(value)
    assert is_well_formed(damaged) == (damaged == value)


@given(st.integers(0, 6))
def test_two_characters_that_changed_places_are_noticed(place):
    value = mint()
    damaged = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    assert is_well_formed(damaged) == (damaged == value)


def test_the_check_character_is_that_of_the_noid_scheme():
    # The worked example in the documentation of the scheme.
    assert check_character("13030/xf93gt2") == "q"


@pytest.mark.django_db
def test_many_are_assigned_in_a_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        rows = Identifier.objects.assign_many(Identifier.Kind.SECTION, 2000)
    assert len({row.value for row in rows}) == 2000


@pytest.mark.django_db
class TestPermanentAddress:
    def test_leads_to_the_page_after_renaming_and_moving(self, home, client):
        page = factories.story("旧题")
        address = f"/id/{page.identifier_id}"
        column = factories.column()
        page.slug = "another-name"
        page.save_revision().publish()
        page.move(column, "last-child")
        response = client.get(address)
        assert response.status_code == 303
        assert response["Location"] == StoryPage.objects.get(pk=page.pk).get_url()
        assert client.get(response["Location"]).status_code == 200

    def test_says_that_a_page_was_withdrawn_and_why(self, home, client):
        page = factories.story("有误的故事")
        page.identifier.reason = "史实有误，待核。"
        page.identifier.save()
        page.unpublish()
        response = client.get(f"/id/{page.identifier_id}")
        assert response.status_code == 410
        assert "史实有误，待核。" in response.content.decode()

    def test_a_withdrawn_page_says_so_at_its_own_address_too(self, home, client):
        page = factories.story("有误的故事")
        page.unpublish()
        assert client.get(page.get_url()).status_code == 410

    def test_a_deleted_page_leaves_a_tombstone(self, home, client):
        page = factories.story("将删的故事")
        value = page.identifier_id
        page.delete()
        response = client.get(f"/id/{value}")
        assert response.status_code == 410
        assert "将删的故事" in response.content.decode()
        assert Identifier.objects.get(pk=value).removed_at is not None

    def test_deleting_a_column_buries_its_stories(self, home, client):
        column = factories.column()
        page = factories.story(parent=column)
        column.delete()
        assert client.get(f"/id/{page.identifier_id}").status_code == 410

    def test_a_draft_that_was_never_public_is_unknown_also_when_deleted(self, home, client):
        page = factories.story("未发布", published=False)
        assert client.get(f"/id/{page.identifier_id}").status_code == 404
        page.delete()
        assert client.get(f"/id/{page.identifier_id}").status_code == 404

    def test_a_staff_item_leaves_no_trace_withdrawn_or_deleted(self, home, client):
        page = factories.story("内部材料")
        set_access(page, AccessLevel.STAFF)
        page = StoryPage.objects.get(pk=page.pk)
        assert client.get(f"/id/{page.identifier_id}").status_code == 404
        page.unpublish()
        assert client.get(f"/id/{page.identifier_id}").status_code == 404
        page.delete()
        assert client.get(f"/id/{page.identifier_id}").status_code == 404

    def test_a_section_has_one_of_its_own(self, home, client):
        section = factories.section(factories.book(), "舆地志")
        response = client.get(f"/id/{section.identifier_id}")
        assert response.status_code == 303
        assert "舆地志" in client.get(response["Location"]).content.decode()

    def test_a_deleted_section_leaves_a_tombstone(self, home, client):
        section = factories.section(factories.book(), "舆地志")
        value = section.identifier_id
        section.delete()
        assert client.get(f"/id/{value}").status_code == 410

    @pytest.mark.parametrize("value", ["", "nonsense", "0" * 9, "bcdfghjk0", "../etc", "Ａ" * 9])
    def test_what_was_never_assigned_is_not_found(self, home, client, value):
        assert client.get(f"/id/{value}").status_code == 404


@pytest.mark.django_db
class TestAssignment:
    def test_a_copy_gets_one_of_its_own(self, home):
        page = factories.story()
        copy = page.copy(update_attrs={"slug": "copy", "title": "副本"})
        assert copy.identifier_id != page.identifier_id

    def test_translations_share_one(self, home):
        from wagtail.models import Locale

        english = Locale.objects.create(language_code="en")
        page = factories.story()
        translation = page.copy_for_translation(english, copy_parents=True)
        assert translation.identifier_id == page.identifier_id

    def test_an_old_revision_brings_back_neither_identifier_nor_access(self, home):
        page = factories.story("第一稿")
        old = page.latest_revision
        set_access(page, AccessLevel.ON_SITE)
        page = StoryPage.objects.get(pk=page.pk)
        page.title = "第二稿"
        page.save_revision().publish()
        old.content["identifier"] = Identifier.objects.assign(Identifier.Kind.PAGE).pk
        old.content["access"] = AccessLevel.OPEN
        old.save()
        old.publish()
        restored = StoryPage.objects.get(pk=page.pk)
        assert restored.title == "第一稿"
        assert restored.identifier_id == page.identifier_id
        assert restored.access == AccessLevel.ON_SITE
        assert restored.effective_access == AccessLevel.ON_SITE

    def test_assets_get_one_when_they_are_saved_and_a_tombstone_when_they_go(self, home):
        image = factories.image("码头")
        row = Identifier.objects.get(image=image)
        image.delete()
        row.refresh_from_db()
        assert row.removed_at is not None
        assert row.title == "码头"
