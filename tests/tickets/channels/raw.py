"""Raw mails for tests."""

from email import policy
from email.message import EmailMessage
from typing import Any

PASS = "mx.support.example; dkim=pass header.d=example.com; dmarc=pass header.from=example.com"
FAIL = "mx.support.example; dmarc=fail header.from=example.com"


def mail(
    text: str = "The transfer is still missing.",
    *,
    sender: str = "Toma <toma@example.com>",
    to: str = "help@support.example",
    subject: str = "About my transfer",
    message_id: str = "<one@example.com>",
    results: str = PASS,
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: Any,
) -> bytes:
    """A mail as our mail server hands it on; other headers by their names with `_` for `-`."""
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=998))  # ids stay whole, as programs write them
    if results:
        message["Authentication-Results"] = results
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()
