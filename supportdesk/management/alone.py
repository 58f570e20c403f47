"""A lock over all processes and machines of a site: a command that must not run twice at once waits for the other."""

import fcntl
import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

LOOK_AGAIN = 0.5  # seconds


@contextmanager
def alone(name: str, connection: BaseDatabaseWrapper, tell: Callable[[], Any] = lambda: None) -> Iterator[None]:
    """Hold the lock `name` of a database, and wait for it where another process has it (`tell` is called once then).

    On PostgreSQL it is an advisory lock of a session of its own, which ends with the process; asked for again and
    again, since a statement that waits would hold up what builds indexes. On SQLite it is a lock of a file beside the
    database, since all processes are on its machine; a database in memory has no second process.
    """
    take = _of_session if connection.vendor == "postgresql" else _of_file
    with take(name, connection) as is_mine:
        if not is_mine():
            tell()
            while not is_mine():
                time.sleep(LOOK_AGAIN)
        yield


@contextmanager
def _of_session(name: str, connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    own, number = connection.copy(), zlib.crc32(name.encode())

    def is_mine() -> bool:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            return bool(cursor.fetchone()[0])

    try:
        yield is_mine
    finally:
        own.close()  # the lock goes with its session


@contextmanager
def _of_file(name: str, connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    database = Path(str(connection.settings_dict["NAME"]))
    if str(database).startswith((":", "file:")):
        yield lambda: True
        return
    with _opened(database.with_name(f"{database.name}.{name}.lock")) as file:

        def is_mine() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield is_mine


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A file that is there for its lock alone. Who may not write it opens it for reading, which is enough to lock it
    but on NFS: where root set up a site, the site's own user sets it up again."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        with suppress(PermissionError):  # whoever made the file may have had another umask
            os.fchmod(file, 0o644)
    except PermissionError:
        file = os.open(path, os.O_RDONLY)
    try:
        yield file
    finally:
        os.close(file)
