"""What readers may type without an account."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from helpcenter.contracts import inputs
from helpcenter.contracts.formulas import Position
from helpcenter.contracts.numbers import parse, parse_percent, written
from helpcenter.contracts.terms import Terms
from helpcenter.contracts.working import Case
from helpcenter.enums import ContractForm, FeedbackReason, Side
from helpcenter.errors import RefusedInput
from helpcenter.models import Contract


class FeedbackForm(forms.Form):
    """A vote on an article; `stamp` proves that the form came from its page."""

    helpful = forms.TypedChoiceField(choices=[("1", _("Yes")), ("0", _("No"))], coerce=lambda value: value == "1")
    reason = forms.ChoiceField(
        label=_("What was wrong?"), choices=FeedbackReason.choices, required=False, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("What should we change? (optional)"),
        help_text=_("Please leave out personal data. We never need a password, a code or a seed phrase."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput)

    def with_stamp(self, stamp: str) -> "FeedbackForm":
        """The same answers under another stamp."""
        data = {name: self.data.get(name, "") for name in self.fields}
        return FeedbackForm({**data, "stamp": stamp})

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.disable_csrf = True  # pages without cookies; see supportdesk.ui.requests.cookieless_post
        helper.layout = Layout("helpful", "reason", "comment", "stamp", Submit("send", _("Send")))
        return helper


class NumberField(forms.CharField):
    """A number in any of our languages' ways of writing; `read` turns the text into one or refuses it."""

    def __init__(self, *, read: Callable[[str], Decimal] = parse, **options: Any) -> None:
        attrs = {"class": "form-control num", "inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)
        self.read = read

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except RefusedInput as error:
            raise forms.ValidationError(str(error)) from error


class CalculatorForm(forms.Form):
    """A position in a contract. Where it is valid, `case` is what can be calculated, and `rounded` holds a sentence for
    each price that was moved to the tick."""

    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, widget=forms.RadioSelect)
    entry = NumberField(label=_("Entry price"))
    size = NumberField(label=_("Size in contracts"))
    leverage = NumberField(label=_("Leverage"))
    exit = NumberField(label=_("Closing price (optional)"), required=False)
    rate = NumberField(label=_("Funding rate in % (optional)"), required=False, read=parse_percent)

    def __init__(self, *args: Any, contract: Contract, terms: Terms, language: str, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "page_%s", **options})
        self.contract, self.terms, self.language = contract, terms, language
        self.rounded: list[str] = []
        if not contract.is_perpetual:
            del self.fields["rate"]
        for name, field in self.fields.items():
            field.help_text = self._hint(name)

    def _hint(self, name: str) -> str:
        """What a field takes, with the figures of this contract."""
        terms, contract = self.terms, self.contract
        unit = contract.base if terms.form == ContractForm.LINEAR else contract.quote
        numbers = {
            "quote": contract.quote,
            "tick": written(terms.tick, self.language),
            "size": f"{written(terms.contract_size, self.language)} {unit}",
            "lot": written(terms.lot, self.language),
            "limit": written(terms.max_leverage, self.language),
        }
        hints = {
            "entry": _("In %(quote)s, in steps of %(tick)s."),
            "exit": _("In %(quote)s, in steps of %(tick)s."),
            "size": _("One contract is %(size)s; steps of %(lot)s."),
            "leverage": _("From 1 to %(limit)s."),
            "rate": _("Negative where shorts pay longs."),
        }
        return str(hints[name]) % numbers if name in hints else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        rises = data.get("side") != Side.SHORT  # a long pays more where its entry is rounded up, and gets less at exit
        self._settle("entry", lambda typed: inputs.price(self.terms, typed, up=rises, language=self.language))
        self._settle("exit", lambda typed: inputs.price(self.terms, typed, up=not rises, language=self.language))
        self._settle("size", lambda typed: inputs.size(self.terms, typed, self.language))
        self._settle("leverage", lambda typed: inputs.leverage(self.terms, typed, self.language))
        self._settle("rate", lambda typed: inputs.funding_rate(self.terms, typed, self.language))
        return data

    def _settle(self, name: str, check: Callable[[Decimal], Decimal]) -> None:
        """Put a number through its rule: what comes back is calculated with."""
        typed = self.cleaned_data.get(name)
        if typed is None:
            return
        try:
            used = check(typed)
        except RefusedInput as error:
            self.add_error(name, str(error))
            return
        self.cleaned_data[name] = used
        if used != typed:
            message = _("%(field)s: calculated with %(used)s, because prices move in steps of %(tick)s.")
            shown = {"used": written(used, self.language), "tick": written(self.terms.tick, self.language)}
            self.rounded.append(message % {"field": self.fields[name].label, **shown})

    @property
    def case(self) -> Case:
        data, contract = self.cleaned_data, self.contract
        position = Position(self.terms, Side(data["side"]), data["entry"], data["size"], data["leverage"])
        units = (contract.base, contract.quote, contract.settle)
        return Case(position, *units, closing=data["exit"], rate=data.get("rate"))
