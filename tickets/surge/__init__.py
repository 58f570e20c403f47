"""When more requests come in than usual: what alarms, and the state of the desk that follows. Pure.

Minutes are whole minutes since 1970 (UTC), moments Unix seconds; nothing is read and nothing written.
"""

from tickets.surge.detecting import (
    MOST,
    RECENT,
    SIGNAL_SECONDS,
    SPREAD,
    Alarm,
    Detector,
    Reading,
    Setup,
    Signal,
    Track,
    level_of,
)
from tickets.surge.states import Standing, State, Step, Why, is_about, move, step
from tickets.surge.watching import Watch, replay

__all__ = [
    "MOST",
    "RECENT",
    "SIGNAL_SECONDS",
    "SPREAD",
    "Alarm",
    "Detector",
    "Reading",
    "Setup",
    "Signal",
    "Standing",
    "State",
    "Step",
    "Track",
    "Watch",
    "Why",
    "is_about",
    "level_of",
    "move",
    "replay",
    "step",
]
