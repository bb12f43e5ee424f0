"""Serves single files of pinned npm packages as static files, without a bundler and without serving the packages."""

from fnmatch import fnmatch
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

FILES = {
    "@fontsource-variable/noto-serif-sc": ("index.css", "files/noto-serif-sc-*-wght-normal.woff2", "LICENSE"),
    "hls.js": ("dist/hls.light.min.js", "dist/hls.light.min.js.map", "LICENSE"),
    # The map of the source is named in the script, and what is named must be there when files are collected.
    "openseadragon": (
        "build/openseadragon/openseadragon.min.js",
        "build/openseadragon/openseadragon.min.js.map",
        "LICENSE.txt",
    ),
}
"""Package → the files of it that the site serves, as patterns, below ``libraries/<package>/``."""

PREFIX = "libraries/"


class BrowserLibraryFinder(BaseFinder):
    """Finds ``libraries/<package>/<file>`` in NODE_MODULES_DIR. Without the packages nothing is found, and the site
    falls back to the reader's own fonts."""

    def __init__(self, *args, **kwargs):
        self.root = Path(settings.NODE_MODULES_DIR)

    def check(self, **kwargs) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs):
        if not path.startswith(PREFIX):
            return []
        relative = path.removeprefix(PREFIX)
        for package, patterns in FILES.items():
            name = relative.removeprefix(f"{package}/")
            file = self.root / package / name
            if name != relative and any(fnmatch(name, pattern) for pattern in patterns) and file.is_file():
                return [str(file)] if find_all else str(file)
        return []

    def list(self, ignore_patterns):
        for package, patterns in FILES.items():
            storage = FileSystemStorage(location=self.root / package)
            storage.prefix = f"{PREFIX}{package}"
            for pattern in patterns:
                for file in sorted((self.root / package).glob(pattern)):
                    name = file.relative_to(self.root / package).as_posix()
                    if not matches_patterns(name, ignore_patterns):
                        yield name, storage
