"""The history holds ids and codes; what somebody writes as a reason stands beside it, where it can be taken out."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import tokens
from supportdesk.accounts.models import User
from tickets.actions import assigning, moving, redacting
from tickets.actions.change import changing
from tickets.enums import EVENT_REASONS, DeclineReason, EventKind
from tickets.models import Decline, Department, EventNote, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
SEED = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"


def words_of(ticket: Ticket) -> list[str]:
    return list(EventNote.objects.filter(event__ticket=ticket).values_list("note", flat=True))


@pytest.fixture
def moved(ticket: Ticket, department: Department, agent: User, other_agent: User) -> Ticket:
    """Given away twice, each time with words."""
    assigning.assign(ticket, other_agent, by=agent, words="Gina's passport 1234567 is needed")
    assigning.transfer(ticket, department, by=other_agent, words="Passport 1234567:\n  ask them")
    return ticket


def test_words_stand_beside_the_event(moved: Ticket) -> None:
    assert words_of(moved) == ["Gina's passport 1234567 is needed", "Passport 1234567: ask them"]
    assert set(moved.events.values_list("reason", flat=True)) <= {"", *EVENT_REASONS}


def test_an_event_takes_nothing_but_codes(ticket: Ticket, agent: User) -> None:
    with pytest.raises(ValueError, match="words of people"), changing(ticket, by=agent) as change:
        change.record(EventKind.CHANGED, reason="because I say so")
    assert set(DeclineReason.values) < EVENT_REASONS


def test_nothing_is_kept_of_no_words(ticket: Ticket, agent: User, other_agent: User) -> None:
    assigning.assign(ticket, other_agent, by=agent, words=" \0 ")
    assert words_of(ticket) == []


def test_a_secret_is_taken_out_of_them(ticket: Ticket, agent: User, other_agent: User) -> None:
    assigning.assign(ticket, other_agent, by=agent, words=f"The customer sent {SEED}")
    assert "abandon" not in words_of(ticket)[0]


def test_colleagues_read_them_and_the_customer_does_not(moved: Ticket, trader: User, team_lead: User) -> None:
    at_desk, outside = Client(), Client()
    at_desk.force_login(team_lead)
    outside.force_login(trader)
    for name in ("thread", "print"):
        page = at_desk.get(reverse(f"workspace:{name}", args=[moved.public_id])).content.decode()
        assert '<q dir="auto" hx-disable>Gina&#x27;s passport 1234567 is needed</q>' in page
    assert "1234567" not in outside.get(f"/en/tickets/{moved.public_id}/").content.decode()


def test_redaction_finds_them(moved: Ticket, other_agent: User, team_lead: User) -> None:
    assigning.assign(moved, team_lead, by=team_lead)
    assigning.decline_ticket(moved, by=team_lead, reason=DeclineReason.OTHER, note="I know 1234567")
    places = redacting.redact_message(moved.messages.first(), ["1234567"], by=team_lead)
    assert places == 3
    kept = [*words_of(moved), *Decline.objects.values_list("note", flat=True)]
    assert len(kept) == 3
    assert not any("1234567" in words for words in kept)


def test_notes_of_events_go_with_the_ticket(moved: Ticket) -> None:
    Ticket.objects.filter(pk=moved.pk).delete()
    assert not EventNote.objects.exists()


@pytest.mark.parametrize(
    ("sent", "reason", "words"),
    [("no_reply_needed", "no_reply_needed", []), ("", "", []), ("Solved by phone", "", ["Solved by phone"])],
)
def test_the_api_tells_codes_from_words(
    client: Client, ticket: Ticket, agent: User, sent: str, reason: str, words: list[str]
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(unanswered_since=None)
    token = tokens.make_token(agent, "Desk", ["desk:read", "desk:write"]).key
    answer = client.put(
        f"/api/v1/desk/tickets/{ticket.public_id}/status",
        {"status": "solved", "version": ticket.version, "reason": sent},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    assert ticket.events.last().reason == reason
    assert words_of(ticket) == words


def test_taking_up_again_keeps_words_as_well(ticket: Ticket, agent: User) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(unanswered_since=None, status="open")
    moving.wait_for_customer(ticket, by=agent)
    moving.take_up_again(ticket, by=agent, words="He called")
    assert (ticket.events.last().reason, words_of(ticket)) == ("taken_up", ["He called"])


def test_words_of_before_leave_the_events_and_come_back(ticket: Ticket, agent: User) -> None:
    migration = import_module("tickets.migrations.0026_event_notes")
    assert set(migration.REASONS) == EVENT_REASONS
    old = [
        TicketEvent(ticket=ticket, kind="assigned", by=agent, role="agent", to_status="new", version=2, reason=reason)
        for reason in ("Speaks Korean", "routed", "")
    ]
    TicketEvent.objects.bulk_create(old)
    migration.move_words(apps, None)
    found = TicketEvent.objects.filter(version=2).values_list("reason", "words__note")
    assert list(found) == [("", "Speaks Korean"), ("routed", None), ("", None)]
    migration.move_words_back(apps, None)
    assert list(TicketEvent.objects.filter(version=2).values_list("reason", flat=True)) == [
        "Speaks Korean",
        "routed",
        "",
    ]
