"""Pictures from people: the type told by the content, bounded, decoded, and kept without anything but the picture."""

import hashlib
import io
import struct
from dataclasses import dataclass

import magic
from django.utils.translation import gettext
from PIL import Image, UnidentifiedImageError

from helpcenter.errors import PictureRejected

LARGEST_FILE = 15 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
FORMATS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
QUALITY = 82

_BARE_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs"}
_BARE_WEBP = {b"VP8 ", b"VP8L", b"ALPH", b"VP8X"}


@dataclass(frozen=True)
class Accepted:
    """A picture that may be stored; `data` holds nothing but the picture."""

    data: bytes
    extension: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()[:32]


def accept(data: bytes) -> Accepted:
    """Check and clean the bytes of a picture. Raises PictureRejected with a sentence for the person who sent it."""
    if len(data) > LARGEST_FILE:
        raise PictureRejected(
            gettext("The file has %(size)d MB; at most 15 MB are taken.") % {"size": len(data) // 1048576}
        )
    kind = FORMATS.get(magic.from_buffer(data[:4096], mime=True))
    if kind is None:
        raise PictureRejected(gettext("This is not a PNG, JPEG, WebP or GIF picture, whatever its name says."))
    image = _decode(data)
    if _is_bare(data, kind):
        return Accepted(data, kind, *image.size)
    extension = "jpg" if kind == "jpg" else "png"
    return Accepted(_encode(image, extension), extension, *image.size)


def resize(data: bytes, width: int) -> bytes:
    """The picture as WebP, `width` pixels wide (never wider than it is)."""
    image = _decode(data)
    if width < image.width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _decode(data: bytes) -> Image.Image:
    """The first frame in RGB or RGBA."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                message = gettext("The picture has %(width)d × %(height)d pixels; at most 40 million are taken.")
                raise PictureRejected(message % {"width": image.width, "height": image.height})
            image.load()
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            return image.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise PictureRejected(gettext("The picture is damaged and cannot be read.")) from error


def _encode(image: Image.Image, extension: str) -> bytes:
    out = io.BytesIO()
    if extension == "jpg":
        image.convert("RGB").save(out, "JPEG", quality=92, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_bare(data: bytes, kind: str) -> bool:
    """Whether a file holds the picture and nothing else: no metadata, nothing after its end."""
    if kind == "png":
        return _png_chunks(data) <= _BARE_PNG
    if kind == "webp":
        return _webp_chunks(data) <= _BARE_WEBP
    return False


def _png_chunks(data: bytes) -> set[bytes]:
    """Chunk types of a PNG; a strange one where the file does not end with its last chunk."""
    found, position = set(), 8
    while position + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[position : position + 8])
        found.add(name)
        position += 12 + length
        if name == b"IEND":
            break
    return found if position == len(data) else found | {b"????"}


def _webp_chunks(data: bytes) -> set[bytes]:
    """Chunk types of a WebP (RIFF); a strange one where sizes and file length differ."""
    found, position = set(), 12
    while position + 8 <= len(data):
        name, length = struct.unpack("<4sI", data[position : position + 8])
        found.add(name)
        position += 8 + length + length % 2
    whole = position == len(data) and struct.unpack("<I", data[4:8])[0] == len(data) - 8
    return found if whole else found | {b"????"}
