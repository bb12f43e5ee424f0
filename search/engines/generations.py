"""Folders of an embedded index, one a generation, so that a rebuilt index replaces the live one in one step.

    <dir>/CURRENT              the name of the live generation
    <dir>/<generation>/        the engine's own files
    <dir>/<generation>/FINGERPRINT   what schema and folding tables it was built by

Readers follow CURRENT. A generation that was replaced stays for a grace, because a process may just be opening it.
"""

import os
import shutil
import time
import uuid
from pathlib import Path

_GRACE = 300  # seconds


class Generations:
    """The generations under one folder, all written by whoever holds the indexer's lock."""

    def __init__(self, directory: Path, fingerprint: str) -> None:
        self._directory = directory
        self.fingerprint = fingerprint
        self._current_file = directory / "CURRENT"

    def current(self) -> Path | None:
        """The folder of the live generation, or None when there is none."""
        try:
            name = self._current_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        path = self._directory / name
        return path if name and path.is_dir() else None

    def is_up_to_date(self, generation: Path) -> bool:
        """Whether a generation was built by today's schema and tables."""
        try:
            return (generation / "FINGERPRINT").read_text(encoding="ascii") == self.fingerprint
        except FileNotFoundError:
            return False

    def create(self) -> Path:
        """A new, empty generation that nobody reads yet."""
        path = self._directory / f"{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:8]}"
        path.mkdir(parents=True)
        (path / "FINGERPRINT").write_text(self.fingerprint, encoding="ascii")
        return path

    def activate(self, generation: Path) -> None:
        """Make a finished generation the live one, atomically and durably."""
        temporary = self._current_file.with_suffix(".new")
        with temporary.open("w", encoding="ascii") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._current_file)
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self, generation: Path) -> None:
        """Remove a generation that was not finished."""
        shutil.rmtree(generation, ignore_errors=True)

    def tidy(self) -> None:
        """Remove every generation but the live one, unless it was replaced a moment ago."""
        live = self.current()
        if live is not None and time.time() - self._current_file.stat().st_mtime < _GRACE:
            return
        for path in self._directory.iterdir() if self._directory.is_dir() else ():
            if path.is_dir() and path != live:
                shutil.rmtree(path, ignore_errors=True)
