"""Pictures are kept upright, without what hides in or behind them, or refused before they cost anything."""

import io
import resource
import struct
import zlib

import pytest
from PIL import Image

from tests.tickets.attached import archive, photo, picture, refusal
from tickets import attachments
from tickets.attachments import examine


def png_header(width: int, height: int, rows: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "name", "kind", "kept"),
    [
        ("PNG", "shot.png", "image/png", "shot.png"),
        ("JPEG", "shot.jpeg", "image/jpeg", "shot.jpeg"),
        ("WEBP", "shot.webp", "image/webp", "shot.webp"),
        ("GIF", "shot.gif", "image/png", "shot.png"),
        ("PNG", "shot.jpg", "image/png", "shot.png"),
        ("PNG", "shot", "image/png", "shot.png"),
        ("PNG", "order 12.5", "image/png", "order 12.5.png"),
        ("PNG", "x.html.png", "image/png", "x.html.png"),
    ],
)
def test_pictures_are_kept_under_the_name_of_their_type(form: str, name: str, kind: str, kept: str) -> None:
    found = examine(name, picture(form))
    assert (found.name, found.content_type, found.width, found.height) == (kept, kind, 40, 20)
    assert Image.open(io.BytesIO(found.data)).size == (40, 20)


def test_a_photo_is_upright_and_says_nothing_of_its_place() -> None:
    found = examine("photo.jpg", photo())
    assert (found.width, found.height) == (20, 40)
    assert not Image.open(io.BytesIO(found.data)).getexif()
    assert b"taken at home" in photo()
    assert b"taken at home" not in found.data


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_hides_behind_a_picture_is_dropped(form: str) -> None:
    for hidden in (b"<script>alert(1)</script>", archive("a.txt")):
        found = examine(f"a.{form.lower()}", picture(form) + hidden)
        assert hidden[-20:] not in found.data


def test_an_animation_becomes_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (250, 10, 90)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    found = Image.open(io.BytesIO(examine("a.gif", out.getvalue()).data))
    assert getattr(found, "n_frames", 1) == 1
    assert found.convert("RGB").getpixel((0, 0)) == (250, 0, 0)


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "image/jpeg"), ("RGBA", "image/png")])
def test_a_large_picture_in_webp_is_drawn_in_what_takes_less_memory(mode: str, kind: str, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "MOST_PIXELS_OF_WEBP", 99)
    out = io.BytesIO()
    Image.new(mode, (10, 10)).save(out, "WEBP", lossless=True)
    assert examine("a.webp", out.getvalue()).content_type == kind


def test_transparency_is_kept() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(examine("a.png", out.getvalue()).data)).mode == "RGBA"


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    bomb = png_header(20_000, 20_000, b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal("a.png", bomb) == "too_many_pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_a_damaged_picture_is_refused() -> None:
    assert refusal("a.png", picture("PNG")[:60]) == "damaged_picture"


def test_a_picture_of_a_phone_gets_advice() -> None:
    assert refusal("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "phone_picture"


def test_a_picture_that_never_ends_does_not_hold_up_others_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LONGEST_WAIT", 0.01)
    with attachments._ONE_AT_A_TIME:
        assert refusal("a.png", picture("PNG")) == "busy"
    assert examine("a.png", picture("PNG")).content_type == "image/png"
