"""The other side of `media_assets.sandbox`: what runs in the bounded process, before anything untrusted is opened.

Started as `python -m media_assets.sandbox_inside LIMITS` with a pickled call on its input, or
`… LIMITS PROGRAM ARGUMENT…` for a program. Nothing of Django is imported: that would cost more than most decodings.
"""

import errno
import importlib
import io
import json
import os
import pickle
import resource
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import fields, is_dataclass

from .file_errors import FileError

EXIT_NO_MEMORY = 76
_OUR_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EROFS)


def main() -> None:
    limits = json.loads(sys.argv[1])
    bind(limits)
    stay_behind()
    if sys.argv[2:]:
        os.chdir(limits["folder"] or ".")
        die_with_the_museum()
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 (our own argument list, no shell)
    request = sys.stdin.buffer.read()
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # whatever a library prints does not mix with the answer
        answer.write(_pickled(_answer(request)))
    os._exit(0)  # nothing here needs tidying, and libraries that tidy up after damage have been seen to crash


def bind(limits: dict) -> None:
    """Limits that the process cannot take off again; the alarm ends it even if the museum has died meanwhile."""
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"])
    for name, value in (
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _most, allowed = resource.getrlimit(name)
        value = value if allowed == resource.RLIM_INFINITY else min(value, allowed)
        # A second more for the processor's hard limit: the soft one ends the process by a signal that says why.
        last = value + 1 if name == resource.RLIMIT_CPU and allowed == resource.RLIM_INFINITY else value
        resource.setrlimit(name, (value, last))


def stay_behind() -> None:
    """What the background process starts stays as far behind the site as that itself does: in a session of its own
    Linux weighs it by the session (sched(7), autogroup), not by its own niceness."""
    behind = os.nice(0)
    if behind > 0:
        with suppress(OSError):
            group = os.open("/proc/self/autogroup", os.O_WRONLY)
            os.write(group, str(behind).encode())
            os.close(group)


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call with its fields: the museum opens no answer that sets attributes."""

    def reducer_override(self, value):
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return NotImplemented


def _pickled(answer: tuple) -> bytes:
    written = io.BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(answer)
    return written.getvalue()


def die_with_the_museum() -> None:
    """A program may run for hours: it must not go on when the worker that waits for it was killed (Linux, prctl(2))."""
    if sys.platform == "linux":
        import ctypes  # not above: decoders, which end by themselves, would pay for it

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; kept by exec


def _answer(request: bytes) -> tuple:
    """("result", value), ("refused", class, message, values), ("trouble", errno, text) or ("failed", trace)."""
    module, name, args = pickle.loads(request)  # noqa: S301 (from the museum itself)
    function = getattr(importlib.import_module(module), name)
    try:
        return ("result", function(*args))
    except FileError as error:
        return ("refused", type(error).__name__, error.message, error.values)
    except MemoryError:
        os._exit(EXIT_NO_MEMORY)
    except OSError as error:
        if error.errno in _OUR_TROUBLE:
            return ("trouble", error.errno, str(error))
        return ("failed", traceback.format_exc())
    except Exception:  # a decoder may raise anything at all over a file that was made to harm it
        return ("failed", traceback.format_exc())


if __name__ == "__main__":
    main()
