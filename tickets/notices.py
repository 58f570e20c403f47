"""Which event of a ticket tells whom: a number and a link, never what was written."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.actions.access import on_duty
from supportdesk.accounts import notices
from supportdesk.accounts.kinds import Kind
from supportdesk.accounts.models import Notice, User
from tickets.access import Access
from tickets.actions.macro_uses import macros_using
from tickets.enums import EventKind, Membership
from tickets.models import ArticleChange, Incident, Reminder, SideConversation, Ticket, TicketEvent

KINDS = {
    "ticket_assigned": Kind(_("Ticket %(subject)s is yours now."), "pen", gathers=True),
    "ticket_mentioned": Kind(_("A colleague mentioned you on ticket %(subject)s."), "words"),
    "ticket_question": Kind(_("Your department is asked about ticket %(subject)s."), "words"),
    "ticket_answered": Kind(_("The department has answered your question on ticket %(subject)s."), "check"),
    "ticket_stopped": Kind(_("Your reply on ticket %(subject)s was stopped: the customer wrote meanwhile."), "warning"),
    "ticket_customer": Kind(_("The customer wrote on ticket %(subject)s."), "words"),
    "ticket_reminder": Kind(_("You wanted to be reminded of ticket %(subject)s."), "clock"),
    "clock_soon": Kind(_("Most of the time for ticket %(subject)s is used up."), "clock", gathers=True),
    "clock_up": Kind(_("The time for ticket %(subject)s is up."), "warning", gathers=True),
    "clock_far_over": Kind(_("Ticket %(subject)s is far over its time."), "warning", gathers=True),
}
LEAD_KINDS = {
    "surge_watch": Kind(
        _("More requests come in than usual (%(subject)s). Confirm a surge, or dismiss it."), "warning"
    ),
    "surge_begun": Kind(
        _("A surge has been declared (%(subject)s). Readers are told that answers take longer."), "warning"
    ),
    "surge_over": Kind(_("The surge is over (%(subject)s). Readers are no longer told of it."), "check"),
    "incident_candidates": Kind(_("Tickets may belong to incident %(subject)s. Look at them."), "words"),
    "article_changed": Kind(_("Customers were sent a text of “%(subject)s” that has changed since."), "warning"),
    "promises_missed": Kind(
        _("Customers were not answered in the time that they were promised (%(subject)s)."), "warning"
    ),
}


def tell(event_id: int) -> None:
    """Tell everybody whom an event concerns but the person behind it (consumer of the outbox; telling twice changes
    nothing)."""
    event = TicketEvent.objects.select_related("ticket__assignee", "message__author").filter(pk=event_id).first()
    if event is None:
        return
    kind, whom = WHOM[EventKind(event.kind)]
    for person in {person.pk: person for person in whom(event) if person is not None}.values():
        if person.pk != event.by_id:
            tell_person(person, kind, event.ticket, f"ticket:{event.pk}")


def _sees(person: User, ticket: Ticket) -> bool:
    """Whether somebody still works at the desk and may open the ticket."""
    return person.is_active and Ticket.objects.visible_to(Access.of_staff(person)).filter(pk=ticket.pk).exists()


def tell_person(person: User, kind: str, ticket: Ticket, event: str) -> None:
    """Tell somebody of a ticket once for an event, if they may open it."""
    if not _sees(person, ticket):
        return
    link = reverse("workspace:thread", args=[ticket.public_id])
    notices.notify(person, kind, subject=ticket.reference, link=link, event=event)


def tell_of_change(change_id: int) -> None:
    """Tell team leads that an article changed of which customers, or macros, have the old text (consumer of the outbox;
    telling twice changes nothing)."""
    change = ArticleChange.objects.select_related("after").filter(pk=change_id).first()
    if change is None or not (change.old_answers.open().exists() or _macros_using(change)):
        return
    link = reverse("workspace:old-answer", args=[change.pk])
    for person in on_duty(_leads()):
        event = f"article-change:{change.pk}"
        notices.notify(person, "article_changed", subject=change.after.title, link=link, event=event)


SEEN_BY_OPENER = timedelta(minutes=1)  # whoever opened the incident sees these candidates on the page


def tell_of_candidates() -> int:
    """Tell team leads of the incidents whose candidates wait for a person; returns how many notices came of it. Who has
    not read the last one yet is not told again, and nobody hears twice of the same candidates."""
    waiting = Q(members__state=Membership.CANDIDATE)
    running = Incident.objects.running().annotate(
        newest=Max("members", filter=waiting), found_at=Max("members__at", filter=waiting)
    )
    rows = list(running.filter(newest__isnull=False))
    people = list(on_duty(_leads())) if rows else []
    return sum(_tell_of_candidates(incident, people) for incident in rows)


def _tell_of_candidates(incident: Any, people: Sequence[User]) -> int:
    link = reverse("workspace:incident", args=[incident.slug])
    event = f"incident-candidates:{incident.pk}:{incident.newest}"
    known = Q(read_at__isnull=True) | Q(event=event) | Q(created_at__gte=incident.found_at)
    heard = Notice.objects.filter(known, person__in=people, kind="incident_candidates", link=link)
    knowing = set(heard.values_list("person", flat=True))
    if incident.found_at < incident.opened_at + SEEN_BY_OPENER:
        knowing.add(incident.opened_by_id)
    told = [person for person in people if person.pk not in knowing]
    for person in told:
        notices.notify(person, "incident_candidates", subject=incident.number, link=link, event=event)
    return len(told)


def _macros_using(change: ArticleChange) -> bool:
    return macros_using(change.article_id, change.concerned).exists()


def _leads() -> QuerySet[User]:
    """Who leads the desk."""
    held = Permission.objects.filter(codename="lead_ticket", content_type__app_label="tickets").values("pk")
    holds = Q(is_superuser=True) | Q(user_permissions__in=held) | Q(groups__permissions__in=held)
    return User.objects.filter(holds, is_active=True).distinct()


def _person(name: str) -> Callable[[TicketEvent], Iterable[User | None]]:
    return lambda event: [User.objects.filter(pk=event.data.get(name)).first()]


def _department(event: TicketEvent) -> Iterable[User | None]:
    return User.objects.filter(agent__departments=event.data.get("department"))


def _asker(event: TicketEvent) -> Iterable[User | None]:
    asked = SideConversation.objects.select_related("opened_by").filter(pk=event.data.get("conversation")).first()
    return [asked.opened_by if asked else None]


def _author(event: TicketEvent) -> Iterable[User | None]:
    return [event.message.author if event.message else None]


def _assignee(event: TicketEvent) -> Iterable[User | None]:
    return [event.ticket.assignee]


WHOM: dict[EventKind, tuple[str, Callable[[TicketEvent], Iterable[Any]]]] = {
    EventKind.ASSIGNED: ("ticket_assigned", _person("to")),
    EventKind.MENTIONED: ("ticket_mentioned", _person("person")),
    EventKind.CONSULTED: ("ticket_question", _department),
    EventKind.CONSULT_ANSWERED: ("ticket_answered", _asker),
    EventKind.REPLY_STOPPED: ("ticket_stopped", _author),
    EventKind.CUSTOMER_WROTE: ("ticket_customer", _assignee),
}


def remind_due() -> int:
    """Tell agents of the tickets that they wanted to hear of by now; returns how many."""
    due = Reminder.objects.filter(told_at__isnull=True, at__lte=timezone.now()).select_related("ticket", "person")
    told = 0
    for reminder in due[:500]:
        tell_person(reminder.person, "ticket_reminder", reminder.ticket, f"ticket-reminder:{reminder.pk}")
        told += Reminder.objects.filter(pk=reminder.pk, told_at__isnull=True).update(told_at=timezone.now())
    return told
