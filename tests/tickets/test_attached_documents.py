"""A PDF that would act is refused however it is packed; a plain one and a video stay as they are."""

import base64
import zlib

import pytest

from tests.tickets.attached import pdf, refusal
from tickets.attachments import Examined, examine


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
