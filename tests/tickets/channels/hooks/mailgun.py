"""Mailgun posts forms that hold a signature of a moment and a token: the raw mail where its route ends with `mime`,
else pieces, with a file part for each file."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from tests.tickets.channels.hooks import SENDER, Post, in_form, in_json, pieces_of

KEY = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0"
TOKEN = "8e9a0f5b3c1d7e6f4a2b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e"


def signature(key: str | None, *, at: float | None = None) -> dict[str, str]:
    if key is None:
        return {}
    moment = str(int(time.time() if at is None else at))
    signed = hmac.new(key.encode(), f"{moment}{TOKEN}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": moment, "token": TOKEN, "signature": signed}


def _about(content: bytes, sender: str, to: str) -> dict[str, str | bytes]:
    said = pieces_of(content)
    return {
        "recipient": to,
        "sender": sender,
        "subject": said.header("Subject"),
        "from": said.header("From"),
        "message-headers": json.dumps(said.headers),
    }


def mail(
    content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY, at: float | None = None, **more: Any
) -> Post:
    return in_form(_whole(content, sender, to, key, at, **more))


def mail_without_parts(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    """As Mailgun posts what has no files."""
    return Post(urlencode(_whole(content, sender, to, key)).encode(), "application/x-www-form-urlencoded")


def _whole(content: bytes, sender: str, to: str, key: str | None, at: float | None = None, **more: Any) -> dict:
    fields = {**_about(content, sender, to), "body-mime": content, **signature(key, at=at), **more}
    return {"domain": "support.example", "X-Envelope-From": f"<{sender}>", **fields}


def apart(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    said = pieces_of(content)
    fields = {**_about(content, sender, to), "body-plain": said.text, "stripped-text": said.text, **signature(key)}
    if said.html:
        fields["body-html"] = said.html
    if said.files:
        fields["attachment-count"] = str(len(said.files))
    return in_form(fields, [(f"attachment-{n}", *file) for n, file in enumerate(said.files, start=1)])


def reports(*, key: str | None = KEY) -> list[Post]:
    def event(name: str, **more: Any) -> Post:
        data = {"event": name, "recipient": SENDER, "timestamp": 1795189320.5, "id": "Ase7i2zsRYeDXztHGENqRA", **more}
        return in_json({"signature": signature(key), "event-data": data})

    return [
        event("delivered", **{"delivery-status": {"code": 250, "message": "OK"}}),
        event("failed", severity="permanent", reason="bounce"),
        event("failed", severity="temporary", reason="generic"),
        event("complained"),
    ]
