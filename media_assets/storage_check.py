"""Proves the storages in use from end to end, with small files of its own, before anybody's files depend on them.

`prove()` does one step after the other and removes what it made, whatever happens. Each failure says in words which
setting or which policy of the storage has to be changed.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.files.storage import storages
from django.utils.translation import gettext as _

from .storage import LocalFiles
from .storage_errors import StorageUnavailableError, Trouble
from .storage_trials import BucketTrial, LocalTrial, StepFailedError, StepSkippedError


class Outcome(StrEnum):
    GOOD = "good"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class StepResult:
    """`detail` is what was seen, or why it was skipped; `advice` what to change after a failure."""

    title: str
    outcome: Outcome
    seconds: float
    detail: str = ""
    advice: str = ""


def prove() -> Iterator[StepResult]:
    """Prove the storages in use step by step. Everything that was made is removed, even when a step fails or the
    caller stops listening."""
    trial = LocalTrial() if isinstance(storages["default"], LocalFiles) else BucketTrial()
    stopped = ""
    try:
        for title, step, is_essential in trial.steps():
            if stopped:
                yield StepResult(title, Outcome.SKIPPED, 0, stopped)
                continue
            result = _done(title, step)
            if is_essential and result.outcome is Outcome.FAILED:
                stopped = _("前面的步骤没有成功")
            yield result
        yield _done(_("删除"), trial.remove_all)
    finally:
        trial.clean()


def check_storage() -> list[StepResult]:
    """All steps at once, for a page that shows them."""
    return list(prove())


def _done(title: str, step: Callable[[], str]) -> StepResult:
    started = time.monotonic()
    outcome, detail, advice = Outcome.GOOD, "", ""
    try:
        detail = step()
    except StepSkippedError as error:
        outcome, detail = Outcome.SKIPPED, str(error)
    except StepFailedError as error:
        outcome, detail, advice = Outcome.FAILED, error.detail, error.advice
    except StorageUnavailableError as error:
        outcome, detail, advice = Outcome.FAILED, f"{error.reason}（{error.detail}）", _advice(error)
    except FileNotFoundError as error:
        outcome, detail = Outcome.FAILED, _("刚刚写入的文件不见了：%(name)s") % {"name": error}
        advice = _("确认没有别的程序清理这处存储，也没有两台不同步的存储共用一个地址。")
    return StepResult(title, outcome, time.monotonic() - started, detail, advice)


def _advice(error: StorageUnavailableError) -> str:
    if isinstance(storages["default"], LocalFiles):
        return {
            Trouble.FULL: _("磁盘已满或超出配额：腾出空间，或把 DATA_DIR 移到更大的磁盘。"),
            Trouble.REFUSED: _("让运行网站的用户拥有 DATA_DIR/media，并确认磁盘不是只读挂载。"),
        }.get(error.trouble, _("查看系统日志，检查 DATA_DIR 所在的磁盘。"))
    if "NoSuchBucket" in error.detail:
        return _("没有这个桶：核对 S3_BUCKET、S3_PUBLIC_BUCKET、S3_REGION 与 S3_ENDPOINT。")
    if "credentials" in error.detail.lower():
        return _("没有凭据：设 S3_ACCESS_KEY 与 S3_SECRET_KEY，或在带有实例角色的机器上运行。")
    return {
        Trouble.UNREACHABLE: _("核对 S3_ENDPOINT（含 http:// 或 https:// 与端口）、域名解析与防火墙。"),
        Trouble.SLOW: _("核对 S3_ENDPOINT 与网络；存储在另一地区时改用同地区的端点。"),
        Trouble.REFUSED: _(
            "核对 S3_ACCESS_KEY 与 S3_SECRET_KEY，并允许这把密钥在桶（S3_BUCKET）里读、写、删、列；再核对本机时钟。"
        ),
        Trouble.FULL: _("存储空间或配额已用尽：扩容，或提高桶的配额。"),
    }.get(error.trouble, _("阿里云 OSS 等须设 S3_ADDRESSING=virtual、S3_CHECKSUMS=when_required；再核对 S3_REGION。"))
