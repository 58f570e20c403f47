"""What mail providers post when a mail comes in, and when they tell of one that went out: one file per provider, built
as its documentation describes it (the address stands in `tickets.channels.providers`), with values of our own.

Each has `KEY` (empty where nothing is signed), `mail(content, sender=…, to=…, key=…)` for a raw mail or, where the
provider knows no other way, for the pieces of one; `apart(…)` for the pieces where both exist; `reports(key=…)`, which
are no mails; and `several([…])` where a post can hold more than one. `key=None` leaves the signature out.
"""

import base64
import json
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

SECRET = "mail:long-and-random"
SENDER = "toma@example.com"
BASIC = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}
BOUNDARY = "xYzZY4711"


@dataclass(frozen=True)
class Post:
    body: bytes
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=lambda: dict(BASIC))

    def by(self, client: Any) -> Any:
        return client.generic("POST", "/hooks/mail/", self.body, content_type=self.type, **self.headers)


def in_json(value: Any, **headers: str) -> Post:
    return Post(json.dumps(value).encode(), headers={**BASIC, **headers})


def in_form(fields: dict[str, str | bytes], files: list[tuple[str, str, str, bytes]] | None = None) -> Post:
    """A form as programs write it; files by field, name, type and bytes."""
    parts = [(f'form-data; name="{name}"', "", value) for name, value in fields.items()]
    parts += [(f'form-data; name="{at}"; filename="{name}"', kind, data) for at, name, kind, data in files or []]
    written = b""
    for about, kind, value in parts:
        data = value.encode() if isinstance(value, str) else value
        head = f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "")
        written += head.encode() + b"\r\n" + data + b"\r\n"
    return Post(written + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}")


@dataclass(frozen=True)
class Pieces:
    """A mail as a provider that takes mails apart sees it."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    files: list[tuple[str, str, bytes]]

    def by_name(self, *, always_lists: bool = False) -> dict[str, Any]:
        """Headers by name, those that come more than once as lists."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name, []).append(value)
        return {name: values if always_lists or len(values) > 1 else values[0] for name, values in found.items()}

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


def pieces_of(content: bytes) -> Pieces:
    try:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    except RecursionError:  # a program of theirs that gives up
        message = EmailMessage()
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    return Pieces(
        [(name, str(value)) for name, value in message.items()],
        text.get_content() if text else "",
        html.get_content() if html else "",
        [
            (part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True) or b"")
            for part in message.iter_attachments()
        ],
    )
