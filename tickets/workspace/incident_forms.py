"""What leads write about incidents."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supportdesk.ui.languages import language
from tickets.enums import IncidentKind, Status
from tickets.models import Incident, Topic
from tickets.workspace.display import topic_name
from tickets.workspace.forms import RowsChoice, languages


class TopicsChoice(RowsChoice):
    def label_from_instance(self, obj: Any) -> str:
        return topic_name(obj)


class IncidentForm(forms.Form):
    """An incident; the words by language are one line each, `en: TRC20, not credited`."""

    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=IncidentKind.choices, initial=IncidentKind.DEGRADED)
    started_at = forms.DateTimeField(
        label=_("Began at"),
        help_text=_("In your time zone. Tickets from long before are not looked at."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    topics = TopicsChoice(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without one, tickets of all topics are compared."),
    )
    reference = forms.CharField(
        label=_("What a customer writes about it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Tickets are compared with this text and with those that you confirm."),
    )
    reference_language = forms.ChoiceField(label=_("Language of these words"), choices=languages, initial="en")
    keywords = forms.CharField(
        label=_("Words by language"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("One line for each language, such as “en: TRC20, not credited”."),
    )
    description = forms.CharField(
        label=_("For colleagues"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    joins_late = forms.BooleanField(
        label=_("New requests that surely belong get the answer when they arrive"), required=False, initial=True
    )

    def clean_keywords(self) -> dict[str, list[str]]:
        """Lines as words by language. Refuses a line without a language of the site."""
        known = {code for code, _name in languages()}
        found: dict[str, list[str]] = {}
        for line in self.cleaned_data["keywords"].splitlines():
            if not line.strip():
                continue
            code, colon, words = line.partition(":")
            if not colon or code.strip().lower() not in known:
                message = _("“%(line)s” does not begin with a language. Write it as “en: word, another word”.")
                raise forms.ValidationError(message, params={"line": line[:60]})
            found[code.strip().lower()] = [word.strip() for word in words.split(",") if word.strip()]
        return found

    def clean_started_at(self) -> Any:
        at = self.cleaned_data["started_at"]
        if at.year < 2000 or at > timezone.now():
            raise forms.ValidationError(_("An incident begins now or before. Correct the time."))
        return at


def words_by_language(keywords: Mapping[str, Sequence[str]]) -> str:
    """As they are written in the form, a line for each language."""
    return "\n".join(f"{code}: {', '.join(found)}" for code, found in keywords.items())


def values_of(incident: Incident) -> dict[str, Any]:
    """An incident as the form shows it."""
    names = ("title", "kind", "started_at", "reference", "reference_language", "description", "joins_late")
    own = {name: getattr(incident, name) for name in names}
    return {
        **own,
        "keywords": words_by_language(incident.keywords),
        "topics": list(incident.topics.values_list("pk", flat=True)),
    }


class AnswerForm(forms.Form):
    body = forms.CharField(label=_("Text for customers"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000)
    title = forms.CharField(
        label=_("Heading on the public page"),
        max_length=200,
        required=False,
        help_text=_("Without a heading, this language is not on the public page."),
    )
    is_machine = forms.BooleanField(label=_("Translated by a machine"), required=False)

    def write_in(self, code: str) -> None:
        """Its texts are written in a language, and in that one's direction."""
        found = language(code)
        for name in ("body", "title"):
            self.fields[name].widget.attrs |= {"lang": found.tag, "dir": found.direction}


class DryRunForm(forms.Form):
    then = forms.ChoiceField(
        label=_("Afterwards tickets are"),
        choices=[(s.value, s.label) for s in (Status.PENDING, Status.OPEN, Status.SOLVED)],
        initial=Status.PENDING,
    )
