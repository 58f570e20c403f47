"""Text search over tickets: an index of words of our own making, on both databases, kept beside the tables.

The words are those of the help search without stems, so that any language finds its own: folded words, and for runs of
Han, kana and hangul each character and each pair of neighbours. SQLite keeps them in an FTS5 table, PostgreSQL in a
`tsvector` under a GIN index; neither is ever asked with a leading wildcard. A number of a ticket and a customer's
address are found whole, by their own indexes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from helpcenter.search import analyzers
from supportdesk.accounts import addresses
from tickets.access import Access
from tickets.enums import Delivery, EventKind
from tickets.identifiers import LENGTH, from_typed
from tickets.models import Message, Ticket, TicketEvent

TABLE = "tickets_words"
MOST_FOUND = 500
MOST_WORDS = 12  # of a question
MOST_KEPT = 20_000  # words of a ticket
LONGEST = 100  # characters of a word; transaction ids have up to 90
NEUTRAL = "zh-hans"  # folds like every language, and Traditional characters into Simplified ones
# After these the words of a ticket are others.
CHANGING = (
    EventKind.CREATED,
    EventKind.CUSTOMER_WROTE,
    EventKind.REPLIED,
    EventKind.NOTED,
    EventKind.CHANGED,
    EventKind.TAGGED,
    EventKind.MERGED_INTO,
    EventKind.RECEIVED_MERGE,
    EventKind.SPLIT_FROM,
    EventKind.SPLIT_OFF,
    EventKind.REDACTED,
)


def find(text: str, access: Access) -> list[int]:
    """Numbers of the tickets that hold all words of a text and that somebody may see, the newest first; at most
    `MOST_FOUND`. The last word may be a beginning where fewer hold it whole."""
    known = _named(text)
    if known is None:
        asked = list(dict.fromkeys(_terms(text, asking=True)))[:MOST_WORDS]
        known = _found(asked) if asked else []
    visible = Ticket.objects.visible_to(access).filter(pk__in=known)
    return sorted(visible.values_list("pk", flat=True), reverse=True)


def _named(text: str) -> list[int] | None:
    """Tickets that a text names: by a number, or by the customer's address. None for words."""
    plain = text.replace("\0", "").strip()  # PostgreSQL refuses to look for it
    if "@" in plain and " " not in plain:
        rows = Ticket.objects.filter(requester__email=addresses.canonical(plain)).order_by("-pk")
        return list(rows.values_list("pk", flat=True)[:MOST_FOUND])
    number = from_typed(plain)
    if len(number) != LENGTH or not number.isascii():
        return None
    return list(Ticket.objects.filter(public_id=number).values_list("pk", flat=True)) or None


def _terms(text: str, *, asking: bool) -> Iterator[str]:
    for word in analyzers.words(text, NEUTRAL):
        if word.is_run:
            yield from analyzers.terms(word, NEUTRAL, asking=asking)
        else:
            yield analyzers.plain(word)[:LONGEST]


def _found(words: list[str]) -> list[int]:
    """Whole words first: for a beginning the index reads all tickets that hold any word with it, however many."""
    whole = _holding(words)
    is_enough = len(whole) >= MOST_FOUND or not _may_be_begun(words[-1])
    return whole if is_enough else _holding(words, is_begun=True)


def _holding(words: list[str], *, is_begun: bool = False) -> list[int]:
    """`is_begun`: the last word may be the beginning of one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT ticket_id FROM {TABLE} WHERE words @@ %s::tsquery ORDER BY ticket_id DESC LIMIT %s",  # noqa: S608
                [" & ".join(_lexeme(word, is_begun and word is words[-1]) for word in words), MOST_FOUND],
            )
        else:
            cursor.execute(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s",  # noqa: S608
                [" ".join(_phrase(word, is_begun and word is words[-1]) for word in words), MOST_FOUND],
            )
        return [number for (number,) in cursor.fetchall()]


def _may_be_begun(word: str) -> bool:
    return len(word) >= 3 and not analyzers.is_run(word)


def _lexeme(word: str, is_begun: bool) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'" + (":*" if is_begun else "")


def _phrase(word: str, is_begun: bool) -> str:
    escaped = word.replace('"', '""')
    return f'"{escaped}"' + ("*" if is_begun else "")


# Keeping it


def follow(event_id: int) -> None:
    """Bring the words of a ticket up to date after something happened to it (consumer of the outbox; twice changes
    nothing)."""
    event = TicketEvent.objects.filter(pk=event_id).only("ticket_id").first()
    if event is not None:
        keep([event.ticket_id])


@transaction.atomic
def keep(numbers: Iterable[int]) -> None:
    """Write the words of tickets anew. A reply that has not gone out is no part of them."""
    wanted = list(numbers)
    texts = _texts_of(wanted)
    forget(wanted)
    rows = [(number, _kept(_words_in(found))) for number, found in texts.items()]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT[connection.vendor], rows)


def _texts_of(numbers: list[int]) -> dict[int, list[str]]:
    """All texts of tickets, by their numbers, with three questions however many there are."""
    tickets = Ticket.objects.filter(pk__in=numbers).values_list("pk", "subject", "details")
    texts = {number: [subject, *map(str, details.values())] for number, subject, details in tickets}
    said = Message.objects.filter(ticket__in=numbers, delivery=Delivery.SENT).values_list("ticket_id", "body")
    tags = Ticket.tags.through.objects.filter(ticket__in=numbers).values_list("ticket_id", "tag__name")
    for number, text in [*said, *tags]:
        texts[number].append(text)
    return texts


def _words_in(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        for term in _terms(text, asking=False):
            if term and term not in seen and len(seen) < MOST_KEPT:
                seen.add(term)
                yield term


_INSERT = {
    "postgresql": f"INSERT INTO {TABLE} (ticket_id, words) VALUES (%s, array_to_tsvector(%s::text[]))",  # noqa: S608
    "sqlite": f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # noqa: S608
}


def _kept(words: Iterable[str]) -> Any:
    """Words as the database's table takes them."""
    return list(words) if connection.vendor == "postgresql" else " ".join(words)


def forget(numbers: Iterable[int]) -> None:
    """Take the words of tickets out of the index."""
    column = "ticket_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {column} = %s", [(number,) for number in numbers])  # noqa: S608


def rebuild(batch: int = 500) -> int:
    """Write the words of all tickets anew; returns how many tickets there are."""
    numbers = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), batch):
        keep(numbers[start : start + batch])
    return len(numbers)
