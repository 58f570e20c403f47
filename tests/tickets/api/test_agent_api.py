"""Programs of staff: the queue and the tickets that their person sees, and what that person may do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import assigning, replying
from tickets.enums import Status
from tickets.models import Message, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["public_id"] for item in answer.json()["items"]]


def test_the_queue_is_that_of_the_person(desk, app_of, ticket, agent, team_lead, department):
    assert numbers(desk.get("desk/tickets")) == [ticket.public_id]
    assigning.transfer(ticket, department, by=agent)
    assert numbers(desk.get("desk/tickets")) == []
    assert desk.get(f"desk/tickets/{ticket.public_id}").status_code == 404
    assert numbers(app_of(team_lead, "desk").get("desk/tickets")) == [ticket.public_id]


def test_the_queue_is_narrowed(desk, agent, ticket):
    late = TicketFactory(overdue=True, language="ja", topic=TopicFactory(key="api"))
    mine = assigning.take(TicketFactory(), by=agent)
    solved = answered(TicketFactory(), by=agent, then=Status.SOLVED)
    urgent = TicketFactory()
    Ticket.objects.filter(pk=urgent.pk).update(priority="urgent")
    for query, expected in {
        "overdue=true": [late],
        "language=ja": [late],
        "topic=api": [late],
        "assignee=me": [mine],
        "status=solved": [solved],
        "priority=urgent": [urgent],
        "department=none&language=ja": [late],
        "department=nowhere": [],
        "status=open&assignee=me": [mine],
    }.items():
        assert numbers(desk.get(f"desk/tickets?{query}")) == [row.public_id for row in expected], query
    assert set(numbers(desk.get("desk/tickets?assignee=none"))) == {t.public_id for t in (ticket, late, urgent)}


@pytest.mark.parametrize(
    "query",
    ["status=unknown", "priority=0", "assignee=5", "order=password", "overdue=perhaps", "limit=0", "limit=101",
     "limit=999999999999999999999999", "limit=x", "limit=1e3", "cursor=x", "cursor=" + "x" * 500],
)  # fmt: skip
def test_filters_that_mean_nothing_are_refused(desk, query):
    answer = desk.get(f"desk/tickets?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.partition("=")[0]


def test_what_nobody_offers_is_left_aside(desk, ticket):
    for query in ("ordering=password", "requester__password__startswith=a", "page_size=1000000000", "expand=requester"):
        answer = desk.get(f"desk/tickets?{query}")
        assert answer.status_code in (200, 422)
        assert "password" not in answer.content.decode() or answer.status_code == 422


def test_staff_read_notes_and_held_replies(desk, ticket, agent):
    replying.write_note(ticket, "Ask the risk team.", by=agent)
    replying.reply(ticket, "We look into it.", by=agent)
    told = desk.get(f"desk/tickets/{ticket.public_id}/messages").json()["items"]
    assert [(message["kind"], message["delivery"]) for message in told] == [
        ("customer", "sent"), ("note", "sent"), ("reply", "held"),
    ]  # fmt: skip


def test_a_reply_is_held_and_brings_its_status(desk, ticket):
    sent = desk.post(
        f"desk/tickets/{ticket.public_id}/replies", {"body": "Which hash?", "version": 1, "then": "pending"}
    )
    assert sent.status_code == 201
    assert sent.json()["delivery"] == "held"
    assert Message.objects.get(kind="reply").then_status == Status.PENDING


def test_a_reply_that_knows_too_little_is_refused_with_what_is_new(desk, ticket, trader):
    replying.write_to_ticket(ticket, "It has arrived.", by=trader)
    refused = desk.post(f"desk/tickets/{ticket.public_id}/replies", {"body": "Which hash?", "version": 1})
    assert refused.status_code == 409
    told = refused.json()
    assert (told["type"], told["field"], told["version"]) == ("urn:problem:stale", "version", 2)
    assert [event["kind"] for event in told["news"]] == ["customer_wrote"]
    listed = desk.get(f"desk/tickets/{ticket.public_id}/messages").json()["items"]
    assert told["news"][0]["message"] == listed[-1]["id"]
    assert not Message.objects.filter(kind="reply").exists()


def test_a_reply_that_asks_for_a_secret_is_refused(desk, ticket):
    refused = desk.post(
        f"desk/tickets/{ticket.public_id}/replies", {"body": "Please send us your seed phrase.", "version": 1}
    )
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:problem:secret-found"
    assert refused.json()["field"] == "body"


def test_a_note_stays_inside(desk, app, ticket):
    assert desk.post(f"desk/tickets/{ticket.public_id}/notes", {"body": "Known customer."}).status_code == 201
    assert "Known customer." not in app.get(f"tickets/{ticket.public_id}/messages").content.decode()


def test_a_ticket_is_taken_given_and_put_back(desk, ticket, agent, other_agent):
    path = f"desk/tickets/{ticket.public_id}/assignee"
    taken = desk.put(path, {"assignee": "me", "version": 1})
    assert taken.json()["assignee"] == str(agent)
    given = desk.put(path, {"assignee": other_agent.email, "version": taken.json()["version"]})
    assert given.json()["assignee"] == str(other_agent)
    version = given.json()["version"]
    refused = desk.put(path, {"assignee": "me", "version": version})
    assert refused.status_code == 409
    assert str(other_agent) in refused.json()["detail"]
    assert desk.put(path, {"assignee": None, "version": version}).json()["assignee"] is None


@pytest.mark.parametrize("address", ["toma@example.com", "nobody@example.com", "", "x" * 300])
def test_a_ticket_is_given_to_nobody_who_does_not_work_here(desk, ticket, address):
    refused = desk.put(f"desk/tickets/{ticket.public_id}/assignee", {"assignee": address, "version": 1})
    assert refused.status_code == 422
    assert refused.json()["field"] == "assignee"


def test_a_ticket_is_moved_where_it_may_go(desk, app_of, team_lead, ticket, department, agent):
    path = f"desk/tickets/{ticket.public_id}/status"

    def move(status, by=desk, **more):
        version = Ticket.objects.get(pk=ticket.pk).version
        return by.put(path, {"status": status, "version": version, **more})

    assert move("pending").status_code == 409  # the customer waits for an answer
    assert move("solved").status_code == 409
    assert move("on_hold").json()["field"] == "department"
    assert move("on_hold", department="risk", reason="Check it").json()["field"] == "revisit_at"
    assert (
        move("on_hold", department="risk", reason="x", revisit_at="2020-01-01T00:00:00Z").json()["field"]
        == "revisit_at"
    )
    assert (
        move("on_hold", department="risk", reason="x", revisit_at="2030-01-01T00:00:00").json()["field"] == "revisit_at"
    )
    lead, later = app_of(team_lead, "desk"), (timezone.now() + timedelta(days=1)).isoformat()
    held = move("on_hold", by=lead, department="risk", reason="Check it", revisit_at=later)
    assert (held.json()["status"], held.json()["department"]) == ("on_hold", "risk")
    longer = (timezone.now() + timedelta(days=2)).isoformat()
    held = move("on_hold", by=lead, department="risk", reason="Check it once more", revisit_at=longer)
    assert held.json()["hold_reason"] == "Check it once more"
    events = TicketEvent.objects.count()
    again = move("on_hold", by=lead, department="risk", reason="Check it once more", revisit_at=longer)
    assert (again.status_code, move("on_hold", by=lead).status_code) == (200, 200)
    assert TicketEvent.objects.count() == events
    assert move("open", by=lead).json()["status"] == "open"
    assert move("solved", by=lead, reason="no_reply_needed").json()["status"] == "solved"
    assert move("open", by=lead).json()["status"] == "open"
    assert move("closed", by=lead).status_code == 422


def test_only_a_lead_opens_again_what_is_solved(desk, ticket, agent):
    solved = answered(ticket, by=agent, then=Status.SOLVED)
    refused = desk.put(f"desk/tickets/{ticket.public_id}/status", {"status": "open", "version": solved.version})
    assert refused.status_code == 403


def test_a_move_that_knows_too_little_is_refused(desk, ticket, trader):
    replying.write_to_ticket(ticket, "One more thing.", by=trader)
    refused = desk.put(
        f"desk/tickets/{ticket.public_id}/status", {"status": "solved", "version": 1, "reason": "no_reply_needed"}
    )
    assert refused.status_code == 409
    assert Ticket.objects.get(pk=ticket.pk).status == Status.NEW


@pytest.mark.parametrize("version", [0, -1, 2**31, 10**400, "x", None, 1.5, True])
def test_a_version_is_a_number(desk, ticket, version):
    refused = desk.post(f"desk/tickets/{ticket.public_id}/replies", {"body": "x", "version": version})
    assert refused.status_code in (400, 422, 201)
    assert (refused.status_code == 201) == (version is True)
