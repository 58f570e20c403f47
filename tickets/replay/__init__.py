"""A day of the desk played in memory: a trace of tickets goes through the real router, with a clock of its own.

Moments are seconds since the trace began. What is not in the trace is an assumption: a field of `Assumptions`, and a
flag of `manage.py replay_routing`.
"""

from tickets.replay.assumptions import Assumptions
from tickets.replay.report import report
from tickets.replay.simulation import DESK, FIFO, POLICIES, Outcome, Simulation
from tickets.replay.trace import COLUMNS, Row, read_agents, read_trace

__all__ = [
    "COLUMNS",
    "DESK",
    "FIFO",
    "POLICIES",
    "Assumptions",
    "Outcome",
    "Row",
    "Simulation",
    "read_agents",
    "read_trace",
    "report",
]
