"""SparkPost relays posts of several raw mails in JSON, in base64 where their bytes need it. It signs nothing."""

import base64
from typing import Any

from tests.tickets.channels.hooks import SENDER, Post, in_json, pieces_of

KEY = ""


def _event(content: bytes, sender: str, to: str) -> dict[str, Any]:
    said = pieces_of(content)
    is_plain = content.isascii()
    return {
        "msys": {
            "relay_message": {
                "content": {
                    "email_rfc822": content.decode() if is_plain else base64.b64encode(content).decode(),
                    "email_rfc822_is_base64": not is_plain,
                    "headers": [{name: value} for name, value in said.headers],
                    "html": said.html,
                    "subject": said.header("Subject"),
                    "text": said.text,
                    "to": [said.header("To")],
                },
                "customer_id": "1337",
                "friendly_from": SENDER,
                "msg_from": sender,
                "rcpt_to": to,
                "webhook_id": "4839201967643219",
                "protocol": "smtp",
            }
        }
    }


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    return several([content], sender=sender, to=to)


def several(contents: list[bytes | None], *, sender: str = SENDER, to: str) -> Post:
    """None stands for a mail of which nothing but a number has come."""
    broken = {"msys": {"relay_message": {"customer_id": "1337"}}}
    return in_json([broken if content is None else _event(content, sender, to) for content in contents])


def reports(*, key: str | None = KEY) -> list[Post]:
    about = {"rcpt_to": SENDER, "raw_rcpt_to": SENDER, "transmission_id": "65832150921904138", "event_id": "92356927"}
    kinds = {"delivery": "delivery", "bounce": "bounce", "delay": "delay", "spam_complaint": "spam_complaint"}
    events = [{"msys": {"message_event": {"type": kind, "timestamp": "1795189320", **about}}} for kind in kinds]
    return [in_json(events), *(in_json([event]) for event in events)]
