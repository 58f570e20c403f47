"""Raw messages for the tests of reading mail."""

from email.message import EmailMessage
from email.policy import SMTP

SENDER = "Ann Trader <ann@mail.example>"
TO = "Northgate Support <support@support.example>"
SERVER = "mx.support.example"


def message(text: str | None = "Hello", **fields: str) -> EmailMessage:
    """A mail of a person: fields by their names with underscores; the usual ones are there."""
    made = EmailMessage(policy=SMTP)
    usual = {"From": SENDER, "To": TO, "Subject": "My deposit", "Message-ID": "<1@mail.example>"}
    if text is not None:
        made.set_content(text)
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in fields.items()}}.items():
        if value:
            made[name] = value
    return made


def raw(body: bytes | str = b"Hello\r\n", fields: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    """Bytes written by hand: for what no library makes."""
    content = body if isinstance(body, bytes) else body.encode()
    usual = f"From: {SENDER}\r\nTo: {TO}\r\n" if "from:" not in fields.lower() else ""
    return f"{fields}{usual}MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n".encode() + content


def parts(*pieces: tuple[str, bytes | str], kind: str = "mixed") -> bytes:
    """A message of several parts, each with its fields and its content."""
    body = b"".join(
        b"--frontier\r\n"
        + fields.encode()
        + b"\r\n\r\n"
        + (content if isinstance(content, bytes) else content.encode())
        + b"\r\n"
        for fields, content in pieces
    )
    return raw(body + b"--frontier--\r\n", kind=f'multipart/{kind}; boundary="frontier"')
