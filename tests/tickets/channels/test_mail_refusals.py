"""Mail that is too large, too deep or empty is refused with a reason; a text that is too long is attached."""

import pytest

from tests.tickets.channels.messages import parts, raw
from tickets.channels.mail.errors import Reason, Unreadable
from tickets.channels.mail.reading import read
from tickets.channels.mail.structure import Limits

REFUSED = (
    (b"", Reason.EMPTY),
    (b"\0\r\n \0", Reason.EMPTY),
    (b"X: " + b"a" * 2_000_000 + b"\n\n", Reason.LONG_HEADERS),
    (b"X: a\n" * 400_000, Reason.LONG_HEADERS),
    (b"X: a\n" + b" \n" * 1_000_000, Reason.LONG_HEADERS),
    (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000, Reason.MANY_PARTS),
    (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        Reason.TOO_DEEP,
    ),
    (b"Content-Type: message/rfc822\n\n" * 3000, Reason.TOO_DEEP),
    (b"a" * (25 * 1024 * 1024 + 1), Reason.TOO_LARGE),
)


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=lambda value: "" if isinstance(value, bytes) else value.value)
def test_hostile_mail_is_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.reason is reason


def test_limits_are_the_callers():
    with pytest.raises(Unreadable, match="too large"):
        read(raw(), limits=Limits(size=10))
    with pytest.raises(Unreadable, match="too many parts"):
        read(parts(*[("Content-Type: text/plain", "x")] * 3), limits=Limits(parts=3))


def test_a_text_too_long_to_read_is_attached_whole():
    mail = read(raw("word " * 100_000 + "end"))
    assert mail.text.startswith("word word")
    assert [part.data.endswith(b"word end") for part in mail.attachments] == [True]
