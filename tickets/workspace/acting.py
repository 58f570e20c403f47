"""What can be done on a ticket beside writing: one table of acts, each with the form that it asks for.

Every act has a page of its own, so that it works without a script; those that ask for nothing are a single button.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tickets.access import Access
from tickets.actions import (
    assigning,
    attaching,
    consulting,
    detailing,
    incidents,
    merging,
    moving,
    redacting,
    reporting,
)
from tickets.enums import LIVE, Status
from tickets.models import Incident, Ticket
from tickets.workspace.act_forms import (
    ActForm,
    AskForm,
    AssignForm,
    DeclineForm,
    DepartmentForm,
    DetailsForm,
    DropReminderForm,
    HoldForm,
    IncidentForm,
    MergeForm,
    OtherTicketForm,
    RedactForm,
    RemindForm,
    RemoveFileForm,
    ReportForm,
    SnoozeForm,
    SolveForm,
    SplitForm,
    TagsForm,
    UnlinkForm,
)
from tickets.workspace.display import staff_name

Run = Callable[[Ticket, dict[str, Any], Any], str]


@dataclass(frozen=True)
class Act:
    """`run` does it and says what was done; `statuses` are where it makes sense; `is_last` means that the ticket
    leaves the list with it."""

    label: str | Promise
    run: Run
    form: type[ActForm] = ActForm
    statuses: Sequence[Status] = LIVE
    for_leads: bool = False
    hidden: bool = False  # offered elsewhere than in the menu

    @property
    def asks(self) -> bool:
        return bool(self.form.base_fields)


def _take(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    assigning.take(ticket, by=by)
    return gettext("The ticket is yours.")


def _assign(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    assigning.assign(ticket, data["to"], by=by, words=data["reason"])
    return gettext("%(person)s has the ticket now.") % {"person": staff_name(data["to"])}


def _give_back(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    assigning.give_back(ticket, by=by)
    return gettext("The ticket is back in the queue.")


def _decline(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    assigning.decline_ticket(ticket, by=by, reason=data["reason"], note=data["note"])
    return gettext("You declined the ticket. It is back in the queue with its age.")


def _transfer(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    assigning.transfer(ticket, data["department"], by=by, words=data["reason"])
    if data["department"] is None:
        return gettext("The ticket is back with the front line.")
    return gettext("The ticket is with %(department)s now.") % {"department": data["department"].staff_name}


def _hold(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.put_on_hold(
        ticket, by=by, department=data["department"], reason=data["reason"], revisit_at=data["at"]
    )  # fmt: skip
    return gettext("The ticket is on hold.")


def _ask(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    names = ("subject", "body", "excerpts", "holds")
    consulting.ask_department(ticket, data["department"], by=by, **{name: data[name] for name in names})
    return gettext("%(department)s was asked.") % {"department": data["department"].staff_name}


def _wait(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.wait_for_customer(ticket, by=by)
    return gettext("The ticket waits for the customer.")


def _take_up(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.take_up_again(ticket, by=by)
    return gettext("The ticket is in work again.")


def _solve(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.solve(ticket, by=by, reason=data["reason"])
    return gettext("Ticket %(number)s is solved.") % {"number": ticket.reference}


def _reopen(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.reopen(ticket, by=by)
    return gettext("The ticket is open again.")


def _spam(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.mark_spam(ticket, by=by)
    return gettext("Ticket %(number)s is marked as spam.") % {"number": ticket.reference}


def _restore(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    moving.restore(ticket, by=by)
    return gettext("The ticket is back where it stood.")


def _merge(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    merging.merge(ticket, data["number"], by=by)
    values = {"number": ticket.reference, "other": data["number"].reference}
    return gettext("Ticket %(number)s was merged into %(other)s.") % values


def _link(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    merging.link_tickets(ticket, data["number"], by=by)
    return gettext("The tickets are linked.")


def _unlink(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    merging.unlink_tickets(ticket, data["other"], by=by)
    return gettext("The link is removed.")


def _incident(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    incident = data["incident"]
    if Incident.objects.of(ticket).filter(pk=incident.pk).exists():
        incidents.take_out(incident, [ticket], by=by)
        return gettext("The ticket is no part of the incident any more.")
    incidents.link_tickets(incident, [ticket], by=by)
    return gettext("The ticket is part of the incident.")


def _split(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    part = merging.split(data["message"], by=by, subject=data["subject"])
    return gettext("The message is ticket %(number)s now.") % {"number": part.reference}


def _snooze(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.snooze(ticket, data["at"], by=by)
    return gettext("The ticket sleeps until then, or until the customer writes.")


def _wake(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.snooze(ticket, None, by=by)
    return gettext("The ticket is back in the lists.")


def _remind(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.remind_me(ticket, data["at"], by=by, note=data["note"])
    return gettext("You will be reminded.")


def _drop_reminder(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.drop_reminder(data["reminder"], by=by)
    return gettext("The reminder is removed.")


def _details(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.change_details(ticket, by=by, **data)
    return gettext("The details are changed.")


def _tags(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.tag_ticket(ticket, data["tags"].split(","), by=by)
    return gettext("The tags are changed.")


def _redact(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    places = redacting.redact_message(data["message"], data["words"].splitlines(), by=by)
    message = ngettext("Taken out in %(places)d place.", "Taken out in %(places)d places.", places)
    return message % {"places": places}


def _remove_file(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    attaching.remove_attachment(data["file"], by=by)
    return gettext("The file is destroyed.")


def _report(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    reporting.report_article(ticket, by=by, note=data["note"], article=data["slug"])
    return gettext("The content team has been asked.")


def _reveal(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    email = detailing.reveal_address(ticket, by=by)
    return gettext("The customer's address is %(email)s. That you looked is in the history.") % {"email": email}


def _mail_again(ticket: Ticket, data: dict[str, Any], by: Any) -> str:
    detailing.try_mail_again(ticket, by=by)
    return gettext("The next mail goes to this customer again.")


WAITS = (Status.PENDING, Status.ON_HOLD)
UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)
ANY = tuple(Status)

ACTS: dict[str, Act] = {
    "take": Act(_("Take"), _take, statuses=UNSOLVED, hidden=True),
    "assign": Act(_("Assign"), _assign, AssignForm),
    "decline": Act(_("Decline"), _decline, DeclineForm, UNSOLVED),
    "give_back": Act(_("Put back into the queue"), _give_back),
    "transfer": Act(_("Move to a department"), _transfer, DepartmentForm),
    "ask": Act(_("Ask a department"), _ask, AskForm),
    "hold": Act(_("Put on hold"), _hold, HoldForm, (Status.NEW, Status.OPEN)),
    "wait": Act(_("Wait for the customer"), _wait, statuses=(Status.NEW, Status.OPEN, Status.ON_HOLD)),
    "take_up": Act(_("Take up again"), _take_up, statuses=WAITS),
    "solve": Act(_("Solve"), _solve, SolveForm, UNSOLVED),
    "reopen": Act(_("Open again"), _reopen, statuses=(Status.SOLVED,), for_leads=True),
    "snooze": Act(_("Let it sleep"), _snooze, SnoozeForm, UNSOLVED),
    "wake": Act(_("Wake up"), _wake, statuses=UNSOLVED),
    "remind": Act(_("Remind me"), _remind, RemindForm, ANY),
    "drop_reminder": Act(_("Remove a reminder"), _drop_reminder, DropReminderForm, ANY, hidden=True),
    "details": Act(_("Change details"), _details, DetailsForm, hidden=True),
    "tags": Act(_("Change tags"), _tags, TagsForm, hidden=True),
    "merge": Act(_("Merge into another ticket"), _merge, MergeForm),
    "link": Act(_("Link another ticket"), _link, OtherTicketForm, ANY),
    "unlink": Act(_("Remove a link"), _unlink, UnlinkForm, ANY, hidden=True),
    "incident": Act(_("Part of an incident"), _incident, IncidentForm),
    "split": Act(_("Make a ticket of a message"), _split, SplitForm),
    "redact": Act(_("Take words out"), _redact, RedactForm, ANY),
    "remove_file": Act(_("Remove a file"), _remove_file, RemoveFileForm, ANY),
    "report": Act(_("Article missing or wrong"), _report, ReportForm, ANY),
    "spam": Act(_("Mark as spam"), _spam),
    "restore": Act(_("No spam: bring back"), _restore, statuses=(Status.SPAM,), for_leads=True),
    "reveal": Act(_("Show the address"), _reveal, statuses=ANY, hidden=True),
    "mail_again": Act(_("Send mail to this customer again"), _mail_again, statuses=ANY, hidden=True, for_leads=True),
}


@dataclass(frozen=True)
class Offered:
    """An act as the menu offers it."""

    name: str
    label: str
    asks: bool


def offered(ticket: Ticket, access: Access) -> list[Offered]:
    """The acts of the menu that fit where a ticket stands and what a person may."""
    language = get_language()
    return [_offer(name, language) for name, act in ACTS.items() if not act.hidden and fits(name, ticket, access)]


@cache
def _offer(name: str, language: str | None) -> Offered:
    """`language` is the active one, and tells the answers apart."""
    return Offered(name, str(ACTS[name].label), ACTS[name].asks)


def fits(name: str, ticket: Ticket, access: Access) -> bool:
    """Whether an act makes sense for a ticket now. Whether it may be done is asked by the action itself."""
    act = ACTS[name]
    if ticket.status not in act.statuses or (act.for_leads and not access.leads):
        return False
    further = _FURTHER.get(name)
    return further is None or further(ticket, access)


_FURTHER: dict[str, Callable[[Ticket, Access], bool]] = {
    "decline": lambda ticket, access: access.user is not None and ticket.assignee_id == access.user.pk,
    "give_back": lambda ticket, access: ticket.assignee_id is not None,
    "snooze": lambda ticket, access: ticket.assignee_id is not None,
    "split": lambda ticket, access: ticket.message_count > 1,
    "wake": lambda ticket, access: ticket.sleeps(timezone.now()),
}
