"""What a file is counts, not what it says: what is not taken is refused with a sentence that helps."""

import pytest
from django.utils.translation import override

from tests.tickets.attached import archive, picture, refusal
from tickets import attachments
from tickets.attachments import AttachmentRejected, examine


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
