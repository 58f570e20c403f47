"""What readers may type without an account."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import FeedbackReason


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
