"""Who may bring a ticket where, as the rules of the desk say it: written from them and not from the code.

`moves_of_the_design.csv` has a row for each status that a ticket comes from and a column for each that it goes to.
"""

import csv
from pathlib import Path

from tickets.enums import Role, Status

Move = tuple[Status, Status, Role]

# What the desk lets somebody do beyond that table; docs/decisions/0040-moves-beyond-the-table.md says why.
BEYOND: frozenset[Move] = frozenset(
    {
        (Status.PENDING, Status.OPEN, Role.AGENT),
        (Status.PENDING, Status.OPEN, Role.LEAD),
        (Status.SOLVED, Status.OPEN, Role.AGENT),
    }
)


def designed() -> frozenset[Move]:
    """Every move of the table with who makes it."""
    with Path(__file__).with_name("moves_of_the_design.csv").open(encoding="utf-8", newline="") as file:
        rows = {row.pop("from"): row for row in csv.DictReader(file)}
    return frozenset(
        (Status(source), Status(target), Role(who))
        for source, row in rows.items()
        for target, people in row.items()
        for who in people.split()
    )


ALLOWED = designed() | BEYOND
