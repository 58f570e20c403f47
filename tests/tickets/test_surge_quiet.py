"""During a surge requests are acknowledged once, pages ask less often, and nobody is asked to rate."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, answered
from tests.tickets.surges import stand
from tickets.actions import alerting
from tickets.arrivals import TOTAL
from tickets.channels.tasks import ask_ratings_due
from tickets.enums import EventKind, MessageKind, Status
from tickets.models import Clock, SurgeSetup, SurgeText, Ticket, Topic
from tickets.surge import State

pytestmark = pytest.mark.django_db


# Acknowledgements


def test_a_new_request_is_acknowledged_once_in_its_language(surge_text: SurgeText, trader: User, topic: Topic) -> None:
    stand(State.SURGE, streams=[TOTAL])
    ticket = TicketFactory(by=trader, topic=topic, language="ko")
    event = ticket.events.get(kind=EventKind.CREATED)
    alerting.acknowledge(event.pk)
    alerting.acknowledge(event.pk)
    message = ticket.messages.get(kind=MessageKind.AUTOMATIC)
    assert message.body.startswith("문의가 접수되었습니다")


def test_an_acknowledgement_stops_no_clock(surge_text: SurgeText, created: Any, ticket: Ticket) -> None:
    before = list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since"))
    stand(State.SURGE)
    alerting.acknowledge(created.pk)
    assert list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since")) == before
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_reply_at, ticket.message_count) == ("new", None, 2)


@pytest.mark.parametrize("state", [State.NORMAL, State.WATCH, State.RECOVERY])
def test_outside_of_a_surge_nobody_is_acknowledged(
    state: State, surge_text: SurgeText, created: Any, ticket: Ticket
) -> None:
    stand(state)
    alerting.acknowledge(created.pk)
    assert not ticket.messages.filter(kind=MessageKind.AUTOMATIC).exists()


def test_an_operator_may_switch_acknowledgements_off(surge_text: SurgeText, created: Any, ticket: Ticket) -> None:
    SurgeSetup.objects.create(acknowledges=False)
    stand(State.SURGE)
    alerting.acknowledge(created.pk)
    assert ticket.messages.count() == 1


# What else slows down


def test_pages_ask_less_often_during_a_surge_and_as_before_after_it(
    ticket: Ticket, trader: User, client: Client
) -> None:
    client.force_login(trader)
    path = f"/en/tickets/{ticket.public_id}/updates?since=1"
    stand(State.SURGE)
    assert client.get(path).headers["X-Poll-After"] == "60"
    stand(State.RECOVERY)
    caches["pages"].clear()  # half a minute later
    assert "X-Poll-After" not in client.get(path).headers


def test_the_screens_of_the_desk_ask_less_often_too(ticket: Ticket, team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    pages = {"lead": reverse("workspace:lead"), "thread": reverse("workspace:thread", args=[ticket.public_id])}
    news = {"lead": reverse("workspace:lead-updates"), "thread": reverse("workspace:updates", args=[ticket.public_id])}

    def asked() -> dict[str, tuple[str, str]]:
        caches["pages"].clear()  # half a minute later
        found = {name: client.get(address).content.decode() for name, address in pages.items()}
        polls = {name: page.partition(' data-poll="')[2].partition('"')[0] for name, page in found.items()}
        return {name: (polls[name], client.get(news[name]).headers["X-Poll-After"]) for name in news}

    assert asked() == {"lead": ("20", "20"), "thread": ("5", "5")}
    stand(State.SURGE)
    assert asked() == {"lead": ("60", "60"), "thread": ("15", "15")}


def test_nobody_is_asked_to_rate_during_a_surge(ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent, then=Status.SOLVED)
    later = timezone.now() + timedelta(hours=2)
    stand(State.SURGE)
    assert ask_ratings_due(later) == 0
    stand(State.NORMAL)
    assert ask_ratings_due(later) == 1
