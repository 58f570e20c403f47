"""What has to happen for each kind of mail to a customer, in a language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.outbox import delivery
from tests.tickets.factories import TicketFactory, answered, request
from tickets.actions import merging, moving, opening, promising, rating
from tickets.channels.enums import MailKind, Outcome
from tickets.channels.models import IncomingMail
from tickets.enums import Status
from tickets.models import Promise, Ticket, Topic

WORDS = ("Kestrel subject", "Kingfisher body", "Heron name")  # of the customer: subject, body and name


class MailTriggers:
    """Each method makes what happens; `trigger` finds the one of a kind of mail."""

    def __init__(self, trader: User, agent: User, topic: Topic) -> None:
        self.trader, self.agent, self.topic = trader, agent, topic

    def trigger(self, kind: MailKind, language: str) -> Any:
        table: dict[MailKind, Callable[[str], Any]] = {
            MailKind.PROVE: self.pending,
            MailKind.RECEIVED: self.ticket,
            MailKind.ANSWERED: self.answered,
            MailKind.OPENED: self.opened,
            MailKind.WAITING: self.waiting,
            MailKind.SOLVED: lambda code: moving.solve(self.ticket(code), by=self.agent, reason="no_reply_needed"),
            MailKind.REMINDER: self.reminded,
            MailKind.RATING: self.solved,
            MailKind.MERGED: lambda code: merging.merge(self.ticket(code), self.ticket(code), by=self.agent),
            MailKind.WAS_IT_YOU: self.held,
            MailKind.SORRY: self.late,
        }
        return table[kind](language)

    def ticket(self, language: str) -> Ticket:
        return TicketFactory(by=self.trader, topic=self.topic, subject=WORDS[0], body=WORDS[1], language=language)

    def pending(self, language: str) -> None:
        sent = request(self.topic, subject=WORDS[0], body=WORDS[1], language=language)
        opening.hold_request(sent, email="guest@example.net", name=WORDS[2])

    def opened(self, language: str) -> None:
        sent = request(self.topic, subject="About your account", body="Please look.", language=language)
        opening.open_for_customer(sent, by=self.agent, requester=self.trader)

    def answered(self, language: str) -> None:
        answered(self.ticket(language), by=self.agent, body="We found it.")

    def waiting(self, language: str) -> None:
        moving.wait_for_customer(answered(self.ticket(language), by=self.agent, body="We look."), by=self.agent)

    def reminded(self, language: str) -> None:
        waiting = answered(self.ticket(language), by=self.agent, then=Status.PENDING)
        Ticket.objects.filter(pk=waiting.pk).update(status_since=timezone.now() - timedelta(hours=49))
        moving.remind_silent()

    def solved(self, language: str) -> None:
        rating.ask_rating(answered(self.ticket(language), by=self.agent, body="Done.", then=Status.SOLVED))

    def held(self, language: str) -> None:
        row = IncomingMail.objects.create(
            key=language, outcome=Outcome.HELD, ticket=self.ticket(language), person=self.trader
        )
        delivery.post("mail_held", row.pk)

    def late(self, language: str) -> None:
        told = self.ticket(language)
        Promise.objects.filter(ticket=told).delete()
        shown = timezone.now() - timedelta(hours=3)
        due = shown + timedelta(hours=1)
        Promise.objects.create(ticket=told, priority=told.priority, seconds=3600, shown_at=shown, due_at=due)
        promising.settle_promises()
