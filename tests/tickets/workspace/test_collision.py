"""Two on one ticket: who is there is told, sending asks once, what is new comes in by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tickets.factories import released
from tickets.actions import drafting, replying
from tickets.models import Looking, Mention, Message, Ticket

pytestmark = pytest.mark.django_db
BESIDE = 3  # the session, the person, the rights


def reply(client, ticket, thread_of, **values):
    sent = {"kind": "reply", "body": "Mine.", "then": "open", "seen": Ticket.objects.get(pk=ticket.pk).version}
    return client.post(thread_of(ticket, "write"), {**sent, **values})


def test_a_colleague_who_writes_is_shown(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    assert "Mina Sato is writing a reply." in desk.get(thread_of(ticket)).content.decode()


def test_who_left_is_not_shown(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    Looking.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    assert "Mina Sato" not in desk.get(thread_of(ticket)).content.decode()


def test_sending_asks_once_and_keeps_the_text(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    response = reply(desk, ticket, thread_of)
    assert response.status_code == 409
    assert response.context["box"].asks
    assert response.context["box"].body == "Mine."
    assert not Message.objects.filter(kind="reply").exists()
    assert reply(desk, ticket, thread_of, anyway="1").status_code == 302


def test_sending_anyway_solves_and_goes_on_where_the_first_click_was_to(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    asked = reply(desk, ticket, thread_of, then="solved", go_on="1").content.decode()
    form = asked[asked.index('id="desk_composer"') :].partition("desk_problem")[0]
    assert '<input type="hidden" name="then" value="solved">' in form
    assert '<input type="hidden" name="go_on" value="1">' in form


def test_a_question_about_the_reply_is_not_asked_beside_the_note(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    assert (
        '<div class="notice bad for-reply" role="alert" id="desk_problem">'
        in reply(desk, ticket, thread_of).content.decode()
    )


def test_after_another_refusal_the_next_one_stays_on_the_ticket(desk, ticket, thread_of):
    refused = reply(desk, ticket, thread_of, body="Send me your password.", go_on="1")
    assert refused.status_code == 422
    assert '<input type="hidden" name="go_on" value="">' in refused.content.decode()


def test_the_address_of_a_refusal_leads_back_to_the_ticket(desk, ticket, thread_of):
    response = desk.get(thread_of(ticket, "write") + "?view=mine")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        thread_of(ticket) + "?view=mine#desk_composer",
    )


def test_a_note_asks_nothing(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    assert reply(desk, ticket, thread_of, kind="note").status_code == 302


def test_who_only_looks_is_no_collision(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=False)
    assert "Mina Sato has this ticket open." in desk.get(thread_of(ticket)).content.decode()
    assert reply(desk, ticket, thread_of).status_code == 302


def test_looking_is_kept_and_ends_a_mention(desk, ticket, agent, thread_of):
    Mention.objects.create(ticket=ticket, person=agent, message=ticket.messages.get())
    assert desk.post(thread_of(ticket, "look"), {"writing": "1"}).status_code == 204
    assert Looking.objects.get(person=agent).is_writing
    assert Mention.objects.get().seen_at is not None


def updates(client, ticket, thread_of, **asked):
    return client.get(thread_of(ticket, "updates"), asked)


def test_nothing_new_costs_next_to_nothing(desk, ticket, thread_of):
    updates(desk, ticket, thread_of)
    with CaptureQueriesContext(connection) as captured:
        response = updates(desk, ticket, thread_of, since=ticket.version)
    assert response.status_code == 204
    assert len(captured) <= 2 + BESIDE


def test_what_is_new_comes_as_lines_without_the_box(desk, ticket, trader, thread_of):
    seen = ticket.version
    replying.write_to_ticket(ticket, "It has arrived.", by=trader)
    response = updates(desk, ticket, thread_of, since=seen)
    page = response.content.decode()
    assert "It has arrived." in page
    assert "I sent 2,500 USDT" not in page
    assert "<textarea" not in page
    assert f"since={ticket.version}" in page


def test_a_colleague_who_comes_is_news(desk, ticket, other_agent, thread_of):
    drafting.look(ticket, by=other_agent, is_writing=True)
    response = updates(desk, ticket, thread_of, since=ticket.version)
    assert "Mina Sato is writing" in response.content.decode()
    assert updates(desk, ticket, thread_of, since=ticket.version, **{"with": f"{other_agent.pk}w"}).status_code == 204


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "１"])
def test_odd_versions_are_no_error(desk, ticket, thread_of, since):
    assert updates(desk, ticket, thread_of, since=since).status_code == 204


def test_whoever_was_signed_out_is_asked_to_sign_in_as_a_whole_page(client, ticket, thread_of):
    response = client.get(thread_of(ticket, "updates"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("sender", "back"),
    [
        ("http://testserver/desk/tickets/{}/?view=mine", "/desk/tickets/{}/%3Fview%3Dmine"),
        ("http://evil.example/desk/tickets/{}/", "/desk/tickets/{}/write/"),
        ("", "/desk/tickets/{}/write/"),
    ],
)
def test_who_sends_after_the_session_has_ended_comes_back_to_the_ticket(client, ticket, thread_of, sender, back):
    headers = {"Referer": sender.format(ticket.public_id)} if sender else {}
    response = client.post(thread_of(ticket, "write"), {"body": "We found it."}, headers=headers)
    assert response.status_code == 302
    assert response.url.endswith(f"?next={back.format(ticket.public_id)}")


def test_a_reply_that_goes_out_takes_its_place_and_is_not_shown_twice(desk, ticket, agent, thread_of):
    message = replying.reply(ticket, "We found it.", by=agent)
    seen = ticket.version
    released(message)
    page = updates(desk, ticket, thread_of, since=seen).content.decode()
    assert f'id="m{message.pk}" hx-swap-oob="true"' in page
    assert page.count("We found it.") == 1
    assert "data-countdown" not in page
