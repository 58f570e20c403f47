# ruff: noqa: S608 - the names of tables are those of models
"""After a test that commits (`TransactionTestCase`) the rows of the migrations and of the set-up are as before, and no
others are there.

Django empties all tables behind such a test and writes content types and permissions anew; here
only tables that the test changed are written again."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import GeneratedField
from django.test import TransactionTestCase

COPY = "kept_"  # before the name of a table: the copy of its first rows


def restore_after_commits() -> None:
    """From now on what stands in the database comes back after each test that commits."""
    for table in _copied():  # of an earlier run
        _run(f"DROP TABLE {_quoted(COPY + table)}")
    for table in _filled(_columns()):
        _run(f"CREATE TABLE {_quoted(COPY + table)} AS SELECT {_columns()[table]} FROM {_quoted(table)}")
    TransactionTestCase._fixture_teardown = lambda test: _restore()


def _restore() -> None:
    columns, copied = _columns(), _copied()
    changed = [
        table for table in {*copied, *_filled(columns)} if table not in copied or _differs(table, columns[table])
    ]
    with transaction.atomic():
        for table in changed:
            _run(f"DELETE FROM {_quoted(table)}")
        for table in copied.intersection(changed):
            _run(
                f"INSERT INTO {_quoted(table)} ({columns[table]}) SELECT {columns[table]} FROM {_quoted(COPY + table)}"
            )
    ContentType.objects.clear_cache()


def _copied() -> set[str]:
    """Tables that had rows at first."""
    names = connection.introspection.table_names()
    return {name.removeprefix(COPY) for name in names if name.startswith(COPY)}


def _columns() -> dict[str, str]:
    """Table -> the columns that are written, as SQL lists them."""
    models = [one._meta for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    return {
        meta.db_table: ", ".join(
            _quoted(field.column) for field in meta.local_concrete_fields if not isinstance(field, GeneratedField)
        )
        for meta in models
        if not meta.proxy
    }


def _filled(tables: dict[str, str]) -> list[str]:
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for table in tables)
    return [table for (table,) in _run(" UNION ALL ".join(asked))]


def _differs(table: str, columns: str) -> bool:
    now, then = (f"SELECT {columns} FROM {_quoted(name)}" for name in (table, COPY + table))
    return bool(_run(f"SELECT 1 FROM ({now} EXCEPT {then}) a UNION ALL SELECT 1 FROM ({then} EXCEPT {now}) b"))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(sql: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
