"""What Python's reader of ZIP archives raises for one that is damaged, packed in an unknown way, or no ZIP at all."""

import lzma
import zipfile
import zlib

ZIP_DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError),
)
