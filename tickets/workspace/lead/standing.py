"""How the desk stands towards the number of requests, and which incidents run."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import ngettext

from tickets.models import Incident, SurgeState
from tickets.surge import State
from tickets.workspace import surge_state
from tickets.workspace.display import whole
from tickets.workspace.lead.board import Board

MOST_INCIDENTS = 5


@dataclass(frozen=True)
class Standing:
    """`streams` are what there is too much of, in words; `much` says how much came in. `tone` is a class of the style
    sheet."""

    label: str
    tone: str
    is_calm: bool
    since: datetime
    streams: list[str]
    much: str


def standing(board: Board) -> Standing:
    row = SurgeState.objects.filter(pk=1).first() or SurgeState()
    state = State(row.state)
    names = surge_state.topic_names() if row.streams else {}
    return Standing(
        label=str(row.get_state_display()),
        tone=surge_state.TONES[state],
        is_calm=state == State.NORMAL,
        since=row.since,
        streams=surge_state.named(row.streams, names),
        much=_much(board),
    )


def _much(board: Board) -> str:
    if board.times_usual is None:
        words = ngettext(
            "%(number)s new ticket in the last hour.", "%(number)s new tickets in the last hour.", board.opened
        )
        return words % {"number": whole(board.opened)}
    times = number_format(round(board.times_usual, 1), 1)
    text = ngettext(
        "%(number)s new ticket in the last hour, %(times)s times as many as usual.",
        "%(number)s new tickets in the last hour, %(times)s times as many as usual.",
        board.opened,
    )
    return text % {"number": whole(board.opened), "times": times}


def incidents() -> list[Incident]:
    """The newest of those that run."""
    return list(Incident.objects.running()[:MOST_INCIDENTS])
