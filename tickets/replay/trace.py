"""Reading what is played: tickets from CSV, agents from JSON. Each mistake is named with its line or place."""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from tickets.enums import Level, Priority
from tickets.errors import InvalidInput
from tickets.routing import AgentState

FOREVER = math.inf


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of a trace: `t` is when it comes, `service_s` how long a reply in an own language takes to write, in
    seconds; `u_deflect` and `u_back` are drawn evenly from 0 to 1 and decide what shares decide."""

    id: int
    t: float
    lang: str
    topic: str
    priority: str
    tier: str
    surge: bool
    incident: bool
    service_s: float
    u_deflect: float
    u_back: float
    back_delay_s: float


COLUMNS = tuple(field.name for field in fields(Row))


def read_trace(lines: Iterable[str]) -> list[Row]:
    """Rows in the order of their coming. Raises `InvalidInput` naming the line."""
    reader = csv.DictReader(lines)
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise InvalidInput(_("The trace lacks these columns: %(names)s.") % {"names": ", ".join(sorted(missing))})
    return sorted(_rows(reader), key=lambda row: (row.t, row.id))


def _rows(reader: "csv.DictReader[str]") -> Iterator[Row]:
    seen: set[int] = set()
    for values in reader:
        row = _row(values, reader.line_num)
        if row.id in seen:
            raise _wrong(reader.line_num, f"id {row.id} twice")
        seen.add(row.id)
        yield row


def _row(values: Mapping[str, str], line: int) -> Row:
    try:
        return Row(
            id=int(values["id"]),
            t=_number(values["t"]),
            lang=values["lang"],
            topic=values["topic"],
            priority=Priority(values["priority"]).value,
            tier=values["tier"],
            surge=bool(int(values["surge"])),
            incident=bool(int(values["incident"])),
            service_s=_number(values["service_s"]),
            u_deflect=_number(values["u_deflect"]),
            u_back=_number(values["u_back"]),
            back_delay_s=_number(values["back_delay_s"]),
        )
    except (TypeError, ValueError) as error:
        raise _wrong(line, str(error)) from error


def _number(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError(text)
    return number


def _wrong(line: int, what: str) -> InvalidInput:
    return InvalidInput(_("Line %(line)s of the trace cannot be read: %(what)s.") % {"line": line, "what": what})


def read_agents(text: str, languages: Iterable[str], capacity: int = 1) -> list[AgentState]:
    """From `[{"id": 0, "langs": ["en", "ko"], "certs": ["api"]}]`: listed languages are native, in all the others the
    agent may use the translation aid; certificates count in every language and do not expire.

    Raises `InvalidInput`.
    """
    try:
        agents = [_agent(person, set(languages), capacity) for person in json.loads(text)]
    except (ValueError, LookupError, TypeError) as error:
        raise InvalidInput(
            _("The agents cannot be read: %(error)s. Give a JSON list with “id”, “langs” and “certs” of each.")
            % {"error": repr(error)}
        ) from error
    if len({agent.id for agent in agents}) < max(1, len(agents)):
        raise InvalidInput(_("The agents cannot be read: give at least one, and each with an “id” of its own."))
    return agents


def _agent(person: Mapping[str, Any], languages: set[str], capacity: int) -> AgentState:
    return AgentState(
        id=int(person["id"]),
        languages={**dict.fromkeys(languages, Level.ASSIST), **dict.fromkeys(person["langs"], Level.NATIVE)},
        certificates={(skill, ""): FOREVER for skill in person["certs"]},
        capacity=capacity,
    )
