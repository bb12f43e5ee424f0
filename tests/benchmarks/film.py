"""CPU of the HLS set of a film beside the bare ffmpeg command: python -m tests.benchmarks.film [SECONDS] [ROUNDS]

A film of 1080 lines with sound is made in a temporary folder. The bare command encodes the same two streams with the
same options and nothing else; ours adds the look into the file, the sheet of small pictures, the whole file, the rows
and the storing. Seconds of CPU of the children (user and system), the least of some rounds taken in turn.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

DURATION, ROUNDS = 30, 3


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else DURATION
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "settings.base", "STORAGE": "local"}
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/museum.sqlite3"
        _set_up()
        film = _film(Path(folder) / "film.mp4", seconds)
        ours, bare = [], []
        for _round in range(rounds):
            bare.append(_cpu(lambda: _bare(film, Path(folder))))
            ours.append(_cpu(lambda: _ours(film)))
        print(f"{seconds} s of 1080 lines, the least of {rounds}:")
        print(f"  bare ffmpeg command  {min(bare):6.2f} s CPU")
        print(f"  the museum's job     {min(ours):6.2f} s CPU  {min(ours) / min(bare):.3f} x")


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _film(path: Path, seconds: int) -> Path:
    import imageio_ffmpeg

    source = f"testsrc2=s=1920x1080:r=25:d={seconds}"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", source),
            *("-f", "lavfi", "-i", f"sine=d={seconds}", "-vf", "noise=alls=8:allf=t"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def _bare(film: Path, folder: Path) -> None:
    import imageio_ffmpeg

    from media_assets.derivatives.film_plan import Source, rungs_for, streams_command
    from media_assets.derivatives.film_shape import film_shape

    shape = film_shape(str(film), "mov")
    rungs = rungs_for(shape.width, shape.height)
    source = Source(str(film), "mov")
    argv = streams_command(imageio_ffmpeg.get_ffmpeg_exe(), source, shape, rungs, None, folder, 2)
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def _ours(film: Path) -> None:
    from django.core.files import File

    from media_assets import jobs
    from media_assets.derivatives.videos import KIND, make_film
    from media_assets.models import ArchiveVideo, Job

    video = ArchiveVideo(title="龙舟竞渡", file=File(film.open("rb"), "龙舟.mp4"))
    video.save()
    job = Job.objects.of(video).get(kind=KIND)
    job.take()
    _start()
    make_film(jobs.Work(job))


_began = 0.0


def _used() -> float:
    told = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(one.ru_utime + one.ru_stime for one in told)


def _start() -> None:
    """What came before is no part of the work: taking the film in."""
    global _began
    _began = _used()


def _cpu(work) -> float:
    _start()
    work()
    return _used() - _began


if __name__ == "__main__":
    main()
