"""Queries whose SQL is written once.

Django writes the SQL of a queryset anew whenever it is asked. For a query with a few subqueries that costs ten times as
much as finding the answer, and yet it is the same text each time, with other values in it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

MOST = 500  # statements that a query keeps
Value = int | str
Converters = tuple[tuple[int, Any, list[Any]], ...]  # of columns, by position: into what Python calls them


def read(connection: Any, sql: str, parameters: Sequence[Any], converters: Converters) -> list[list[Any]]:
    """The rows that a statement finds, with what Python calls their values."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = [list(row) for row in cursor.fetchall()]
    for place, expression, converting in converters:
        for row in found:
            for convert in converting:
                row[place] = convert(row[place], expression, connection)
    return found


@dataclass(frozen=True)
class _Statement:
    """SQL with what its parameters are: `stand_ins` maps what was written for each asked value to its place among
    them."""

    using: str
    sql: str
    parameters: tuple[Any, ...]
    stand_ins: dict[Value, int]
    converters: Converters
    made: Callable[[list[Any]], Any]  # what a row becomes

    def rows(self, asked: list[Value]) -> list[Any]:
        places = self.stand_ins
        values = [asked[places[p]] if p in places else p for p in self.parameters]
        return [self.made(row) for row in read(connections[self.using], self.sql, values, self.converters)]


class Prepared:
    """A query by the function that builds it: a queryset with `values()`. What decides how the SQL reads is given by
    position (hashable: languages, the bounds of a slice), what it asks for by name: numbers (for columns of four bytes
    or more), words, or lists of them, which have to arrive in the query as they are."""

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
        flat = list(_flat(asked.values()))
        stand_ins = [_stand_in(place, value) for place, value in enumerate(flat)]
        rest = iter(stand_ins)
        put = {
            name: next(rest) if isinstance(value, Value) else [next(rest) for _ in value]
            for name, value in asked.items()
        }
        queryset = self._build(*shape, **put)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        if not set(stand_ins) <= set(parameters):
            raise TypeError(f"{self._build.__name__}: a value that is asked for does not stand in the query: {sql}")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Statement(
            using=queryset.db,
            sql=sql,
            parameters=tuple(parameters),
            stand_ins={stand_in: place for place, stand_in in enumerate(stand_ins)},
            converters=tuple((place, about, list(found)) for place, (found, about) in converters.items()),
            made=self._maker(queryset, compiler),
        )

    def _maker(self, queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        names = tuple(queryset.query.selected)
        return lambda row: dict(zip(names, row, strict=True))


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


def _form(value: Value | Sequence[Value]) -> tuple[Any, ...]:
    """What of a value decides how it is written: its type, and of a list how many there are of which."""
    return (type(value),) if isinstance(value, Value) else (list, *(type(one) for one in value))


def _flat(values: Any) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Value):
            yield value
        else:
            yield from value


def _stand_in(place: int, value: Value) -> Value:
    """What is written for an asked value, and for nothing else in the query."""
    return 2_000_000_000 + place if isinstance(value, int) else f"\x02{place}\x02"
