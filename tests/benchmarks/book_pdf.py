"""How long a scanned book takes to import from a PDF, beside taking its pictures out and nothing else.

    python -m tests.benchmarks.book_pdf [PAGES]

Makes a PDF of that many pages (200), each one JPEG of about 2 megapixels, reads it with the museum's format and with
bare pikepdf in one run, three times each by turns, and prints the best of either and the peak of memory. The goal is
1.3 times.
"""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from archive.importing.books.contract import LeafItem, Options
from archive.importing.books.pdf import Pdf

GOAL = 1.3
WIDTH, HEIGHT = 1240, 1754


def make(path: Path, pages: int) -> None:
    dice = np.random.default_rng(7)
    with pikepdf.new() as pdf:
        for _page in range(pages):
            grain = dice.integers(180, 256, (HEIGHT // 2, WIDTH // 2), dtype=np.uint8)
            packed = io.BytesIO()
            Image.fromarray(grain).resize((WIDTH, HEIGHT)).save(packed, "JPEG", quality=85)
            picture = pdf.make_stream(packed.getvalue())
            picture.update(
                {
                    "/Type": pikepdf.Name.XObject,
                    "/Subtype": pikepdf.Name.Image,
                    "/Width": WIDTH,
                    "/Height": HEIGHT,
                    "/ColorSpace": pikepdf.Name.DeviceGray,
                    "/BitsPerComponent": 8,
                    "/Filter": pikepdf.Name.DCTDecode,
                }
            )
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
            page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        pdf.save(path)


def bare(path: Path, folder: Path) -> float:
    start = time.perf_counter()
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages):
            for picture in page.get_images().values():
                pikepdf.PdfImage(picture).extract_to(fileprefix=str(folder / f"{number:04d}"))
    return time.perf_counter() - start


def museum(path: Path, folder: Path, pages: int) -> float:
    (folder / "pictures").mkdir()
    start = time.perf_counter()
    leaves = sum(isinstance(item, LeafItem) and bool(item.picture) for item in Pdf().read(path, folder, Options()))
    taken = time.perf_counter() - start
    if leaves != pages:
        raise SystemExit(f"{leaves} leaves with a picture, and not {pages}")
    return taken


def main() -> None:
    pages = int(sys.argv[1]) if sys.argv[1:] else 200
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scans.pdf"
        make(path, pages)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times: dict[str, list[float]] = {"bare": [], "museum": []}
        for turn in range(3):
            for name in times:
                target = Path(folder) / f"{name}{turn}"
                target.mkdir()
                os.sync()  # nobody waits for what the other has left to be written
                times[name].append(bare(path, target) if name == "bare" else museum(path, target, pages))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        size = path.stat().st_size / 1e6
    best = {name: min(taken) for name, taken in times.items()}
    print(f"{pages} pages, {size:.0f} MB; bare extraction {best['bare']:.2f} s, museum {best['museum']:.2f} s")
    print(f"{best['museum'] / best['bare']:.2f} times (goal {GOAL}); memory grew by {grown:.0f} MB")


if __name__ == "__main__":
    main()
