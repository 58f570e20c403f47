"""Questions whose SQL is written once for all of a rank answer each person with what is theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from tests.tickets.factories import TicketFactory
from tickets.access import Access
from tickets.models import Department, Ticket
from tickets.models.ticket import named_ticket
from tickets.workspace import queries
from tickets.workspace.queries import VIEWS, Asked

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NAMES = ("topic", "department", "requester", "assignee")


@pytest.fixture
def doors(agent, other_agent, risk_agent, team_lead):
    return [Access.of_staff(person) for person in (agent, other_agent, risk_agent, team_lead)]


def stored(topic, **values):
    ticket = TicketFactory(topic=topic)
    Ticket.objects.filter(pk=ticket.pk).update(**values)
    return ticket


@pytest.fixture
def several(topic, department, doors):
    """Tickets of everybody, in every state that a list asks for."""
    now = timezone.now()
    for access in doors:
        for status in ("open", "pending", "on_hold", "solved"):
            stored(topic, status=status, assignee=access.user, next_due_at=now + timedelta(days=1))
    stored(topic, department=department, next_due_at=now + queries.SOON / 2)
    stored(topic, snoozed_until=now + queries.SOON)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("narrowed", [{}, {"status": "solved"}, {"language": "en"}])
def test_each_person_gets_their_own_list(several, doors, view, narrowed):
    asked, now = Asked(view=view, **narrowed), timezone.now()
    wanted = [queries.rows_of(asked, access, now) for access in doors]
    for access, rows in zip(doors, wanted, strict=True):
        found, _ = queries.page_of(asked, access, now)
        assert {ticket.pk for ticket in found} == {ticket.pk for ticket in rows}
    assert [queries.counts([asked], access, now) for access in doors] == [[rows.count()] for rows in wanted]


@pytest.mark.parametrize("large", [first + place for first in (2_000_000_000, 2_100_000_000) for place in range(3)])
def test_a_large_number_is_nobody(several, doors, large):
    agent, *_ = doors
    now, nobodys = timezone.now(), Asked(assignee=large)
    assert queries.page_of(Asked(assignee=agent.user.pk), agent, now)[0] != []
    assert queries.page_of(nobodys, agent, now) == ([], "")
    assert queries.counts([nobodys], agent, now) == [0]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8])
def test_what_a_search_has_found_is_listed_however_many_there_are(several, doors, count):
    asked = Asked(ids=tuple(Ticket.objects.order_by("pk").values_list("pk", flat=True)[:count]))
    found, _ = queries.page_of(asked, doors[-1], timezone.now())
    assert sorted(ticket.pk for ticket in found) == list(asked.ids)


def test_searches_of_about_as_many_share_a_statement(several, doors, monkeypatch):
    first, *others = Ticket.objects.order_by("pk").values_list("pk", flat=True)
    queries.page_of(Asked(ids=tuple(others[:7])), doors[-1], timezone.now())
    monkeypatch.setattr(queries._page, "_build", None)
    found, _ = queries.page_of(Asked(ids=(first, *others[:4])), doors[-1], timezone.now())
    assert len(found) == 5


def test_the_moment_of_a_list_is_the_moment_of_asking(topic, agent):
    asleep_until = timezone.now() + queries.SOON
    stored(topic, snoozed_until=asleep_until)
    access, later = Access.of_staff(agent), asleep_until + queries.SOON
    assert queries.page_of(Asked(), access, timezone.now())[0] == []
    assert len(queries.page_of(Asked(), access, later)[0]) == 1


def test_a_ticket_is_the_one_that_its_door_shows(several, doors):
    for access in doors:
        seen = set(Ticket.objects.visible_to(access).values_list("public_id", flat=True))
        for ticket in Ticket.objects.all():
            assert (named_ticket(ticket.public_id, access) is not None) == (ticket.public_id in seen)
    assert named_ticket("nothing", doors[0]) is None


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_ticket_names_what_it_belongs_to(several, doors, language, django_assert_num_queries):
    access = doors[-1]
    assert access.leads  # and their rights are known
    with translation.override(language):
        for ticket in Ticket.objects.with_names():
            with django_assert_num_queries(1):
                found = named_ticket(ticket.public_id, access)
                assert [str(getattr(found, name)) for name in NAMES] == [str(getattr(ticket, name)) for name in NAMES]
            for field in Ticket._meta.concrete_fields:
                assert getattr(found, field.attname) == getattr(ticket, field.attname)
            if found.department is not None:
                assert found.department == Department.objects.get(pk=ticket.department_id)
