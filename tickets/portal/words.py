"""Translated rows in the reader's language; in English where a translation is missing, and by their key at last."""

from typing import Any

from supportdesk.ui.languages import column, content_languages


def said(row: Any, field: str) -> str:
    """A translated column of a row of the desk."""
    return str(getattr(row, field) or getattr(row, column(field, "en"), "") or "")


def in_reach(*fields: str, reader: str) -> list[str]:
    """The columns that `said` reads of these fields for a reader."""
    codes = {"en", reader} & set(content_languages())
    return [column(field, code) for field in fields for code in sorted(codes)]


def name_of(row: Any) -> str:
    """What a topic, a field or a choice is called."""
    for field in ("name", "label"):
        if hasattr(row, field):
            return said(row, field) or str(getattr(row, "value", "") or row.key)
    return str(row)
