"""One thing done to several tickets: through the same actions as one by one, each with its own result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.access import Access
from tickets.actions import assigning, detailing, merging, moving
from tickets.enums import Priority
from tickets.errors import TicketError
from tickets.identifiers import from_typed
from tickets.models import Ticket
from tickets.workspace.act_forms import PersonField
from tickets.workspace.display import staff_name
from tickets.workspace.widgets import Choice, Line

MOST = 100


@dataclass(frozen=True)
class Result:
    ticket: Ticket
    words: str
    is_done: bool


class BulkForm(forms.Form):
    """What is done, and with what."""

    what = forms.ChoiceField(
        label=_("With the chosen tickets"),
        choices=[
            ("take", _("Take")),
            ("assign", _("Assign to")),
            ("priority", _("Set the priority")),
            ("tag", _("Add a tag")),
            ("wait", _("Wait for the customer")),
            ("solve", _("Solve")),
            ("merge", _("Merge into")),
            ("spam", _("Mark as spam")),
        ],
        widget=Choice,
    )
    to = PersonField(label=_("Colleague"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, required=False, widget=Choice)
    value = forms.CharField(label=_("Tag, or number of the ticket"), max_length=60, required=False, widget=Line)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        what = found.get("what")
        if what == "assign" and not found.get("to") and "to" not in self.errors:
            self.add_error("to", gettext("Say to whom."))
        if what == "priority" and not found.get("priority"):
            self.add_error("priority", gettext("Choose a priority."))
        if what in ("tag", "merge") and not found.get("value", "").strip():
            self.add_error("value", gettext("Fill in the tag, or the number of the ticket to merge into."))
        return found


def chosen(numbers: list[str], access: Access) -> list[Ticket]:
    """Those of the tickets that the person sees, in the order in which they were chosen."""
    rows = Ticket.objects.visible_to(access).with_names()
    found = {ticket.public_id: ticket for ticket in rows.filter(public_id__in=numbers)}
    return [found[number] for number in numbers if number in found]


def do(data: dict[str, Any], numbers: list[str], access: Access) -> list[Result]:
    """Do one thing to each selected ticket that the person sees. A refusal of one ticket does not stop the others."""
    return [_one(ticket, data, access) for ticket in chosen(numbers, access)]


def _one(ticket: Ticket, data: dict[str, Any], access: Access) -> Result:
    try:
        return Result(ticket, _DOES[data["what"]](ticket, data, access), True)
    except (TicketError, PermissionDenied) as error:
        return Result(ticket, str(error), False)


def _take(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    assigning.take(ticket, by=access.user)
    return gettext("Yours now.")


def _assign(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    assigning.assign(ticket, data["to"], by=access.user)
    return gettext("Given to %(person)s.") % {"person": staff_name(data["to"])}


def _prioritise(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    detailing.change_details(ticket, by=access.user, priority=data["priority"])
    return gettext("Priority: %(priority)s.") % {"priority": Priority(data["priority"]).label}


def _tag(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    names = [*ticket.tags.values_list("name", flat=True), data["value"]]
    detailing.tag_ticket(ticket, names, by=access.user)
    return gettext("Tagged.")


def _wait(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    moving.wait_for_customer(ticket, by=access.user)
    return gettext("Waits for the customer.")


def _solve(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    moving.solve(ticket, by=access.user)
    return gettext("Solved.")


def _merge(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    other = Ticket.objects.visible_to(access).filter(public_id=from_typed(data["value"])).first()
    if other is None:
        raise TicketError(gettext("There is no ticket with this number that you may see."))
    if other.pk == ticket.pk:
        return gettext("The others are merged into this one.")
    merging.merge(ticket, other, by=access.user)
    return gettext("Merged into %(number)s.") % {"number": other.reference}


def _spam(ticket: Ticket, data: dict[str, Any], access: Access) -> str:
    moving.mark_spam(ticket, by=access.user)
    return gettext("Marked as spam.")


_DOES: dict[str, Callable[[Ticket, dict[str, Any], Access], str]] = {
    "take": _take,
    "assign": _assign,
    "priority": _prioritise,
    "tag": _tag,
    "wait": _wait,
    "solve": _solve,
    "merge": _merge,
    "spam": _spam,
}
