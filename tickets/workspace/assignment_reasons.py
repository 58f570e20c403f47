"""Why an agent has a ticket, or why nobody has it yet: codes of the router in the words of the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets import roster, routing
from tickets.actions.dispatching import ABLE, refused
from tickets.enums import Status, Trigger
from tickets.models import Agent, RoutingDecision, RoutingSetup, Ticket
from tickets.models.routing import IN_WORK
from tickets.roster import Queue, Roster
from tickets.routing import Waiting
from tickets.workspace.display import staff_name

MOST_NAMED = 6


@dataclass(frozen=True)
class Group:
    """Agents to whom the same applies; `more` is how many are not named."""

    says: str
    names: Sequence[str]
    more: int


@dataclass(frozen=True)
class Why:
    """`at` is the moment of the decision (UTC), None where it is looked at now."""

    is_waiting: bool
    sentence: str
    groups: Sequence[Group] = ()
    at: datetime | None = None


REASONS: Mapping[str, str | Promise] = {
    "native": _("%(agent)s got it: the ticket is in a language of theirs, and it was their turn."),
    "assist": _("%(agent)s got it with the translation aid: it had waited long enough for somebody of its language."),
    "sticky": _("%(agent)s got it back: they answered last."),
    "guard": _("%(agent)s got it: of all that they may answer it had waited longest against its promise."),
}

REFUSALS: Mapping[str, str | Promise] = {
    ABLE: _("Could take it as well"),
    "department": _("Do not belong to its department"),
    "certificate": _("Do not hold the certificate that its topic needs"),
    "language": _("Do not write its language"),
    "declined": _("Declined it a short while ago"),
    "kept": _("Not asked yet: it is kept for who answered last"),
    "assist_later": _("Would need the translation aid: who writes the language goes first for now"),
    "offline": _("Not there, or away"),
    "full": _("Have as many tickets as they can hold"),
}

PASSING = {"declined", "kept", "assist_later", "offline", "full"}  # what time or a word of the agent changes


def why(ticket: Ticket, now: datetime) -> Why | None:
    """What is to be said beside an unsolved ticket; None where nobody decided anything."""
    if not ticket.is_unsolved:
        return None
    return _given(ticket) if ticket.assignee_id else _waiting(ticket, now)


def _given(ticket: Ticket) -> Why | None:
    made = ticket.routing_decisions.filter(agent__person=ticket.assignee_id, at__gte=ticket.assigned_at)
    decision = made.select_related("agent__person").first()
    if decision is None:
        return None
    says = REASONS.get(decision.reason, "%(agent)s")
    others = {code: [pk for pk in found if pk != decision.agent_id] for code, found in decision.candidates.items()}
    sentence = str(says) % {"agent": staff_name(decision.agent.person)}  # type: ignore[union-attr]
    return Why(False, f"{sentence} {_because(decision)}", _groups(others), decision.at)


def _because(decision: RoutingDecision) -> str:
    if decision.trigger not in Trigger.values:
        return ""
    return gettext("Occasion: %(trigger)s.") % {"trigger": Trigger(decision.trigger).label}


def _waiting(ticket: Ticket, now: datetime) -> Why:
    setup = RoutingSetup.current()
    if not setup.is_on:
        return Why(True, gettext("Nobody: tickets are not given out, agents take them by hand."))
    staff = Roster.at(now, with_absent=True)
    found = Queue.at(now, staff, setup, only=ticket.pk).waiting
    if not found:
        return Why(True, _rests(ticket))
    policy = roster.policy_of(setup)
    codes = refused(routing.explain(found[0], staff.states, now.timestamp(), policy))
    return Why(True, _nobody(found[0], codes, policy), _groups(codes))


def _rests(ticket: Ticket) -> str:
    if ticket.status not in IN_WORK:
        status = Status(ticket.status).label
        return gettext("Nobody: a ticket that is “%(status)s” is not given out.") % {"status": status}
    return gettext("Nobody: the ticket sleeps.")


def _nobody(ticket: Waiting, codes: Mapping[str, Sequence[int]], policy: routing.RoutingPolicy) -> str:
    if not codes:
        return gettext("Nobody yet: no agent is set up who may work on tickets.")
    if codes.get(ABLE):
        return gettext("Nobody yet: it is given out within a minute.")
    if codes.get("assist_later"):
        at = _clock_time(ticket.created + policy.assist_after[ticket.priority])
        return gettext("Nobody yet. From %(time)s on it may be answered with the translation aid.") % {"time": at}
    if codes.get("kept") and ticket.sticky_until:
        at = _clock_time(ticket.sticky_until)
        return gettext("Nobody yet: until %(time)s it is kept for who answered last.") % {"time": at}
    if codes.keys() & PASSING:
        return gettext("Nobody yet: of those who could, nobody is free.")
    return gettext("Nobody: no agent has all that it needs. A team lead can change the ticket or the agents.")


def _clock_time(moment: float) -> str:
    return f"{timezone.localtime(datetime.fromtimestamp(moment, UTC)):%H:%M}"


def _groups(codes: Mapping[str, Iterable[int]]) -> list[Group]:
    """In the order of the table above; the agents of all groups are read at once."""
    wanted = [pk for found in codes.values() for pk in found]
    people = Agent.objects.select_related("person").in_bulk(wanted) if wanted else {}
    return [_group(says, codes[code], people) for code, says in REFUSALS.items() if codes.get(code)]


def _group(says: Any, numbers: Iterable[int], people: Mapping[int, Agent]) -> Group:
    known = sorted(staff_name(people[pk].person) for pk in numbers if pk in people)
    return Group(str(says), known[:MOST_NAMED], max(0, len(known) - MOST_NAMED))
