"""`python -m bench.desk_data NAME TICKETS`: a desk of so many tickets, written in bulk, made once per site, on SQLite
or in a database of its own on a PostgreSQL server.

Four messages each, a tenth of them open, ten thousand customers, a hundred agents; the same at every run. The first
`DRAWN` tickets are drawn by lot; more are copies of those that the database makes, each round of them for other
customers and due at other seconds.
"""

import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

CUSTOMERS, AGENTS, TAGS = 10_000, 100, 20
MESSAGES = 4
OPEN_OF = 10  # one of so many
BATCH = 2_000
DRAWN = 10_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LANGUAGES = ("en", "zh-hans", "ja", "ko", "ru", "es")
WORDS = (
    *("deposit", "withdrawal", "order", "liquidation", "funding", "margin", "contract", "account", "password"),
    *("device", "address", "network", "confirmation", "balance", "position", "leverage", "interest", "index"),
    *("transfer", "chain", "wallet", "explorer", "screenshot", "yesterday", "morning", "evening"),
)
TRADER, AGENT, LEAD = "bench-trader@example.com", "bench-agent@example.com", "bench-lead@example.com"
# The tables that a desk's rows live in: when one changes, the desk is made anew.
SOURCES = ("bench/desk_data.py", "tickets/migrations")


def main() -> None:
    from bench.data import _once

    folder, tickets = Path(os.environ["BENCH_FOLDER"]), int(sys.argv[2])
    django.setup()
    with _once(folder / "READY", SOURCES) as is_missing:
        if is_missing or not _is_there():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _empty()
            _fill(tickets)


def _is_there() -> bool:
    """Whether the database is: that of a PostgreSQL server may have gone without the folder."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return True
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [connection.settings_dict["NAME"]])
        return cursor.fetchone() is not None


def _empty() -> None:
    """A new database where one has to be made; SQLite's lay in the folder."""
    from django.db import connection

    if connection.vendor == "postgresql":
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")


def _fill(tickets: int) -> None:
    from django.core.management import call_command

    from tickets.tasks import look_at_tables

    started = time.monotonic()
    print(f"desk of {tickets:,}: making it (once)")
    call_command("set_up", verbosity=0)
    chance = random.Random(20261101)
    people = _people()
    drawn = min(tickets, DRAWN)
    for numbers in _batches(range(drawn)):
        _write(numbers, people, chance)
    _index()
    for round_number in range(1, -(-tickets // DRAWN)):
        _copy(round_number, min(DRAWN, tickets - round_number * DRAWN))
    _go_on_numbering()
    look_at_tables.call()
    _look_at_postgresql()
    print(f"desk of {tickets:,}: done in {time.monotonic() - started:.0f} s")


def _batches(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _people() -> dict[str, Any]:
    from django.contrib.auth.models import Group

    from supportdesk.accounts.models import User
    from tickets.models import Agent, Department, Tag, Topic

    def bulk(kind: str, count: int, **fields: Any) -> list[User]:
        rows = [User(email=f"{kind}{n}@example.com", name=f"{kind.title()} {n}", **fields) for n in range(count)]
        return User.objects.bulk_create(rows, batch_size=BATCH)

    agents = bulk("agent", AGENTS, is_staff=True)
    named = {email: User.objects.create_user(email, is_staff=email != TRADER) for email in (TRADER, AGENT, LEAD)}
    group, leads = Group.objects.get(name="Agents"), Group.objects.get(name="Team leads")
    for agent in (*agents, named[AGENT]):
        agent.groups.add(group)
    named[LEAD].groups.add(leads)
    Agent.objects.bulk_create(Agent(person=agent) for agent in (*agents, named[AGENT], named[LEAD]))
    departments = Department.objects.bulk_create(Department(key=f"bench-{n}", name=f"Team {n}") for n in range(3))
    Tag.objects.bulk_create(Tag(name=f"tag {n}") for n in range(TAGS))
    topics = list(Topic.objects.all()) or [Topic.objects.create(key="bench", name_en="Bench")]
    return {
        "customers": [*bulk("customer", CUSTOMERS - 1), named[TRADER]],
        "agents": [*agents, named[AGENT]],
        "departments": departments,
        "topics": topics,
    }


def _write(numbers: Sequence[int], people: dict[str, Any], chance: random.Random) -> None:
    from tickets.models import Clock, Message, Ticket, TicketEvent

    tickets = Ticket.objects.bulk_create([_ticket(number, people, chance) for number in numbers])
    Message.objects.bulk_create(
        [_message(ticket, place, chance) for ticket in tickets for place in range(MESSAGES)], batch_size=BATCH
    )
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(ticket=ticket, kind="created", role="customer", at=ticket.asked_at, to_status="new", version=1)
            for ticket in tickets
        ]
    )
    Clock.objects.bulk_create([_clock(ticket) for ticket in tickets])


def _ticket(number: int, people: dict[str, Any], chance: random.Random) -> Any:
    from tickets.enums import FAR
    from tickets.models import Ticket

    is_open = number % OPEN_OF == 0
    created = NOW - timedelta(minutes=chance.randrange(525_600))
    assignee = chance.choice(people["agents"]) if chance.random() < 0.8 else None
    return Ticket(
        requester=chance.choice(people["customers"]),
        subject=f"{_words(chance, 5).capitalize()} {number}",
        topic=chance.choice(people["topics"]),
        language=chance.choice(LANGUAGES),
        status=chance.choice(("new", "open", "open", "pending", "on_hold")) if is_open else "closed",
        priority=chance.choice(("low", "normal", "normal", "high", "urgent")),
        department=chance.choice(people["departments"]) if chance.random() < 0.2 else None,
        assignee=assignee,
        assigned_at=created if assignee else None,
        created_at=created,
        asked_at=created,
        updated_at=created,
        status_since=created,
        last_reply_at=created,
        message_count=MESSAGES,
        next_due_at=NOW + timedelta(seconds=chance.randrange(600_000)) if is_open else FAR,
    )


def _message(ticket: Any, place: int, chance: random.Random) -> Any:
    from tickets.models import Message

    at = ticket.created_at + timedelta(hours=place)
    kind = ("customer", "reply", "customer", "note")[place % 4]
    author = ticket.requester_id if kind == "customer" else ticket.assignee_id
    body = _words(chance, 40)
    return Message(ticket=ticket, kind=kind, author_id=author, body=body, created_at=at, visible_at=at)


def _clock(ticket: Any) -> Any:
    from tickets.models import Clock

    return Clock(
        ticket=ticket,
        metric="resolution",
        started_at=ticket.created_at,
        target_s=259_200,
        allowed_s=259_200,
        running_since=ticket.created_at,
        due_at=ticket.next_due_at if ticket.is_unsolved else None,
        satisfied_at=None if ticket.is_unsolved else ticket.created_at,
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _copy(round_number: int, count: int) -> None:
    """The first tickets once more, with all that belongs to them. A fresh desk numbers its rows from one, and its
    customers without a gap."""
    from django.db import connection, transaction

    from supportdesk.accounts.models import User
    from tickets import search
    from tickets.models import Clock, Message, Ticket, TicketEvent

    before, first = round_number * DRAWN, User.objects.get(email="customer0@example.com").pk
    later, new_id = _later(round_number * 37 % 3600), _new_id()
    asked_by = f"{first} + (requester_id - {first} + {round_number * 97}) % {CUSTOMERS - 1}"
    due = f"CASE WHEN status = 'closed' THEN next_due_at ELSE {later.format('next_due_at')} END"
    with transaction.atomic(), connection.cursor() as cursor:
        own = {"id": f"id + {before}", "public_id": new_id, "requester_id": asked_by, "next_due_at": due}
        cursor.execute(_copied(Ticket, own, f"id <= {count}"))
        for model, each in ((Message, MESSAGES), (TicketEvent, 1), (Clock, 1)):
            own = {"id": f"id + {before * each}", "ticket_id": f"ticket_id + {before}"}
            own |= {"due_at": later.format("due_at")} if model is Clock else {}
            cursor.execute(_copied(model, own, f"ticket_id <= {count}"))
        number = "rowid" if connection.vendor == "sqlite" else "ticket_id"
        words = f"INSERT INTO {search.TABLE} ({number}, words) SELECT {number} + {before}, words FROM {search.TABLE}"  # noqa: S608
        cursor.execute(f"{words} WHERE {number} <= {count}")


def _later(seconds: int) -> str:
    """A moment of a column so many seconds later, with the column's name to be filled in."""
    from django.db import connection

    return (
        f"datetime({{}}, '+{seconds} seconds')" if connection.vendor == "sqlite" else f"{{}} + interval '{seconds} s'"
    )


def _new_id() -> str:
    """What makes a public id in each row."""
    from django.db import connection

    from tickets.identifiers import LENGTH, new_public_id

    if connection.vendor == "postgresql":
        return f"substr(md5(random()::text || id::text), 1, {LENGTH})"
    connection.ensure_connection()
    connection.connection.create_function("new_public_id", 0, new_public_id)
    return "new_public_id()"


def _go_on_numbering() -> None:
    """Rows that were written with their numbers are unknown to PostgreSQL's sequences."""
    from django.core.management.color import no_style
    from django.db import connection

    from tickets.models import Clock, Message, Ticket, TicketEvent

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Clock, Message, Ticket, TicketEvent]):
            cursor.execute(statement)


def _look_at_postgresql() -> None:
    """What its own job would do some minutes later, in the middle of the measurement."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _copied(model: Any, own: dict[str, str], which: str) -> str:
    """The statement that writes rows of a table again, with some columns made anew."""
    columns = [field.column for field in model._meta.concrete_fields]
    made = ", ".join(own.get(column, f'"{column}"') for column in columns)
    listed, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    return f"INSERT INTO {table} ({listed}) SELECT {made} FROM {table} WHERE {which} ORDER BY id"  # noqa: S608


def _index() -> None:
    """Words for the text search over tickets."""
    from tickets import search

    search.rebuild()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main()
