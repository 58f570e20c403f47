"""Tickets for tests, made through the same actions as the product's own."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from supportdesk.accounts.models import User
from tickets import editions
from tickets.actions import opening, publishing_policies, replying
from tickets.enums import Status
from tickets.models import (
    Calendar,
    Department,
    Macro,
    Message,
    PolicyEdition,
    SlaPolicy,
    SlaTarget,
    Ticket,
    Topic,
)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    key = factory.Sequence(lambda n: f"topic-{n}")
    name_en = factory.LazyAttribute(lambda o: f"About {o.key}")


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    key = factory.Sequence(lambda n: f"department-{n}")
    name = factory.LazyAttribute(lambda o: o.key.title())
    public_name_en = factory.LazyAttribute(lambda o: f"the {o.key} team")


class MacroFactory(DjangoModelFactory):
    class Meta:
        model = Macro

    name = factory.Sequence(lambda n: f"Macro {n}")
    body_en = "Hello {{ customer }}, we are looking into {{ reference }}."


def office(key: str = "seoul", *, tz: str = "Asia/Seoul", hours: str = "09:00-18:00", **values: Any) -> Calendar:
    """A calendar that works from Monday to Friday."""
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), hours)
    return Calendar.objects.create(key=key, name=key.title(), tz=tz, **week, **values)


def policy(name: str, targets: dict[str, dict[str, int]] | None = None, **values: Any) -> SlaPolicy:
    """A policy with targets in minutes, by priority and metric; `normal` tickets get a first reply in an hour unless
    something else is said."""
    made = SlaPolicy.objects.create(name=name, **values)
    for priority, metrics in (targets or {"normal": {"first_reply": 60}}).items():
        for metric, minutes in metrics.items():
            SlaTarget.objects.create(policy=made, priority=priority, metric=metric, minutes=minutes)
    return made


def published(by: User) -> PolicyEdition | None:
    """What stands in the rows holds from now on, here and at once."""
    edition = publishing_policies.publish_policies(by=by)
    editions.forget()
    return edition


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"trader{n}@example.com")
    name = factory.Sequence(lambda n: f"Trader {n}")


def request(topic: Topic | None = None, **values: Any) -> opening.Request:
    """What somebody sends with the form."""
    found = {"subject": "USDT has not arrived", "body": "I sent 2,500 USDT yesterday.", "language": "en"}
    return opening.Request(topic=topic or TopicFactory(), **{**found, **values})


class TicketFactory(factory.Factory):
    """`TicketFactory(by=trader, answered_by=agent, overdue=True)`; other values are those of `opening.Request`."""

    class Meta:
        model = Ticket

    overdue = False

    @classmethod
    def _create(cls, model_class: type[Ticket], *args: Any, **values: Any) -> Ticket:
        overdue, answered_by = values.pop("overdue", False), values.pop("answered_by", None)
        requester, department = values.pop("by", None) or PersonFactory(), values.pop("department", None)
        ticket = opening.open_ticket(request(**values), by=requester)
        stored: dict[str, Any] = {}
        if department is not None:
            stored["department"] = ticket.department = department
        if overdue:
            stored["next_due_at"] = ticket.next_due_at = timezone.now() - timedelta(minutes=4)
        if stored:
            Ticket.objects.filter(pk=ticket.pk).update(**stored)
        return answered(ticket, by=answered_by) if answered_by else ticket


def answered(ticket: Ticket, *, by: User, body: str = "We found your deposit.", then: Status = Status.OPEN) -> Ticket:
    """A ticket whose reply has gone out already."""
    released(replying.reply(ticket, body, by=by, then=then))
    ticket.refresh_from_db()
    return ticket


def released(message: Message) -> Message:
    """Let a held reply go out now instead of after the seconds in which it can be taken back."""
    Message.objects.filter(pk=message.pk).update(visible_at=timezone.now())
    replying.release_reply(message.pk)
    message.refresh_from_db()
    return message
