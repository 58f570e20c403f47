"""A row of any model, where a test needs one to be there and nothing of it matters but that."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

_numbers = count(1)
# What a model's own code reads in a column that holds anything, by the label of the model.
CONTENTS = {"tickets.PolicyEdition": {"policies": [], "calendars": {}}}


def row_of(model: type[models.Model]) -> models.Model:
    """A row that is there, else a new one with what its table asks for."""
    return model._base_manager.order_by("pk").first() or _made(model)


def version_of(model: Any) -> int:
    """The number of an entry in the history of `row_of(model)`."""
    row = row_of(model)
    if not row.history.exists():
        model.history.bulk_history_create([row])
    return row.history.first().history_id


def _made(model: type[models.Model]) -> models.Model:
    row = model(**{field.attname: _value(field) for field in model._meta.concrete_fields if _is_asked(field)})
    row.save_base(force_insert=True)  # as the table has it, by none of the doors that a person goes through
    return row


def _is_asked(field: models.Field) -> bool:
    return not (field.null or field.has_default() or isinstance(field, models.AutoField))


def _value(field: models.Field) -> Any:
    number = next(_numbers)
    if isinstance(field, models.ForeignKey):
        return row_of(field.related_model).pk
    if field.choices:
        return next(value for value, _ in field.flatchoices)
    for kind, value in (
        (models.BooleanField, False),
        (models.DateTimeField, timezone.now() + timedelta(minutes=number)),
        (models.DateField, timezone.now().date()),
        (models.TimeField, timezone.now().time()),
        (models.JSONField, CONTENTS.get(field.model._meta.label, [])),
        (models.UUIDField, None),
        (models.BinaryField, b""),
        ((models.IntegerField, models.DecimalField, models.FloatField), number),
    ):
        if isinstance(field, kind):
            return value
    return f"row-{number}"[: field.max_length]
