"""Two leads have to do with one incident at the same moment: it ends in one state, and nobody meets an error."""

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from tests.at_once import OVERLAP, at_once, overlapping
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


def test_one_lead_takes_out_what_another_links(incident, ticket, team_lead, second_lead):
    """Who takes a ticket out has it locked, and the row that says so names the incident; who links it has the incident
    locked, and waits for the ticket."""
    is_taken_out = threading.Event()

    def take_out():
        with transaction.atomic():
            change_of_it = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
            is_taken_out.set()
            time.sleep(OVERLAP)  # the other has locked the incident meanwhile
            return incidents.take_out(incident, [change_of_it], by=team_lead)

    def link():
        is_taken_out.wait()
        return incidents.link_tickets(incident, [Ticket.objects.get(pk=ticket.pk)], by=second_lead)

    assert at_once(take_out, link) == [1, 1]
    assert incident.members.linked().count() == 1


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
