"""The cast of the desk, for those who attack it."""

from tests.tickets.api.conftest import app_of
from tests.tickets.conftest import department, incident, other_agent, other_trader, risk_agent, team_lead, ticket, topic
from tests.tickets.workspace.conftest import at_desk, desk, lead_desk, thread_of

__all__ = [
    "app_of",
    "at_desk",
    "department",
    "desk",
    "incident",
    "lead_desk",
    "other_agent",
    "other_trader",
    "risk_agent",
    "team_lead",
    "thread_of",
    "ticket",
    "topic",
]
