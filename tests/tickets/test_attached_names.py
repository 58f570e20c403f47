"""Names of files are made safe, hold no secret, and keep their extension."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.attached import PHRASE, picture
from tickets.attachments import LONGEST_NAME, examine, safe_name


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
