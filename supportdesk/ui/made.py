"""Models made of what a prepared query has read (`supportdesk.ui.prepared`)."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def made(model: type[Row], values: Mapping[str, Any]) -> Row:
    """A row as a query of its own would give it: `values` by column, others are read when somebody asks for them."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(model._default_manager.db, names, [values[name] for name in names])
