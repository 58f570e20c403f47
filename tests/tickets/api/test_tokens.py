"""Who gets in: a key that counts, with the scopes and the rights of its person, so many times a minute."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from supportdesk.accounts import idempotency, tokens
from supportdesk.accounts.models import ApiToken, KeptKey
from tests.tickets.factories import answered
from tickets.enums import Status

pytestmark = pytest.mark.django_db


def test_a_key_is_not_stored_and_cannot_be_made_from_what_is(trader):
    made = tokens.make_token(trader, "My app", ["tickets:read"])
    row = ApiToken.objects.values().get()
    assert not any(made.key in str(value) or made.key.split("_")[-1] in str(value) for value in row.values())
    assert len(made.key.split("_", 2)[2]) == 43
    assert made.key.startswith(made.token.prefix)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer " + "x" * 5000, "Bearer é"])
def test_nobody_gets_in_without_a_key_that_counts(header):
    answer = Client().get("/api/v1/tickets", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_counts_for_nothing(client, trader):
    client.force_login(trader, backend="supportdesk.accounts.backends.RightsBackend")
    assert client.get("/api/v1/tickets").status_code == 401
    assert client.post("/api/v1/tickets", {}, content_type="application/json").status_code == 401


def test_a_key_that_was_taken_back_has_run_out_or_whose_person_has_left_does_not_count(trader, agent, app_of):
    ends = timezone.now() + timedelta(hours=1)
    short = tokens.make_token(trader, "Short", ["tickets:read"], expires_at=ends)
    taken = tokens.make_token(trader, "Taken", ["tickets:read"])
    tokens.revoke_token(taken.token, by=trader)
    left = app_of(agent)
    agent.is_active = False
    agent.save()
    for key in (taken.key, left.key):
        assert Client().get("/api/v1/tickets", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    with time_machine.travel(ends + timedelta(seconds=1)):
        assert tokens.find(short.key) is None


def test_a_token_does_what_it_was_made_for(trader, agent, app_of, ticket):
    assert app_of(trader, "tickets:read").post(f"tickets/{ticket.public_id}/solve").status_code == 403
    assert app_of(trader, "tickets:write").get("tickets").status_code == 403
    assert app_of(agent, "desk:read").post(f"desk/tickets/{ticket.public_id}/notes", {"body": "x"}).status_code == 403
    assert app_of(agent, "tickets").get("desk/tickets").status_code == 403


def test_rights_that_end_end_for_the_token_too(agent, desk):
    assert desk.get("desk/tickets").status_code == 200
    agent.groups.clear()
    assert desk.get("desk/tickets").status_code == 403


def test_nobody_gives_away_what_they_may_not_do(trader, agent):
    for scopes in (["desk:read"], ["no:such"], []):
        with pytest.raises(ValidationError):
            tokens.make_token(trader, "x", scopes)
    with pytest.raises(ValidationError):
        tokens.make_token(trader, " ", ["tickets:read"])
    with pytest.raises(ValidationError):
        tokens.make_token(trader, "x", ["tickets:read"], expires_at=timezone.now())
    with pytest.raises(PermissionDenied):
        tokens.make_token(trader, "x", ["tickets:read"], by=agent)
    assert not ApiToken.objects.exists()


def test_only_its_person_or_an_administrator_takes_a_token_back(trader, other_trader, administrator):
    token = tokens.make_token(trader, "x", ["tickets:read"]).token
    with pytest.raises(PermissionDenied):
        tokens.revoke_token(token, by=other_trader)
    tokens.revoke_token(token, by=administrator)
    assert not ApiToken.objects.usable(timezone.now()).exists()


def test_a_token_has_its_minute(settings, app, app_of, other_trader):
    settings.API_REQUESTS_PER_MINUTE = 2
    with time_machine.travel("2026-11-22T10:00:50Z", tick=False) as clock:
        assert [app.get("tickets").status_code for _ in range(3)] == [200, 200, 429]
        refused = app.get("tickets")
        assert refused["Retry-After"] == "10"
        assert refused.json()["type"] == "urn:problem:too-many-requests"
        assert app_of(other_trader).get("tickets").status_code == 200
        clock.shift(10)
        assert app.get("tickets").status_code == 200


def test_a_token_tells_when_it_was_used(app):
    app.get("tickets")
    assert timezone.now() - ApiToken.objects.get().last_used_at < timedelta(minutes=1)


def test_staff_make_a_token_that_is_shown_once(client, agent):
    client.force_login(agent, backend="supportdesk.accounts.backends.RightsBackend")
    sent = {"name": "Nightly report", "scopes": ["desk:read"]}
    page = client.post("/admin/accounts/apitoken/add/", sent)
    token = ApiToken.objects.get()
    assert token.person == agent
    assert "no-store" in page["Cache-Control"]
    key = page.content.decode().split('translate="no">')[1].split("<")[0]
    assert tokens.find(key) == token
    listed = client.get("/admin/accounts/apitoken/").content.decode()
    assert token.prefix in listed
    assert key not in listed
    client.post("/admin/accounts/apitoken/", {"action": "take_back", "_selected_action": [token.pk]})
    assert tokens.find(key) is None


def test_staff_see_and_take_back_their_own_alone(client, agent, other_agent, administrator):
    others = tokens.make_token(other_agent, "Theirs", ["desk:read"]).token
    client.force_login(agent, backend="supportdesk.accounts.backends.RightsBackend")
    assert others.prefix not in client.get("/admin/accounts/apitoken/").content.decode()
    client.post("/admin/accounts/apitoken/", {"action": "take_back", "_selected_action": [others.pk]})
    assert ApiToken.objects.usable(timezone.now()).filter(pk=others.pk).exists()
    assert client.post("/admin/accounts/apitoken/add/", {"name": "x", "scopes": ["root"]}).status_code == 200
    client.force_login(administrator, backend="supportdesk.accounts.backends.RightsBackend")
    assert others.prefix in client.get("/admin/accounts/apitoken/").content.decode()


def test_an_operator_makes_a_token_for_a_trader(trader, capsys):
    call_command("make_api_token", trader.email, "My app", "--scope", "tickets:read", "--days", "30")
    found = tokens.find(capsys.readouterr().out.strip())
    assert found.person == trader
    assert found.scopes == ["tickets:read"]
    assert timedelta(days=29) < found.expires_at - timezone.now() < timedelta(days=31)


def test_keys_of_requests_are_forgotten_after_a_week(trader):
    idempotency.once(trader, "old", "x", lambda: "1")
    KeptKey.objects.update(kept_at=timezone.now() - timedelta(days=8))
    idempotency.once(trader, "new", "x", lambda: "2")
    assert idempotency.forget() == 1
    assert KeptKey.objects.get().key == "new"


def test_a_token_that_may_only_write_reads_no_words_of_a_request_that_it_changes(app_of, trader, agent, ticket):
    answered(ticket, by=agent, then=Status.SOLVED)
    writer, path = app_of(trader, "tickets:write"), f"tickets/{ticket.public_id}"
    changes = [
        lambda: writer.post(f"{path}/solve"),
        lambda: writer.post(f"{path}/reopen"),
        lambda: writer.post(f"{path}/solve"),
        lambda: writer.put(f"{path}/rating", {"score": 4}),
    ]
    for change in changes:
        answer = change()
        assert answer.status_code == 200, answer.content
        shown = answer.json()
        assert (shown["subject"], shown["details"], shown["public_id"]) == ("", {}, ticket.public_id)
    both = app_of(trader)
    assert both.put(f"{path}/rating", {"score": 4}).json()["subject"] == ticket.subject


def test_nor_does_one_of_staff(app_of, agent, ticket):
    writer = app_of(agent, "desk:write")
    for path, values in (("assignee", {"assignee": "me"}), ("status", {"status": "open"})):
        ticket.refresh_from_db()
        sent = {**values, "version": ticket.version}
        answer = writer.put(f"desk/tickets/{ticket.public_id}/{path}", sent)
        assert answer.status_code == 200, answer.content
        shown = answer.json()
        assert (shown["subject"], shown["requester"], shown["details"], shown["tags"]) == ("", "", {}, [])
        assert ticket.subject not in answer.content.decode()
