"""The SQL statements of a piece of work, in order, and which function of the product asked for each."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

from bench.sites import ROOT

# What DECISIONS 34 of the design leaves out: transactions as such, and who is signed in with which rights.
_FRAME = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)", re.I)
_PERSON = re.compile(r'FROM "(django_session|accounts_user)" WHERE|"auth_', re.I)
# They write SQL for those who ask.
_MECHANISMS = frozenset({"supportdesk/ui/prepared.py", "supportdesk/ui/written.py"})
_COLUMNS = re.compile(r'(SELECT (?:DISTINCT )?)("[^"]+"\."[^"]+"(?: AS "[^"]+")?(?:, )?){3,}')
_VALUES = re.compile(r"(\((?:%s|NULL|[\d']+)(?:, (?:%s|NULL|[\d']+))*\))(?:, \1)+")


@dataclass(frozen=True)
class Statement:
    """`asker` is the module and the function that asked, `in_transaction` whether one was open."""

    sql: str
    asker: str
    in_transaction: bool

    @property
    def is_counted(self) -> bool:
        return not _FRAME.search(self.sql) and not _PERSON.search(self.sql)

    @property
    def short(self) -> str:
        """The SQL on one line, without its columns and repetitions."""
        return _VALUES.sub(r"\1, …", _COLUMNS.sub(r"\1… ", " ".join(self.sql.split())))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Every statement that is executed meanwhile, as it was written, without its values."""
    from django.db import connection

    found: list[Statement] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        found.append(Statement(sql, _asker(sys._getframe(1)), connection.in_atomic_block))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield found


def _asker(frame: FrameType | None) -> str:
    """The innermost function of the product that is no mechanism for writing SQL; the framework where there is none."""
    while frame is not None:
        path = frame.f_code.co_filename
        inside = path.removeprefix(f"{ROOT}/")
        if inside != path and inside not in _MECHANISMS and not inside.startswith("bench/"):
            return f"{inside.removesuffix('.py').replace('/', '.')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "Django"
