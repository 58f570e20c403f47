"""MailerSend posts JSON with the raw mail and its pieces, and signs the whole body in a header."""

import hashlib
import hmac
from typing import Any

from tests.tickets.channels.hooks import SENDER, Post, in_json, pieces_of

KEY = "1rk5tQh9w3zZ7cVx2mPbN8sLfD4gJ6aE"


def _signed(event: Any, key: str | None) -> Post:
    post = in_json(event)
    if key is not None:
        post.headers["HTTP_SIGNATURE"] = hmac.new(key.encode(), post.body, hashlib.sha256).hexdigest()
    return post


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    said = pieces_of(content)
    data = {
        "object": "message",
        "id": "6402ab57f79d39d7e10f2524",
        "recipients": {
            "rcptTo": [{"email": to}],
            "to": {"raw": said.header("To"), "data": [{"email": to, "name": None}]},
        },
        "from": {"email": SENDER, "name": "Toma", "raw": said.header("From")},
        "sender": {"email": sender},
        "subject": said.header("Subject"),
        "date": said.header("Date"),
        "headers": said.by_name(),
        "text": said.text,
        "html": said.html,
        "raw": content.decode("utf-8", "replace"),
        "attachments": [],
        "spf_check": {"code": "+", "value": None},
        "dkim_check": False,
        "created_at": "2026-11-20T15:42:05.525000Z",
    }
    route = {"inbound_id": "yzkq340xwo3l", "url": "https://help.northgate.example/hooks/mail/"}
    return _signed({"type": "inbound.message", **route, "created_at": "2026-11-20T15:42:06Z", "data": data}, key)


def reports(*, key: str | None = KEY) -> list[Post]:
    def event(name: str) -> Post:
        email = {"object": "email", "id": "6402ab57", "recipient": {"object": "recipient", "email": SENDER}}
        data = {"object": "activity", "id": "5f9c", "type": name, "created_at": "2026-11-20T15:42:05Z", "email": email}
        return _signed({"type": f"activity.{name}", "webhook_id": "x", "data": data}, key)

    return [event(name) for name in ("delivered", "hard_bounced", "soft_bounced", "spam_complaint")]
