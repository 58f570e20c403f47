"""Every address of the site for everybody who may come: what each is answered stands in `access.csv`.

An address that is not in the table fails, and so does a row whose address is gone. Each cell says what is expected.
"""

import csv
import re
from collections.abc import Iterator
from copy import deepcopy
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.utils import quote
from django.db import transaction
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.management import drill
from tests.routes import routes
from tests.rows import row_of, version_of
from tickets.models import Incident, SideConversation, Ticket

TABLE = Path(__file__).with_name("access.csv")
# Column -> role of the drill contract
ROLES = {
    "anonymous": None,
    "owner": "customer_a",
    "other": "customer_b",
    "colleague": "org_mate",
    "agent_elsewhere": "agent_other",
    "agent": "agent",
    "lead": "lead",
    "officer": "vault_officer",
    "editor": "editor",
    "translator": "translator",
    "administrator": "admin",
}
# What stands for an argument of an address; a ticket is the owner's, in the department of `agent`.
ARGUMENTS = {
    "slug": "drill-published",
    "language": "en",
    "token": "no-such-token",
    "key": "none",
    "section": "articles",
    "app_label": "helpcenter",
    "name": "take",
    "provider_id": "exchange",
}


def rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The drill's people and tickets, for all rows; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        seeded = drill.seed()
        people = {user.email: user for user in User.objects.all()}
        yield {
            "sessions": {
                column: signed_in(people[seeded["users"][role]["email"]]) if role else SimpleCookie()
                for column, role in ROLES.items()
            },
            "arguments": _arguments(Ticket.objects.get(public_id=seeded["tickets"][0]["public_id"])),
        }
        transaction.set_rollback(True)


def _arguments(ticket: Ticket) -> dict[str, str]:
    """What a route's arguments stand for: the owner's ticket, which the department of `agent` has."""
    from tickets.actions import attaching
    from tickets.attachments import examine

    Incident.objects.create(slug=ARGUMENTS["slug"], title="Drill", started_at=timezone.now())
    message = ticket.messages.order_by("pk").first()
    with attaching.stored([examine("list.txt", b"a list")]) as files:
        attaching.attach(files, by=ticket.requester, ticket=ticket, message=message)
    return {
        "ticket": ticket.public_id,
        "file": files[0].public_id,
        "held": str(ticket.messages.get(delivery="held").pk),
        "question": str(SideConversation.objects.get().pk),
    }


# Part of a route -> which argument its number is
NUMBERS = (
    ("attachments/", "file"),
    ("files/", "file"),
    ("messages/<int:pk>", "held"),
    ("questions/<int:pk>", "question"),
)


def address(route: str, site: dict[str, Any]) -> str:
    """A route with its arguments filled in."""
    found = re.sub(r"\(\?P<url>.*", "none/", route.replace("^", "").replace("\\Z", "").replace("$", "").lstrip("/"))
    found = of_a_row(found)
    known, special = site["arguments"], dict(NUMBERS)
    number = next((known[what] for part, what in special.items() if part in route), "")

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name in ("public_id", "number"):
            return number if "files/" in route or "attachments/<" in route else known["ticket"]
        if number and name == "pk":
            return number
        return ARGUMENTS.get(name, "0" if kind in ("int", "path", "") or name.endswith("id") else "none")

    return "/" + re.sub(r"<([^>]+)>", fill, found)


PART = "([^/]+)"  # of an address that is written as a pattern


def of_a_row(route: str) -> str:
    """An address of a record in the admin, with one that is there: a refusal has to be one of rights."""
    named = re.match(rf"admin/(\w+)/(\w+)/(<path:object_id>|{re.escape(PART)})", route)
    if named is None:
        return route
    model = apps.get_model(named[1], named[2])
    route = route.replace(named[3], quote(str(row_of(model).pk)), 1)
    return route.replace(PART, str(version_of(model))) if PART in route else route


def signed_in(user: User) -> SimpleCookie:
    """The cookies of somebody's session, which each request finds as it was."""
    client = Client()
    client.force_login(user, backend="supportdesk.accounts.backends.RightsBackend")
    return client.cookies


def answered(site: dict[str, Any], path: str, method: str) -> dict[str, str]:
    return {column: str(_status(session, path, method)) for column, session in site["sessions"].items()}


def _status(session: SimpleCookie, path: str, method: str) -> int:
    client = Client(raise_request_exception=False)
    client.cookies = deepcopy(session)
    with transaction.atomic():
        status = client.generic(method, path).status_code
        transaction.set_rollback(True)
    return status


def test_every_address_is_in_the_table_and_no_other():
    known = {row["route"] for row in rows()}
    assert [route for route in routes() if route not in known] == []
    assert sorted(known - set(routes())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['route']}")
def test_everybody_is_answered_as_the_table_says(site, row):
    found = answered(site, address(row["route"], site), row["method"])
    assert found == {column: row[column] for column in ROLES}


def test_nobody_meets_a_broken_page():
    assert [row["route"] for row in rows() if any(int(row[column]) >= 500 for column in ROLES)] == []
