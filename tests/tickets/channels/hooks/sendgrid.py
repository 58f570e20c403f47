"""SendGrid posts forms: the raw mail in `email` where "send raw" is chosen, else pieces, each in its own charset. It
signs none of them."""

import json

from tests.tickets.channels.hooks import SENDER, Post, in_form, in_json, pieces_of

KEY = ""


def _about(content: bytes, sender: str, to: str) -> dict[str, str | bytes]:
    said = pieces_of(content)
    return {
        "to": said.header("To"),
        "from": said.header("From"),
        "subject": said.header("Subject"),
        "envelope": json.dumps({"to": [to], "from": sender}),
        "sender_ip": "203.0.113.9",
        "dkim": "{@example.com : pass}",
        "SPF": "pass",
        "spam_score": "0.011",
        "spam_report": "Spam detection software",
    }


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    return in_form({**_about(content, sender, to), "email": content})


def apart(
    content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY, charset: str = "UTF-8", text: bytes = b""
) -> Post:
    said = pieces_of(content)
    charsets = dict.fromkeys(("to", "from", "subject", "html"), "UTF-8") | {"text": charset}
    files = {
        f"attachment{n}": {"filename": name, "name": name, "type": kind}
        for n, (name, kind, _) in enumerate(said.files, start=1)
    }
    fields = {
        **_about(content, sender, to),
        "headers": "".join(f"{name}: {value}\n" for name, value in said.headers),
        "text": text or said.text,
        "html": said.html,
        "charsets": json.dumps(charsets),
        "attachments": str(len(said.files)),
        "attachment-info": json.dumps(files),
    }
    return in_form(fields, [(at, *file) for at, file in zip(files, said.files, strict=True)])


def reports(*, key: str | None = KEY) -> list[Post]:
    about = {"email": SENDER, "timestamp": 1795189320, "smtp-id": "<14c5d75ce93@example.com>"}
    names = ("delivered", "bounce", "deferred", "spamreport")
    events = [{**about, "event": name, "sg_event_id": f"event-{name}"} for name in names]
    return [in_json(events), *(in_json([event]) for event in events)]
