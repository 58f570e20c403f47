"""Sizes have bounds, and any bytes at all are examined or rejected."""

import json
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tickets.attached import HAR, archive, pdf, photo, picture, refusal
from tickets import attachments
from tickets.attachments import LONGEST_NAME, AttachmentRejected, check_message, examine

# Sizes


def test_sizes_have_bounds() -> None:
    assert refusal("a.txt", b"x" * (attachments.LARGEST_FILE + 1)) == "too_large"
    assert refusal("a.txt", b"x\n" * (attachments.LARGEST_TEXT // 2 + 1)) == "text_too_large"
    check_message([attachments.LARGEST_MESSAGE // 5] * 5)
    for sizes, code in (([1] * 6, "too_many_files"), ([attachments.LARGEST_MESSAGE, 1], "message_too_large")):
        with pytest.raises(AttachmentRejected) as caught:
            check_message(sizes)
        assert caught.value.code == code


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
