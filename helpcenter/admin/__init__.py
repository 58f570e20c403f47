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
    memory,
    records,
    synonyms,
    tasks,
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
    "memory",
    "matrix",
    "records",
    "synonyms",
    "tasks",
    "teams",
]
