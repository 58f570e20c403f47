"""What leads set up for the desk, and its records to look at."""

from tickets.admin import agents, departments, macros, records, routing, surges, topics, triage

__all__ = ["agents", "departments", "macros", "records", "routing", "surges", "topics", "triage"]
