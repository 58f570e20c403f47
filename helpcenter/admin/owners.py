"""Choosing the person whose an article or a task is: somebody who works on content."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import access
from supportdesk.accounts.models import User


class _Workers(forms.ModelChoiceField):
    """Asks for the people when a form is made: their rights may have changed since the program began."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), **options)

    def __deepcopy__(self, memo: Any) -> "_Workers":
        field: _Workers = super().__deepcopy__(memo)  # type: ignore[misc]  # forms.Field has it
        field.queryset = access.people_with("change_article").order_by("name", "email").only("name", "email")
        return field


def owner_field() -> forms.ModelChoiceField:
    return _Workers(label=_("Owner"), required=False)


def offer_owners(form: forms.BaseForm, people: Iterable[User]) -> None:
    """Let a form that has an owner offer these people; it asks for none of them again."""
    field = form.fields.get("owner")
    if field is not None:
        field.choices = [("", "---------"), *((person.pk, str(person)) for person in people)]  # type: ignore[attr-defined]
