"""Programs of staff who do not see a ticket: it is not there for them, and nothing of it changes."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tickets.factories import TicketFactory
from tickets.actions import assigning, attaching, consulting, replying
from tickets.attachments import examine
from tickets.models import Message, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
WRITES = {
    "replies": ("post", {"body": "Which hash?", "version": 2}),
    "notes": ("post", {"body": "Known."}),
    "assignee": ("put", {"assignee": "me", "version": 2}),
    "status": ("put", {"status": "solved", "reason": "no_reply_needed", "version": 2}),
}


@pytest.fixture
def elsewhere(ticket, department, agent) -> Ticket:
    """A ticket that the front line has given to a department."""
    assigning.transfer(ticket, department, by=agent)
    ticket.refresh_from_db()
    return ticket


def state_of(ticket: Ticket) -> tuple[object, ...]:
    rows = (TicketEvent, Message)
    return Ticket.objects.filter(pk=ticket.pk).values().get(), *(
        row.objects.filter(ticket=ticket).count() for row in rows
    )


@pytest.mark.parametrize("what", WRITES)
def test_who_does_not_see_a_ticket_changes_nothing_of_it(desk, elsewhere, what):
    method, body = WRITES[what]
    before = state_of(elsewhere)
    answers = [
        getattr(desk, method)(f"desk/tickets/{number}/{what}", body) for number in (elsewhere.public_id, "absent")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert state_of(elsewhere) == before


@pytest.mark.parametrize("what", WRITES)
def test_the_same_is_done_for_who_sees_it(app_of, risk_agent, elsewhere, what):
    method, body = WRITES[what]
    before = state_of(elsewhere)
    answer = getattr(app_of(risk_agent, "desk"), method)(
        f"desk/tickets/{elsewhere.public_id}/{what}",
        {**body, "version": elsewhere.version} if "version" in body else body,
    )
    assert answer.status_code in (200, 201), answer.content
    assert state_of(elsewhere) != before


@pytest.mark.parametrize("what", WRITES)
def test_a_key_of_an_earlier_request_does_not_bring_back_a_ticket_that_has_moved_on(
    desk, ticket, department, team_lead, what
):
    """The same key answers as it did at first, but not to somebody who would not be answered now."""
    method, body = WRITES[what]
    path, key = f"desk/tickets/{ticket.public_id}/{what}", {"Idempotency_Key": "once"}
    body = {**body, "version": ticket.version} if "version" in body else body
    assert getattr(desk, method)(path, body, **key).status_code in (200, 201)
    assigning.transfer(Ticket.objects.get(pk=ticket.pk), department, by=team_lead)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
    assert getattr(desk, method)(path, body, **key).status_code == 404


@pytest.mark.parametrize("what", WRITES)
def test_who_works_here_no_more_changes_nothing(app_of, agent, ticket, what):
    method, body = WRITES[what]
    program, before = app_of(agent, "desk"), state_of(ticket)
    agent.groups.remove(Group.objects.get(name="Agents"))
    assert getattr(program, method)(f"desk/tickets/{ticket.public_id}/{what}", body).status_code == 403
    assert state_of(ticket) == before


@pytest.mark.parametrize("what", WRITES)
def test_a_token_that_reads_writes_nothing(app_of, agent, ticket, what):
    method, body = WRITES[what]
    before = state_of(ticket)
    refused = getattr(app_of(agent, "desk:read"), method)(f"desk/tickets/{ticket.public_id}/{what}", body)
    assert refused.status_code == 403
    assert state_of(ticket) == before


def file_on(ticket: Ticket) -> str:
    message = ticket.messages.order_by("pk").first()
    with attaching.stored([examine("list.txt", b"a list")]) as files:
        attaching.attach(files, by=ticket.requester, ticket=ticket, message=message)
    return files[0].public_id


def test_files_are_there_for_who_sees_their_ticket(desk, app_of, risk_agent, team_lead, elsewhere):
    path = f"desk/attachments/{file_on(elsewhere)}"
    refused = desk.get(path)
    assert refused.status_code == 404
    assert refused.content == desk.get("desk/attachments/absent").content
    for person in (risk_agent, team_lead):
        assert app_of(person, "desk").get(path).content == b"a list"


def test_who_is_asked_may_write(app_of, risk_agent, agent, ticket, other_agent, department):
    """A department that is asked sees the ticket, and so do its programs."""
    assigning.assign(ticket, other_agent, by=agent)
    consulting.ask_department(ticket, department, by=agent, subject="Late?", body="Is it late?")
    answer = app_of(risk_agent, "desk").post(f"desk/tickets/{ticket.public_id}/notes", {"body": "It is."})
    assert answer.status_code == 201


def test_a_trader_adds_no_file_to_a_request_of_somebody_else(app_of, other_trader, ticket):
    before = state_of(ticket)
    sent = [
        app_of(other_trader).upload(f"tickets/{number}/attachments", "See.", SimpleUploadedFile("list.txt", b"a list"))
        for number in (ticket.public_id, "absent")
    ]
    assert [answer.status_code for answer in sent] == [404, 404]
    assert sent[0].content == sent[1].content
    assert state_of(ticket) == before


def test_a_trader_reads_no_file_that_lies_beside_a_note(app, ticket, agent):
    """What staff keep on a ticket is theirs, on one's own request as well."""
    note = replying.write_note(ticket, "See the list.", by=agent)
    with attaching.stored([examine("list.txt", b"a list")]) as files:
        attaching.attach(files, by=agent, ticket=ticket, message=note)
    path = f"attachments/{files[0].public_id}"
    assert app.get(path).status_code == 404
    assert app.get(path).content == app.get("attachments/absent").content


def test_no_program_of_a_trader_reaches_the_desk(app_of, trader):
    ticket = TicketFactory(by=trader)
    for path in ("desk/tickets", f"desk/tickets/{ticket.public_id}", f"desk/tickets/{ticket.public_id}/messages"):
        assert app_of(trader).get(path).status_code == 403
