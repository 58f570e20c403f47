"""What triage learns: tables of wordings from the texts that come with the product and from what agents made of the
desk's own requests, how good they are, and which one is in use.

Of requests nothing is kept but weights of parts of words that several people have written (`tickets.wordings`). Those
in discreet departments are not learned from.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from tickets import labelled_texts, triage, wordings_training
from tickets.actions import triaging
from tickets.enums import MessageKind, Priority, Status
from tickets.labelled_texts import Labelled, label_of
from tickets.models import Message, Ticket, TriageLabel, TriageTable
from tickets.triage import OTHER
from tickets.triage_rules import Rules
from tickets.triage_sets import Evaluation
from tickets.wordings import Learned
from tickets.wordings_training import Example

FOLDER = Path(settings.BASE_DIR) / "fixtures"
FILE = "triage/wordings.table"  # below it: the table that comes with the product
PARTS = 4  # of the cross-validation
MOST_TICKETS = 2000
LEAST_CORRECTIONS = 50  # corrections since the last table, before the desk learns anew
WORTH_OF_SOLVED, WORTH_OF_CORRECTED = 1.5, 2.0  # beside a text that came with the product
TOLERATED = 0.01  # of macro-F1 on the product's texts, which a table may lose when it learns from the desk
KEPT = 5  # tables


class Own(NamedTuple):
    """A request of the desk; `at` is when an agent corrected or solved it."""

    labelled: Labelled
    at: datetime


class Read(NamedTuple):
    """A text with what the rules score it and what wordings learned from other texts make of it."""

    labelled: Labelled
    scores: Mapping[str, float]
    reading: Mapping[str, float]


@dataclass(frozen=True)
class Attempt:
    """A table that is not in use, with the desk's requests that it was learned from."""

    row: TriageTable
    own: Sequence[Own]
    read: Sequence[Read]  # of each of them


# Which one is in use


@transaction.atomic
def put_in_use(row: TriageTable) -> None:
    TriageTable.objects.in_use().exclude(pk=row.pk).update(is_in_use=False)
    row.is_in_use = True
    row.save(update_fields=["is_in_use"])
    triaging.rules_changed()


@transaction.atomic
def switch_off() -> None:
    """Triage goes by its rules alone, until a table is put in use; nothing is learned meanwhile."""
    TriageTable.objects.in_use().update(is_in_use=False)
    triaging.rules_changed()


@transaction.atomic
def add_shipped_table(folder: Path = FOLDER) -> bool:
    """Add the table that comes with the product, where this desk never had it. It is put in use on a new desk, and in
    the place of an older shipped one: what a desk has learned itself stays, and so does “off”."""
    file = folder / FILE
    if not file.exists():
        return False
    line, _, table = file.read_bytes().partition(b"\n")
    head = json.loads(line)
    if TriageTable.objects.filter(origin=TriageTable.Origin.SHIPPED, texts=head["texts"]).exists():
        return False
    is_first, used = not TriageTable.objects.exists(), TriageTable.objects.in_use().first()
    row = TriageTable.objects.create(origin=TriageTable.Origin.SHIPPED, table=table, **head)
    if is_first or (used is not None and used.origin == TriageTable.Origin.SHIPPED):
        put_in_use(row)
    return True


def write_shipped_table(row: TriageTable, folder: Path = FOLDER) -> None:
    """Write a table as `add_shipped_table` reads it."""
    head = {"texts": row.texts, "text_count": row.text_count, "scores": row.scores}
    (folder / FILE).write_bytes(json.dumps(head, sort_keys=True).encode() + b"\n" + bytes(row.table))


# Learning


def learn(folder: Path = FOLDER, *, at: datetime, with_tickets: bool = True) -> Attempt:
    """A table from the texts of a folder and from the desk's requests; nothing is stored. It takes half a minute or
    more. Raises labelled_texts.BadText."""
    texts, own = labelled_texts.read(folder), list(own_requests()) if with_tickets else []
    everything = [*texts, *(one.labelled for one in own)]
    scored = [one for one in everything if one.is_scored]
    always = [one.example for one in everything if not one.is_scored]
    readings = wordings_training.read_by_others([one.example for one in scored], PARTS, always=always)
    sharpness = wordings_training.sharpness_of(list(zip(readings, (one.example.label for one in scored), strict=True)))
    rules = triaging.rules().alone()
    read = [
        _read(one, wordings_training.sharpened(reading, sharpness), rules)
        for one, reading in zip(scored, readings, strict=True)
    ]
    table = wordings_training.learn((one.example for one in everything), sharpness=sharpness)
    row = TriageTable(
        made_at=at,
        origin=TriageTable.Origin.OWN if own else TriageTable.Origin.SHIPPED,
        texts=labelled_texts.mark_of(texts),
        text_count=len(texts),
        ticket_count=len(own),
        correction_count=sum(one.labelled.example.weight == WORTH_OF_CORRECTED for one in own),
        scores=_scores(read, len(own)),
        table=table.to_bytes(),
    )
    return Attempt(row, own, read[len(read) - len(own) :])


def start_learning() -> bool:
    """Learn from corrections in a process of its own, where there are enough of them: the worker, which is the only
    one, goes on meanwhile. What is broken off, be it that the machine is shut down, is done anew the next night.
    Returns whether it was started."""
    if not is_due():
        return False
    command = [sys.executable, "-m", "django", "learn_triage", "--from-corrections"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
    return True


def is_due(used: TriageTable | None = None) -> bool:
    """Whether agents have corrected enough topics since the last table; never where none is in use."""
    used = used or _lately(TriageTable.objects.in_use())
    own = _lately(TriageTable.objects.filter(origin=TriageTable.Origin.OWN))
    return used is not None and _corrections(max(one.made_at for one in (used, own) if one)) >= LEAST_CORRECTIONS


def _lately(tables: QuerySet[TriageTable]) -> TriageTable | None:
    return tables.defer("table").first()


def learn_from_corrections(folder: Path = FOLDER) -> TriageTable | None:
    """Learn anew where agents have corrected enough topics since the last table, and take the new one into use where it
    is no worse. Returns what is in use then, None where nothing was learned."""
    used, at = TriageTable.objects.in_use().first(), timezone.now()
    if used is None or not is_due(used):
        return None
    attempt = learn(folder, at=at)
    attempt.row.save()
    is_better = is_no_worse(attempt, used)
    with transaction.atomic():
        now_used = TriageTable.objects.in_use().select_for_update().first()
        if is_better and now_used == used:  # else somebody has chosen meanwhile
            put_in_use(attempt.row)
            now_used = attempt.row
    forget_tables()
    return now_used


def forget_tables() -> None:
    """All but the one in use, the newest, and the newest that came with the product, which is not brought again."""
    tables = TriageTable.objects.values_list("pk", flat=True)
    kept = [*tables[:KEPT], *tables.filter(origin=TriageTable.Origin.SHIPPED)[:1]]
    TriageTable.objects.filter(is_in_use=False).exclude(pk__in=kept).delete()


def is_no_worse(attempt: Attempt, used: TriageTable) -> bool:
    """Whether a table decides at least as well as the one in use on requests that neither has learned from: those since
    that one was made. On the product's texts, where they are the same ones, it may lose a little, by
    cross-validation."""
    before, after = _macro_f1(used.scores), _macro_f1(attempt.row.scores)
    if used.texts == attempt.row.texts and after < before - TOLERATED:
        return False
    old = Learned.from_bytes(used.table)
    fresh = [one for own, one in zip(attempt.own, attempt.read, strict=True) if own.at > used.made_at]
    by_old = [one._replace(reading=old.probabilities(one.labelled.example.text)) for one in fresh]
    return _evaluated(fresh).macro_f1 >= _evaluated(by_old).macro_f1


def _macro_f1(scores: Mapping[str, Any]) -> float:
    return float(scores.get("texts", {}).get("macro_f1", 0.0))


def _corrections(since: datetime) -> int:
    return TriageLabel.objects.filter(field=TriageLabel.Field.TOPIC, at__gt=since).count()


# The desk's own requests


def own_requests() -> Iterable[Own]:
    """What customers wrote first, with the topic under which an agent solved it or to which one corrected it; the
    newest."""
    for ticket in _settled()[:MOST_TICKETS]:
        label = label_of(ticket.topic.key, is_urgent=ticket.priority == Priority.URGENT)
        worth = WORTH_OF_CORRECTED if ticket.corrected_at else WORTH_OF_SOLVED
        example = Example(f"{ticket.subject}\n{ticket.first_words or ''}", label, worth, person=ticket.requester_id)
        yield Own(
            Labelled(example, ticket.language, ticket.topic.key),
            ticket.corrected_at or ticket.solved_at or ticket.status_since,
        )


def _settled() -> QuerySet[Any]:
    corrections = TriageLabel.objects.filter(ticket=OuterRef("pk"), field=TriageLabel.Field.TOPIC).order_by("-at")
    words = Message.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.CUSTOMER).order_by("created_at", "pk")
    is_solved = Q(status__in=(Status.SOLVED, Status.CLOSED), assignee__isnull=False)
    return (
        Ticket.objects.filter(is_solved | Exists(corrections))
        .exclude(status__in=(Status.SPAM, Status.MERGED))
        .exclude(department__is_discreet=True)
        .annotate(corrected_at=Subquery(corrections.values("at")[:1]), first_words=Subquery(words.values("body")[:1]))
        .select_related("topic")
        .order_by("-created_at", "-pk")
    )


# How good it is


def _scores(read: Sequence[Read], own_count: int) -> dict[str, Any]:
    """Figures of all texts with and without what was learned, and of the product's and the desk's alone."""
    shipped = len(read) - own_count
    return {
        "with": _evaluated(read).as_json(),
        "without": _evaluated([one._replace(reading={}) for one in read]).as_json(),
        "texts": _evaluated(read[:shipped]).as_json(),
        "tickets": _evaluated(read[shipped:]).as_json(),
    }


def _read(one: Labelled, reading: Mapping[str, float], rules: Rules) -> Read:
    return Read(one, triage.classify(one.example.text, one.language, {}, rules).scores, reading)


def _evaluated(read: Sequence[Read]) -> Evaluation:
    """What the rules and the wordings say together."""
    found = Evaluation()
    for one in read:
        judged = triage.judge(one.scores, one.reading)
        taken, own = judged.best if judged.is_clear else OTHER, one.labelled.topic
        found.pairs[own, taken] += 1
        found.by_language[one.labelled.language] += Counter(texts=1, topic=int(taken == own))
    return found
