"""What the sandbox tests have done in the bounded process. Nothing of Django here."""

import os
import subprocess
import sys
import time
from pathlib import Path

from media_assets.file_errors import RefusedFile, UnreadableFile, marked


def add(first, second):
    print("noise of a library")  # noqa: T201 (what must not mix with the answer)
    return first + second


def modules() -> list[str]:
    return sorted({name.partition(".")[0] for name in sys.modules})


def environment() -> dict:
    return dict(os.environ)


def read(path: str) -> str:
    return Path(path).read_text().strip()


def refuse(width: int):
    raise RefusedFile(marked("图片宽%(width)d像素。"), width=width)


def find_damage():
    raise UnreadableFile("文件已损坏。")


def stumble():
    return [][1]


def sleep():
    time.sleep(60)


def burn():
    while True:
        pass


def fill_memory():
    return len(bytearray(3 * 1024**3))


def die():
    os.kill(os.getpid(), 11)


def write(path: str, size: int):
    Path(path).write_bytes(bytes(size))


def leave_a_child(path: str):
    subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(2); open({path!r}, 'w')"])  # noqa: S603
    time.sleep(60)


def full_disk():
    raise OSError(28, "No space left on device")


def answer_with_code():
    return _Trap()


class _Trap:
    def __reduce__(self):
        return (os.system, ("touch /tmp/the-sandbox-leaks",))
