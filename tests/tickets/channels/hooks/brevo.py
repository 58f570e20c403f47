"""Brevo posts JSON with the pieces of one or more mails; their files are fetched with an API key. It signs nothing."""

from typing import Any

from tests.tickets.channels.hooks import SENDER, Post, in_json, pieces_of

KEY = "xkeysib-4711"  # of its API


def _item(content: bytes, sender: str, to: str) -> dict[str, Any]:
    said = pieces_of(content)
    return {
        "Uuid": ["5dfa2bf6-0f4b-4b5c-9a8e-2f9c7d1f0c11"],
        "MessageId": said.header("Message-ID"),
        "InReplyTo": None,
        "From": {"Name": "Toma", "Address": SENDER},
        "To": [{"Name": None, "Address": to}],
        "Cc": [],
        "ReplyTo": None,
        "SentAtDate": "Fri, 20 Nov 2026 15:42:00 +0000",
        "Subject": said.header("Subject"),
        "Attachments": [
            {
                "Name": name,
                "ContentType": kind,
                "ContentLength": len(data),
                "ContentID": "",
                "DownloadToken": f"token-of-{name}",
            }
            for name, kind, data in said.files
        ],
        "Headers": {**said.by_name(), "Return-Path": f"<{sender}>", "Delivered-To": to},
        "SpamScore": 0.6,
        "ExtractedMarkdownMessage": said.text,
        "ExtractedMarkdownSignature": None,
        "RawHtmlBody": said.html or None,
        "RawTextBody": said.text,
    }


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    return several([content], sender=sender, to=to)


def several(contents: list[bytes | None], *, sender: str = SENDER, to: str) -> Post:
    """None stands for a mail of which nothing but a number has come."""
    items = [{"Headers": 4711} if content is None else _item(content, sender, to) for content in contents]
    return in_json({"items": items})


def reports(*, key: str | None = KEY) -> list[Post]:
    about = {"email": SENDER, "id": 26224, "message-id": "<202611201542.1@smtp-relay.example>", "ts_epoch": 1795189320}
    return [in_json({"event": name, **about}) for name in ("delivered", "hard_bounce", "deferred", "complaint")]
