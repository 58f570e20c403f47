"""The forms of the portal. What somebody typed stays in them whatever happens; each error says what to do, in words
that stand at the field and in the summary alike."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from helpcenter import factbook
from supportdesk.accounts import addresses, names
from supportdesk.ui.languages import content_languages
from supportdesk.ui.prepared import PreparedRows
from tickets import fields
from tickets.actions.guarding import LONGEST_BODY, LONGEST_DETAIL, LONGEST_SUBJECT
from tickets.actions.rating import LONGEST_COMMENT
from tickets.enums import FieldKind, Score
from tickets.models import FieldChoice, Topic, TopicField
from tickets.portal.choices import offsets
from tickets.portal.words import in_reach, name_of, said

DETAIL, ZONE = "detail_", "zone_"  # before the key of a topic's field
CARRIED = ("article", "path", "journey")  # what the page before says of itself; never shown as an answer
LATIN = (FieldKind.ORDER_ID, FieldKind.SYMBOL, FieldKind.TX_ID, FieldKind.AMOUNT, FieldKind.TIME, FieldKind.ADDRESS)


class Words(forms.CharField):
    """A text that people type. It is stored as it is but for what no text can hold; no length is cut."""

    def __init__(self, *, longest: int, rows: int = 0, missing: Any = "", **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        widget.attrs |= {"class": "form-control", "dir": "auto", **options.pop("attrs", {})}
        super().__init__(widget=widget, **options)
        self.longest = longest
        self.error_messages["required"] = missing or _("Fill in this field.")

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").replace("\0", "")
        if len(text) > self.longest:
            message = gettext("This text has %(length)d characters; at most %(limit)d fit. Shorten it.")
            raise forms.ValidationError(message % {"length": len(text), "limit": self.longest})
        return text


class PortalForm(forms.Form):
    """A form whose fields have ids that no section of a page can have."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "page_%s", **options})

    def describe(self) -> None:
        """Tell screen readers which hint and which error belong to a field; called when the form is drawn."""
        for bound in self:
            parts = [f"{bound.auto_id}_helptext"] if bound.help_text else []
            if bound.errors:
                parts.append(f"{bound.auto_id}_error")
                bound.field.widget.attrs["aria-invalid"] = "true"
            if parts:
                bound.field.widget.attrs["aria-describedby"] = " ".join(parts)


def _label(field: TopicField) -> str:
    label = name_of(field)
    return label if field.is_required else gettext("%(label)s (optional)") % {"label": label}


def _input(field: TopicField, choices: Sequence[tuple[str, str]]) -> forms.CharField:
    """The input of a topic's field: what it holds is checked by `TicketForm.clean`."""
    if choices:
        widget: forms.Widget = forms.Select(
            choices=[("", gettext("Choose")), *choices], attrs={"class": "form-control form-select"}
        )
    elif field.kind == FieldKind.LONG_TEXT:
        widget = forms.Textarea(attrs={"rows": 3, "class": "form-control", "dir": "auto"})
    else:
        widget = forms.TextInput(attrs={"class": "form-control", "dir": "auto", "autocomplete": "off"})
    if field.kind in LATIN and not choices:
        widget.attrs |= {"dir": "ltr", "class": "form-control num", "spellcheck": "false"}
    if field.kind == FieldKind.AMOUNT:
        widget.attrs["inputmode"] = "decimal"
    if field.kind == FieldKind.TIME:
        widget.attrs["placeholder"] = f"{timezone.localtime():%Y-%m-%d %H:%M}"  # the form that is read in any language
    drawn = forms.CharField(required=False, label=_label(field), help_text=said(field, "hint"), widget=widget)
    drawn.validators = []  # it says “null characters are not allowed” in a language of its own
    return drawn


def asked_by(topic: Topic) -> dict[TopicField, list[FieldChoice]]:
    """What a topic asks, with the choices of each: of a hundred columns of words those that its reader is shown."""
    reader = get_language() or settings.LANGUAGE_CODE
    asked = {field: list[FieldChoice]() for field in _fields(reader, topic=topic.pk)}
    own = {field.pk: choices for field, choices in asked.items()}
    for choice in _choices(reader, fields=list(own)):
        own[choice.field_id].append(choice)
    return asked


@PreparedRows
def _fields(reader: str, *, topic: int) -> QuerySet[TopicField]:
    words = in_reach("label", "hint", "problem", reader=reader)
    return TopicField.objects.filter(topic=topic).only("topic", "key", "kind", "is_required", "order", *words)


@PreparedRows
def _choices(reader: str, *, fields: Sequence[int]) -> QuerySet[FieldChoice]:
    words = in_reach("label", reader=reader)
    return FieldChoice.objects.filter(field__in=fields).only("field", "value", "order", *words)


class TicketForm(PortalForm):
    """What a topic asks, and what every request has. `details` are the answers by key, once it is valid."""

    subject = Words(
        label=_("Subject"),
        help_text=_("In a few words, such as “USDT deposit not credited”."),
        longest=LONGEST_SUBJECT,
        missing=_("Say in a few words what it is about."),
        attrs={"autocomplete": "off"},
    )
    body = Words(
        label=_("What happened?"),
        help_text=_("Write in any language. Times and order numbers help."),
        longest=LONGEST_BODY,
        rows=6,
        missing=_("Write what happened."),
    )
    language = forms.ChoiceField(
        label=_("Reply to me in"), widget=forms.Select(attrs={"class": "form-control form-select"})
    )
    name = Words(
        label=_("Your name (optional)"), longest=150, required=False, attrs={"autocomplete": "name"}
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a link there. Your request reaches us when you have opened it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": _("Enter your e-mail address, so that we can answer."),
            "invalid": _("Enter an e-mail address in full, such as name@example.com."),
            "max_length": _("Enter an e-mail address in full, such as name@example.com."),
            "null_characters_not_allowed": _("Enter an e-mail address in full, such as name@example.com."),
        },
    )

    def __init__(self, *args: Any, topic: Topic, is_guest: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.topic = topic
        self.asked = asked_by(topic)
        codes = content_languages()
        known = [(code, name) for code, name in settings.LANGUAGES if code in codes]
        chosen: Any = self.fields["language"]
        chosen.choices = known
        chosen.error_messages = {key: _("Choose the language of our answer.") for key in ("required", "invalid_choice")}
        chosen.initial = next((code for code in (get_language(), "en") if code in codes), codes[0])
        for field in self.asked:
            self._add(field)
        if not is_guest:
            del self.fields["name"], self.fields["email"]
        self.order_fields([*self._own_names(), "subject", "body", "language", "name", "email"])

    def _add(self, field: TopicField) -> None:
        choices = [(choice.value, name_of(choice)) for choice in self.asked[field]]
        self.fields[DETAIL + field.key] = _input(field, choices)
        if field.kind == FieldKind.TIME:
            select = forms.Select(choices=offsets(), attrs={"class": "form-control form-select", "data-offset": ""})
            zone = forms.CharField(required=False, label=gettext("Time zone of this time"), widget=select)
            zone.validators, zone.initial = [], self._offset()
            self.fields[ZONE + field.key] = zone

    def _offset(self) -> str:
        """How far the reader's clock is from UTC now, in minutes."""
        return str(int((timezone.localtime().utcoffset() or timedelta()).total_seconds() // 60))

    def _own_names(self) -> list[str]:
        return [name for field in self.asked for name in (DETAIL + field.key, ZONE + field.key)]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not addresses.is_plain(email):
            raise forms.ValidationError(addresses.NO_WAY_TO)
        return addresses.canonical(email)

    def clean_name(self) -> str:
        name = names.tidy(self.cleaned_data["name"])
        fault = names.fault_of(name, site_name=settings.SITE_NAME) if name else None
        if fault is not None:
            raise forms.ValidationError(NAME_FAULTS[fault])
        return name

    def clean(self) -> dict[str, Any]:
        self.details: dict[str, str] = {}
        for field in self.asked:
            try:
                answer = self._checked(field)
            except fields.Refused as refusal:
                self.add_error(DETAIL + field.key, said(field, "problem") or str(refusal))
                continue
            if answer:
                self.details[field.key] = answer
            elif field.is_required:
                self.add_error(DETAIL + field.key, gettext("Fill in “%(label)s”.") % {"label": name_of(field)})
        return self.cleaned_data

    def _checked(self, field: TopicField) -> str:
        typed = str(self.cleaned_data.get(DETAIL + field.key) or "")
        if field.kind == FieldKind.TIME:
            return fields.moment(typed, self.cleaned_data.get(ZONE + field.key) or "0", timezone.now())
        return fields.check(field.kind, typed, [choice.value for choice in self.asked[field]])

    def carried(self) -> dict[str, str]:
        """What the form carries from the page before, cut to what fits; it is nobody's answer, so it is no error."""
        found = {name: str(self.data.get(name, "")).replace("\0", "")[:LONGEST_DETAIL].strip() for name in CARRIED}
        return {name: text for name, text in found.items() if text}

    @property
    def region(self) -> str:
        code = self.data.get("region", "") or ""
        return code if code in factbook.book().regions else ""

    def detail_fields(self) -> list[tuple[BoundField, bool]]:
        """The topic's own questions, and whether each asks for a time zone."""
        return [(self[name], name.startswith(ZONE)) for name in self.fields if name.startswith((DETAIL, ZONE))]


NAME_FAULTS = {
    names.Fault.UNSEEN: _("The name holds characters that cannot be seen. Type it again, letter by letter."),
    names.Fault.STACKED: _("The name has too many marks on one letter. Type it without them."),
    names.Fault.OURS: _("This name could be taken for our staff. Choose another one."),
}


class MessageForm(PortalForm):
    """What somebody adds to a request."""

    body = Words(
        label=_("Add information"),
        help_text=_("Write in any language."),
        longest=LONGEST_BODY,
        rows=4,
        missing=_("Write what you want to say."),
    )


class RatingForm(PortalForm):
    score = forms.TypedChoiceField(
        label=_("How did we do?"),
        coerce=int,
        choices=Score.choices,
        widget=forms.RadioSelect,
        error_messages={key: _("Choose one of the five answers.") for key in ("required", "invalid_choice", "invalid")},
    )
    comment = Words(
        label=_("What should we know? (optional)"), longest=LONGEST_COMMENT, rows=3, required=False
    )  # fmt: skip


class CodeForm(PortalForm):
    """A code from a mail; blanks between its digits and digits of other scripts are as good."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        help_text=_("6 digits. It works for ten minutes, in this browser."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "form-control num",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "dir": "ltr",
            }
        ),
        error_messages={
            key: _("Enter the six digits from the e-mail.")
            for key in ("required", "max_length", "null_characters_not_allowed")
        },
    )
