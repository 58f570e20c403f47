"""Two leads have to do with one incident at the same moment: it ends in one state, and nobody meets an error."""

import pytest
from django.utils import timezone

from tests.at_once import at_once, overlapping
from tickets.actions import incidents
from tickets.enums import EventKind, IncidentState
from tickets.errors import TransitionNotAllowed
from tickets.models import Incident, Ticket, TicketEvent

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def rights(team_lead, second_lead):
    """Read before the race."""
    for person in (team_lead, second_lead):
        person.has_perm("tickets.lead_ticket")


def test_nothing_joins_an_incident_that_is_being_closed(incident, ticket, team_lead, second_lead):
    outcomes = overlapping(
        lambda: incidents.close_incident(incident, by=team_lead),
        lambda: incidents.link_tickets(incident, [Ticket.objects.get(pk=ticket.pk)], by=second_lead),
    )
    assert isinstance(outcomes[1], TransitionNotAllowed)
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED
    assert not incident.members.linked().exists()
    assert not TicketEvent.objects.filter(kind=EventKind.JOINED_INCIDENT).exists()


def test_incidents_of_one_title_opened_at_once_have_addresses_of_their_own(team_lead, second_lead):
    now = timezone.now()
    outcomes = at_once(
        *(
            lambda by=by: incidents.open_incident("Deposits late", by=by, started_at=now)
            for by in (team_lead, second_lead)
        )
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert set(Incident.objects.values_list("slug", flat=True)) == {"deposits-late", "deposits-late-2"}
