"""Prepared queries: their SQL is made once, and filled with values afterwards.

Django writes the SQL of a queryset anew whenever it is asked. For a query with a few subqueries that costs ten times as
much as finding the answer, and yet it is the same text each time, with other values in it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.query import ValuesListIterable, get_related_populators  # type: ignore[attr-defined]

MOST = 500  # statements kept per query
Value = int | str | datetime


@dataclass(frozen=True)
class _Statement:
    """SQL with its parameters. `converters` turn columns, by position, into what Python calls them; `slots` say which
    parameter is which of the asked values, both by position."""

    using: str
    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Any, list[Any]], ...]
    made: Callable[[list[Any]], Any]  # what a row becomes
    slots: tuple[tuple[int, int], ...] = ()

    def rows(self, asked: list[Value]) -> list[Any]:
        connection = connections[self.using]
        values = list(self.parameters)
        for position, place in self.slots:
            values[position] = _adapted(asked[place], connection)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            found = [list(row) for row in cursor.fetchall()]
        for column, expression, converting in self.converters:
            for row in found:
                for convert in converting:
                    row[column] = convert(row[column], expression, connection)
        return [self.made(row) for row in found]


class Prepared:
    """A query by the function that builds it: a queryset with `values()`. What decides how the SQL reads is given by
    position (hashable: languages, the bounds of a slice), what it asks for by name: numbers (for columns of four bytes
    or more), words, moments, or lists of them, which have to arrive in the query as they are. A value that a query
    does not ask for is passed over; so the function must neither reckon with one nor choose by it, but only by what is
    given by position."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._statements: dict[Any, _Statement] = {}
        update_wrapper(self, build)

    def __call__(self, *shape: Any, **asked: Value | Sequence[Value]) -> list[Any]:
        """The rows as dictionaries. Raises TypeError where a value does not arrive in the query."""
        asked = dict(sorted(asked.items()))
        key = (shape, *((name, *_form(value)) for name, value in asked.items()))
        statement = self._statements.get(key)
        if statement is None:
            try:
                statement = self._written(shape, asked)
            except EmptyResultSet:
                return []  # such a question finds nothing: it has no list to look in, or asks for no rows
            while len(self._statements) >= MOST:  # the oldest goes
                self._statements.pop(next(iter(self._statements), None), None)
            self._statements[key] = statement
        return statement.rows(list(_flat(asked.values())))

    def _written(self, shape: tuple[Any, ...], asked: dict[str, Any]) -> _Statement:
        """Written twice, with different stand-ins for what is asked for: only where the two differ does it stand. What
        else in the query happens to look like a stand-in is the same in both."""
        first, second = (self._write(self._build(*shape, **_standing_in(asked, nth))) for nth in (0, 1))
        connection = connections[first.using]
        places = {
            tuple(_adapted(_stand_in(place, value, nth), connection) for nth in (0, 1)): place
            for place, value in enumerate(_flat(asked.values()))
        }
        pairs = enumerate(zip(first.parameters, second.parameters, strict=False))
        slots = tuple((position, places.get(pair, -1)) for position, pair in pairs if pair[0] != pair[1])
        if first.sql != second.sql or any(place < 0 for _, place in slots):
            raise TypeError(f"{self._build.__name__}: a value that is asked for is another in the query: {first.sql}")
        return replace(first, slots=slots)

    def _write(self, queryset: Any) -> _Statement:
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Statement(
            using=queryset.db,
            sql=sql,
            parameters=tuple(parameters),
            converters=tuple((column, about, list(found)) for column, (found, about) in converters.items()),
            made=self._maker(queryset, compiler),
        )

    def _maker(self, queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        names = tuple(queryset.query.selected)
        return lambda row: dict(zip(names, row, strict=True))


class PreparedTuples(Prepared):
    """The same where the rows are wanted as tuples, in the order of their columns: a queryset with `values_list()`.
    Raises TypeError for a model whose columns have languages: its manager asks in an order of its own."""

    def _maker(self, queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        if queryset._iterable_class is not ValuesListIterable:
            raise TypeError(f"{self._build.__name__}: {queryset.model.__name__} gives its columns in another order.")
        return tuple


class PreparedRows(Prepared):
    """The same where the rows are wanted as objects: a queryset of whole rows, or of those with `only()`, and what
    `select_related()` brings with them."""

    def _maker(self, queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        about, using = compiler.klass_info, queryset.db
        first, last = about["select_fields"][0], about["select_fields"][-1] + 1
        names = [column.target.attname for column, *_ in compiler.select[first:last]]
        beside = get_related_populators(about, compiler.select, using)

        def made(row: list[Any]) -> Any:
            found = about["model"].from_db(using, names, row[first:last])
            for one in beside:
                one.populate(row, found)
            return found

        return made


class PreparedCounts(Prepared):
    """The same for a list of querysets, of which one question counts the rows: a number for each. They are counted as
    they are: a bound on what is counted is a slice, and a column for an order or a name is read for nothing."""

    def __call__(self, *shape: Any, **asked: Value | Sequence[Value]) -> list[int]:
        return next(iter(super().__call__(*shape, **asked)), [])

    def _write(self, querysets: Any) -> _Statement:
        parts: list[str] = []
        values: list[Any] = []
        for queryset in querysets:
            try:
                sql, own = queryset.query.sql_with_params()
            except EmptyResultSet:
                parts.append("0")
                continue
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - written by Django, values apart
            values += own
        if not parts:
            raise EmptyResultSet
        return _Statement(querysets[0].db, f"SELECT {', '.join(parts)}", tuple(values), (), list)


def _form(value: Value | Sequence[Value]) -> tuple[Any, ...]:
    """What of a value decides how it is written: its type, and of a list how many there are of which."""
    return (type(value),) if isinstance(value, Value) else (list, *(type(one) for one in value))


def _flat(values: Any) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Value):
            yield value
        else:
            yield from value


def _standing_in(asked: dict[str, Any], nth: int) -> dict[str, Any]:
    """What is asked for, with stand-ins in its places."""
    rest = (_stand_in(place, value, nth) for place, value in enumerate(_flat(asked.values())))
    return {
        name: next(rest) if isinstance(value, Value) else [next(rest) for _ in value] for name, value in asked.items()
    }


_OTHER = str.maketrans("\x020123456789", "\x03abcdefghij")  # no character of a word is the same the second time


def _stand_in(place: int, value: Value, nth: int) -> Value:
    """What is written for an asked value the first and the second time: never the same for two values."""
    if isinstance(value, datetime):
        return datetime(2901 + nth, 1, 1, tzinfo=UTC) + timedelta(microseconds=place)
    if isinstance(value, int):
        return 2_000_000_000 + nth * 100_000_000 + place
    return f"\x02{place}\x02".translate(_OTHER) if nth else f"\x02{place}\x02"


def _adapted(value: Value, connection: Any) -> Any:
    """A value as the database is given it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
