"""The world of the corpus (`mails/README.md`): people, tickets, and what an entry asks of the outcome."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

from supportdesk.accounts.models import User
from tests.tickets.channels.recipes import MAILS, generate
from tests.tickets.desks import deliver_all
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import attaching
from tickets.channels import inbox
from tickets.channels.actions import gathering, receiving
from tickets.channels.enums import MailKind, Outcome
from tickets.channels.mail import reading
from tickets.channels.models import IncomingMail, OutgoingMail
from tickets.enums import PUBLIC_KINDS, MessageKind
from tickets.models import Attachment, Message, PendingRequest, Ticket

SHOWN = (Outcome.APPENDED, Outcome.NEW_TICKET, Outcome.PENDING, Outcome.HELD)


def name_of(entry: dict[str, Any]) -> str:
    made = entry.get("generate", {})
    return entry.get("file") or "-".join(str(made[key]) for key in ("recipe", "n", "bytes", "word") if key in made)


@dataclass
class World:
    """Fresh for each entry. `mails` are those that went out because of what came in."""

    toma: User
    olga: User
    rui: User
    a: Ticket
    b: Ticket
    names: dict[str, str]
    mails: list[EmailMultiAlternatives] = field(default_factory=list)

    def ticket(self, letter: str) -> Ticket:
        return self.a if letter == "A" else self.b

    def filled(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(f"{{{{{name}}}}}", value)
        return text

    def raw(self, entry: dict[str, Any]) -> bytes:
        made = generate(**entry["generate"]) if "generate" in entry else (MAILS / entry["file"]).read_bytes()
        for name, value in self.names.items():
            made = made.replace(f"{{{{{name}}}}}".encode(), value.encode())
        return made

    def sent_as(self, entry: dict[str, Any]) -> tuple[str, list[str]]:
        to = entry["sent_as"]["rcpt_to"]
        return entry["sent_as"]["mail_from"], [self.filled(one) for one in ([to] if isinstance(to, str) else to)]


def new_world() -> World:
    TopicFactory(key="other")
    topic = TopicFactory(key="withdrawals")
    toma = User.objects.create_user("toma@example.com", name="Toma", language="zh-hans")
    olga = User.objects.create_user("olga@example.org", name="Olga", language="ru")
    rui = User.objects.create_user("rui@northgate.example", name="Rui Tavares", is_staff=True)
    rui.groups.set(Group.objects.filter(name="Agents"))
    a = answered(TicketFactory(by=toma, topic=topic, language="zh-hans"), by=rui)
    b = answered(TicketFactory(by=olga, topic=topic, language="ru"), by=rui)
    deliver_all()
    last = OutgoingMail.objects.get(ticket=a, kind=MailKind.ANSWERED)
    token = inbox.token_of(a)
    names = {
        "TOKEN_A": token,
        "TOKEN_B": inbox.token_of(b),
        "BAD_TOKEN": ("a" if token[-5] != "a" else "b").join([token[:-5], token[-4:]]),
        "MSGID_A": last.message_id.strip("<>"),
    }
    return World(toma, olga, rui, a, b, names)


# What an entry asks


def problems(entry: dict[str, Any], world: World, row: IncomingMail, before: dict[str, Any]) -> Iterator[str]:
    """What is not as the entry says, in words."""
    expected = entry["outcome"] if isinstance(entry["outcome"], list) else [entry["outcome"]]
    outcome = "duplicate" if row.copies else row.outcome
    if outcome not in expected:
        yield f"outcome {outcome} ({row.reason}), expected {expected}"
    yield from _of_text(entry, row)
    yield from _of_mails(entry, world)
    yield from _of_tickets(entry, world, row, before)
    yield from _of_files(entry, row)
    yield from _of_storage(entry, world)


def folded(text: str) -> str:
    return " ".join(text.split())


def _kept_words(row: IncomingMail) -> tuple[str, str]:
    """What is shown, and what is kept folded."""
    if row.outcome == Outcome.PENDING and row.pending:
        return row.pending.body, ""
    if row.outcome == Outcome.HELD:
        raw, said = receiving._unsealed(IncomingMail.objects.get(pk=row.pk))
        mail = reading.read(raw, inbox=receiving.ourselves(), envelope_from=said.sender, envelope_to=said.recipients)
        words = gathering.gather(mail)
        return words.body, words.quoted
    return (row.message.body, row.message.quoted) if row.message else ("", "")


def _of_text(entry: dict[str, Any], row: IncomingMail) -> Iterator[str]:
    if row.outcome not in SHOWN or row.copies:
        return
    body, quoted = _kept_words(row)
    shown = folded(body)
    for wanted in entry.get("text_contains", []):
        choices = wanted if isinstance(wanted, list) else [wanted]
        if not any(folded(one) in shown for one in choices):
            yield f"text lacks {choices}: {shown[:300]!r}"
    for unwanted in entry.get("text_lacks", []) if row.outcome != Outcome.HELD else ():  # of which nothing is shown
        text, looked_for = (body, unwanted) if "\n" in unwanted else (shown, folded(unwanted))
        if looked_for in text:
            yield f"text shows {unwanted!r}: {shown[:300]!r}"
    everything = folded(f"{body}\n{quoted}\n{_texts_of_files(row)}")
    for wanted in entry.get("stored_contains", []):
        if folded(wanted) not in everything:
            yield f"not stored: {wanted!r}"
    for part in entry.get("html_lacks", []):
        if part in escape(body):
            yield f"page shows {part!r}"
    yield from _of_subject(entry, row)


def _of_subject(entry: dict[str, Any], row: IncomingMail) -> Iterator[str]:
    holder: Ticket | PendingRequest | None = row.pending if row.outcome == Outcome.PENDING else row.ticket
    if holder is None or row.outcome not in (Outcome.PENDING, Outcome.NEW_TICKET):
        return
    if "subject" in entry and holder.subject != entry["subject"]:
        yield f"subject {holder.subject!r}, expected {entry['subject']!r}"
    for part in entry.get("subject_lacks", []):
        if part in holder.subject:
            yield f"subject shows {part!r}"


def _of_mails(entry: dict[str, Any], world: World) -> Iterator[str]:
    to = [address for mail in world.mails for address in mail.recipients()]
    if not entry["acknowledged"] and to:
        yield f"mail went to {to}"
    if "mail_only_to" in entry and set(to) - set(entry["mail_only_to"]):
        yield f"mail went to {to}, allowed {entry['mail_only_to']}"
    never = {*entry.get("mail_never_to", []), *(["evil.example"] if "mallory@evil.example" not in to else [])}
    for address in to:
        if any(address.endswith(one) for one in never):
            yield f"mail went to {address}"
    for mail in world.mails:
        whole = mail.subject + mail.body + str(mail.alternatives[0][0]) + str(mail.message())
        for part in entry.get("mail_lacks", []):
            if part in whole:
                yield f"our mail holds {part!r}"
        for header in entry.get("mail_headers_lack", []):
            if header.lower().strip(": ") in {found.lower() for found in mail.message()}:
                yield f"our mail has a header {header!r}"


def _of_tickets(entry: dict[str, Any], world: World, row: IncomingMail, before: dict[str, Any]) -> Iterator[str]:
    if "ticket" in entry and row.outcome == Outcome.APPENDED and row.ticket != world.ticket(entry["ticket"]):
        yield "another ticket"
    for letter in _list(entry.get("never_ticket")):
        if state_of(world.ticket(letter)) != before[letter]:
            yield f"ticket {letter} was changed"
    if entry.get("not_visible_to_traders") and public_words() != before["public"]:
        yield "traders see it"
    authors = set(Message.objects.filter(kind=MessageKind.REPLY).values_list("author__email", flat=True))
    if "never_author" in entry and Message.objects.filter(kind=MessageKind.REPLY).count() != before["replies"]:
        yield f"a reply came of {authors}"
    if "messages_after" in entry and row.message:
        same = Message.objects.filter(body=row.message.body).count()
        if same != entry["messages_after"]:
            yield f"{same} messages of this content"
    states = set(OutgoingMail.objects.values_list("state", flat=True))
    if states & set(_list(entry.get("delivery_state_not"))):
        yield f"a delivery is {states}"


def _of_files(entry: dict[str, Any], row: IncomingMail) -> Iterator[str]:
    if row.outcome not in SHOWN or row.outcome == Outcome.HELD:
        return
    # An attached mail is kept as its text, under its name with another ending.
    names = [file.name.replace(".eml.txt", ".eml") for file in _files(row)]
    for wanted in entry.get("attachments", []):
        if not set(_list(wanted)) & set(names):
            yield f"file {wanted!r} is missing: {names}"
    if "attachment_count" in entry and len(names) < entry["attachment_count"]:
        yield f"files {names}, expected {entry['attachment_count']}"
    for part in entry.get("attachments_lack", []):
        if any(part in name for name in names):
            yield f"a file name holds {part!r}"


def _of_storage(entry: dict[str, Any], world: World) -> Iterator[str]:
    if not entry.get("stored_lacks"):
        return
    stored = list(_everything(world))
    for secret in entry["stored_lacks"]:
        forms = {secret, folded(secret), base64.b64encode(secret.encode()).decode().rstrip("=")}
        for place, text in stored:
            if any(form in text or form in folded(text) for form in forms):
                yield f"{place} holds a secret"


def _everything(world: World) -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if model.__module__.startswith(("tickets", "supportdesk", "helpcenter")) and model._meta.managed:
            for values in model._base_manager.values():
                kept = {name: value for name, value in values.items() if not isinstance(value, (bytes, memoryview))}
                yield model.__name__, json.dumps(kept, default=str, ensure_ascii=False)
    for mail in world.mails:
        yield "mail", mail.subject + mail.body + str(mail.alternatives[0][0])
    for attachment in Attachment.objects.all():
        yield "file", attaching.read(attachment).decode("latin-1")


def _files(row: IncomingMail) -> list[Attachment]:
    holder = row.pending if row.outcome == Outcome.PENDING else row.message
    return list(holder.attachments.all()) if holder else []


def _texts_of_files(row: IncomingMail) -> str:
    return "\n".join(attaching.read(file).decode("utf-8", "replace") for file in _files(row))


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def state_of(ticket: Ticket) -> tuple[str, int]:
    ticket.refresh_from_db()
    return ticket.status, ticket.messages.public().count()


def public_words() -> tuple[int, int]:
    return Message.objects.filter(kind__in=PUBLIC_KINDS).count(), Ticket.objects.count()


def standing(world: World) -> dict[str, Any]:
    return {
        "A": state_of(world.a),
        "B": state_of(world.b),
        "public": public_words(),
        "replies": Message.objects.filter(kind=MessageKind.REPLY).count(),
    }


def broken_letters() -> bool:
    """Whether a NUL or half a character got into the database."""
    texts = [*Message.objects.values_list("body", flat=True), *Ticket.objects.values_list("subject", flat=True)]
    return any(re.search("[\0\ud800-\udfff]", text) for text in texts)
