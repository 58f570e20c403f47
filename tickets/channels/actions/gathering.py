"""The words and files of a mail as the desk takes them: nothing that somebody sent is dropped without a word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from supportdesk import guard
from tickets import attachments
from tickets.actions.guarding import LONGEST_BODY, LONGEST_SUBJECT
from tickets.attachments import AttachmentBusy, AttachmentRejected, Examined
from tickets.channels.mail import reading
from tickets.channels.mail.bodies import Part
from tickets.channels.mail.charsets import guess
from tickets.channels.mail.errors import Unreadable
from tickets.channels.mail.reading import Mail

MOST_FILES = 20
LONGEST_QUOTE = 100_000  # characters
NOTES = 4000  # characters of the body that are kept free for what was not taken
WHOLE = "message.txt"


@dataclass(frozen=True)
class Words:
    """What the action is given: a body that is not empty and fits, the history, the files."""

    body: str
    quoted: str
    files: tuple[Examined, ...]


def gather(mail: Mail, *, quote_in_body: bool = False) -> Words:
    """In the active language. With `quote_in_body` the history stands below the new words, for rows that have no other
    place for it."""
    text = _text(mail)
    quoted = mail.whole if mail.is_interleaved else mail.quoted
    if quote_in_body and quoted.strip():
        text, quoted = f"{text}\n\n{_marked(quoted)}", ""
    parts = list(mail.attachments)
    if len(text) > LONGEST_BODY - NOTES:
        parts.insert(0, Part(WHOLE, "text/plain", text.encode()))
        more = gettext("(The text goes on in the file %(name)s.)") % {"name": WHOLE}
        text = f"{guard.cut(text, LONGEST_BODY - NOTES - len(more))}\n{more}"
    files, refused = _examined(parts)
    body = "\n\n".join([text, *refused])[:LONGEST_BODY]
    return Words(body, guard.clean(guard.cut(quoted, LONGEST_QUOTE), door="mail_quote").text, tuple(files))


def _text(mail: Mail) -> str:
    """The new words, below a subject that is too long for its place."""
    subject, text = mail.subject.strip(), mail.text.strip()
    if text and len(subject) > LONGEST_SUBJECT:
        return f"{subject}\n\n{text}"
    return text or subject or gettext("(This e-mail holds no text.)")


def subject_of(mail: Mail) -> str:
    return guard.cut(mail.subject.strip(), LONGEST_SUBJECT) or gettext("(no subject)")


def _marked(quoted: str) -> str:
    return "\n".join(f"> {line}" for line in quoted.strip().splitlines())


def _examined(parts: list[Part]) -> tuple[list[Examined], list[str]]:
    """The files that are taken, and a sentence for each that is not."""
    files: list[Examined] = []
    refused: list[str] = []
    for part in _with_names_of_their_own(parts[:MOST_FILES]):
        try:
            files.append(attachments.examine(part.name, part.data, part.declared_type))
        except AttachmentBusy:
            raise  # the mail is read again later, with its picture
        except AttachmentRejected as error:
            refused.append(f"[{error}]")
    if len(parts) > MOST_FILES:
        message = gettext("This e-mail has %(count)d files; the first %(limit)d were looked at.")
        refused.append(f"[{message % {'count': len(parts), 'limit': MOST_FILES}}]")
    return files, refused


def _with_names_of_their_own(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        part = replace(part, name=guard.clean(part.name, door="mail_file").text)
        if part.declared_type in ("text/plain", "text/csv"):
            part = replace(part, data=_as_utf8(part.data))
        elif part.declared_type in ("message/rfc822", "message/global"):
            part = _as_text(part)
        yield part


def _as_text(part: Part) -> Part:
    """A mail that was attached, as its text: as a mail it could hold anything, in any wrapping."""
    try:
        mail = reading.read(part.data)
    except Unreadable:
        return part
    people = ", ".join(mailbox.address for mailbox in mail.to)
    date = f"{mail.date:%Y-%m-%d %H:%M} UTC" if mail.date else ""
    head = [f"[{part.name}]", f"{mail.from_name} <{mail.from_address}>", f"-> {people}", date, mail.subject]
    names = [f"[{inner.name}]" for inner in mail.attachments]
    text = "\n".join([*(line for line in head if line), "", mail.whole or mail.text, *names])
    return Part(f"{part.name}.txt", "text/plain", text.encode())


def _as_utf8(data: bytes) -> bytes:
    """A text file in whatever old charset its writer's computer uses."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return guess(data).encode()
    return data
