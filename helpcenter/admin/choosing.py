"""Choosing another row by typing: what the library's widget leaves open."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField, Model
from django.http import HttpRequest

LONGEST_KEY = 18  # digits that a database column of keys holds


def is_key(text: str) -> bool:
    """Whether a text can be the key of a row; the database refuses others with an error."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


class Choice(AutocompleteSelect):
    """Drawn again with whatever was posted; the library's asks the database for it, and fails where it is no key.

    `read` is a row that is known already: a list of forms then asks the database for none of their choices.
    """

    read: Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        keys = [str(key) for key in value if is_key(str(key))]
        if self.read is None or keys != [str(self.read.pk)]:
            return super().optgroups(name, keys, attr)
        return [(None, [self.create_option(name, self.read.pk, str(self.read), True, 0)], 0)]


class Choices(AutocompleteSelectMultiple):
    """Several of them: what cannot be a key is none, which the field refuses in its place."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [key if is_key(key) else "" for key in super().value_from_datadict(data, files, name) or ()]

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        return super().optgroups(name, [str(key) for key in value if is_key(str(key))], attr)


def read_already(form: Any, name: str, row: Model) -> None:
    """Let a form class draw the choice of a row that is known without asking the database for it."""
    field = form.base_fields.get(name)
    choice = getattr(field.widget, "widget", None) if field else None
    if isinstance(choice, Choice):
        choice.read = row


class ChoosingAdmin(BaseModelAdmin):
    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Choices(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
