"""A certificate counts until it expires, or for some days after what it was earned with has changed."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.desks import join
from tests.tickets.dispatched import give_out, who_has
from tests.tickets.factories import TicketFactory, TopicFactory
from tickets.models import Agent, AgentCertificate
from tickets.roster import Roster

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def rui(agent: User) -> Agent:
    return join(agent, "en")


def grant(agent: Agent, skill: str = "kyc", **days: float) -> AgentCertificate:
    """A certificate of long ago; days count from now."""
    now = timezone.now()
    values = {name: now + number * DAY for name, number in days.items()}
    return AgentCertificate.objects.create(agent=agent, skill=skill, issued_at=now - 99 * DAY, **values)


@pytest.mark.parametrize(
    ("skill", "days", "left"),
    [
        ("kyc", {}, None),
        ("kyc", {"expires_at": 2}, 2),
        ("kyc", {"expires_at": -1}, -1),
        ("kyc", {"stale_since": 0}, 7),
        ("kyc", {"stale_since": -6}, 1),
        ("kyc", {"stale_since": -8}, -1),
        ("kyc", {"stale_since": -6, "expires_at": 0.5}, 0.5),
        ("kyc", {"stale_since": -6, "expires_at": 30}, 1),
        ("security", {"stale_since": -0.01}, -0.01),
        ("security", {"stale_since": 1}, 1),
        ("security", {}, None),
    ],
)
def test_a_certificate_ends_when_it_expires_or_some_days_after_it_was_outdated(
    rui: Agent, skill: str, days: dict[str, float], left: float | None
) -> None:
    row = grant(rui, skill, **days)
    now: datetime = timezone.now()
    assert AgentCertificate.objects.valid(now).exists() == (left is None or left > 0)
    if left is None:
        assert row.ends_at is None
    else:
        assert abs((row.ends_at - now) / DAY - left) < 0.01


def test_the_router_is_told_when_an_outdated_one_ends(rui: Agent) -> None:
    row = grant(rui, stale_since=-6)
    (state,) = Roster.at(timezone.now(), only=rui.pk, with_absent=True).states
    assert state.certificates == {("kyc", ""): row.ends_at.timestamp()}


def test_an_outdated_certificate_of_security_gets_no_more_tickets(rui: Agent) -> None:
    row = grant(rui, "security")
    ticket = TicketFactory(topic=TopicFactory(skill="security"))
    AgentCertificate.objects.filter(pk=row.pk).update(stale_since=timezone.now())
    assert (give_out(), who_has(ticket)) == (0, None)
    AgentCertificate.objects.filter(pk=row.pk).update(stale_since=None)
    assert (give_out(), who_has(ticket)) == (1, rui.person)


def test_an_agent_reads_until_when_an_outdated_one_counts(client: Client, rui: Agent) -> None:
    grant(rui, stale_since=-8)
    client.force_login(rui.person)
    assert "does not count" in client.get("/desk/me/").content.decode()


def test_a_lead_marks_one_as_outdated_in_the_admin(client: Client, administrator: User, rui: Agent) -> None:
    grant(rui)
    client.force_login(administrator)
    page = client.get(f"/admin/tickets/agent/{rui.pk}/change/").content.decode()
    assert 'name="certificates-0-stale_since_0"' in page
    assert "for seven more days" in page
