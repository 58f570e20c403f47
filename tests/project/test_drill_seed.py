"""What drills find on a site, and that no site which serves people lets them in."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from helpcenter.models import Article
from supportdesk import checks
from supportdesk.accounts.models import User
from tickets.models import Ticket

ROLES = {
    "customer_a", "customer_b", "customer_c", "org_mate", "agent", "agent_other", "lead", "vault_officer", "editor",
    "translator", "admin",
}  # fmt: skip

# What a part of the contract holds, and what of it there is not in this release
FIELDS = {
    "users": {"email", "password", "totp", "role"},
    "tickets": {"public_id", "url", "desk_url", "vault_url", "owner"},
    "articles": {"state", "lang", "slug", "title", "canary", "id", "admin_url"},
    "urls": {
        "login", "logout", "submit", "search", "suggest", "setlang", "reset", "profile", "password_change", "exports",
        "health", "metrics",
    },
}  # fmt: skip
NOT_YET = {("users", "totp"), ("tickets", "vault_url"), ("urls", "setlang"), ("urls", "metrics")}
# By the number of a ticket: who of the desk has no business there, as it lies in another department
STRANGERS = {0: "agent_other", 2: "agent_other", 3: "agent_other", 5: "agent"}


def seeded() -> dict:
    out = StringIO()
    call_command("drill_seed", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_everybody_and_everything_is_there_and_the_same_at_every_run(client):
    first, again = seeded(), seeded()
    assert set(first["users"]) == ROLES
    assert [ticket["public_id"] for ticket in first["tickets"]] == [ticket["public_id"] for ticket in again["tickets"]]
    assert (Ticket.objects.count(), Article.objects.count()) == (6, len(again["articles"]))
    assert User.objects.count() == len(ROLES)
    for person in again["users"].values():
        assert User.objects.get(email=person["email"]).check_password(person["password"])


def rows(found: dict) -> Iterator[tuple[str, dict]]:
    """Every row with the part that it belongs to."""
    yield from (("users", row) for row in found["users"].values())
    yield from ((part, row) for part in ("tickets", "articles") for row in found[part])
    yield "urls", found["urls"]


@pytest.mark.django_db
def test_nothing_is_missing_but_what_is_said_to_be():
    found = seeded()
    assert set(found) == set(FIELDS)
    for part, row in rows(found):
        assert set(row) == FIELDS[part], part
    missing = {(part, name) for part, row in rows(found) for name, value in row.items() if value in (None, "", [])}
    assert missing == NOT_YET


def status(client, url: str, person: dict | None = None) -> int:
    """What somebody gets there."""
    client.logout()
    if person is not None:
        client.force_login(User.objects.get(email=person["email"]))
    return client.get(url).status_code


@pytest.mark.django_db
def test_every_ticket_is_where_it_is_said_to_be(client):
    found = seeded()
    people = found["users"]
    for number, ticket in enumerate(found["tickets"]):
        assert status(client, ticket["url"], people[ticket["owner"]]) == 200
        for role in ("agent", "agent_other", "lead"):
            expected = 404 if STRANGERS.get(number) == role else 200
            assert status(client, ticket["desk_url"], people[role]) == expected, (number, role)


@pytest.mark.django_db
def test_every_other_address_answers(client):
    found = seeded()
    people, urls = found["users"], found["urls"]
    for name in ("login", "submit", "search", "suggest", "reset", "health"):
        assert status(client, urls[name]) == 200, name
    for name in ("logout", "profile", "password_change"):
        assert status(client, urls[name], people["customer_a"]) == 200, name
    for url in (*urls["exports"], *(article["admin_url"] for article in found["articles"])):
        assert status(client, url, people["admin"]) == 200, url


@pytest.mark.django_db
def test_only_what_is_public_shows_its_canary(client):
    for article in seeded()["articles"]:
        answer = client.get(f"/{article['lang']}/articles/{article['slug']}/")
        shown = article["state"] in ("published", "zh_only")
        assert (article["canary"] in answer.content.decode()) == shown, article["state"]


@pytest.mark.django_db
def test_a_site_that_serves_people_refuses(settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="serves nobody"):
        seeded()
    assert User.objects.count() == 0


def test_the_switch_is_an_error_on_such_a_site(settings):
    settings.DEBUG_DRILL = True
    assert checks.drills_are_off(None) == []
    settings.IS_PRODUCTION = True
    assert [found.id for found in checks.drills_are_off(None)] == ["supportdesk.E001"]
