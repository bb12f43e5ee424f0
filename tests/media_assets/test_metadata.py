"""What a picture tells of itself: read in whatever encoding, proposed to the editor, never handed to the public."""

import io
import struct

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media_assets import intake
from media_assets.forms import notices_of
from media_assets.metadata.dates import edtf_of, written
from media_assets.metadata.texts import decoded, mended
from media_assets.metadata.xmp import fields as xmp_fields
from media_assets.models import ArchiveImage
from media_assets.proposals import proposals_for

from .made_files import a_jpeg, a_photograph_with_a_position, encoded, quarters, upload

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" photoshop:City="東莞" photoshop:State="廣東" photoshop:DateCreated="1936-05"
 exif:GPSLatitude="23,2.5833N" exif:GPSLongitude="113,45.1E">
<dc:title><rdf:Alt><rdf:li xml:lang="en">Keyuan</rdf:li>
<rdf:li xml:lang="zh-Hant">可園舊影</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">張敬修所築&amp;其後人重修</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>張三</rdf:li><rdf:li>李四</rdf:li></rdf:Seq></dc:creator>
<dc:subject><rdf:Bag><rdf:li>園林</rdf:li><rdf:li>莞城</rdf:li></rdf:Bag></dc:subject>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">館藏，禁止轉載</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def said_by(data: bytes) -> dict:
    return intake.describe(io.BytesIO(data), "照片.jpg").said


def with_iptc(encoding: str, **texts: str) -> bytes:
    numbers = {"title": 5, "caption": 120, "author": 80, "city": 90, "keyword": 25, "date": 55}
    block = b"".join(
        b"\x1c\x02" + struct.pack(">BH", numbers[name], len(text.encode(encoding))) + text.encode(encoding)
        for name, text in texts.items()
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\x00" * (len(block) % 2)
    payload = b"Photoshop 3.0\x00" + resource
    jpeg = a_jpeg()
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [("海鸥", "DF-1", "海鸥 DF-1"), ("Canon", "Canon EOS 5D", "Canon EOS 5D"), ("", "", ""), ("SONY", "", "SONY")],
)
def test_the_camera_is_told_by_make_and_model_once(make, model, camera):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = make.encode(), model.encode()

    assert said_by(a_jpeg(exif=exif))["camera"] == camera


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_exif_is_read_in_either_encoding(encoding):
    exif = Image.Exif()
    exif[0x010E] = "可園舊影，光緒年間攝".encode(encoding)
    exif[0x013B] = "張三".encode(encoding)
    exif[0x8298] = "东莞市博物馆".encode(encoding)
    exif.get_ifd(0x8769)[0x9003] = "2019:10:01 08:30:00"

    said = said_by(a_jpeg(exif=exif))

    assert (said["caption"], said["author"], said["rights"]) == ("可園舊影，光緒年間攝", "張三", "东莞市博物馆")
    assert (said["date"], said["date_written"]) == ("2019-10-01", "2019年10月1日")


def test_the_fields_of_windows_are_read():
    exif = Image.Exif()
    exif[0x9C9B] = "龍舟競渡".encode("utf-16-le") + b"\x00\x00"
    exif[0x9C9E] = "龙舟;端午；万江".encode("utf-16-le") + b"\x00\x00"

    said = said_by(a_jpeg(exif=exif))

    assert said["title"] == "龍舟競渡"
    assert list(said["keywords"]) == ["龙舟", "端午", "万江"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_iptc_is_read_in_either_encoding(encoding):
    said = said_by(
        with_iptc(encoding, title="金鰲洲塔", caption="明萬曆間建", author="李四", city="万江", date="19360000")
    )

    assert (said["title"], said["caption"], said["author"], said["place"]) == ("金鰲洲塔", "明萬曆間建", "李四", "万江")


def test_a_year_alone_is_a_date():
    said = said_by(with_iptc("utf-8", title="墟市", date="19360000"))

    assert (said["date"], said["date_written"]) == ("1936", "1936年")


def test_xmp_goes_before_the_others_and_chinese_before_other_languages():
    said = said_by(encoded(quarters(), "JPEG", xmp=XMP, exif=_exif_of_another_author()))

    assert said["title"] == "可園舊影"
    assert said["caption"] == "張敬修所築&其後人重修"
    assert (said["author"], said["place"], said["rights"]) == ("張三、李四", "廣東東莞", "館藏，禁止轉載")
    assert (list(said["keywords"]), said["date_written"]) == (["園林", "莞城"], "1936年5月")
    assert said["position"] == pytest.approx((23.043055, 113.751667), abs=1e-5)


def _exif_of_another_author() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B] = "Anonymous"
    return exif


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_metadata_is_read_from_every_format_that_holds_it(image_format):
    exif = Image.Exif()
    exif[0x013B] = "張三".encode()

    assert said_by(encoded(quarters(), image_format, exif=exif))["author"] == "張三"


def test_xmp_with_entities_says_nothing():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XMP.partition(b"?>")[2].replace(b"&amp;", b"&b;")

    assert xmp_fields(bomb) == {}


@pytest.mark.parametrize(
    ("garbled", "right"),
    [
        ("可園".encode().decode("latin-1"), "可園"),
        ("莞城圖".encode("gb18030").decode("latin-1"), "莞城圖"),
        ("José Müller", "José Müller"),
        ("Übung É", "Übung É"),
        ("可園", "可園"),
        ("plain", "plain"),
    ],
)
def test_what_was_taken_for_a_western_encoding_is_mended(garbled, right):
    assert mended(garbled) == right


@given(st.binary(max_size=200))
def test_any_bytes_become_a_text_without_control_characters(raw):
    assert not [c for c in decoded(raw) if ord(c) < 32 and c not in "\n\t"]


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=60))
def test_utf8_always_comes_back(text):
    assert decoded(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize(
    ("text", "edtf", "shown"),
    [
        ("2019:10:01 08:30:00", "2019-10-01", "2019年10月1日"),
        ("20191001", "2019-10-01", "2019年10月1日"),
        ("1936-05", "1936-05", "1936年5月"),
        ("19360000", "1936", "1936年"),
        ("0000:00:00 00:00:00", "", ""),
        ("2019:02:30 00:00:00", "", ""),
        ("    :  :     :  :  ", "", ""),
        ("民国廿五年", "", ""),
    ],
)
def test_dates_are_read_as_they_are_written(text, edtf, shown):
    assert edtf_of(text) == edtf
    assert written(edtf_of(text)) == shown


def test_broken_metadata_is_no_reason_to_refuse(shared_data):
    for name in ("hopper_bad_exif.jpg", "truncated_exif_dpi.jpg"):
        assert said_by((shared_data / "images" / name).read_bytes())["position"] is None


def test_real_metadata_is_read(shared_data):
    assert said_by((shared_data / "images" / "exif_gps.jpg").read_bytes()) is not None
    assert said_by((shared_data / "images" / "iphone.heic").read_bytes())["date"].startswith("20")


# --- in the museum ----------------------------------------------------------------------------------


@pytest.fixture
def image(db, media_root):
    data = encoded(quarters(), "JPEG", xmp=XMP)
    return ArchiveImage.objects.create(title="IMG_2023", file=upload(data, "IMG_2023.jpg"))


def test_a_picture_called_after_its_file_takes_the_title_that_it_brings(image, db):
    assert image.title == "可園舊影"

    named = ArchiveImage.objects.create(title="某园", file=upload(encoded(quarters(), "JPEG", xmp=XMP), "乙.jpg"))
    assert named.title == "某园"


def test_the_editor_is_shown_what_would_change_and_takes_it_over(image, editor_client):
    address = f"/admin/images/{image.pk}/"
    page = editor_client.get(address).content.decode()
    assert "署名：張三、李四" in page
    assert "拍摄位置：北纬23.04305" in page
    assert "标题：可園舊影" not in page

    posted = {"title": image.title, "collection": image.collection_id, "tags": '"莞城"', "access": 0, "take_over": []}
    posted |= {"take_over": ["author", "date_written", "keywords"], "rights": image.rights}
    editor_client.post(address, posted)

    image.refresh_from_db()
    assert (image.credit, image.date_written, image.rights_note) == ("張三、李四", "1936年5月", "")
    assert set(image.tags.names()) == {"莞城", "園林", "廣東東莞"}
    assert "rights" in [p.key for p in proposals_for(image)]


def test_where_it_was_taken_is_for_the_staff_alone(db, media_root):
    data = a_photograph_with_a_position(1000, 700)
    image = ArchiveImage.objects.create(title="可园", file=upload(data, "可园.jpg"))

    assert image.said["position"] == pytest.approx([23.043056, 113.751667], abs=1e-5)
    assert any("仅供内部" in line for line in notices_of(image))
    derivatives = list(image.derivatives.all())
    assert derivatives
    for derivative in derivatives:
        with derivative.file.open() as file:
            made = file.read()
        assert not [mark for mark in (b"Exif", b"GPS", b"xpacket", b"Photoshop", "莞牌".encode()) if mark in made]
        assert not Image.open(io.BytesIO(made)).getexif()


def test_pictures_from_before_are_read_by_command(image):
    ArchiveImage.objects.update(said={}, likeness=None, title="编辑所题")
    call_command("read_pictures")

    image.refresh_from_db()
    assert image.said["author"] == "張三、李四"
    assert image.likeness is not None
    assert image.title == "编辑所题"


def test_a_picture_that_is_gone_is_named_by_the_command(image, capsys):
    ArchiveImage.objects.update(said={}, likeness=None)
    image.file.storage.remove(image.file.name)

    with pytest.raises(CommandError, match="失败 1 张"):
        call_command("read_pictures")
    assert "IMG_2023.jpg" in capsys.readouterr().err
