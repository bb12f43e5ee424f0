"""Runs decoders of untrusted files in a process of their own, bounded in memory, time and what it may write.

A fresh interpreter, not a fork: the museum's threads, connections, keys and memory are not in it, and a crash ends
nothing but itself. A function that is run here lives in a module that imports nothing of Django (`decoding/`,
`metadata/`), is given files by path, and raises `file_errors` with `marked` texts.

Setting: MEDIA_SANDBOX = {"wall_seconds", "cpu_seconds", "memory_bytes", "file_bytes", "open_files", "at_once"}; in
tests alone "in_place": True, which calls the function here and now: a thousand interpreters take a while to start.
"""

import errno
import io
import json
import logging
import os
import pickle
import pickletools
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from . import file_errors, sandbox_inside
from .file_errors import FileError, RefusedFile, UnreadableFile

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
ANSWER_BYTES = 256 * MIB
_LAST_WORDS = 4096
_ROOT = Path(__file__).resolve().parent.parent
_HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
_PLAIN_CLASSES = {("fractions", "Fraction"), ("datetime", "datetime"), ("datetime", "date")}


@dataclass(frozen=True)
class Limits:
    """Seconds on the clock and of all processors together; bytes of address space and of the largest file written."""

    wall_seconds: float = 30
    cpu_seconds: int = 20
    memory_bytes: int = 2048 * MIB
    file_bytes: int = 2048 * MIB
    open_files: int = 128


class SandboxError(RuntimeError):
    """The sandbox itself did not work (no such function, no interpreter): a fault of ours, not of the file."""


def limits(**given) -> Limits:
    """The defaults, then `settings.MEDIA_SANDBOX`, then what the caller asks for and is not None."""
    names = {field.name for field in fields(Limits)}
    chosen = {k: v for k, v in getattr(settings, "MEDIA_SANDBOX", {}).items() if k in names}
    return Limits(**(chosen | {k: v for k, v in given.items() if v is not None}))


def call(
    function: Callable,
    *args,
    wall_seconds: float | None = None,
    cpu_seconds: int | None = None,
    memory_bytes: int | None = None,
    file_bytes: int | None = None,
) -> Any:
    """What `function(*args)` returns in the bounded process; `function` is at the top of a module without Django.

    Arguments are anything that pickles; the answer is made of plain values, bytes, dataclasses and enums of this app.
    Raises the function's own FileError; UnreadableFile when it raised anything else, crashed or ran out of memory;
    RefusedFile when it took too long; OSError when this machine's disk is full; SandboxError for a fault of ours.
    """
    if _is_own_work.get() or getattr(settings, "MEDIA_SANDBOX", {}).get("in_place"):
        return _in_place(function, args)
    bounds = limits(
        wall_seconds=wall_seconds, cpu_seconds=cpu_seconds, memory_bytes=memory_bytes, file_bytes=file_bytes
    )
    request = pickle.dumps((function.__module__, function.__qualname__, args), pickle.HIGHEST_PROTOCOL)
    with _turn(), _started(bounds, stdin=subprocess.PIPE) as (process, errors):
        with suppress(BrokenPipeError):  # when it died before it was asked; its exit code tells how
            process.stdin.write(request)
            process.stdin.close()
        answer = b"".join(_blocks(process, ANSWER_BYTES))
        _require_good_end(process, errors)
    return _opened(answer, function)


_is_own_work: ContextVar[bool] = ContextVar("is_own_work", default=False)


@contextmanager
def own_work() -> Iterator[None]:
    """For files that this program has made itself a moment ago and nobody else has had in hand: they are looked into
    here and now. Half of the time of a thousand small pictures goes into starting interpreters."""
    token = _is_own_work.set(True)
    try:
        yield
    finally:
        _is_own_work.reset(token)


def _in_place(function: Callable, args: tuple) -> Any:
    try:
        return function(*args)
    except (FileError, OSError, MemoryError):
        raise
    except Exception as error:
        raise _died(f"{function.__module__}.{function.__qualname__}: {error!r}") from error


def run_program(
    argv: list[str],
    *,
    on_line: Callable[[str], None] | None = None,
    wall_seconds: float | None = None,
    cpu_seconds: int | None = None,
    memory_bytes: int | None = None,
    file_bytes: int | None = None,
    cwd: str | Path | None = None,
) -> str:
    """Run a program (ffmpeg) under the same limits and return the last of what it wrote to its error output.

    `on_line` is given every line of its output, as it comes; what it raises ends the program and is passed on.
    Raises UnreadableFile when the program fails or dies, RefusedFile when it takes too long, OSError when this
    machine's disk is full.
    """
    bounds = limits(
        wall_seconds=wall_seconds, cpu_seconds=cpu_seconds, memory_bytes=memory_bytes, file_bytes=file_bytes
    )
    with _started(bounds, *argv, stdin=subprocess.DEVNULL, cwd=cwd) as (process, errors):
        for line in _lines(_blocks(process)):
            if on_line is not None:
                on_line(line)
        _require_good_end(process, errors)
        return _tail(errors)


# --- one process ---------------------------------------------------------------------------------------


_turns_guard = threading.Lock()
_turns: threading.BoundedSemaphore | None = None


@contextmanager
def _turn() -> Iterator[None]:
    """At most so many decoders at once in each process of the museum: each may fill its memory."""
    global _turns
    with _turns_guard:
        if _turns is None:
            _turns = threading.BoundedSemaphore(getattr(settings, "MEDIA_SANDBOX", {}).get("at_once", 2))
    with _turns:
        yield


@contextmanager
def _started(bounds: Limits, *program: str, stdin, cwd=None) -> Iterator[tuple[subprocess.Popen, BinaryIO]]:
    """A process of its own session, with a folder for its temporary files; gone with all its children afterwards."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder, tempfile.TemporaryFile() as errors:
        told = asdict(bounds) | {"folder": str(cwd) if cwd else ""}
        process = subprocess.Popen(  # noqa: S603 (our own interpreter, no shell)
            [sys.executable, "-m", sandbox_inside.__name__, json.dumps(told), *map(str, program)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=_ROOT,
            env=_environment(folder),
            start_new_session=True,
        )
        process.deadline = time.monotonic() + bounds.wall_seconds
        try:
            yield process, errors
        finally:
            _end(process)


def _environment(folder: str) -> dict[str, str]:
    """Without the museum's secrets: keys and passwords are in its environment."""
    kept = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    return kept | {
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _end(process: subprocess.Popen) -> None:
    """Kill it and what it has started. Not before this is it reaped: its number would be another's by then."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _blocks(process: subprocess.Popen, most: int | None = None) -> Iterator[bytes]:
    """Its output as it comes, until it closes it."""
    descriptor = process.stdout.fileno()
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN | select.POLLHUP)
    read = 0
    while True:
        left = process.deadline - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            raise _too_slow()
        block = os.read(descriptor, MIB)
        if not block:
            return
        read += len(block)
        if most is not None and read > most:
            raise _died("its answer has no end")
        yield block


def _lines(blocks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        rest = rest[-_LAST_WORDS:]
        yield from (line.decode("utf-8", "replace").rstrip("\r") for line in lines)
    if rest:
        yield rest.decode("utf-8", "replace")


def _require_good_end(process: subprocess.Popen, errors: BinaryIO) -> None:
    """Raises what its exit code means, unless it ended well."""
    state = None
    while state is None:
        if time.monotonic() > process.deadline:
            raise _too_slow()
        state = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        if state is None:
            time.sleep(0.001)
    if state.si_code == os.CLD_EXITED and state.si_status == 0:
        return
    if state.si_code != os.CLD_EXITED and state.si_status in (signal.SIGXCPU, signal.SIGALRM):
        raise _too_slow()
    told = _tail(errors)
    if os.strerror(errno.ENOSPC) in told:
        raise OSError(errno.ENOSPC, told.splitlines()[-1])
    raise _died(f"ended with {state.si_status}: {told}")


# --- what it answered ----------------------------------------------------------------------------------


class _Answer(pickle.Unpickler):
    """Opens nothing but plain values and this app's own value classes: a decoder that was taken over by a file must
    not be able to run anything here."""

    def find_class(self, module: str, name: str):
        if (module, name) in _PLAIN_CLASSES:
            return super().find_class(module, name)
        if module.startswith("media_assets.") and "." not in name and module in sys.modules:
            found = getattr(sys.modules[module], name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value")


def _opened(answer: bytes, function: Callable) -> Any:
    try:
        if any(code.name == "BUILD" for code, _argument, _place in pickletools.genops(answer)):
            raise pickle.UnpicklingError("attributes are set, which may be those of a class")
        state, *told = _Answer(io.BytesIO(answer)).load()
    except Exception as error:  # whatever the bytes make the unpickler do
        raise _died(f"unreadable answer: {error!r}") from error
    if state == "result":
        return told[0]
    if state == "refused":
        name, message, values = told
        raise getattr(file_errors, name)(_(message), **values)
    if state == "trouble":
        raise OSError(*told)
    raise _died(f"{function.__module__}.{function.__qualname__}: {told[0]}")


def _tail(errors: BinaryIO) -> str:
    size = errors.seek(0, 2)
    errors.seek(max(0, size - _LAST_WORDS))
    return errors.read().decode("utf-8", "replace").strip()


def _too_slow() -> RefusedFile:
    return RefusedFile(_("处理这个文件用时过长，已中止；它可能已损坏，或内容异常复杂。"))


def _died(detail: str) -> UnreadableFile:
    logger.warning("a decoder failed: %s", detail)
    return UnreadableFile(_("无法解读这个文件：它可能已损坏，或其内容会耗尽内存。"))
