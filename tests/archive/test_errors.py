"""Pages for when something cannot be served: written, in the museum's look, and without what may be in trouble."""

import pytest
from django.test import Client, RequestFactory

from archive.models import RelatedItem
from archive.reading import errors
from tests import factories


class TestWithoutTheDatabase:
    """These tests have no access to the database: a query would fail them."""

    def test_too_many_requests(self):
        answer = errors.busy(RequestFactory().get("/search/"), retry_after=45)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "45"
        assert "请过 45 秒再试" in answer.content.decode()

    def test_unavailable(self):
        answer = errors.unavailable(RequestFactory().get("/"))
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert answer["Cache-Control"] == "no-store"
        assert "片刻即回" in answer.content.decode()

    def test_a_wrong_host_is_a_written_400(self):
        answer = Client(HTTP_HOST="elsewhere.invalid").get("/")
        assert answer.status_code == 400
        assert "这个请求有误" in answer.content.decode()

    def test_an_error_of_ours_is_a_written_500(self, monkeypatch):
        monkeypatch.setattr("archive.reading.health.JsonResponse", lambda *given, **named: 1 / 0)
        answer = Client(raise_request_exception=False).get("/healthz")
        assert answer.status_code == 500
        assert "系统出错" in answer.content.decode()
        assert "Traceback" not in answer.content.decode()


@pytest.mark.django_db
def test_a_picture_of_a_closed_collection_is_a_placeholder_and_no_broken_image(home, client, staff):
    from wagtail.models import Collection, CollectionViewRestriction

    closed = Collection.get_first_root_node().add_child(name="未公开")
    photo = factories.photo("旧码头", lead_image=factories.image(collection=closed))
    assert "<picture>" in client.get(photo.get_url()).content.decode()
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    for address in (photo.get_url(), "/photos/", "/"):
        text = client.get(address).content.decode()
        assert "旧码头" in text
        assert "<picture>" not in text, address
    assert "<picture>" in staff.get(photo.get_url()).content.decode()


@pytest.mark.django_db
def test_a_caption_names_the_photographer_once(home, client):
    twice = factories.photo(photographer="沈默生", credit="沈默生摄，县志办藏")
    text = client.get(twice.get_url()).content.decode()
    caption = text.split("caption-facts")[1].split("</p>")[0]
    assert caption.count("沈默生") == 1
    once = factories.photo(photographer="沈默生", credit="县志办藏")
    caption = client.get(once.get_url()).content.decode().split("caption-facts")[1].split("</p>")[0]
    assert "沈默生 摄" in caption


@pytest.mark.django_db
class TestEditors:
    def test_a_thing_cannot_be_related_to_itself(self, home):
        from django.core.exceptions import ValidationError

        page, other = factories.story(), factories.story("另一篇")
        RelatedItem(page_id=page.pk, related_id=other.pk).clean()
        with pytest.raises(ValidationError, match="自己"):
            RelatedItem(page_id=page.pk, related_id=page.pk).clean()

    @pytest.mark.parametrize(("year", "fits"), [(2023, True), (None, True), (20233, False), (3, False)])
    def test_the_year_of_an_award_is_a_year(self, year, fits):
        from django.core.exceptions import ValidationError

        from archive.models import PageAward

        award = PageAward(name="优秀史志成果奖", year=year)
        if fits:
            award.clean_fields(exclude=["page"])
        else:
            with pytest.raises(ValidationError, match="year"):
                award.clean_fields(exclude=["page"])
