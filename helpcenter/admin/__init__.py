"""The content team's screens in the shared admin."""

from helpcenter.admin import (
    announcements,
    articles,
    categories,
    configuration,
    contracts,
    facts,
    glossary,
    matrix,
    records,
    synonyms,
    teams,
)

__all__ = [
    "announcements",
    "articles",
    "categories",
    "configuration",
    "contracts",
    "facts",
    "glossary",
    "matrix",
    "records",
    "synonyms",
    "teams",
]
