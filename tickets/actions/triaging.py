"""Triage on tickets: the desk's rules are prepared once for each state of them; what they find is proposed before a
ticket is written, and kept with it; what an agent changes of it becomes a label."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from supportdesk.ui import written
from supportdesk.ui.languages import is_known
from supportdesk.ui.prepared import Prepared
from tickets import triage, wordlists
from tickets.enums import Channel, RuleKind
from tickets.identifiers import new_public_id
from tickets.models import (
    Department,
    Ticket,
    TicketTriage,
    Topic,
    TriageGeneration,
    TriageLabel,
    TriageRule,
    TriageTable,
)
from tickets.triage import OTHER, Triage
from tickets.triage_rules import Line, Rule, Rules, Signal
from tickets.wordings import BadTable, Learned

logger = logging.getLogger(__name__)

LONGEST_WORDS = 200  # letters of a match that are kept

_prepared: dict[str, Rules] = {}  # only the rules of the newest state are kept


@dataclass(frozen=True)
class Proposal:
    """What a ticket begins with; `row` is kept with it, None where the desk has no rules."""

    topic: Topic
    priority: str
    department_id: int | None
    language: str
    row: TicketTriage | None = None


# The rules


def rules() -> Rules:
    """The rules of the desk with what it has learned, prepared. One query where nothing has changed since."""
    marks = _mark()
    mark = marks[0]["mark"] if marks else ""
    found = _prepared.get(mark)
    if found is None:
        found = Rules(map(_rule, _rows()), mark, _learned()) if mark else Rules((), mark)
        _prepared.clear()
        _prepared[mark] = found
    return found


@Prepared
def _mark() -> QuerySet[TriageGeneration, Any]:
    return TriageGeneration.objects.order_by("pk").values("mark")[:1]


def _learned() -> Learned | None:
    """What is in use of the wordings that were learned; nothing where it cannot be read."""
    row = TriageTable.objects.in_use().only("table").first()
    try:
        return Learned.from_bytes(row.table) if row else None
    except BadTable:
        logger.exception("The table of learned wordings %s cannot be read; triage goes on without it.", row)
        return None


def rules_changed() -> None:
    """Everybody prepares the rules anew."""
    TriageGeneration.objects.update_or_create(pk=1, defaults={"mark": new_public_id(), "changed_at": timezone.now()})


def _rows() -> Sequence[TriageRule]:
    return list(TriageRule.objects.active().select_related("topic", "department").prefetch_related("phrases"))


def _rule(row: TriageRule) -> Rule:
    return Rule(
        key=row.key,
        kind=RuleKind(row.kind),
        lines=tuple(
            Line(phrases.language, text, weight)
            for phrases in row.phrases.all()
            for _, weight, text in wordlists.lines_of(phrases.lines, row.weight)
        ),
        topic=row.topic.key if row.topic else "",
        priority=row.priority,
        department=row.department.key if row.department else "",
        needs=row.needs,
        order=row.order,
    )


# A request that comes in


def propose(
    *, topic: Topic, text: str, language: str, details: Mapping[str, Any], channel: str, at: datetime
) -> Proposal:
    """What a request becomes: the topic that was chosen, or of a mail the one that its words are clear about; the
    topic's priority, raised by what was found; the department of what was found, else the topic's. A mail's language is
    that of its words; elsewhere the form's stays, unless it was written in other letters."""
    prepared = rules()
    if not prepared.by_key:
        return Proposal(topic, topic.priority, topic.department_id, language)
    chosen = "" if channel == Channel.EMAIL and topic.key == OTHER else topic.key
    found = triage.classify(text, language, details, prepared, chosen=chosen, now=at)
    own = topic if found.topic == topic.key else Topic.objects.filter(key=found.topic).first() or topic
    if own.key != found.topic:  # of a topic that this desk does not have any more
        found = replace(found, topic=own.key, needs_person=not chosen or found.needs_person)
    proposal = Proposal(
        topic=own,
        priority=triage.priority_of(own.priority, found),
        department_id=_department(found.department) or own.department_id,
        language=_language(language, found, channel),
    )
    row = _row(found, proposal, prepared, chosen=chosen, form_language=language, text=text)
    return Proposal(own, proposal.priority, proposal.department_id, proposal.language, row)


def _department(key: str) -> int | None:
    return Department.objects.filter(key=key).values_list("pk", flat=True).first() if key else None


def _language(form: str, found: Triage, channel: str) -> str:
    is_other = found.is_language_sure and found.language.partition("-")[0] != form.partition("-")[0]
    wanted = found.language if channel == Channel.EMAIL or is_other else form
    return wanted if is_known(wanted) else form


def _row(found: Triage, proposal: Proposal, prepared: Rules, *, chosen: str, form_language: str, text: str) -> Any:
    return TicketTriage(
        generation=prepared.generation,
        chosen_topic=chosen,
        best_topic=found.best_topic,
        topic=proposal.topic.key,
        score=round(found.topic_score, 2),
        margin=round(found.margin, 3),
        priority=proposal.priority,
        language=found.language,
        form_language=form_language,
        deciding=list(found.deciding),
        signals=[stored(signal, text) for signal in found.signals],
        needs_person=found.needs_person,
    )


def stored(signal: Signal, text: str) -> dict[str, Any]:
    """A signal as it is kept: with the words that it was found in."""
    values = signal._asdict()
    return {
        "rule": values.pop("rule_id"),
        **values,
        "kind": signal.kind.value,
        "words": text[signal.start : signal.end][:LONGEST_WORDS],
    }


def keep(ticket: Ticket, proposal: Proposal) -> None:
    """Store what triage found beside its ticket, with one statement."""
    if proposal.row is not None:
        proposal.row.ticket = ticket
        written.insert([proposal.row])


# What people make of it


def settle_topic(ticket: Ticket) -> None:
    """An agent has chosen the topic, be it the one that the rules were not sure of."""
    TicketTriage.objects.filter(ticket=ticket, needs_person=True).update(needs_person=False)


def label(ticket: Ticket, changed: Mapping[str, Any], *, by: Any, at: datetime) -> None:
    """Remember what an agent chose where the rules had proposed something else."""
    fields = [name for name in TriageLabel.Field.values if name in changed]
    found = TicketTriage.objects.filter(ticket=ticket).first() if fields else None
    if found is None:
        return
    TriageLabel.objects.bulk_create(
        TriageLabel(
            ticket=ticket,
            field=name,
            proposed=getattr(found, name),
            chosen=changed[name],
            generation=found.generation,
            by=by,
            at=at,
        )
        for name in fields
    )
