"""What receivers hear: every event once or more, signed, in any order, until they have taken it or it is given up."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from supportdesk.outbox import delivery
from tests.tickets.factories import TicketFactory, answered
from tickets.actions import replying
from tickets.models import TicketEvent
from tickets.webhooks import actions, sending, signing
from tickets.webhooks.models import Endpoint, Sending, State

pytestmark = pytest.mark.django_db


def deliver() -> None:
    """What the worker does: events become sendings, sendings go out."""
    delivery.deliver_due()
    actions.send_due()


def headers_of(receiver, number=0):
    return {name.lower(): value for name, value in receiver.received[number][1].items()}


def test_an_event_is_told_with_ids_and_kinds_alone(endpoint, receiver, trader, topic):
    ticket = TicketFactory(by=trader, topic=topic, subject="My secret subject", body="My private words")
    deliver()
    path, _headers, body = receiver.received[0]
    told = json.loads(body)
    assert path == "/hook"
    assert told == {
        "id": actions.event_key(ticket.events.get()),
        "kind": "ticket.created",
        "at": ticket.created_at.isoformat().replace("+00:00", "Z"),
        "ticket": {
            "public_id": ticket.public_id,
            "url": f"http://testserver/desk/tickets/{ticket.public_id}/",
            "status": "new",
            "version": 1,
        },
    }
    for word in ("secret", "private", trader.email, trader.name):
        assert word not in body.decode()


def test_the_receiver_can_tell_that_it_is_from_us(endpoint, receiver, ticket):
    deliver()
    headers, body = headers_of(receiver), receiver.received[0][2]
    now = int(timezone.now().timestamp())
    assert signing.is_genuine(headers["x-signature"], body, endpoint.secret, now)
    assert not signing.is_genuine(headers["x-signature"], body + b" ", endpoint.secret, now)
    assert headers["x-event-id"] == json.loads(body)["id"]
    assert headers["content-type"] == "application/json"


def test_a_reply_is_told_when_it_goes_out(endpoint, receiver, ticket, agent):
    deliver()
    replying.reply(ticket, "Soon.", by=agent)
    deliver()
    assert len(receiver.received) == 1
    answered(ticket, by=agent)
    deliver()
    kinds = [json.loads(body)["kind"] for _path, _headers, body in receiver.received]
    assert "ticket.replied" in kinds
    assert "ticket.reply_held" not in kinds


def test_an_event_is_owed_once_however_often_it_is_heard(endpoint, receiver, ticket):
    event = ticket.events.get()
    for _ in range(3):
        actions.hear(event.pk)
    assert Sending.objects.count() == 1
    actions.hear(10**9)
    deliver()
    deliver()
    assert len(receiver.received) == 1


def test_what_fails_is_tried_again_later_and_again(endpoint, receiver, ticket):
    receiver.answers = [500, 302, 404]
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        for attempt, wait in enumerate(actions.BACKOFF[:3], 1):
            deliver()
            row = Sending.objects.get()
            assert (row.state, row.attempts, len(receiver.received)) == (State.WAITING, attempt, attempt)
            assert row.next_at == timezone.now() + wait
            deliver()
            assert len(receiver.received) == attempt, "not before its time"
            clock.shift(wait)
        deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.status) == (State.SENT, 4, 200)
    assert len({headers_of(receiver, number)["x-event-id"] for number in range(4)}) == 1
    assert len({body for _path, _headers, body in receiver.received}) == 1


def test_what_nobody_takes_is_given_up_and_can_be_sent_again(endpoint, receiver, ticket, administrator, agent):
    receiver.answers = [503] * 20
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        deliver()
        for wait in actions.BACKOFF:
            clock.shift(wait)
            actions.send_due()
        row = Sending.objects.get()
        assert (row.state, row.attempts, row.status) == (State.DEAD, 8, 503)
        clock.shift(timedelta(days=100))
        assert (actions.send_due(), actions.forget_sent()) == (0, 0)
        receiver.answers = []
        with pytest.raises(PermissionDenied):
            actions.send_again([row], by=agent)
        assert actions.send_again([row], by=administrator) == 1
        assert actions.send_due() == 1
        clock.shift(timedelta(days=31))
        assert actions.forget_sent() == 1


def test_a_server_that_is_not_there_costs_the_others_nothing(receiver, endpoint, administrator, topic, settings):
    settings.WEBHOOKS_MAY_REACH = [*settings.WEBHOOKS_MAY_REACH, "127.0.0.1:1"]
    gone = Endpoint(url="http://127.0.0.1:1/")
    actions.save_endpoint(gone, by=administrator)
    for _ in range(3):
        TicketFactory(topic=topic)
    deliver()
    assert len(receiver.received) == 3
    tried = Sending.objects.filter(endpoint=gone)
    assert [row.attempts for row in tried.order_by("pk")] == [1, 0, 0]
    assert "Connect" in tried.order_by("pk").first().error


def test_much_that_is_owed_to_a_server_that_is_not_there_costs_the_others_nothing(
    receiver, administrator, topic, settings, monkeypatch
):
    monkeypatch.setattr(actions, "BATCH", 3)
    settings.WEBHOOKS_MAY_REACH = [*settings.WEBHOOKS_MAY_REACH, "127.0.0.1:1"]
    gone = Endpoint(url="http://127.0.0.1:1/")
    actions.save_endpoint(gone, by=administrator)
    for _ in range(4):
        TicketFactory(topic=topic)
    deliver()
    actions.save_endpoint(Endpoint(url=receiver.url), by=administrator)
    TicketFactory(topic=topic)
    deliver()
    assert len(receiver.received) == 1


def test_a_server_that_takes_its_time_has_one_turn(endpoint, receiver, administrator, topic, monkeypatch):
    other = Endpoint(url=f"{receiver.url}/other")
    actions.save_endpoint(other, by=administrator)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        asked = []

        def post(url, *args):
            asked.append(url)
            clock.shift(7 if url == endpoint.url else 1)
            return 200

        monkeypatch.setattr(sending, "post", post)
        for _ in range(3):
            TicketFactory(topic=topic)
        deliver()
    assert (asked.count(endpoint.url), asked.count(other.url)) == (1, 3)


def test_a_redirect_is_not_followed(endpoint, receiver, ticket):
    receiver.answers, receiver.location = [302, 200], receiver.url
    deliver()
    assert len(receiver.received) == 1
    assert Sending.objects.get().status == 302


def test_events_in_any_order_tell_where_the_ticket_stands(endpoint, receiver, ticket, agent):
    answered(ticket, by=agent)
    delivery.deliver_due()
    Sending.objects.update(next_at=timezone.now())
    for row in Sending.objects.order_by("-pk"):
        Sending.objects.filter(pk=row.pk).update(next_at=timezone.now())
        actions.send_due()
    told = [json.loads(body)["ticket"] for _path, _headers, body in receiver.received]
    newest = max(told, key=lambda one: one["version"])
    ticket.refresh_from_db()
    assert (newest["version"], newest["status"]) == (ticket.version, ticket.status)


def test_an_endpoint_hears_what_it_asked_for(endpoint, receiver, ticket, trader, administrator):
    endpoint.events = ["customer_wrote"]
    actions.save_endpoint(endpoint, by=administrator)
    replying.write_to_ticket(ticket, "More.", by=trader)
    deliver()
    assert [json.loads(body)["kind"] for _path, _headers, body in receiver.received] == ["ticket.customer_wrote"]
    endpoint.is_active = False
    actions.save_endpoint(endpoint, by=administrator)
    replying.write_to_ticket(ticket, "And more.", by=trader)
    deliver()
    assert len(receiver.received) == 1


def test_an_endpoint_is_made_by_who_may_and_its_secret_lies_sealed(agent, administrator):
    made = Endpoint(url="https://hooks.example.com/x")
    with pytest.raises(PermissionDenied):
        actions.save_endpoint(made, by=agent)
    secret = actions.save_endpoint(made, by=administrator)
    stored = Endpoint.objects.values().get()
    assert secret.startswith("whsec_")
    assert not any(secret[6:] in str(value) for value in stored.values())
    assert Endpoint.objects.get().secret == secret
    assert actions.renew_secret(made, by=administrator) != secret
    with pytest.raises(ValidationError):
        actions.save_endpoint(Endpoint(url="https://hooks.example.com/", events=["reply_held"]), by=administrator)


def test_the_admin_shows_the_secret_once_and_sends_again(client, administrator, receiver, ticket):
    client.force_login(administrator, backend="supportdesk.accounts.backends.RightsBackend")
    page = client.post("/admin/tickets_webhooks/endpoint/add/", {"url": receiver.url, "is_active": "on"})
    endpoint = Endpoint.objects.get()
    assert endpoint.secret in page.content.decode()
    row = Sending.objects.create(endpoint=endpoint, event=TicketEvent.objects.first(), state=State.DEAD, attempts=8)
    for path in ("endpoint/", f"endpoint/{endpoint.pk}/change/", "sending/", f"sending/{row.pk}/change/"):
        shown = client.get(f"/admin/tickets_webhooks/{path}")
        assert shown.status_code == 200
        assert endpoint.secret not in shown.content.decode()
    client.post("/admin/tickets_webhooks/sending/", {"action": "send_again", "_selected_action": [row.pk]})
    actions.send_due()
    assert len(receiver.received) == 1
    refused = client.post("/admin/tickets_webhooks/endpoint/add/", {"url": "http://localhost:22/", "is_active": "on"})
    assert refused.status_code == 200
    assert Endpoint.objects.count() == 1
