"""Rows whose INSERT and UPDATE are written once.

Django writes the SQL of a save anew for each row, with every column in it, and so does the database with every index of
an UPDATE. For tables of our own that take a row with every request, this writes it once for each form of a row, and of
a row that is there only what has changed. Nobody is told by a signal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, router
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

MOST = 500  # statements that are kept

# What Django leaves as it is on its way into one of these columns.
_PLAIN_FIELDS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
_PLAIN = frozenset({str, int, bool})

_statements: dict[Any, Any] = {}


@dataclass(frozen=True)
class _Insert:
    """`fields` say whether plain values go in as they are; `is_told` that the database answers with the numbers of the
    rows. Without `sql` the database takes so many rows in a form of its own."""

    sql: str
    fields: tuple[tuple[Any, bool], ...]
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
    values = [
        _into(field, field.pre_save(row, True), is_plain, connection)
        for row in rows
        for field, is_plain in statement.fields
    ]
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
    return _Insert(sql, tuple((field, _is_plain(field)) for field in fields), bool(compiler.returning_fields))


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
    sql = _known(key) or _keep(key, _update(connection, row._meta, fields))
    values = [_into(field, field.pre_save(row, False), _is_plain(field), connection) for field in fields]
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


def _is_plain(field: Any) -> bool:
    return isinstance(field, _PLAIN_FIELDS) and type(field).__module__.startswith("django.db.models")


def _into(field: Any, value: Any, is_plain: bool, connection: Any) -> Any:
    """A value as the database takes it."""
    if is_plain and (value is None or type(value) in _PLAIN):
        return value
    return field.get_db_prep_save(value, connection=connection)


def _known(key: Any) -> Any:
    return _statements.get(key)


def _keep(key: Any, statement: Any) -> Any:
    while len(_statements) >= MOST:  # the oldest goes
        _statements.pop(next(iter(_statements), None), None)
    _statements[key] = statement
    return statement
