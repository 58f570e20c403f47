"""Rows whose INSERT and UPDATE are written once are kept as Django keeps them."""

from datetime import datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from helpcenter.models import Announcement
from supportdesk.outbox.models import Outbox
from supportdesk.ui import written
from tests.tickets import factories
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both]

OWN = {field.attname for field in Ticket._meta.concrete_fields} - {"id", "public_id", "requester_id"}


def owed(number, at):
    return Outbox(event_kind="opened", event_id=number, consumer="one", next_at=at)


def held(row, names):
    return {name: getattr(row, name) for name in names}


def test_a_row_is_kept_as_django_keeps_it():
    model = factories.TicketFactory(details={"coin": "USDT", "note": "ж"})
    row = Ticket(requester=model.requester, **held(model, OWN))
    written.insert([row])
    assert row.pk != model.pk
    assert not row._state.adding
    assert held(Ticket.objects.get(pk=row.pk), OWN) == held(Ticket.objects.get(pk=model.pk), OWN)


def test_the_second_row_has_its_own_values():
    first, second = factories.TicketFactory(), factories.TicketFactory()
    for ticket, body in ((first, "one"), (second, "two")):
        written.insert([Message(ticket=ticket, kind="note", body=body)])
    assert [message.body for message in first.messages.filter(kind="note")] == ["one"]
    assert [message.body for message in second.messages.filter(kind="note")] == ["two"]


def test_several_rows_are_one_statement_and_get_their_numbers():
    ticket = factories.TicketFactory()
    rows = [Message(ticket=ticket, kind="note", body=str(number)) for number in range(3)]
    with CaptureQueriesContext(connection) as captured:
        written.insert(rows)
    assert len(captured) == 1
    notes = ticket.messages.filter(kind="note")
    assert {row.pk: row.body for row in rows} == dict(notes.values_list("pk", "body"))


def test_a_moment_of_another_zone_is_the_same_moment():
    at = datetime(2026, 5, 6, 7, 8, 9, 10, tzinfo=timezone(timedelta(hours=9)))
    written.insert([owed(7, at)])
    row = Outbox.objects.get(event_kind="opened", event_id=7)
    assert row.next_at == at
    before = written.standing(row)
    row.next_at += timedelta(microseconds=1)
    written.update(row, before)
    assert Outbox.objects.get(pk=row.pk).next_at == at + timedelta(microseconds=1)


def test_what_there_is_already_is_ignored_or_refused():
    at = factories.TicketFactory().created_at
    written.insert([owed(1, at)], ignore_conflicts=True)
    written.insert([owed(1, at)], ignore_conflicts=True)
    assert Outbox.objects.filter(event_kind="opened").count() == 1
    with pytest.raises(IntegrityError):
        written.insert([owed(1, at)])


def test_a_row_that_names_one_without_a_number_is_refused():
    unsaved = Ticket(requester=factories.TicketFactory().requester)
    with pytest.raises(ValueError, match="unsaved"):
        written.insert([Message(ticket=unsaved, kind="note", body="lost")])


def test_an_update_writes_what_has_changed_and_nothing_else():
    ticket = factories.TicketFactory(subject="Before", details={"coin": "BTC"})
    before = written.standing(ticket)
    ticket.subject, ticket.updated_at = "After", ticket.updated_at + timedelta(hours=1)
    ticket.details["coin"] = "ETH"  # the same mapping, with something else in it
    Ticket.objects.filter(pk=ticket.pk).update(hold_reason="written by somebody else")
    written.update(ticket, before)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.subject, stored.details, stored.updated_at) == ("After", {"coin": "ETH"}, ticket.updated_at)
    assert stored.hold_reason == "written by somebody else"


def test_another_person_is_written_by_the_number():
    ticket, other = factories.TicketFactory(), factories.TicketFactory().requester
    before = written.standing(ticket)
    ticket.assignee = other
    written.update(ticket, before)
    assert Ticket.objects.get(pk=ticket.pk).assignee == other


def test_an_update_of_a_row_that_is_gone_says_so():
    ticket = factories.TicketFactory()
    before = written.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).delete()
    ticket.subject = "Too late"
    with pytest.raises(Ticket.DoesNotExist):
        written.update(ticket, before)


def test_a_class_with_the_moment_of_its_last_change_is_refused():
    row = Announcement(pk=1, slug="before")
    before = written.standing(row)
    row.slug = "after"
    with pytest.raises(TypeError, match="auto_now"):
        written.update(row, before)
