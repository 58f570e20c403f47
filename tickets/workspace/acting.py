"""What can be done on a ticket beside writing: one table of acts, each with the form that it asks for.

Every act has a page of its own, so that it works without a script; those that ask for nothing are a single button.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, time, timedelta
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from helpcenter.models import Article
from supportdesk.ui import zones
from tickets.access import Access
from tickets.actions import assigning, consulting, detailing, incidents, merging, moving, redacting, reporting
from tickets.actions.moving import NO_REPLY_NEEDED
from tickets.enums import LIVE, DeclineReason, MessageKind, Priority, Status
from tickets.identifiers import from_typed
from tickets.models import Department, Incident, Message, Reminder, Ticket, Topic
from tickets.workspace import people
from tickets.workspace.forms import LONGEST_NUMBER, TopicChoice, languages
from tickets.workspace.widgets import Line
from tickets.workspace.wording import customer_name, due_chip, moment, moment_and_zone, staff_name

MORNING = time(9)  # of the agent
MOST_OTHERS = 10  # tickets of a customer that a form offers


class ActForm(forms.Form):
    """The form of an act. `ticket` and `access` say on what and for whom; choices depend on them."""

    def __init__(self, *args: Any, ticket: Ticket, access: Access, **values: Any) -> None:
        self.ticket, self.access = ticket, access
        super().__init__(*args, **values)
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to what the ticket and the person allow."""


class MomentForm(ActForm):
    """A time that lies ahead: soon by a word, or exactly."""

    soon = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("hour", _("In an hour")),
            ("four", _("In four hours")),
            ("tomorrow", _("Tomorrow at 9:00")),
            ("week", _("In a week")),
            ("exact", _("At the time below")),
        ],
    )
    at = forms.DateTimeField(
        label=_("Time"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["at"].help_text = gettext("In your time zone: %(zone)s") % {"zone": zones.called()}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        soon = found.get("soon")
        if soon == "exact" and not found.get("at"):
            self.add_error("at", gettext("Say at what time."))
        if soon and soon != "exact":
            found["at"] = _moment(soon, timezone.now())
        elif not _is_in_calendar(found.get("at")):
            self.add_error("at", self.fields["at"].error_messages["invalid"])
        return found


def _is_in_calendar(at: datetime | None) -> bool:
    """Whether a time has a day in every zone: the last hours of the year 9999 have none."""
    return at is None or at.year < MAXYEAR


def _moment(name: str, now: datetime) -> datetime:
    """What a word means, in the active time zone."""
    if name == "tomorrow":
        local = timezone.localtime(now) + timedelta(days=1)
        return timezone.make_aware(datetime.combine(local.date(), MORNING))
    return now + {"hour": timedelta(hours=1), "four": timedelta(hours=4), "week": timedelta(days=7)}[name]


class SnoozeForm(MomentForm):
    """Says what goes on meanwhile: nobody else sees a promise coming that is missed in sleep."""

    def prepare(self) -> None:
        if due_chip(self.ticket, timezone.now()) is not None:
            words = gettext("Its clocks go on meanwhile: an answer is due by %(time)s.")
            self.fields["soon"].help_text = words % {"time": moment_and_zone(self.ticket.next_due_at)}


class PersonField(forms.CharField):
    """A colleague by name or address; the script suggests as one types."""

    widget = Line(attrs={"data-people": "", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        person = people.named(text) if text else None
        if text and person is None:
            raise ValidationError(
                gettext("Nobody of the desk, or more than one, is called “%(name)s”.") % {"name": text}
            )
        return person


class TicketField(forms.CharField):
    """Another ticket by its number, as copied or dictated. The form looks whether the person may see it."""

    def clean(self, value: Any) -> str:
        return from_typed(super().clean(value))


class AssignForm(ActForm):
    to = PersonField(label=_("Colleague"), help_text=_("A name or an e-mail address."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


DECLINING = [(reason.value, reason.label) for reason in DeclineReason if reason != DeclineReason.GIVEN_BACK]


class DeclineForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=DECLINING, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For colleagues; needed for another reason.")
    )


class DepartmentForm(ActForm):
    department: Any = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, empty_label=_("Back to the front line")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class HoldForm(MomentForm):
    department: Any = forms.ModelChoiceField(Department.objects.all(), label=_("Department"))
    reason = forms.CharField(label=_("What is it asked to do?"), max_length=200)


class ExcerptsField(forms.ModelMultipleChoiceField):
    """Messages by their numbers; what no database can hold is the number of none."""

    def clean(self, value: Any) -> Any:
        return super().clean([number for number in value or () if len(str(number)) <= LONGEST_NUMBER])


def _beginning(message: Message, ticket: Ticket, length: int) -> str:
    """How a message begins, with who wrote it and when: two that begin alike are told apart."""
    return f"{_writer(message, ticket)}, {moment(message.created_at)}: {Truncator(message.body).chars(length)}"


def _writer(message: Message, ticket: Ticket) -> str:
    """Nobody has left who never was there: what the desk sent by itself says so."""
    if message.kind == MessageKind.CUSTOMER:
        return customer_name(ticket.requester)
    if message.kind == MessageKind.AUTOMATIC and message.author is None:
        return str(MessageKind.AUTOMATIC.label)
    return staff_name(message.author)


class AskForm(ActForm):
    department: Any = forms.ModelChoiceField(Department.objects.all(), label=_("Department"))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 4}))
    excerpts = ExcerptsField(
        Message.objects.none(), label=_("Messages to show"), required=False, widget=forms.CheckboxSelectMultiple
    )
    holds = forms.BooleanField(label=_("Put the ticket on hold until the answer is due"), required=False)

    def prepare(self) -> None:
        field: Any = self.fields["excerpts"]
        field.queryset = Message.objects.filter(ticket=self.ticket).public().select_related("author")
        field.label_from_instance = lambda message: _beginning(message, self.ticket, 160)


class SolveForm(ActForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("It was answered")), (NO_REPLY_NEEDED, _("The last message of the customer needs no reply"))],
    )


class IncidentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class IncidentForm(ActForm):
    """A running incident; choosing the one that the ticket is part of takes it out."""

    incident = IncidentChoice(
        label=_("Incident"),
        queryset=Incident.objects.none(),
        help_text=_("Its answer then goes to this customer too. An incident that it is part of already is left."),
    )

    def prepare(self) -> None:
        chosen: Any = self.fields["incident"]
        chosen.queryset = Incident.objects.running()


class OtherTicketForm(ActForm):
    number = TicketField(label=_("Number of the other ticket"), max_length=40)

    @property
    def others(self) -> Any:
        """Those of the same customer that are not closed: mostly it is one of them."""
        rows = Ticket.objects.visible_to(self.access).filter(requester=self.ticket.requester_id, status__in=LIVE)
        return rows.exclude(pk=self.ticket.pk).order_by("-created_at", "-pk")[:MOST_OTHERS]

    def clean_number(self) -> Ticket:
        other = Ticket.objects.visible_to(self.access).filter(public_id=self.cleaned_data["number"]).first()
        if other is None:
            raise ValidationError(gettext("There is no ticket with this number that you may see."))
        return other


class MergeForm(OtherTicketForm):
    """Asks twice: the first time it shows what the ticket would be merged into."""

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        other = found.get("number")
        if other is not None and found.get("confirmed") != other.public_id:
            self.preview, self.customer = other, customer_name(other.requester)
            self.data = {**self.data.dict(), "confirmed": other.public_id}  # type: ignore[attr-defined]
            raise ValidationError(gettext("Look at the ticket below, then merge."))
        return found


class UnlinkForm(ActForm):
    other: Any = forms.ModelChoiceField(
        Ticket.objects.none(), label=_("Linked"), to_field_name="public_id", empty_label=None
    )

    def prepare(self) -> None:
        linked = Q(links__second=self.ticket) | Q(linked__first=self.ticket)
        self.fields["other"].queryset = Ticket.objects.visible_to(self.access).filter(linked).distinct()  # type: ignore[attr-defined]


class DetailsForm(ActForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    topic = TopicChoice(label=_("Topic"), queryset=Topic.objects.all())
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    language = forms.ChoiceField(label=_("Language"), choices=languages)

    def prepare(self) -> None:
        own = {name: getattr(self.ticket, name) for name in ("subject", "priority", "language")}
        self.initial = {**own, "topic": self.ticket.topic_id, **(self.initial or {})}


class TagsForm(ActForm):
    tags = forms.CharField(
        label=pgettext_lazy("of a ticket", "Tags"), max_length=400, required=False, help_text=_("Parted by commas.")
    )

    def prepare(self) -> None:
        self.initial = {"tags": ", ".join(self.ticket.tags.values_list("name", flat=True))}


class RemindForm(MomentForm):
    note = forms.CharField(label=_("Note to yourself"), max_length=200, required=False)


class DropReminderForm(ActForm):
    reminder: Any = forms.ModelChoiceField(Reminder.objects.none(), label=_("Reminders"), empty_label=None)

    def prepare(self) -> None:
        field: Any = self.fields["reminder"]
        person = self.access.user
        field.queryset = Reminder.objects.filter(ticket=self.ticket, person=person, told_at__isnull=True)
        field.label_from_instance = lambda reminder: f"{moment_and_zone(reminder.at)} {reminder.note}".strip()


class MessageForm(ActForm):
    """About one message of the ticket, which the address names (`?message=`)."""

    message = forms.ModelChoiceField(Message.objects.none(), label=_("Message"))
    from_customer = False

    def prepare(self) -> None:
        field: Any = self.fields["message"]
        rows = Message.objects.filter(ticket=self.ticket).select_related("author")
        field.queryset = rows.filter(kind="customer") if self.from_customer else rows
        field.label_from_instance = lambda message: _beginning(message, self.ticket, 80)


class RedactForm(MessageForm):
    words = forms.CharField(
        label=_("What is to be taken out"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One piece a line, at least four characters each. It goes from every text of this ticket."),
    )


class SplitForm(MessageForm):
    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=200)
    from_customer = True


class ReportForm(ActForm):
    slug = forms.CharField(
        label=_("Article"),
        max_length=200,
        required=False,
        help_text=_("Its address or short name; empty if it is missing."),
    )
    note = forms.CharField(
        label=_("What is wrong or missing?"), max_length=700, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_slug(self) -> Article | None:
        slug = self.cleaned_data["slug"].rstrip("/").rpartition("/")[2]
        found = Article.objects.filter(slug=slug).reading([]).first() if slug else None
        if slug and found is None:
            raise ValidationError(gettext("There is no article “%(slug)s”.") % {"slug": slug})
        return found


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
