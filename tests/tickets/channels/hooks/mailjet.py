"""Mailjet's Parse API posts JSON with pieces alone; repeated headers are lists, files in base64 under the name that
their part refers to. It signs nothing."""

import base64
from typing import Any

from tests.tickets.channels.hooks import SENDER, Post, in_json, pieces_of

KEY = ""


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    said = pieces_of(content)
    parts: list[dict[str, Any]] = [
        {"Headers": {"Content-Type": ['text/plain; charset="UTF-8"']}, "ContentRef": "Text-part"}
    ]
    event: dict[str, Any] = {"Text-part": said.text, "Html-part": said.html or None}
    for number, (name, kind, data) in enumerate(said.files, start=1):
        about = {"Content-Type": [kind], "Content-Disposition": [f'attachment; filename="{name}"']}
        parts.append({"Headers": about, "ContentRef": f"Attachment{number}"})
        event[f"Attachment{number}"] = base64.b64encode(data).decode()
    return in_json(
        {
            "Sender": sender,
            "Recipient": to,
            "Date": "20261120T154200",
            "From": said.header("From"),
            "Subject": said.header("Subject"),
            "Headers": said.by_name(),
            "Parts": parts,
            "SpamAssassinScore": "0.6",
            "CustomID": "",
            "Payload": "",
            **event,
        }
    )


def reports(*, key: str | None = KEY) -> list[Post]:
    about = {"time": 1795189320, "MessageID": 19421777835146490, "email": SENDER, "CustomID": "", "Payload": ""}
    events = [
        {"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)", **about},
        {"event": "bounce", "blocked": False, "hard_bounce": True, "error": "user unknown", **about},
        {"event": "bounce", "blocked": False, "hard_bounce": False, "error": "greylisted", **about},
        {"event": "spam", "source": "JMRPP", **about},
    ]
    return [in_json(events), *(in_json(event) for event in events)]
