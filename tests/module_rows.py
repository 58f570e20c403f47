"""Rows that all tests of a file find, written once: in a transaction around those of its tests, rolled back at its end.

What a test does to them is undone behind it like all that it does to the database; of what is kept in memory it takes a
copy. Only for files of which each test wants the rows: the others would find them too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction

ModuleRows = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[ModuleRows]:
    """`with module_rows(): …` in a fixture of the file writes rows for all its tests."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
