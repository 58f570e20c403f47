"""What people attach is told by its content, made harmless, or refused with a sentence that helps."""

import base64
import io
import json
import random
import resource
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from tickets import attachments
from tickets.attachments import LONGEST_NAME, AttachmentRejected, Examined, check_message, examine, safe_name

PHRASE = " ".join(["abandon"] * 11 + ["about"])


def picture(form: str, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 20, 200), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def photo() -> bytes:
    """A JPEG lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[2] = tuple(TiffImagePlugin.IFDRational(n) for n in (52, 31, 12))
    return picture("JPEG", exif=exif)


def png_header(width: int, height: int, rows: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def pdf(*objects: bytes, stream: bytes = b"") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    packed = (
        b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n"
        + zlib.compress(stream)
        + b"\nendstream\nendobj\n"
    )
    return b"%PDF-1.7\n" + body + (packed if stream else b"") + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in names:
            zipped.writestr(name, "x" * 100)
    return out.getvalue()


def refusal(name: str, data: bytes, declared: str = "") -> str:
    with pytest.raises(AttachmentRejected) as caught:
        examine(name, data, declared)
    return caught.value.code


# Pictures


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


# Types that are refused


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", b"<html><script>alert(1)</script></html>", "web_page"),
        ("a.txt", b"\n <!DOCTYPE html><p>x", "web_page"),
        ("a.html", b"just text", "web_page"),
        ("x.png\0.html", picture("PNG"), "web_page"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "drawing"),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing"),
        ("a.svgz", b"\x1f\x8b\x08\0\0\0\0\0\0\3abc", "archive"),
        ("a.xml", b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><l>&c;</l>', "markup"),
        ("a.sh", b"#!/bin/sh\nrm -rf /\n", "script"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "script"),
        ("a.js", b"alert(1)", "script"),
        ("a.png", b"MZ\x90\0" + b"\0" * 200, "program"),
        ("report.pdf.exe", b"plain", "program"),
        ("a.zip", archive("a.txt"), "archive"),
        ("a.png", archive("a.txt"), "archive"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), "office"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
        ("a.png", b"plain text", "wrong_extension"),
        ("a.pdf", picture("PNG"), "wrong_extension"),
        ("a.txt", picture("PNG"), "wrong_extension"),
        ("a.bin", bytes(range(256)) * 4, "unknown_type"),
        ("a.txt", b"text\0with\0zeros", "unknown_type"),
        ("a.txt", "привет, это текст".encode("cp1251"), "not_unicode"),
        ("a.txt", b"", "empty"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(name: str, data: bytes, code: str) -> None:
    assert refusal(name, data) == code


def test_the_declared_type_can_only_speak_against_a_file() -> None:
    assert refusal("notes", b"some text", "text/html; charset=utf-8") == "web_page"
    assert examine("notes.txt", b"some text", "image/png").content_type == "text/plain"
    assert refusal("a.txt", b"<html>", "text/plain") == "web_page"


def test_every_refusal_names_the_file_and_is_a_sentence() -> None:
    values = dict.fromkeys(("size", "limit", "together", "count", "width", "height", "kind"), 7) | {"name": "a.png"}
    for code, message in attachments.MESSAGES.items():
        said = message % values
        assert said.endswith("."), code
        assert code in ("too_many_files", "message_too_large", "busy") or "a.png" in said, code


def test_the_refusal_is_in_the_language_of_the_reader() -> None:
    with override("en"), pytest.raises(AttachmentRejected, match=r"a\.zip is an archive") as caught:
        examine("a.zip", archive("a.txt"))
    assert caught.value.message == str(caught.value)


# PDF and video


def test_a_plain_pdf_stays_byte_by_byte() -> None:
    data = pdf(b"<< /Type /Catalog >>", stream=b"1 0 << /Type /Page >>")
    found = examine("statement.pdf", data)
    assert (found.data, found.content_type, found.is_encrypted) == (data, "application/pdf", False)


@pytest.mark.parametrize(
    "name",
    [b"/JavaScript", b"/J#61vaScript", b"/Launch", b"/EmbeddedFile", b"/EmbeddedFiles", b"/RichMedia", b"/Rendition",
     b"/XFA", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/GoToE"],
)  # fmt: skip
def test_a_pdf_that_acts_is_refused(name: bytes) -> None:
    assert refusal("a.pdf", pdf(b"<< /S " + name + b" >>")) == "active_pdf"
    assert refusal("a.pdf", pdf(b"<< >>", stream=b"1 0 << /S " + name + b" >>")) == "active_pdf"


SCRIPT = b"5 0 << /S /JavaScript /JS (app.alert(1)) >>"


def packed(said: bytes, content: bytes, behind: bytes = b"stream\n") -> bytes:
    """A PDF with one object stream, described by `said`."""
    return b"%PDF-1.7\n4 0 obj\n<< /Type /ObjStm " + said + b" >>\n" + behind + content + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    "data",
    [
        packed(b"/Filter [/ASCIIHexDecode /FlateDecode]", zlib.compress(SCRIPT).hex().encode() + b">"),
        packed(b"/Filter [/ASCII85Decode /FlateDecode]", base64.a85encode(zlib.compress(SCRIPT)) + b"~>"),
        packed(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(SCRIPT))),
        packed(b"/Filter /LZWDecode", b"\x80\x0b\x60"),
        packed(b"/Filter 9 0 R", zlib.compress(SCRIPT)),
        packed(b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", zlib.compress(b"\2" + SCRIPT)),
        packed(b"/Filter /FlateDecode /X (" + b"y" * 600 + b")", zlib.compress(SCRIPT)),
        packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT), b"stream \r\n"),
        packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT), b"stream\r"),
        packed(b"/Filter /FlateDecode", zlib.compress(b" " * 1_500_000 + SCRIPT)),
        packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT)[:-6]),
        packed(b"", SCRIPT),
        packed(b"/X (stream\n) /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/X (>> stream\n endobj) /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/X (\\) ((a) stream\n)) /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"% stream\n /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/X /stream\n /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/X (4 0 obj) /Filter /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/F /FlateDecode", zlib.compress(SCRIPT)),
        packed(b"/Filter /FlateDecode /DP << /Predictor 12 >>", zlib.compress(b"\2" + SCRIPT)),
        packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT), b"stream of words\n"),
        packed(b"/First 4 /Filter /FlateDecode", zlib.compress(SCRIPT)).replace(b"/Type /ObjStm ", b""),
        b"%PDF-1.7\n% " + packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT))[9:].replace(b"\n<<", b" <<"),
        b"%PDF-1.7\n3 0 obj\n<< >> stream\n" + packed(b"/Filter /FlateDecode", zlib.compress(SCRIPT)),
    ],
    ids=[
        "hex",
        "85",
        "twice",
        "lzw",
        "elsewhere",
        "predictor",
        "far",
        "blank",
        "return",
        "late",
        "cut",
        "bare",
        "word in a string",
        "end in a string",
        "brackets in a string",
        "word in a remark",
        "word as a name",
        "object in a string",
        "short filter",
        "short parameters",
        "line",
        "no type",
        "in a remark",
        "in a stream",
    ],
)
def test_no_way_of_packing_hides_what_acts(data: bytes) -> None:
    assert refusal("a.pdf", data) == "active_pdf"


@pytest.mark.parametrize(
    "said", [b"/Filter /FlateDecode", b"/Filter [ /FlateDecode ]", b"/Filter/FlateDecode/N 3",
             b"/Filter /FlateDecode /DecodeParms null", b"/Filter [/FlateDecode] /DecodeParms [ null ]",
             b"/Filter /FlateDecode /X (upstream)"],
)  # fmt: skip
def test_a_pdf_that_is_packed_as_programs_do_is_taken(said: bytes) -> None:
    data = packed(said, zlib.compress(b"1 0 << /Type /Page >>" * 50_000))
    picture = b"5 0 obj\n<< /Subtype /Image /Filter /DCTDecode >>\nstream\n\xff\xd8\xff\nendstream\nendobj\n"
    assert examine("a.pdf", data + picture).data == data + picture


def test_words_in_the_text_of_a_pdf_are_no_objects() -> None:
    lines = b"(An object of this objection is the objective.) Tj\n" * 60
    pages = [b"<< /Length 9 >>\nstream\n%sendstream" % lines for _ in range(50)]
    data = pdf(b"<< /Type /Outlines /First 3 0 R >>", *pages)
    assert examine("a.pdf", data).data == data


def test_an_encrypted_pdf_is_marked() -> None:
    assert examine("a.pdf", pdf(b"<< /Encrypt 5 0 R >>")).is_encrypted
    sealed = packed(b"/Filter /FlateDecode", bytes(range(256))) + b"trailer << /Encrypt 5 0 R >>"
    assert examine("a.pdf", sealed).is_encrypted


def test_a_pdf_that_nobody_can_look_through_is_refused() -> None:
    assert refusal("a.pdf", b"%PDF-1.7\n/ObjStm\n" + b"obj\n" * 600_000) == "active_pdf"
    assert refusal("a.pdf", b"%PDF-1.7\n" + b"1 0 obj\n/ObjStm stream\n" * 5_000) == "active_pdf"
    assert refusal("a.pdf", b"%PDF-1.7\n/ObjStm\n" + b"1 0 obj (" * 5_000) == "active_pdf"
    assert refusal("a.pdf", pdf(b"<< >>", stream=b"\0" * 25_000_000) + b"stream\n") == "active_pdf"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
        ("a.webm", b"\x1aE\xdf\xa3\x93B\x82\x88webm" + b"\0" * 20, "video/webm"),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
    ],
)
def test_videos_stay_as_they_are(name: str, data: bytes, kind: str) -> None:
    assert examine(name, data) == Examined(name, kind, data)


# Texts


def test_a_text_is_kept_without_its_secrets() -> None:
    found = examine("notes.log", f"my phrase: {PHRASE}\nwhy?\n".encode())
    assert PHRASE.encode() not in found.data
    assert found.data.endswith(b"\nwhy?\n")
    assert [finding.kind.value for finding in found.text_findings] == ["mnemonic"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_become_utf_8(codec: str) -> None:
    assert examine("a.csv", "id,名前\n1,山田\n".encode(codec)).data == "id,名前\n1,山田\n".encode()


def test_json_is_kept_as_it_is_written() -> None:
    data = b'{"b":1,\n\n  "a":[1.50,2]}'
    assert examine("a.json", data).data == data


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"a": PHRASE.replace("a", "\\u0061")}).replace("\\\\", "\\"),
        json.dumps({"a": [{"b": PHRASE.replace(" ", "\n")}]}),
        json.dumps({"a": PHRASE}),
    ],
)
def test_escapes_of_json_hide_no_secret(written: str) -> None:
    found = examine("a.json", written.encode())
    assert "abandon" not in json.dumps(json.loads(found.data))


HAR = {
    "log": {
        "version": "1.2",
        "entries": [
            {
                "startedDateTime": "2026-11-22T12:00:00Z",
                "request": {
                    "method": "POST",
                    "url": "https://northgate.example/api/order?token=CANARY",
                    "cookies": [{"name": "sessionid", "value": "CANARY"}],
                    "headers": [
                        {"name": "Authorization", "value": "Bearer CANARY"},
                        {"name": ":path", "value": "/api/order?token=CANARY"},
                        {"name": "Accept", "value": "application/json"},
                    ],
                    "queryString": [{"name": "token", "value": "CANARY"}],
                    "postData": {"mimeType": "application/json", "text": '{"password": "CANARY"}', "params": []},
                },
                "response": {
                    "status": 403,
                    "redirectURL": "https://northgate.example/?code=CANARY",
                    "cookies": [{"name": "sessionid", "value": "CANARY"}],
                    "headers": [{"name": "set-cookie", "value": "CANARY"}],
                    "content": {"mimeType": "text/html", "text": "CANARY"},
                },
                "_webSocketMessages": [{"data": "CANARY"}],
            },
            {"response": {"content": {"mimeType": "application/json", "text": '{"error": "rejected"}'}}},
        ],
    }
}


@pytest.mark.parametrize("name", ["session.har", "session.json", "session.txt", "session"])
def test_a_recording_of_a_browser_is_kept_without_its_session(name: str) -> None:
    found = examine(name, json.dumps(HAR).encode())
    assert b"CANARY" not in found.data
    entries = json.loads(found.data)["log"]["entries"]
    assert entries[0]["response"]["status"] == 403
    assert entries[0]["request"]["url"].startswith("https://northgate.example/api/order")
    assert {"name": "Accept", "value": "application/json"} in entries[0]["request"]["headers"]
    assert "rejected" in entries[1]["response"]["content"]["text"]
    assert found.blanked == 11


@pytest.mark.parametrize("entries", [None, 3, [None], [[]], [{"request": []}], [{"request": {"cookies": {"a": 1}}}]])
def test_a_recording_of_another_shape_is_no_error(entries: Any) -> None:
    assert examine("a.har", json.dumps({"log": {"entries": entries}}).encode()).blanked == 0


def test_a_broken_recording_is_refused() -> None:
    assert refusal("a.har", json.dumps(HAR).encode()[:-5]) == "not_json"
    assert refusal("a.txt", json.dumps(HAR).encode()[:-5]) == "not_json"
    assert refusal("a.har", b"[" * 100_000) == "not_json"


def test_deep_json_is_only_a_text() -> None:
    assert examine("a.json", b"[" * 100_000 + b"]" * 100_000).content_type == "application/json"


def test_json_that_is_nested_deeply_does_not_grow() -> None:
    data = b'["\\u0041", ' + b"[" * 200 + b"1, " * 1000 + b"1" + b"]" * 200 + b"]"
    assert examine("a.json", data).data == data
    entries = b'{"log": {"entries": [{"startedDateTime": "", "request": {"url": "https://a.example/?b"}}], "x": '
    found = examine("a.har", entries + data + b"}}")
    assert found.blanked == 1
    assert len(found.data) < 2 * len(data)


def test_a_recording_of_very_many_parts_is_not_read() -> None:
    assert refusal("a.har", b'["startedDateTime"' + b",[]" * 1_100_000 + b"]") == "text_too_large"


# Sizes


def test_sizes_have_bounds() -> None:
    assert refusal("a.txt", b"x" * (attachments.LARGEST_FILE + 1)) == "too_large"
    assert refusal("a.txt", b"x\n" * (attachments.LARGEST_TEXT // 2 + 1)) == "text_too_large"
    check_message([attachments.LARGEST_MESSAGE // 5] * 5)
    for sizes, code in (([1] * 6, "too_many_files"), ([attachments.LARGEST_MESSAGE, 1], "message_too_large")):
        with pytest.raises(AttachmentRejected) as caught:
            check_message(sizes)
        assert caught.value.code == code


# Names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\shot.png", "shot.png"),
        ("a\0b.png", "ab.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ('"><svg onload=alert(1)>.jpg', "___svg onload=alert(1)_.jpg"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
        ("\ud800.png", "png"),
        ("  my   file .txt ", "my file.txt"),
        ("截图 1.png", "截图 1.png"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("x" * 5000 + ".png") == "x" * (LONGEST_NAME - 4) + ".png"


def test_a_name_holds_no_secret() -> None:
    with override("en"):
        assert safe_name(f"{PHRASE}.png") == "[seed phrase removed].png"
        assert PHRASE not in examine(f"{PHRASE}.png", picture("PNG")).name


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_any_name_becomes_one_line_that_can_be_stored(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert safe.isprintable()
    assert not set(safe) & set('/\\\r\n\0<>"')
    assert safe.encode()
    assert safe_name(safe) == safe


# Any bytes

SAMPLES = [
    picture("PNG"),
    picture("JPEG"),
    picture("GIF"),
    picture("WEBP"),
    photo(),
    pdf(b"<< >>", stream=b"1 0 << >>"),
    archive("a.txt"),
    json.dumps(HAR).encode(),
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    b"\x1f\x8b\x08\0",
    b"RIFF\x10\0\0\0WEBPVP8L",
    b'{"a": "\\ud800"}',
]
NAMES = ["a.png", "a.jpg", "a.gif", "a.pdf", "a.txt", "a.har", "a.json", "a", "", "a.mp4"]


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A file with bytes changed, cut out or put in."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    dice = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 8))):
        place = dice.randrange(len(data) + 1)
        data[place : place + dice.randrange(4)] = dice.randbytes(dice.randrange(4))
    return bytes(data[: draw(st.integers(1, 4000))])


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.binary(max_size=200) | mutilated(), st.sampled_from(["", "image/png", "text/html"]))
@example("a.json", b'{"a": "\\ud800"}', "")
@example("a.json", b"9" * 10_000, "")
def test_any_bytes_are_examined_or_rejected(name: str, data: bytes, declared: str) -> None:
    try:
        found = examine(name, data, declared)
    except AttachmentRejected:
        return
    assert found.data
    assert len(found.name) <= LONGEST_NAME
    assert found.content_type in attachments.EXTENSIONS
