"""Forms for readers: labels above, what is wrong above the field and in a summary on top, one button."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

FIELD = "ui/form/field.html"


def helper(form: forms.Form, *, submit: Any = "", tag: bool = True) -> FormHelper:
    """How crispy draws a form: its fields in order by `ui/form/field.html` and a button `submit`. Without a `tag` the
    template writes the form element itself. The summary is `ui/components/error_summary.html`."""
    drawn = FormHelper()
    drawn.form_tag, drawn.form_show_errors = tag, False
    drawn.attrs = {"novalidate": ""}  # the browser would complain in its own language, and of one field alone
    drawn.layout = Layout(*(Field(name, template=FIELD) for name in form.fields))
    if submit:
        drawn.layout.append(Button(submit))
    return drawn


class Button:
    """The button of a form, as a part of its layout."""

    template = "ui/form/button.html"

    def __init__(self, label: Any) -> None:
        self.label = label

    def render(self, form: forms.Form, context: Any, **options: Any) -> str:
        return render_to_string(self.template, {"label": self.label})


def put_words(field: forms.Field, label: Any, *, hint: Any = "", missing: Any = "", wrong: Any = "") -> None:
    """Give a field of a library our words: `missing` says what to enter, `wrong` what an entry must look like."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    if not isinstance(field.widget, forms.HiddenInput | forms.CheckboxInput | forms.RadioSelect):
        field.widget.attrs["class"] = f"form-control {field.widget.attrs.get('class', '')}".strip()
    if getattr(field.widget, "input_type", "") == "email" or field.widget.attrs.get("type") == "email":
        field.widget.attrs["dir"] = "ltr"
    said = {"required": missing or _("Fill in this field."), "invalid": wrong, "invalid_choice": wrong}
    said["max_length"] = _("This is too long. Shorten it.")
    said["null_characters_not_allowed"] = _(
        "This holds characters that cannot be seen. Type it again, letter by letter."
    )
    field.error_messages |= {code: message for code, message in said.items() if message}
