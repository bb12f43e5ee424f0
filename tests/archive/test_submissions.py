"""Campaigns and submissions: what a town sends, who sees it, what the office makes of it. One long file,
because each step is reached by way of the ones before: the same town, people and campaign stand in all of them."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page

from archive.access import AccessLevel
from archive.contributing import files
from archive.contributing.moves import MOVES, MoveRefusedError, move, send
from archive.contributing.package import silent_towns, tally_table
from archive.editing import submissions, town_roles
from archive.editing.roles import EDITOR, REVIEWER, ensure_contributing_town, ensure_roles
from archive.editing.submission_acceptance import accept, proposed_parent
from archive.models import (
    AlbumPage,
    Campaign,
    PhotoIndexPage,
    PhotoPage,
    StoryIndexPage,
    StoryPage,
    Submission,
)
from archive.models.campaigns import SubmissionState, check_letter, new_receipt
from media_assets.file_errors import RefusedFile
from media_assets.models import ArchiveDocument, ArchiveImage
from media_assets.uploading.acceptance import take_in
from tests.factories import picture_bytes, place
from tests.storages.test_leaks import drain
from tests.storages.uploading.browser import Browser

pytestmark = pytest.mark.django_db
CONSENT = "本人授權方志館收藏並公開本作品。"


def member(town, name: str, django_user_model):
    user = django_user_model.objects.create_user(name, password="x")
    user.groups.add(town.group)
    return user


@pytest.fixture
def town(home):
    return ensure_contributing_town(place("石龍镇"))


@pytest.fixture
def person(town, django_user_model):
    return member(town, "何通讯", django_user_model)


@pytest.fixture
def editor(home, django_user_model):
    user = django_user_model.objects.create_user("莞编辑", password="x")
    user.groups.add(ensure_roles(Page.objects.get(depth=1))[EDITOR])
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def campaign(home) -> Campaign:
    today = timezone.localdate()
    facts = {"opens_on": today, "closes_on": today + timedelta(days=9), "wants_films": True}
    return Campaign.objects.create(title="讲村史 ２０２６", wanted="老照片。", consent_text=CONSENT, **facts)


def written(campaign, town, person, **fields) -> Submission:
    facts = {"kind": "text", "title": "裏巷舊事", "text": "从前有一座桥。\n<b>桥</b>很老。"} | fields
    return Submission.objects.create(campaign=campaign, town=town, contributor=person, **facts)


def sent(campaign, town, person, **fields) -> Submission:
    return send(written(campaign, town, person, **fields), person, agreed_to=campaign.consent_version)


def begun(client: Client, campaign) -> str:
    """The address of the form of a new submission."""
    return client.post(f"/contribute/campaigns/{campaign.pk}/").headers["Location"]


def brought(person, campaign, *files: str, **fields) -> Submission:
    """Filled in and sent from the site."""
    client = signed_in(person)
    assert client.post(begun(client, campaign), form(campaign, *files, **fields)).status_code == 302
    return Submission.objects.latest("pk")


def original_of(image: ArchiveImage) -> str:
    return reverse("media:original", args=["image", image.pk])


def form(campaign, *files: str, **fields) -> dict:
    facts = {
        "kind": "picture",
        "title": "舊碼頭",
        "text": "",
        "author": "陳伯",
        "people": "",
        "date_written": "民国廿五年",
    }
    pictures = [SimpleUploadedFile(name, picture_bytes()) for name in files]
    return facts | {"do": "send", "agree": campaign.consent_version, "files": pictures} | fields


@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_from_its_states_alone(name, state, campaign, town, person):
    row = written(campaign, town, person, state=state)

    if state in MOVES[name].sources:
        assert move(row, name, person, "请补充年代").state == MOVES[name].target
        assert row.acts.get().reason == "请补充年代"
    else:
        with pytest.raises(MoveRefusedError, match="不能这样处理"):
            move(row, name, person, "请补充年代")
        row.refresh_from_db()
        assert row.state == state and not row.acts.exists()


@pytest.mark.parametrize("name", ["return", "decline"])
def test_a_no_needs_its_reason(name, campaign, town, person):
    with pytest.raises(MoveRefusedError, match="理由"):
        move(sent(campaign, town, person), name, person, " \n")


def test_the_history_is_only_added_to(campaign, town, person):
    act = sent(campaign, town, person).acts.get()
    with pytest.raises(TypeError):
        act.save()


def test_receipts_are_unlike_each_other_and_tell_a_misread_letter():
    receipts = [new_receipt() for _number in range(2000)]

    assert len(set(receipts)) == 2000
    number, letter = receipts[0][:-2], receipts[0][-1]
    assert check_letter(number) == letter
    other = "3" if number[-1] != "3" else "4"
    assert check_letter(number[:-1] + other) != letter


class TestContributors:
    def test_send_pictures_and_get_a_receipt(self, campaign, town, person):
        client = signed_in(person)
        assert CONSENT in client.get(f"/contribute/campaigns/{campaign.pk}/").content.decode()

        answer = client.post(begun(client, campaign), form(campaign, "码头一.jpg", "碼頭二.jpg"), follow=True)

        row = Submission.objects.get()
        assert row.receipt in answer.content.decode()
        assert (row.state, row.consent, row.consent_name, row.date_earliest is not None) == (
            "sent",
            CONSENT,
            "何通讯",
            True,
        )
        assert [file.asset.access for file in row.files.all()] == [AccessLevel.STAFF] * 2
        assert all(file.asset.collection == town.collection for file in row.files.all())

    def test_without_consent_everything_is_kept_and_nothing_sent(self, campaign, person):
        client = signed_in(person)
        answer = client.post(begun(client, campaign), form(campaign, "码头.jpg", agree=""))

        row = Submission.objects.get()
        assert (answer.status_code, row.state, row.files.count()) == (400, "draft", 1)
        assert "请先阅读授权同意书" in answer.content.decode()

    def test_agree_to_the_words_that_they_read(self, campaign, town, person):
        row, read = written(campaign, town, person), campaign.consent_version
        campaign.consent_text = "另一份同意书。"
        campaign.save()

        with pytest.raises(MoveRefusedError, match="刚刚修改过"):
            send(row, person, agreed_to=read)

    def test_hear_why_a_file_was_not_taken(self, campaign, person):
        files = [SimpleUploadedFile("病毒.exe", b"MZ")]
        client = signed_in(person)
        answer = client.post(begun(client, campaign), form(campaign) | {"files": files})

        assert "病毒.exe" in answer.content.decode()
        assert Submission.objects.get().state == "draft"

    def test_answer_what_was_returned_after_the_last_day(self, campaign, town, person, editor):
        row = move(sent(campaign, town, person), "return", editor, "请写明年代")
        Campaign.objects.update(is_closed_early=True)
        client = signed_in(person)
        assert "请写明年代" in client.get(f"/contribute/{row.receipt}/").content.decode()

        client.post(f"/contribute/{row.receipt}/", form(campaign, kind="text", text="1962年。", reply="已补年代"))

        row.refresh_from_db()
        assert (row.state, row.text, row.acts.last().reason) == ("sent", "1962年。", "已补年代")

    def test_are_refused_by_a_closed_campaign(self, campaign, town, person):
        row = written(campaign, town, person)
        Campaign.objects.update(is_closed_early=True)
        with pytest.raises(MoveRefusedError, match="截止"):
            send(row, person, agreed_to=1)
        assert signed_in(person).get(f"/contribute/campaigns/{campaign.pk}/").status_code == 404

    def test_withdraw_before_acceptance_and_change_nothing_afterwards(self, campaign, town, person):
        row, client = sent(campaign, town, person), signed_in(person)
        assert client.post(f"/contribute/{row.receipt}/", form(campaign, title="改了")).status_code == 409

        client.post(f"/contribute/{row.receipt}/withdraw/")

        row.refresh_from_db()
        assert (row.state, row.title) == ("withdrawn", "裏巷舊事")
        assert client.post(f"/contribute/{row.receipt}/withdraw/").status_code == 409

    def test_know_nothing_of_another_town(self, campaign, town, person, django_user_model):
        row = sent(campaign, town, person)
        campaign.towns.add(town.place)
        Campaign.objects.update(is_for_all=False)
        other = signed_in(member(ensure_contributing_town(place("莞城")), "邻镇", django_user_model))

        assert "裏巷舊事" not in other.get("/contribute/").content.decode()
        assert other.get(f"/contribute/{row.receipt}/").status_code == 404
        assert other.post(f"/contribute/{row.receipt}/", form(campaign)).status_code == 404
        assert other.post(f"/contribute/{row.receipt}/withdraw/").status_code == 404
        assert other.get(f"/contribute/campaigns/{campaign.pk}/").status_code == 404

    def test_read_a_changed_consent_before_they_agree_to_it(self, campaign, town, person):
        row, client = written(campaign, town, person), signed_in(person)
        read = campaign.consent_version
        campaign.consent_text = "另一份同意书。"
        campaign.save()

        answer = client.post(f"/contribute/{row.receipt}/", form(campaign, kind="text", text="旧事", agree=read))

        page = answer.content.decode()
        assert "刚刚修改过" in page and not re.search(r'name="agree" value="2"[^>]*checked', page)

    def test_keep_their_answer_with_the_draft(self, campaign, town, person, editor):
        row = move(sent(campaign, town, person), "return", editor, "请写明年代")
        address, client = f"/contribute/{row.receipt}/", signed_in(person)

        client.post(address, form(campaign, kind="text", text="旧事", reply="正在问老人", do="save"))
        assert "正在问老人" in client.get(address).content.decode()
        client.post(address, form(campaign, kind="text", text="旧事", reply="1962年"))

        row.refresh_from_db()
        assert (row.acts.last().reason, row.reply) == ("1962年", "")

    def test_are_told_when_it_was_changed_elsewhere_and_lose_nothing(self, campaign, town, person):
        row, client = written(campaign, town, person), signed_in(person)
        address = f"/contribute/{row.receipt}/"
        stamp = re.search(r'name="stamp" value="([^"]+)"', client.get(address).content.decode())[1]
        Submission.objects.get().save()

        answer = client.post(address, form(campaign, kind="text", text="我写的", do="save", stamp=stamp))
        page = answer.content.decode()
        assert answer.status_code == 400 and "我写的" in page and "别处改过" in page
        assert Submission.objects.get().text != "我写的"

        again = re.search(r'name="stamp" value="([^"]+)"', page)[1]
        client.post(address, form(campaign, kind="text", text="我写的", do="save", stamp=again))
        assert Submission.objects.get().text == "我写的"

    def test_of_two_towns_see_both(self, campaign, town, person):
        other = ensure_contributing_town(place("莞城"))
        person.groups.add(other.group)
        client = signed_in(person)
        client.post(f"/contribute/campaigns/{campaign.pk}/", {"town": other.pk})
        client.post(f"/contribute/campaigns/{campaign.pk}/", {"town": town.pk})

        assert {row.town for row in Submission.objects.all()} == {town, other}
        assert {client.get(f"/contribute/{row.receipt}/").status_code for row in Submission.objects.all()} == {200}

    def test_change_their_password_themselves(self, town, person):
        client = signed_in(person)
        words = {"old_password": "x", "new_password1": "舊碼頭1962夏", "new_password2": "舊碼頭1962夏"}
        assert client.post("/contribute/password/", words).headers["Location"] == "/contribute/"
        person.refresh_from_db()
        assert person.check_password("舊碼頭1962夏")

    def test_are_all_that_is_let_in(self, campaign, town, person, editor):
        row = sent(campaign, town, person)
        paths = ["", f"campaigns/{campaign.pk}/", f"{row.receipt}/"]
        for path in paths:
            assert Client().get(f"/contribute/{path}").headers["Location"].startswith("/_util/login/")
            assert signed_in(editor).get(f"/contribute/{path}").status_code == 403


@pytest.mark.postgresql
class TestFiles:
    def test_are_for_the_office_alone_until_they_are_published(self, campaign, person, editor, django_user_model):
        brought(person, campaign, "码头.jpg")
        image = ArchiveImage.objects.get()
        other = member(ensure_contributing_town(place("莞城")), "邻镇", django_user_model)
        addresses = [original_of(image)]
        addresses += [f"/iiif/image/3/{derivative.key}/info.json" for derivative in image.derivatives.all()]
        addresses += [derivative.checked_url for derivative in image.derivatives.all()]

        for client in (Client(), signed_in(other)):
            assert [client.get(address).status_code for address in addresses].count(200) == 0
        assert signed_in(person).get(original_of(image)).status_code in (403, 404)
        assert signed_in(editor).get(original_of(image)).status_code == 200

    def test_are_shown_small_to_the_town_that_sent_them(self, campaign, person, django_user_model):
        row = brought(person, campaign, "码头.jpg")
        drain()
        other = member(ensure_contributing_town(place("莞城")), "邻镇", django_user_model)

        page = signed_in(person).get(f"/contribute/{row.receipt}/").content.decode()
        address = re.search(r'<img src="(/media/p/[^"]+)"', page)[1]

        assert signed_in(person).get(address).status_code == 200
        assert signed_in(person).get(address).headers["Cache-Control"].startswith("private")
        assert {client.get(address).status_code for client in (Client(), signed_in(other))} <= {403, 404}

    @pytest.mark.parametrize("group", ["", "submission-", "submission-0", "submission-９", "submission-99999999999"])
    def test_of_no_submission_are_not_kept(self, town, person, group):
        with pytest.raises(RefusedFile, match="不能再添文件"):
            take_in(person, town.collection, SimpleUploadedFile("散.jpg", picture_bytes()), group)
        assert not ArchiveImage.objects.exists()

    def test_that_come_after_sending_are_not_kept(self, campaign, town, person):
        row = sent(campaign, town, person)
        with pytest.raises(RefusedFile, match="已经送出"):
            take_in(person, town.collection, SimpleUploadedFile("晚.jpg", picture_bytes()), row.upload_group)
        assert not row.files.exists() and not ArchiveImage.objects.exists()

    def test_of_one_town_never_come_into_the_submission_of_another(self, campaign, town, person, django_user_model):
        row = written(campaign, town, person)
        other_town = ensure_contributing_town(place("莞城"))
        other = member(other_town, "邻镇", django_user_model)
        for folder in (town.collection, other_town.collection):
            with pytest.raises(RefusedFile):
                take_in(other, folder, SimpleUploadedFile("混.jpg", picture_bytes()), row.upload_group)
        assert not row.files.exists()

    def test_are_taken_out_again_before_sending(self, campaign, town, person):
        client = signed_in(person)
        address = begun(client, campaign)
        client.post(address, form(campaign, "一.jpg", "二.jpg", do="save"))
        first, second = Submission.objects.get().files.all()

        client.post(address, form(campaign, remove=first.pk, title="改了"))

        row = Submission.objects.get()
        assert (list(row.files.all()), row.title, row.state) == ([second], "改了", "draft")
        assert list(ArchiveImage.objects.all()) == [second.image]

    def test_taken_out_can_be_brought_again(self, campaign, town, person):
        row, data = written(campaign, town, person), picture_bytes()
        browser = Browser(signed_in(person), town.collection)
        for _time in range(2):
            (upload,) = browser.begin(("手机.jpg", data), group=row.upload_group)
            assert upload["state"] == "uploading"
            browser.send(upload, data)
            browser.complete(upload)
            drain()
            file = row.files.get()
            address = f"/contribute/{row.receipt}/files/remove/"
            assert browser.client.post(address, {"remove": file.pk}).status_code == 204
            assert not row.files.exists()

    def test_are_not_taken_out_of_what_was_sent_meanwhile(self, campaign, person):
        row = brought(person, campaign, "一.jpg")
        address = f"/contribute/{row.receipt}/files/remove/"
        assert signed_in(person).post(address, {"remove": row.files.get().pk}).status_code == 409
        assert row.files.count() == 1 and ArchiveImage.objects.count() == 1

    def test_of_a_town_are_shown_to_it_small_and_no_otherwise(self, campaign, town, person, django_user_model):
        """Neither the document itself, nor tiles, nor the original: also to who is of the town and of the CMS."""
        text = SimpleUploadedFile("稿.txt", "旧事一则".encode())
        client = signed_in(person)
        client.post(begun(client, campaign), form(campaign, "码头.jpg") | {"files": [text]})
        client.post(begun(client, campaign), form(campaign, "码头.jpg"))
        drain()
        document, image = ArchiveDocument.objects.get(), ArchiveImage.objects.get()
        colleague = member(town, "同镇", django_user_model)
        colleague.groups.add(town_roles.ensure("石龍镇", ["photo"]).contributors)
        addresses = [original_of(image), reverse("media:document", args=[document.pk, "稿.txt"])]
        addresses += [reverse("media:original", args=["document", document.pk])]
        for user in (person, colleague):
            assert [signed_in(user).get(address).status_code for address in addresses].count(200) == 0
        edit = reverse("wagtailimages:edit", args=[image.pk])
        assert signed_in(colleague).get(edit).status_code == 302

    def test_the_office_has_seen_stay_in_the_folder(self, campaign, person, editor):
        row = move(brought(person, campaign, "一.jpg", "二.jpg"), "return", editor, "换一张清楚的")
        file = row.files.first()

        signed_in(person).post(f"/contribute/{row.receipt}/", form(campaign, remove=file.pk))

        assert (row.files.count(), ArchiveImage.objects.count()) == (1, 2)

    def test_of_others_are_not_taken_out(self, campaign, town, person, django_user_model):
        row = brought(person, campaign, "一.jpg")
        other = member(ensure_contributing_town(place("莞城")), "邻镇", django_user_model)
        client = signed_in(other)
        client.post(begun(client, campaign), form(campaign, remove=row.files.get().pk))
        assert row.files.count() == 1

    def test_are_no_more_than_a_submission_may_hold(self, campaign, town, person, monkeypatch):
        monkeypatch.setattr(files, "MOST_FILES", 1)
        client = signed_in(person)
        answer = client.post(begun(client, campaign), form(campaign, "一.jpg", "二.jpg"))
        assert answer.status_code == 400 and "最多附 1 件" in answer.content.decode()
        assert (ArchiveImage.objects.count(), Submission.objects.get().state) == (1, "draft")

    def test_come_in_parts_through_the_protocol(self, campaign, town, person):
        row, data = written(campaign, town, person), picture_bytes()
        browser = Browser(signed_in(person), town.collection)
        (upload,) = browser.begin(("手机.jpg", data), group=row.upload_group)
        browser.send(upload, data)
        browser.complete(upload)
        drain()

        assert [file.asset.original_name for file in row.files.all()] == ["手机.jpg"]
        listed = browser.client.get(f"/contribute/{row.receipt}/files/").content.decode()
        assert "手机.jpg" in listed and "<html" not in listed


@pytest.mark.postgresql
class TestTheOffice:
    def test_accepts_into_drafts_once(self, campaign, person, editor):
        place("东江")
        row = brought(person, campaign, "一.jpg", "二.jpg", place_written="东江、上街", text="渡口。")
        parent = PhotoIndexPage.objects.first()
        desk, address = signed_in(editor), f"/admin/archive/submissions/{row.pk}/act/"

        assert desk.post(address, {"do": "accept", "parent": parent.pk}).status_code == 302
        assert desk.post(address, {"do": "accept", "parent": parent.pk}).status_code == 409

        row.refresh_from_db()
        album = AlbumPage.objects.get()
        photos = PhotoPage.objects.child_of(album)
        assert (row.state, row.page_id, album.live, photos.count()) == ("accepted", album.pk, False, 2)
        assert not photos.filter(live=True).exists()
        assert row.receipt in photos.first().source and photos.first().photographer == "陳伯"
        assert [shown.place.name for shown in photos.first().page_places.all()] == ["东江"]
        assert photos.first().description == "渡口。\n地点：上街"
        assert desk.get(f"/admin/pages/{album.pk}/edit/").content.decode().count("来稿与授权")
        assert Client().get(f"/id/{album.identifier_id}").status_code == 404

    def test_finds_the_consent_from_every_draft(self, campaign, town, person, editor):
        row = brought(person, campaign, "一.jpg", "二.jpg", "三.jpg")
        made = town_roles.ensure("石龍镇", ["photo"]).pages[0]
        accept(row, editor, made)
        photos = PhotoPage.objects.child_of(made)
        address = reverse("archive_submission", args=[row.pk])
        assert [submissions.address_of_page(editor, photo) for photo in photos] == [address] * 3
        other = PhotoPage(title="别的", slug="other", live=False)
        made.refresh_from_db()
        made.add_child(instance=other)
        assert submissions.address_of_page(editor, other) == ""

    def test_names_in_the_draft_what_has_no_page(self, campaign, person, editor):
        text = SimpleUploadedFile("说明.txt", "说明".encode())
        client = signed_in(person)
        data = form(campaign, "一.jpg")
        client.post(begun(client, campaign), data | {"files": [*data["files"], text]})
        row = accept(Submission.objects.get(), editor, PhotoIndexPage.objects.first())
        assert "另附文件：说明.txt" in PhotoPage.objects.get(pk=row.page_id).description

    def test_is_offered_the_branch_of_the_town(self, campaign, town, person, editor):
        row = sent(campaign, town, person)
        assert proposed_parent(editor, row).pk == StoryIndexPage.objects.get().pk
        made = town_roles.ensure("石龍镇", ["story"]).pages[0]
        assert proposed_parent(editor, row).pk == made.pk

    def test_makes_a_story_of_a_text_and_takes_no_markup(self, campaign, town, person, editor):
        row = accept(sent(campaign, town, person), editor, StoryIndexPage.objects.first())

        story = StoryPage.objects.get(pk=row.page_id)
        assert not story.live
        assert "&lt;b&gt;桥" in str(story.body)

    def test_accepts_beneath_no_page_of_another_kind(self, campaign, town, person, editor):
        row = sent(campaign, town, person)
        desk = signed_in(editor)
        for parent in (PhotoIndexPage.objects.first().pk, "", "９", "999999"):
            answer = desk.post(f"/admin/archive/submissions/{row.pk}/act/", {"do": "accept", "parent": parent})
            assert answer.status_code == 400
        row.refresh_from_db()
        assert row.state == "sent" and not StoryPage.objects.exists()

    def test_sees_what_was_sent_and_no_drafts(self, campaign, town, person, editor):
        written(campaign, town, person, title="未送出")
        row = sent(campaign, town, person)
        desk = signed_in(editor)

        listed = desk.get(f"/admin/archive/submissions/?campaign={campaign.pk}").content.decode()

        assert "裏巷舊事" in listed and "未送出" not in listed
        assert CONSENT in desk.get(f"/admin/archive/submissions/{row.pk}/").content.decode()
        assert desk.get("/admin/archive/submissions/?town=x&campaign=九").status_code == 200
        assert desk.get("/admin/archive_campaigns/").status_code == 200
        assert desk.get(f"/admin/archive_campaigns/edit/{campaign.pk}/").status_code == 200

    def test_is_asked_for_its_rights(self, campaign, town, person, home, django_user_model):
        row = sent(campaign, town, person)
        user = django_user_model.objects.create_user("审稿", password="x")
        user.groups.add(ensure_roles(Page.objects.get(depth=1))[REVIEWER])
        paths = ["submissions/", f"submissions/{row.pk}/", f"campaigns/{campaign.pk}/package/"]
        for client in (Client(), signed_in(user), signed_in(person)):
            assert {client.get(f"/admin/archive/{path}").status_code for path in paths} == {302}
            client.post(f"/admin/archive/submissions/{row.pk}/act/", {"do": "decline", "reason": "x"})
        row.refresh_from_db()
        assert row.state == "sent"

    def test_counts_a_thousand_in_a_bounded_number_of_queries(
        self, campaign, town, person, editor, django_assert_max_num_queries
    ):
        now = timezone.now()
        rows = [
            Submission(
                campaign=campaign, town=town, contributor=person, kind="text", title=f"稿{n}", state="sent", sent_at=now
            )
            for n in range(1000)
        ]
        Submission.objects.bulk_create(rows)
        with django_assert_max_num_queries(1):
            _head, lines = tally_table(campaign)
        assert lines[0] == ["石龍镇", "文字", 1000, 0, 0, 0, 0, 1000]
        with django_assert_max_num_queries(60):
            listed = signed_in(editor).get(f"/admin/archive/submissions/?campaign={campaign.pk}")
        assert listed.content.decode().count("稿") > 50


def test_the_package_names_a_file_that_is_gone(campaign, person, editor):
    row = accept(brought(person, campaign, "码头.jpg"), editor, PhotoIndexPage.objects.first())
    image = row.files.get().image
    image.file.storage.remove(image.file.name)

    answer = signed_in(editor).get(f"/admin/archive/campaigns/{campaign.pk}/package/")
    package = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    assert f"{row.receipt}-1-码头.jpg" in package.read("缺失.txt").decode()
    assert row.receipt in package.read("来稿.csv").decode()


def test_a_campaign_for_some_towns_is_for_no_others(campaign, town):
    Campaign.objects.update(is_for_all=False)
    assert not Campaign.objects.open_for(town).exists()
    assert silent_towns(Campaign.objects.get()) == []
    campaign.towns.add(town.place)
    assert Campaign.objects.open_for(town).get() == campaign
    assert silent_towns(Campaign.objects.get()) == ["石龍镇"]


@pytest.mark.postgresql
def test_the_package_holds_files_table_tally_and_consents(campaign, town, person, editor):
    data = form(campaign, "码头.jpg", title="=HYPERLINK(1)")
    client = signed_in(person)
    client.post(begun(client, campaign), data)
    row = accept(Submission.objects.get(), editor, PhotoIndexPage.objects.first())

    answer = signed_in(editor).get(f"/admin/archive/campaigns/{campaign.pk}/package/")
    package = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    assert package.testzip() is None
    name = f"files/石龍镇/{row.receipt}-1-码头.jpg"
    with ArchiveImage.objects.get().file.open() as original:
        assert package.read(name) == original.read()
    table = package.read("来稿.csv")
    assert table.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert lines[1][3] == "'=HYPERLINK(1)" and lines[1][-1] == name
    sheet = load_workbook(io.BytesIO(package.read("来稿.xlsx"))).active
    assert sheet["D2"].value == "'=HYPERLINK(1)" and sheet["D2"].data_type == "s"
    assert CONSENT in package.read(f"授权/{row.receipt}.txt").decode()
    assert "石龍镇,照片,0,0,1,0,0,1" in package.read("统计.csv").decode()
