"""Lists in pages: all of it once, however it grows meanwhile, for the same price at any length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tickets.factories import TicketFactory, answered
from tickets.actions import replying
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def pages(app, path: str, limit: int) -> list[list[dict]]:
    found, cursor = [], ""
    while cursor is not None:
        answer = app.get(f"{path}{'&' if '?' in path else '?'}limit={limit}&cursor={cursor}").json()
        found.append(answer["items"])
        cursor = answer["next"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_every_request_comes_once_newest_first(app, trader, topic, limit):
    made = [TicketFactory(by=trader, topic=topic).public_id for _ in range(7)]
    Ticket.objects.update(created_at=Ticket.objects.first().created_at)  # all at one moment
    listed = [item["public_id"] for page in pages(app, "tickets", limit) for item in page]
    assert listed == made[::-1]


def test_what_comes_in_between_shifts_nothing(app, trader, topic):
    made = [TicketFactory(by=trader, topic=topic).public_id for _ in range(4)]
    first = app.get("tickets?limit=2").json()
    TicketFactory(by=trader, topic=topic)
    second = app.get(f"tickets?limit=2&cursor={first['next']}").json()
    assert [item["public_id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


def test_a_cursor_is_good_for_its_list_alone(app, app_of, trader, other_trader, topic):
    for _ in range(3):
        TicketFactory(by=trader, topic=topic)
    cursor = app.get("tickets?limit=1").json()["next"]
    assert app.get(f"tickets?status=solved&cursor={cursor}").status_code == 422
    assert app_of(other_trader).get(f"tickets?cursor={cursor}").status_code == 422
    assert app.get(f"tickets?cursor={cursor[:-1]}").status_code == 422
    assert app.get(f"tickets?cursor={cursor}").status_code == 200


def test_requests_are_listed_by_where_they_stand(app, trader, topic, agent):
    from tickets.enums import Status

    waiting = TicketFactory(by=trader, topic=topic)
    solved = answered(TicketFactory(by=trader, topic=topic), by=agent, then=Status.SOLVED)
    listed = {status: [item["public_id"] for item in app.get(f"tickets?status={status}").json()["items"]]
              for status in ("unsolved", "solved", "closed")}  # fmt: skip
    assert listed == {"unsolved": [waiting.public_id], "solved": [solved.public_id], "closed": []}


def test_messages_come_in_the_order_in_which_they_went_out(app, desk, ticket, agent, trader):
    for number in range(5):
        answered(ticket, by=agent, body=f"Answer {number}")
        replying.write_to_ticket(ticket, f"Question {number}", by=trader)
    for who, path in ((app, "tickets"), (desk, "desk/tickets")):
        listed = [item["body"] for page in pages(who, f"{path}/{ticket.public_id}/messages", 3) for item in page]
        expected = [text for number in range(5) for text in (f"Answer {number}", f"Question {number}")]
        assert listed[1:] == expected


def cost(app, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert app.get(path).status_code == 200
    return len(queries)


def test_thirty_cost_as_much_as_three(app, desk, trader, agent, topic, ticket):
    def fill(count: int) -> None:
        for number in range(count):
            answered(TicketFactory(by=trader, topic=topic), by=agent)
            answered(ticket, by=agent, body=f"Answer {number}")

    paths = [
        (app, "tickets?limit=100", 3),
        (app, f"tickets/{ticket.public_id}", 4),
        (app, f"tickets/{ticket.public_id}/messages?limit=100", 6),
        (desk, "desk/tickets?limit=100", 4),
        (desk, "desk/tickets?limit=100&order=newest", 4),
        (desk, f"desk/tickets/{ticket.public_id}/messages?limit=100", 7),
    ]
    fill(3)
    few = [cost(who, path) for who, path, _most in paths]
    fill(27)
    assert [cost(who, path) for who, path, _most in paths] == few
    assert [path for (_who, path, most), found in zip(paths, few, strict=True) if found > most] == []
