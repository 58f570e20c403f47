"""Who gets which ticket: a pure function of what waits, who works, the moment and the policy.

Moments are Unix seconds (UTC), durations are seconds. Nothing here reads a clock or a database: the dispatcher loads
`Waiting` and `AgentState`, calls `choose` and writes what it says; a replay and the planner do the same in memory.
"""

from tickets.routing.choosing import choose, explain
from tickets.routing.router import Proposal, Router
from tickets.routing.rules import Moment, key, refusals
from tickets.routing.shapes import (
    AgentState,
    Assignment,
    Candidate,
    Key,
    Reason,
    Refusal,
    RoutingPolicy,
    Waiting,
)

__all__ = [
    "AgentState",
    "Assignment",
    "Candidate",
    "Key",
    "Moment",
    "Proposal",
    "Reason",
    "Refusal",
    "Router",
    "RoutingPolicy",
    "Waiting",
    "choose",
    "explain",
    "key",
    "refusals",
]
