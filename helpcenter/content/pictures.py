"""Pictures from people: the type told by the content, bounded, decoded, and kept without anything but the picture."""

import hashlib
import io
from dataclasses import dataclass

import magic
from django.utils.translation import gettext
from PIL import Image, ImageOps, UnidentifiedImageError

from helpcenter.content import bareness
from helpcenter.errors import PictureRejected

LARGEST_FILE = 15 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
FORMATS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
QUALITY = 82

# Our own bound, checked before anything is decoded, says what the limit is; Pillow's would call the file damaged.
Image.MAX_IMAGE_PIXELS = None


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


def refuse_size(size: int) -> None:
    """Raises PictureRejected for a file of too many bytes."""
    if size > LARGEST_FILE:
        message = gettext("The file has %(size)d MB; at most 15 MB are taken.")
        raise PictureRejected(message % {"size": -(-size // 1048576)})


def accept(data: bytes) -> Accepted:
    """Check and clean the bytes of a picture. Raises PictureRejected with a sentence for the person who sent it."""
    refuse_size(len(data))
    kind = FORMATS.get(magic.from_buffer(data[:4096], mime=True))
    if kind is None:
        raise PictureRejected(gettext("This is not a PNG, JPEG, WebP or GIF picture, whatever its name says."))
    image = _decode(data)
    if bareness.is_bare(data, kind):
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
    """The first frame, upright, in RGB or RGBA, without notes."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                message = gettext("The picture has %(width)d × %(height)d pixels; at most 40 million are taken.")
                raise PictureRejected(message % {"width": image.width, "height": image.height})
            image.load()
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            plain = _eight_bits(ImageOps.exif_transpose(image)).convert("RGBA" if has_alpha else "RGB")
            plain.info = {}
            return plain
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError) as error:
        raise PictureRejected(gettext("The picture is damaged and cannot be read.")) from error


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits per pixel, which a plain conversion would cut off instead of scaling."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def _encode(image: Image.Image, extension: str) -> bytes:
    out = io.BytesIO()
    if extension == "jpg":
        image.convert("RGB").save(out, "JPEG", quality=92, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()
