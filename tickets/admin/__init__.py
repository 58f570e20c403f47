"""What leads set up for the desk, and its records to look at."""

from tickets.admin import (
    agents,
    calendars,
    departments,
    incidents,
    macros,
    policies,
    records,
    routing,
    surges,
    topics,
    triage,
)

__all__ = [
    "agents",
    "calendars",
    "departments",
    "incidents",
    "macros",
    "policies",
    "records",
    "routing",
    "surges",
    "topics",
    "triage",
]
