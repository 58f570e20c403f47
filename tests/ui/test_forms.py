"""Forms say what is wrong on top and at the field, and keep what was typed; the browser says nothing of its own."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.validators import validate_email
from django.template.loader import render_to_string

from supportdesk.ui.forms import helper, put_words


class Question(forms.Form):
    email = forms.EmailField(max_length=40)
    subject = forms.CharField()
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args):
        super().__init__(*args, auto_id="page_%s")
        put_words(self.fields["email"], "E-mail", hint="So that we can answer.", missing="Enter it.", wrong="In full.")
        put_words(self.fields["subject"], "Subject")

    def clean(self):
        if self.cleaned_data.get("subject") == "both":
            raise forms.ValidationError("Not <b>both</b>.")


def drawn(*args) -> str:
    form = Question(*args)
    return render_crispy_form(form, helper(form, submit="Send"))


def summary(*args) -> str:
    return render_to_string("ui/components/error_summary.html", {"form": Question(*args)})


def test_a_form_has_labels_hints_and_one_button():
    page = drawn()
    assert 'for="page_email"' in page
    assert 'aria-describedby="page_email_helptext"' in page
    assert 'id="page_email_helptext">So that we can answer.' in page
    assert page.count("<button") == 1
    assert "novalidate" in page
    assert "err-msg" not in page


@pytest.mark.parametrize(("typed", "said"), [("", "Enter it."), ("toma", "In full."), ("a@b.c" * 20, "In full.")])
def test_an_error_stands_at_the_field_and_in_the_summary(typed, said):
    data = {"email": typed, "subject": "x"}
    page = drawn(data)
    assert said in page
    assert re.search(r'aria-describedby="[^"]*page_email_error', page)
    assert 'aria-invalid="true"' in page
    assert f'<a href="#page_email">{said}</a>' in summary(data)
    assert f'value="{typed}"' in page or not typed


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link_and_escaped():
    text = summary({"email": "a@b.example", "subject": "both"})
    assert "<li>Not &lt;b&gt;both&lt;/b&gt;.</li>" in text


def test_a_form_without_errors_has_no_summary():
    assert summary({"email": "a@b.example", "subject": "x"}).strip() == ""
    assert summary().strip() == ""


def test_what_was_typed_is_escaped():
    assert "<script>" not in drawn({"email": "<script>", "subject": "<script>"})


def test_a_library_keeps_its_words_for_others():
    Question()
    assert validate_email.message != "In full."
    assert str(forms.EmailField().error_messages["required"]) != "Enter it."


def test_hidden_fields_are_drawn_without_a_label():
    page = drawn()
    assert 'type="hidden" name="stamp"' in page
    assert 'for="page_stamp"' not in page
