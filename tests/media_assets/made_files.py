"""Small real files, made on the spot: pictures by Pillow, films by FFmpeg."""

import io
import math
from fractions import Fraction

import av
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

LEFT_TOP = (200, 30, 30)
RIGHT_TOP = (30, 160, 60)
LEFT_BOTTOM = (30, 60, 190)
RIGHT_BOTTOM = (240, 240, 240)


def quarters(width: int = 400, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Four colours, so that every way of turning or mirroring shows."""
    picture = Image.new("RGB", (width, height), RIGHT_BOTTOM)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), LEFT_TOP)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), RIGHT_TOP)
    draw.rectangle((0, height // 2, width // 2 - 1, height), LEFT_BOTTOM)
    return picture if mode == "RGB" else picture.convert(mode)


def encoded(picture: Image.Image, image_format: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue()


def upload(data: bytes, name: str) -> ContentFile:
    return ContentFile(data, name=name)


def a_jpeg(width: int = 400, height: int = 240, **options) -> bytes:
    return encoded(quarters(width, height), "JPEG", quality=90, **options)


def a_photograph_with_a_position(width: int = 400, height: int = 240, orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it: orientation, camera, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "莞牌相机"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 2.0, 35.0), 3: "E", 4: (113.0, 45.0, 6.0)})
    return a_jpeg(width, height, exif=exif)


def a_film(
    seconds: float = 2.0,
    width: int = 320,
    height: int = 240,
    *,
    container: str = "mp4",
    codec: str = "libx264",
    sound: bool = False,
    dark_until: float = 0.0,
    pixel_aspect: Fraction | None = None,
) -> bytes:
    """A film of one colour (after darkness, if asked), 10 pictures a second."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as output:
        stream = output.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if pixel_aspect:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        tone = output.add_stream("aac", rate=16000) if sound else None
        for number in range(int(seconds * 10)):
            colour = (0, 0, 0) if number / 10 < dark_until else LEFT_TOP
            frame = av.VideoFrame.from_image(Image.new("RGB", (width, height), colour))
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if tone is not None:
            _add_tone(output, tone, seconds)
    return buffer.getvalue()


def around_a_stream(length: int) -> tuple[bytes, bytes]:
    """What comes before and after so many bytes in a PDF of one page that carries them as a stream of no use."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    head, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(head))
        head += b"%d 0 obj%s\nendobj\n" % (number, content)
    places.append(len(head))
    head += b"4 0 obj<</Length %d>>stream\n" % length
    tail = b"\nendstream\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(head) + length + len(tail)
    tail += b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Root 1 0 R/Size 5>>\n"
    return head, tail + b"startxref\n%d\n%%%%EOF\n" % start


def a_pdf(carried: bytes = b"") -> bytes:
    head, tail = around_a_stream(len(carried))
    return head + carried + tail


def a_recording(seconds: float = 1.0, *, container: str = "mp3", codec: str = "libmp3lame") -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as output:
        _add_tone(output, output.add_stream(codec, rate=16000), seconds)
    return buffer.getvalue()


def _add_tone(output, stream, seconds: float) -> None:
    samples = b"".join(
        int(8000 * math.sin(2 * math.pi * 440 * n / 16000)).to_bytes(2, "little", signed=True)
        for n in range(int(seconds * 16000))
    )
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
    frame.planes[0].update(samples)
    frame.sample_rate = 16000
    frame.pts = 0
    resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=16000, frame_size=1024)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        output.mux(stream.encode(part))
    output.mux(stream.encode(None))


def near(colour, wanted, tolerance=14) -> bool:
    """Whether two colours look the same after a lossy codec."""
    return all(abs(a - b) <= tolerance for a, b in zip(colour[:3], wanted, strict=True))


def refusing(keep, refused="derivatives/"):
    """A storage's `_save` that fails for names that begin so."""

    def save(self, name, content):
        if name.startswith(refused):
            raise OSError(5, "Input/output error")
        return keep(self, name, content)

    return save
