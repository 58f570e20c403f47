"""What each act on a ticket asks before it is done: a form for those that have to know something."""

from collections.abc import Sequence
from datetime import MAXYEAR, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from helpcenter.models import Article
from supportdesk.ui import zones
from tickets.access import Access
from tickets.actions.moving import NO_REPLY_NEEDED
from tickets.enums import LIVE, DeclineReason, MessageKind, Priority
from tickets.identifiers import from_typed
from tickets.models import Attachment, Department, Incident, Message, Reminder, Ticket, Topic
from tickets.workspace import people
from tickets.workspace.display import customer_name, due_chip, moment, moment_and_zone, staff_name
from tickets.workspace.forms import LONGEST_NUMBER, TopicChoice, languages
from tickets.workspace.widgets import Line

MORNING = time(9)  # of the agent
MOST_OTHERS = 10  # tickets of a customer that a form offers


class ActForm(forms.Form):
    """The form of an act. `ticket` and `access` say on what and for whom; choices depend on them."""

    def __init__(self, *args: Any, ticket: Ticket, access: Access, **values: Any) -> None:
        self.ticket, self.access = ticket, access
        super().__init__(*args, **values)
        self.prepare()
        self._begin_at(self._shown())

    def prepare(self) -> None:
        """Narrow the choices to what the ticket and the person allow."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        self._begin_at([name for name in self._shown() if name in self.errors])

    def _shown(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.widget.is_hidden]

    def _begin_at(self, names: Sequence[str]) -> None:
        """Put the keyboard into the first of these fields. The page holds nothing but this form: whoever opens it types
        at once, first where something is wrong."""
        for name in names[:1]:
            for field in self.fields.values():
                field.widget.attrs.pop("autofocus", None)
            self.fields[name].widget.attrs["autofocus"] = True


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
        now = timezone.now()
        if due_chip(self.ticket, now) is not None:
            is_late = self.ticket.next_due_at < now
            words = (
                gettext("Its clocks go on meanwhile, and an answer is overdue: it was due by %(time)s.")
                if is_late
                else gettext("Its clocks go on meanwhile: an answer is due by %(time)s.")
            )
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


class RemoveFileForm(ActForm):
    """About one file of the ticket that is still there."""

    file: Any = forms.ModelChoiceField(
        Attachment.objects.none(),
        label=_("File"),
        to_field_name="public_id",
        help_text=_(
            "It is destroyed at once and for good. Its name stays, and its customer reads that it was removed."
        ),
    )

    def prepare(self) -> None:
        field: Any = self.fields["file"]
        rows = Attachment.objects.visible_to(self.access).filter(ticket=self.ticket).select_related("message__author")
        field.queryset = rows.order_by("pk")
        field.label_from_instance = self._named
        if not rows.exists():
            field.help_text = gettext("This ticket has no file.")

    def _named(self, file: Attachment) -> str:
        sent = file.message
        return f"{file.name}, {_writer(sent, self.ticket)}, {moment(sent.created_at)}" if sent else file.name


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
