"""What the desk's screens read: filters of the queue, what is written, what is done."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tickets.enums import Priority, Status
from tickets.models import Topic
from tickets.workspace.display import topic_name
from tickets.workspace.widgets import Choice, Hidden, Line

ANY = ("", _("Any"))
LONGEST_NUMBER = 18  # digits; of more there is no row
LARGEST = 10**LONGEST_NUMBER


def number_of(text: str) -> int | None:
    """A number out of an address or a hidden field; None for anything that is none, or that no row can have."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


class RowsChoice(forms.ModelMultipleChoiceField):
    """Several rows. A number that no row can have is refused as one that is not offered: a database could not even look
    for it."""

    def clean(self, value: Any) -> Any:
        for number in value or ():
            if number_of(str(number)) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": number}
                )
        return super().clean(value)


class TopicChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return topic_name(obj)


def languages() -> list[tuple[str, Any]]:
    return list(settings.LANGUAGES)


class FilterForm(forms.Form):
    """What the queue is narrowed down to. A value that makes no sense is left out, never an error page."""

    q = forms.CharField(label=_("Search in tickets"), max_length=200, required=False, widget=Line)
    topic = forms.IntegerField(label=_("Topic"), required=False, min_value=1, max_value=LARGEST)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [ANY, *languages()], widget=Choice
    )  # fmt: skip
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *Status.choices], widget=Choice)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[ANY, *Priority.choices], widget=Choice)
    department = forms.IntegerField(label=_("Department"), required=False, min_value=1, max_value=LARGEST)
    assignee = forms.IntegerField(label=_("Assigned to"), required=False, min_value=1, max_value=LARGEST, widget=Hidden)
    tag = forms.CharField(label=pgettext_lazy("of a ticket", "Tag"), max_length=40, required=False, widget=Line)
    unclear = forms.BooleanField(label=_("Topic not clear"), required=False)

    def offer(self, topics: Iterable[tuple[int, str]], departments: Iterable[tuple[int, str]]) -> None:
        """Show topics and departments by name; which there are is known already."""
        self.fields["topic"].widget = Choice(choices=[ANY, *topics])
        self.fields["department"].widget = Choice(choices=[ANY, *departments])

    def chosen(self) -> dict[str, Any]:
        """The filters that make sense, without empty ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ComposeForm(forms.Form):
    """What an agent writes. `seen` is the version of the ticket that they saw, `token` makes a second click harmless,
    `anyway` says that they know of a colleague who is writing too."""

    kind = forms.ChoiceField(choices=[("reply", _("Reply")), ("note", _("Internal note"))], initial="reply")
    body = forms.CharField(
        label=_("Text"), strip=False, error_messages={"required": _("Write what you want to say.")}
    )  # fmt: skip
    then = forms.ChoiceField(
        choices=[(s.value, s.label) for s in (Status.OPEN, Status.PENDING, Status.SOLVED)], required=False
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    token = forms.CharField(max_length=40, required=False)
    macro = forms.IntegerField(required=False)
    anyway = forms.BooleanField(required=False)
    sign = forms.BooleanField(required=False)
    go_on = forms.BooleanField(required=False)


class NewTicketForm(forms.Form):
    """A ticket that an agent writes to a customer first."""

    to = forms.EmailField(label=_("Customer's e-mail address"), max_length=254)
    topic = TopicChoice(label=_("Topic"), queryset=Topic.objects.all())
    language = forms.ChoiceField(label=_("Language that the customer reads"), choices=languages)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}))
    token = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


class QuestionForm(forms.Form):
    """A message in a question to a department. The agent who asked adds to the question; only others answer it."""

    body = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, asks: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if asks:
            self.fields["body"].label = gettext("Message")
