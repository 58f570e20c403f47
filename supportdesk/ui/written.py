"""Prepared INSERT and UPDATE statements: their SQL is made once for each shape of row.

Django writes the SQL of a save anew for each row, with every column in it, and so does the database with every index of
an UPDATE. For tables of our own that take a row with every request, this writes it once for each form of a row, and of
a row that is there only what has changed. Nobody is told by a signal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections, models, router
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

MOST = 500  # statements that are kept

# What Django leaves as it is on its way into one of these columns.
_PLAIN_FIELDS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
_PLAIN = frozenset({str, int, bool})

_statements: dict[Any, Any] = {}


class _Column(NamedTuple):
    """A field, and what of its values is known beforehand: whether it makes them itself when a row is saved, and
    whether plain ones, or moments, go in without its seeing them."""

    field: Any
    makes_its_own: bool
    is_plain: bool
    is_moment: bool


@dataclass(frozen=True)
class _Insert:
    """`is_told`: the database answers with the numbers of the rows. Without `sql` the database takes so many rows in a
    form of its own."""

    sql: str
    columns: tuple[_Column, ...]
    is_told: bool


def insert(rows: Sequence[Any], *, ignore_conflicts: bool = False) -> None:
    """Write new rows of one table with one statement; they get their numbers unless conflicts are ignored. All have a
    number before, or none has."""
    if not rows:
        return
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="bulk_create")
    model = type(rows[0])
    using = router.db_for_write(model)
    has_number = rows[0].pk is not None
    key = ("insert", using, model, len(rows), has_number, ignore_conflicts)
    statement = _known(key) or _keep(key, _insert(using, rows, has_number, ignore_conflicts))
    if statement.sql:
        _execute(statement, rows, using)
    else:
        model._base_manager.bulk_create(rows, ignore_conflicts=ignore_conflicts)


def _execute(statement: _Insert, rows: Sequence[Any], using: str) -> None:
    connection = connections[using]
    values = [_value(row, column, True, connection) for row in rows for column in statement.columns]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        if statement.is_told:
            for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = number
    for row in rows:
        row._state.adding, row._state.db = False, using


def _insert(using: str, rows: Sequence[Any], has_number: bool, ignore_conflicts: bool) -> _Insert:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if has_number or not field.primary_key]
    conflict = OnConflict.IGNORE if ignore_conflicts else None
    query = InsertQuery(type(rows[0]), on_conflict=conflict)
    query.insert_values(fields, list(rows))
    compiler = query.get_compiler(using)
    compiler.returning_fields = None if has_number or ignore_conflicts else [meta.pk]
    ((sql, parameters),) = compiler.as_sql()
    if len(parameters) != len(fields) * len(rows):
        sql = ""
    return _Insert(sql, tuple(map(_column, fields)), bool(compiler.returning_fields))


def standing(row: Any) -> dict[str, Any]:
    """What a row holds now, for `update`."""
    return dict(vars(row))


def update(row: Any, before: dict[str, Any]) -> None:
    """Write what has changed in a row since `standing` was asked; what holds lists or mappings is always written.
    Raises the DoesNotExist of its class where the row is gone. Raises TypeError where the class has a field
    with `auto_now`, which this would leave as it is: such rows are written by `save`."""
    row._prepare_related_fields_for_save(operation_name="save")
    held = vars(row)
    fields = [
        field
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname in held and _differs(held[field.attname], before, field.attname)
    ]
    if not fields:
        return
    using = row._state.db or router.db_for_write(type(row))
    connection = connections[using]
    key = ("update", using, type(row), *(field.attname for field in fields))
    sql, columns = _known(key) or _keep(key, (_update(connection, row._meta, fields), tuple(map(_column, fields))))
    values = [_value(row, column, False, connection) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        if not cursor.rowcount:
            raise row.DoesNotExist(f"{row._meta.label} {row.pk} is not there any more.")


def _differs(value: Any, before: dict[str, Any], name: str) -> bool:
    return isinstance(value, list | dict) or name not in before or before[name] != value


def _update(connection: Any, meta: Any, fields: Iterable[Any]) -> str:
    if any(getattr(field, "auto_now", False) for field in meta.concrete_fields):
        raise TypeError(f"{meta.label} has a field with auto_now: write it with save().")
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {quoted(meta.pk.column)} = %s"  # noqa: S608


def _column(field: Any) -> _Column:
    is_moment = type(field) is models.DateTimeField
    is_set = field.auto_now or field.auto_now_add if is_moment else type(field).pre_save is not models.Field.pre_save
    return _Column(
        field,
        makes_its_own=is_set,
        is_plain=isinstance(field, _PLAIN_FIELDS) and type(field).__module__.startswith("django.db.models"),
        is_moment=is_moment,
    )


def _value(row: Any, column: _Column, is_new: bool, connection: Any) -> Any:
    """A row's value in a column, as the database takes it."""
    field = column.field
    value = field.pre_save(row, is_new) if column.makes_its_own else getattr(row, field.attname)
    if value is None and (column.is_plain or column.is_moment) or column.is_plain and type(value) in _PLAIN:
        return value
    if column.is_moment and type(value) is datetime and value.tzinfo is not None:
        return connection.ops.adapt_datetimefield_value(value)
    return field.get_db_prep_save(value, connection=connection)


def _known(key: Any) -> Any:
    return _statements.get(key)


def _keep(key: Any, statement: Any) -> Any:
    while len(_statements) >= MOST:  # the oldest goes
        _statements.pop(next(iter(_statements), None), None)
    _statements[key] = statement
    return statement
