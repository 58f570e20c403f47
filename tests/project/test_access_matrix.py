"""Every address of the site for everybody who may come: what each is answered stands in `access.csv`.

A row is one request: the method, the address, what stands for its arguments (`with`) and what goes along (`sent`). A
thing of the site is named in braces (`drill_site`); addresses of programs are asked with a token of the person with all
that they may give away, all others with their session. A method or an address that is not in the table fails, and so
does a row whose address is gone. Each cell is a status, or `login` where somebody is asked to sign in.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.project.asking import Asker, Row, bare, cell
from tests.project.drill_site import ROLES, DrillSite
from tests.routes import doors, routes

TABLE = Path(__file__).with_name("access.csv")
# Rows by which nobody is let in, as a pattern of method, address, arguments and what is sent -> why
NOBODY = {
    r"GET \^api\(|GET api/v1/$|GET admin/\(\?P<url>": "It answers for every address that nothing else answers for.",
    r"account/<slug:provider_id>/callback/|account/exchange/(signup/)?$": "This site signs in with no exchange.",
    r"hooks/mail/": "This site takes no mail from a provider.",
    r"api/v1/signals/market": "The secret of a source lets in, whoever asks.",
    r"account/password/reset/confirm/": "Only who has asked for a code in this session has a place for it.",
    r"pictures/.* digest=0": "No text of the drill shows a picture; those that texts show are in test_pictures.py.",
    r"POST admin/helpcenter/article/editing/pictures/": "400 is for who may send one: a list is no picture.",
    r"adminsortable2_update/": "400 is for who may: nothing was put in another place.",
    r"admin/r/<path:content_type_id>": "No kind of record has an address of its own.",
    r"GET admin/[\w/]+/add/$": "A record of what the desk or the help centre did: nobody writes one by hand.",
    r"GET admin/[\w/]+/<path:object_id>/delete/$": "A record that stays: nobody removes it by hand.",
    r"desk/me/macros/<int:pk>/ pk=0": "No macro has this number. A new one has an address of its own.",
    r"desk/me/macros/<int:pk>/(drop/)? pk=\{macro\}": "A macro of the team is nobody's own.",
    r"messages/<int:pk>/(send|undo)/ number=\{elsewhere\}": "The message is on another ticket.",
}


def table() -> list[tuple[Row, dict[str, str]]]:
    with TABLE.open(encoding="utf-8") as file:
        return [
            (
                Row(row["method"], row["route"], row["with"], row["sent"]),
                {column: row[column] for column in ROLES},
            )
            for row in csv.DictReader(file)
        ]


ROWS = table()


@pytest.fixture(scope="module")
def asker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Asker]:
    """The drill's people and tickets, for all rows; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Asker(DrillSite())
        transaction.set_rollback(True)


def test_every_address_is_in_the_table_and_no_other():
    known = {row.route for row, _ in ROWS}
    assert [route for route in routes() if route not in known] == []
    assert sorted(known - set(routes())) == []


def test_every_method_of_our_own_addresses_is_in_the_table():
    known = {(row.method, row.route) for row, _ in ROWS}
    assert [door for door in doors() if door not in known and not door[1].startswith("admin/")] == []


def test_no_request_is_in_the_table_twice():
    rows = [row for row, _ in ROWS]
    assert [row for row in rows if rows.count(row) > 1] == []


def is_let_in(cells: dict[str, str]) -> bool:
    """Whether anybody is answered: a row in which nobody is says nothing of who is refused."""
    return any(status[0] in "23" for status in cells.values())


def reason_of(row: Row) -> str:
    """Why nobody is let in by a row; empty where nobody said it."""
    return next((why for pattern, why in NOBODY.items() if re.search(pattern, str(row))), "")


def test_somebody_is_let_in_by_each_row_or_it_says_why_not():
    assert [str(row) for row, cells in ROWS if not is_let_in(cells) and not reason_of(row)] == []


def test_no_reason_is_left_over():
    """A reason that no row has, or one that somebody is let in by after all, hides what comes later."""
    refusing = [str(row) for row, cells in ROWS if not is_let_in(cells)]
    assert [pattern for pattern in NOBODY if not any(re.search(pattern, row) for row in refusing)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "cells"), ROWS, ids=[str(row) for row, _ in ROWS])
def test_everybody_is_answered_as_the_table_says(asker, row, cells):
    """Where a thing is there for somebody and not for others, these read what they would read of one that is not."""
    path = row.path(asker.site)
    answers = {column: asker.ask(column, row, path) for column in ROLES}
    assert {column: cell(answer) for column, answer in answers.items()} == cells
    refused = [column for column, answer in answers.items() if answer.status_code == 404]
    if row.names_something and is_let_in(cells) and not row.route.startswith("admin/"):
        absent = row.absent_path(asker.site)
        assert {column: bare(answers[column], path) for column in refused} == {
            column: bare(asker.ask(column, row, absent), absent) for column in refused
        }
