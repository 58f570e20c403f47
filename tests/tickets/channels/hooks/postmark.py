"""Postmark posts JSON: pieces always, and `RawEmail` where that is asked for. It signs nothing."""

from typing import Any

from tests.tickets.channels.hooks import SENDER, Post, in_json, pieces_of

KEY = ""


def _event(content: bytes, sender: str, to: str) -> dict[str, Any]:
    said = pieces_of(content)
    person = {"Email": SENDER, "Name": "Toma", "MailboxHash": ""}
    return {
        "FromName": "Toma",
        "MessageStream": "inbound",
        "From": SENDER,
        "FromFull": person,
        "To": said.header("To"),
        "ToFull": [{"Email": said.header("To"), "Name": "", "MailboxHash": ""}],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": to,
        "Subject": said.header("Subject"),
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "ReplyTo": "",
        "MailboxHash": "",
        "Date": "Fri, 20 Nov 2026 15:42:00 +0000",
        "TextBody": said.text,
        "HtmlBody": said.html,
        "StrippedTextReply": "",
        "Tag": "",
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{sender}>"},
            {"Name": "X-Spam-Status", "Value": "No"},
            *({"Name": name, "Value": value} for name, value in said.headers),
        ],
        "Attachments": [],
    }


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    return in_json({**_event(content, sender, to), "RawEmail": content.decode("utf-8", "replace")})


def apart(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    import base64

    event = _event(content, sender, to)
    own = {"from", "to", "subject", "date", "reply-to", "authentication-results"}
    kept = [header for header in event["Headers"] if header["Name"].lower() not in own - {"authentication-results"}]
    files = [
        {"Name": name, "Content": base64.b64encode(data).decode(), "ContentType": kind, "ContentLength": len(data)}
        for name, kind, data in pieces_of(content).files
    ]
    return in_json({**event, "Headers": kept, "Attachments": files})


def reports(*, key: str | None = KEY) -> list[Post]:
    about = {"MessageStream": "outbound", "ServerID": 23, "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483"}
    bounce = {"ID": 4323372036854775807, "TypeCode": 1, "Email": SENDER, "Inactive": True, "CanActivate": True}
    return [
        in_json({"RecordType": "Delivery", "Recipient": SENDER, "DeliveredAt": "2026-11-20T15:42:00Z", **about}),
        in_json({"RecordType": "Bounce", "Type": "HardBounce", **bounce, **about}),
        in_json({"RecordType": "Bounce", "Type": "Transient", **bounce, **about}),
        in_json({"RecordType": "SpamComplaint", "Type": "SpamComplaint", **bounce, **about}),
    ]
