"""What drills find on a site, and that no site which serves people lets them in."""

import json
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
