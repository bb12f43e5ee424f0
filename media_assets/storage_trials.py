"""The steps by which the storages in use are proved: what any must do, what folders must, what a bucket must."""

import hashlib
import os
import secrets
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from .models import Derivative, FileRemoval
from .storage_errors import StorageUnavailableError

ALIASES = ("default", "derivatives", "renditions", "public")
SMALL = b"\xff\xd8\xff\xe0" + "存储自检：東莞縣志（康熙），𢎞。".encode()
LARGE_NAME = "自检（東莞縣志）.pdf"
LARGE_BYTES = 17 * 1024 * 1024  # more than one part of an upload
BOUNDARY = 16 * 1024 * 1024
LEAST_FREE_BYTES = 1024**3
DISPOSITION = content_disposition_header(True, "東莞縣志（康熙）.pdf")
CLOCK_TOLERANCE = 300  # seconds; signatures are refused beyond fifteen minutes
TIMEOUT = 10


class StepFailedError(Exception):
    def __init__(self, detail: str, advice: str):
        self.detail, self.advice = detail, advice
        super().__init__(detail)


class StepSkippedError(Exception):
    """Its words say why there is nothing to prove."""


@dataclass(frozen=True)
class _Facts:
    """What an original tells the storage about itself."""

    original_name: str
    sha256: str
    mime_type: str


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_refusal(self) -> bool:
        return self.status in (401, 403)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def fetch(address: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """Ask as a browser would, following nothing. Raises StepFailedError when nobody answers."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data=body, headers=told, method=method)  # noqa: S310 -- our own addresses
    try:
        with closing(urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT)) as answer:
            return Answer(answer.status, _lower(answer.headers), answer.read(1024 * 1024))
    except urllib.error.HTTPError as error:
        with closing(error):
            return Answer(error.code, _lower(error.headers), error.read(64 * 1024))
    except OSError as error:
        raise StepFailedError(
            _("%(address)s 没有应答：%(error)s") % {"address": _shown(address), "error": error},
            _("核对 S3_PUBLIC_ENDPOINT、MEDIA_PUBLIC_URL 与网络：这是浏览器要用的地址。"),
        ) from error


def _lower(headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _shown(address: str) -> str:
    """Without its signature, which is a key for some minutes."""
    return address.partition("?")[0]


class Trial:
    """The steps that any storage must pass, and the files that were made for them."""

    def __init__(self) -> None:
        token = secrets.token_hex(16)
        self.small = f"check/{token[:2]}/{token[2:]}.jpg"
        self.large = f"check/{token[:2]}/{token[2:]}.pdf"
        self.made: set[tuple[str, str]] = set()

    def steps(self) -> list[tuple[str, Callable[[], str], bool]]:
        """Title, what to do, and whether the rest makes no sense without it."""
        return [
            (_("写入三处私有存储"), self.put_small, True),
            (_("写入大文件（分片）"), self.put_large, True),
            (_("大小与时间"), self.stat, False),
            (_("整个取回并核对"), self.read_whole, False),
            (_("按字节范围取回并核对"), self.read_range, False),
            (_("列出文件"), self.list_files, False),
            (_("复制为公开副本"), self.copy_to_public, True),
        ]

    def put_small(self) -> str:
        for alias in ALIASES[:3]:
            self.made.add((alias, self.small))
            storages[alias].save(self.small, ContentFile(SMALL))
        return _("原件、展示图、后台用图")

    def put_large(self) -> str:
        with tempfile.TemporaryFile() as file:
            digest = hashlib.sha256()
            for _block in range(LARGE_BYTES // (1024 * 1024)):
                block = os.urandom(1024 * 1024)
                digest.update(block)
                file.write(block)
            file.seek(BOUNDARY - 1000)
            self.at_boundary = file.read(2000)
            self.digest = digest.hexdigest()
            content = File(file, name="自检.pdf")
            content.facts = _Facts(LARGE_NAME, self.digest, "application/pdf")
            self.made.add(("default", self.large))
            storages["default"].save(self.large, content)
        return filesizeformat(LARGE_BYTES)

    def stat(self) -> str:
        size, stored_at = storages["default"].stat(self.large)
        if size != LARGE_BYTES:
            raise self._other_bytes(
                _("大小应为 %(wanted)d 字节，存储说是 %(size)d 字节") % {"wanted": LARGE_BYTES, "size": size}
            )
        apart = abs((datetime.now(UTC) - stored_at).total_seconds())
        if apart > CLOCK_TOLERANCE:
            raise StepFailedError(
                _("存储的时钟与本机相差 %(seconds)d 秒") % {"seconds": apart},
                _("在两边启用时间同步（NTP）：签名链接以时间为准。"),
            )
        return _("时钟相差 %(seconds)d 秒") % {"seconds": apart}

    def read_whole(self) -> str:
        digest, left = hashlib.sha256(), LARGE_BYTES
        with closing(storages["default"].open_part(self.large, 0, LARGE_BYTES)) as part:
            while left > 0 and (block := part.read(min(left, 1024 * 1024))):
                digest.update(block)
                left -= len(block)
        if digest.hexdigest() != self.digest:
            raise self._other_bytes(_("取回的内容与写入的不同"))
        for alias in ALIASES[:3]:
            with storages[alias].open(self.small) as file:
                if file.read() != SMALL:
                    raise self._other_bytes(_("取回的内容与写入的不同"))
        return "SHA-256"

    def read_range(self) -> str:
        with closing(storages["default"].open_part(self.large, BOUNDARY - 1000, 2000)) as part:
            if part.read(2000) != self.at_boundary:
                raise self._other_bytes(_("按范围取回的内容不对"))
        return ""

    def list_files(self) -> str:
        listed = {file.name: file.size for file in storages["default"].files(self.large.rpartition("/")[0] + "/")}
        if listed.get(self.large) != LARGE_BYTES:
            raise self._other_bytes(_("刚写入的文件不在列表里"))
        return ""

    def copy_to_public(self) -> str:
        self.made.add(("public", self.small))
        storages["public"].take(storages["derivatives"], self.small, self.small)
        with storages["public"].open(self.small) as file:
            if file.read() != SMALL:
                raise self._other_bytes(_("公开副本与展示图不同"))
        return ""

    def remove_all(self) -> str:
        for alias, name in sorted(self.made):
            storages[alias].remove(name)
            try:
                storages[alias].stat(name)
            except FileNotFoundError:
                self.made.discard((alias, name))
            else:
                raise StepFailedError(
                    _("删除之后仍在：%(name)s") % {"name": name},
                    _("允许这把密钥删除对象（s3:DeleteObject）；桶若开了保留期（Object Lock），另用一个桶。"),
                )
        return _("自检的文件已全部清除")

    def clean(self) -> None:
        """Remove what is left after an interruption; what cannot go now goes through the outbox."""
        for alias, name in self.made:
            try:
                storages[alias].remove(name)
            except StorageUnavailableError as error:
                FileRemoval.objects.create(alias=alias, name=name, last_error=error.reason)
        self.made.clear()

    @staticmethod
    def _other_bytes(detail: str) -> StepFailedError:
        return StepFailedError(detail, _("这处存储不可信：检查磁盘或存储服务，查明之前不要存入馆藏。"))


class LocalTrial(Trial):
    """Folders on a disk of this machine."""

    def steps(self) -> list[tuple[str, Callable[[], str], bool]]:
        return [
            *super().steps(),
            (_("原子改名"), self.rename, False),
            (_("剩余空间"), self.free_space, False),
            (_("公开副本的地址"), self.public_address, False),
        ]

    def rename(self) -> str:
        """A new file must take an old one's place in one go, and leave nothing behind."""
        storages["default"].save(self.small, ContentFile(SMALL[::-1]))
        folder = Path(storages["default"].path(self.small)).parent
        with storages["default"].open(self.small) as file:
            is_new = file.read() == SMALL[::-1]
        if not is_new or list(folder.glob(".*")):
            raise self._other_bytes(_("改名之后留下了半成品"))
        on_disks = {Path(storages[alias].location).stat().st_dev for alias in ("derivatives", "public")}
        return _("公开副本另占空间") if len(on_disks) > 1 else _("公开副本不另占空间")

    def free_space(self) -> str:
        free = min(shutil.disk_usage(storages[alias].location).free for alias in ALIASES)
        told = _("剩余 %(free)s") % {"free": filesizeformat(free)}
        if free < LEAST_FREE_BYTES:
            raise StepFailedError(told, _("腾出空间，或把 DATA_DIR 移到更大的磁盘。"))
        return told

    def public_address(self) -> str:
        """With MEDIA_PUBLIC_URL somebody serves the folder itself; else the museum, which knows only its own rows."""
        if storages["public"].public_base_url:
            return _public_answer(storages["public"].url(self.small), body=SMALL)
        row = Derivative.objects.exclude(public_name="").order_by("-pk").first()
        if row is None:
            raise StepSkippedError(_("馆中还没有公开的图片，无从试取"))
        address = settings.PUBLIC_BASE_URL.rstrip("/") + row.url
        try:
            return _public_answer(address, mime_type=row.mime_type)
        except StepFailedError as error:
            if isinstance(error.__cause__, OSError):
                raise StepSkippedError(_("网站没有在 %(url)s 运行") % {"url": settings.PUBLIC_BASE_URL}) from error
            raise


class BucketTrial(Trial):
    """A bucket, as this server and as a browser sees it."""

    def steps(self) -> list[tuple[str, Callable[[], str], bool]]:
        return [
            *super().steps(),
            (_("类型与元数据"), self.metadata, False),
            (_("公开副本无须签名即可取得"), self.public_address, False),
            (_("私有文件无签名即被拒绝"), self.private_refused, False),
            (_("无签名不能列出"), self.listing_refused, False),
            (_("无签名不能写入"), self.writing_refused, False),
            (_("签名链接与中文文件名"), self.signed_link, False),
            (_("改动过的签名链接被拒绝"), self.tampered_link, False),
            (_("跨域上传与读取（CORS）"), self.cross_origin, False),
            (_("过期的签名链接被拒绝"), self.expired_link, False),
        ]

    def metadata(self) -> str:
        told = storages["default"].head(self.large)
        wanted = {"sha256": self.digest, "original-name": quote(LARGE_NAME)}
        if told["ContentType"] != "application/pdf" or told["Metadata"] != wanted:
            raise StepFailedError(
                _("取回的类型是 %(type)s，元数据是 %(metadata)s")
                % {"type": told["ContentType"], "metadata": told["Metadata"]},
                _("存储或其前面的代理改动了 Content-Type 或 x-amz-meta-*：关掉它的改写。"),
            )
        return told["ContentType"]

    def public_address(self) -> str:
        return _public_answer(storages["public"].url(self.small), mime_type="image/jpeg", body=SMALL)

    def private_refused(self) -> str:
        for alias in ALIASES[:3]:
            self._refused(storages[alias].bare_address(self.small))
        base = urlsplit(storages["public"].public_base_url)
        place = storages["default"].place(self.small)
        if fetch(f"{base.scheme}://{base.netloc}/{place['Key']}").status == 200:
            raise StepFailedError(
                _("经 MEDIA_PUBLIC_URL 的主机可以取得私有文件"),
                _("让 CDN 只回源到 public/ 前缀，或撤掉它读取整个桶的授权。"),
            )
        return ""

    def listing_refused(self) -> str:
        place = storages["default"].place(self.small)
        root = storages["default"].bare_address(self.small).removesuffix(place["Key"])
        self._refused(f"{root}?list-type=2&max-keys=1")
        return ""

    def writing_refused(self) -> str:
        name = f"{self.small.removesuffix('.jpg')}-.jpg"
        self.made.add(("public", name))
        self._refused(storages["public"].bare_address(name), "PUT", b"x")
        return ""

    @staticmethod
    def _refused(address: str, method: str = "GET", body: bytes | None = None) -> None:
        answer = fetch(address, method, body)
        if answer.status < 400:
            raise StepFailedError(
                _("%(method)s %(address)s 不要签名也成功了") % {"method": method, "address": _shown(address)},
                _("桶策略只应对 public/* 开放 s3:GetObject；去掉其余的公开授权与公共读写的 ACL。"),
            )

    def signed_link(self) -> str:
        answer = fetch(self._link(60))
        told = answer.headers.get("content-type"), answer.headers.get("content-disposition")
        if answer.status != 200 or answer.body != SMALL:
            raise StepFailedError(
                _("签名链接的应答是 %(status)d") % {"status": answer.status},
                _("核对 S3_PUBLIC_ENDPOINT（须是浏览器所用的主机名）、S3_REGION、S3_ADDRESSING；代理不可改写 Host。"),
            )
        if told != ("application/pdf", DISPOSITION):
            raise StepFailedError(
                _("类型与文件名没有照链接所写：%(told)s") % {"told": told},
                _("存储或代理须支持 response-content-type 与 response-content-disposition。"),
            )
        return DISPOSITION.rpartition("''")[0]

    def tampered_link(self) -> str:
        link = self._link(60)
        last = "0" if link[-1] != "0" else "1"
        for changed in (link[:-1] + last, link.replace("application%2Fpdf", "text%2Fhtml")):
            self._refused_link(changed, _("改动过的链接仍然有效"))
        return ""

    def expired_link(self) -> str:
        link, deadline = self._link(1), time.monotonic() + 8
        time.sleep(2)
        while fetch(link).status == 200 and time.monotonic() < deadline:
            time.sleep(1)
        self._refused_link(link, _("过期的链接仍然有效"))
        return ""

    def _refused_link(self, link: str, detail: str) -> None:
        if not fetch(link).is_refusal:
            raise StepFailedError(detail, _("存储没有核对第四版签名：换用支持它的版本，否则私有文件形同公开。"))

    def _link(self, seconds: int) -> str:
        link = storages["derivatives"].signed_link(
            self.small, mime_type="application/pdf", disposition=DISPOSITION, seconds=seconds
        )
        if link is None:
            raise StepSkippedError(_("MEDIA_DELIVERY=stream：浏览器不直接读取存储"))
        return link

    def cross_origin(self) -> str:
        link = self._link(60)
        parts = urlsplit(settings.PUBLIC_BASE_URL)
        origin = f"{parts.scheme}://{parts.netloc}"
        advice = _("在桶的 CORS 规则里允许来源 %(origin)s 的 PUT 与 GET，并公开（ExposeHeaders）ETag。") % {
            "origin": origin
        }
        for method in ("PUT", "GET"):
            asked = {"Origin": origin, "Access-Control-Request-Method": method}
            answer = fetch(_shown(link), "OPTIONS", **asked)
            allowed = answer.headers.get("access-control-allow-origin")
            methods = answer.headers.get("access-control-allow-methods", "").upper()
            if answer.status >= 300 or allowed not in (origin, "*") or method not in methods:
                raise StepFailedError(_("预检 %(method)s 没有得到允许") % {"method": method}, advice)
        if "etag" not in fetch(link, Origin=origin).headers.get("access-control-expose-headers", "").lower():
            raise StepFailedError(_("页面上的脚本读不到 ETag"), advice)
        return origin


def _public_answer(address: str, *, mime_type: str = "", body: bytes = b"") -> str:
    """A public copy as anybody gets it: itself, as a picture, kept by caches for an hour at most."""
    answer = fetch(address)
    if answer.status != 200 or (body and answer.body != body):
        raise StepFailedError(
            _("%(address)s 的应答是 %(status)d") % {"address": address, "status": answer.status},
            _("桶策略须对 public/* 开放 s3:GetObject；设了 MEDIA_PUBLIC_URL 的，它须指到公开副本所在的 public/。"),
        )
    told = answer.headers.get("content-type", "")
    if mime_type and told != mime_type:
        raise StepFailedError(
            _("类型应为 %(wanted)s，却是 %(told)s") % {"wanted": mime_type, "told": told},
            _("让存储、CDN 或网页服务器照对象自身的 Content-Type 应答。"),
        )
    cache = answer.headers.get("cache-control", "")
    ages = [part.partition("=")[2] for part in cache.replace(" ", "").split(",") if "max-age=" in part]
    if "immutable" in cache or any(not age.isdigit() or int(age) > 3600 for age in ages) or not ages:
        raise StepFailedError(
            _("Cache-Control 是“%(cache)s”") % {"cache": cache},
            _("CDN 或网页服务器应以 public, max-age=3600 应答：撤下的图片一小时内须从缓存里消失。"),
        )
    return address.rpartition("/public/")[0] or address
