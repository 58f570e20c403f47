"""The page of a request: where it stands, who has it, what was said; and what its customer does there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, answered
from tests.tickets.portal.test_files import file
from tickets.actions import assigning, merging, moving, opening, replying
from tickets.enums import Status
from tickets.models import Department, Message, Ticket

pytestmark = pytest.mark.django_db


def page_of(ticket: Ticket, language: str = "en") -> str:
    return f"/{language}/tickets/{ticket.public_id}/"


def seen(client: Client, ticket: Ticket, language: str = "en") -> str:
    page = client.get(page_of(ticket, language))
    assert page.status_code == 200
    return page.content.decode()


def act(client: Client, ticket: Ticket, action: str, **values: object) -> str:
    """Do something; returns where it leads."""
    answer = client.post(page_of(ticket), {"action": action, **values})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    ticket.refresh_from_db()
    return str(answer["Location"])


def test_shows_where_it_stands_and_what_was_said(signed_in: Client, ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent, body="We found your deposit.")
    text = seen(signed_in, ticket)
    for words in (ticket.reference, "In progress", "I sent 2,500 USDT yesterday.", "We found your deposit.", "Rui"):
        assert words in text
    assert "Tavares" not in text  # staff are called by their first name
    assert text.count("<h1") == 1
    assert 'aria-current="step"' in text
    assert "data-user-text" in text


def test_what_support_links_to_can_be_opened_and_what_the_customer_wrote_cannot(
    signed_in: Client, ticket: Ticket, trader: User, agent: User
) -> None:
    address = "http://testserver/en/articles/fees/"
    replying.write_to_ticket(ticket, f"Is {address} right?", by=trader)
    answered(ticket, by=agent, body=f"Yes:\n\n{address}\n\nNot https://northgate-refunds.example/ & co.")
    text = seen(signed_in, ticket)
    assert f"<p>Is {address} right?</p>" in text
    assert f'<p><a href="{address}" dir="ltr">{address}</a></p>' in text
    assert "<p>Not https://northgate-refunds.example/ &amp; co.</p>" in text


def test_a_note_and_a_held_reply_are_nobodys_but_ours(signed_in: Client, ticket: Ticket, agent: User) -> None:
    replying.write_note(ticket, "He looks like a scammer.", by=agent)
    replying.reply(ticket, "Not sent yet.", by=agent)
    text = seen(signed_in, ticket)
    assert "scammer" not in text
    assert "Not sent yet." not in text


def test_the_next_update_is_told_in_the_readers_time_with_utc_beside_it(
    signed_in: Client, ticket: Ticket, trader: User
) -> None:
    trader.time_zone = "Asia/Kolkata"
    trader.save()
    due = (timezone.now() + timedelta(days=1)).replace(hour=20, minute=10)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
    text = seen(signed_in, ticket)
    local = due + timedelta(hours=5, minutes=30)
    assert f"{local.day} {local:%B} {local.year}, 01:40" in text
    assert "(your time, UTC+5:30; 20:10 UTC)" in text


def test_times_say_in_which_zone_they_are(signed_in: Client, ticket: Ticket, trader: User) -> None:
    trader.time_zone = "Asia/Kolkata"
    trader.save()
    text = seen(signed_in, ticket)
    assert re.search(r"Sent \d+ \w+ \d{4}, \d\d:\d\d UTC\+5:30</span>", text)
    assert "<dt>Time zone</dt><dd>Kolkata, UTC+5:30</dd>" in text


def test_who_lives_by_utc_reads_one_time(signed_in: Client, ticket: Ticket) -> None:
    due = (timezone.now() + timedelta(days=1)).replace(hour=20, minute=10)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
    text = seen(signed_in, ticket)
    assert f"{due:%B} {due.year}, 20:10</b> (UTC)." in text
    assert "your time" not in text


def test_a_time_that_has_passed_is_not_promised(signed_in: Client, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "Next update by" not in seen(signed_in, ticket)


def test_who_has_it_is_told_by_the_public_name(
    signed_in: Client, ticket: Ticket, agent: User, department: Department
) -> None:
    assigning.transfer(ticket, department, by=agent, words="internal words")
    text = seen(signed_in, ticket)
    assert "With the risk team since" in text
    assert "internal words" not in text
    Department.objects.update(is_discreet=True)
    text = seen(signed_in, ticket)
    assert "a specialist team" in text
    assert "the risk team" not in text
    act(signed_in, ticket, "solve")
    assert "With a specialist team" not in seen(signed_in, ticket)


def test_adding_to_it(signed_in: Client, ticket: Ticket) -> None:
    to = act(signed_in, ticket, "reply", body="One more thing.\n\nThanks", submission_token="m1")
    message = Message.objects.get(body__startswith="One more")
    assert to == f"{page_of(ticket)}#page_message_{message.pk}"
    assert "<p>One more thing.</p>" in seen(signed_in, ticket)
    act(signed_in, ticket, "reply", body="One more thing.\n\nThanks", submission_token="m1")
    assert Message.objects.filter(body__startswith="One more").count() == 1


def test_a_message_that_does_not_fit_stays_in_the_form(signed_in: Client, ticket: Ticket) -> None:
    for body in ("", "   ", "\0", "a" * 20_001):
        page = signed_in.post(page_of(ticket), {"action": "reply", "body": body})
        assert page.status_code == 400
        assert "data-error-summary" in page.content.decode()
        assert "<title>Error:" in page.content.decode()
    assert "a" * 20_001 in page.content.decode()
    assert ticket.messages.count() == 1


def test_a_secret_in_a_message_is_told(signed_in: Client, ticket: Ticket) -> None:
    seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    act(signed_in, ticket, "reply", body=seed)
    text = seen(signed_in, ticket)
    assert "We took a seed phrase out of your message." in text
    assert seed not in text
    act(signed_in, ticket, "reply", body="Done.")
    assert "We took a seed phrase" not in seen(signed_in, ticket)


def test_solved_by_its_customer_and_opened_again(signed_in: Client, ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent)
    act(signed_in, ticket, "solve")
    assert ticket.status == Status.SOLVED
    text = seen(signed_in, ticket)
    assert "You marked it as solved." in text
    assert "Open again" in text
    assert "How did we do?" in text
    act(signed_in, ticket, "reopen")
    assert ticket.status == Status.OPEN
    assert "Open again" not in seen(signed_in, ticket)


def test_a_last_word_goes_along_with_solved(signed_in: Client, ticket: Ticket) -> None:
    act(signed_in, ticket, "solve", body="It arrived, thank you.")
    assert ticket.status == Status.SOLVED
    assert ticket.messages.filter(body="It arrived, thank you.").exists()


def test_files_that_were_sent_ahead_are_not_dropped_by_solved(signed_in: Client, ticket: Ticket) -> None:
    upload_id = signed_in.post("/en/tickets/uploads/", {"file": file()}).json()["id"]
    page = signed_in.post(page_of(ticket), {"action": "solve", "body": "", "uploads": [upload_id]})
    assert page.status_code == 400
    assert f'name="uploads" value="{upload_id}" checked' in page.content.decode()
    act(signed_in, ticket, "solve", body="See the picture.", uploads=[upload_id])
    assert ticket.status == Status.SOLVED
    assert ticket.messages.get(body="See the picture.").attachments.count() == 1


def test_what_cannot_be_done_any_more_is_told(signed_in: Client, ticket: Ticket) -> None:
    act(signed_in, ticket, "reopen")
    assert "This request cannot be opened again." in seen(signed_in, ticket)
    act(signed_in, ticket, "solve")
    act(signed_in, ticket, "solve")
    assert ticket.status == Status.SOLVED
    assert signed_in.post(page_of(ticket), {"action": "no such"}).status_code == 400


def test_writing_on_a_closed_request_begins_a_new_one(signed_in: Client, ticket: Ticket) -> None:
    act(signed_in, ticket, "solve")
    Ticket.objects.update(solved_at=timezone.now() - timedelta(days=8))
    moving.close_solved()
    text = seen(signed_in, ticket)
    assert "becomes a new request" in text
    assert "Open again" not in text
    to = act(signed_in, ticket, "reply", body="It is back.")
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert new.follows == ticket
    assert to.startswith(page_of(new))


def test_a_merged_request_leads_to_where_it_went(signed_in: Client, ticket: Ticket, trader: User, agent: User) -> None:
    target = TicketFactory(by=trader, topic=ticket.topic, subject="The first one")
    merging.merge(ticket, target, by=agent)
    assert signed_in.get(page_of(ticket))["Location"] == page_of(target)


def test_merged_into_the_request_of_somebody_else_shows_nothing_of_it(
    signed_in: Client, ticket: Ticket, other_trader: User, team_lead: User
) -> None:
    target = TicketFactory(by=other_trader, topic=ticket.topic, subject="Of somebody else")
    merging.merge(ticket, target, by=team_lead)
    text = seen(signed_in, ticket)
    assert "Joined with another request" in text
    assert "Of somebody else" not in text
    assert target.public_id not in text


def test_absent_and_not_yours_look_the_same(
    client: Client, ticket: Ticket, other_trader: User, agent: User, team_lead: User
) -> None:
    absent = Ticket(public_id="zzzzzzzzzzzzzzz")
    for person in (None, other_trader, agent, team_lead):
        visitor = Client()
        if person is not None:
            visitor.force_login(person)
        visitor.get(page_of(absent))
        answers = []
        for one in (ticket, absent):
            with CaptureQueriesContext(connection) as queries:
                answer = visitor.get(page_of(one))
            body = answer.content.decode().replace(one.public_id, "ID")
            answers.append((answer.status_code, body, len(queries), answer.headers["Cache-Control"]))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
        for path in (page_of(ticket), f"{page_of(ticket)}updates"):
            assert visitor.get(path).status_code == 404
        assert visitor.post(page_of(ticket), {"action": "solve"}).status_code == 404
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW


def test_whoever_has_been_signed_out_is_led_back_to_the_request_and_the_words_stay(
    client: Client, ticket: Ticket, other_trader: User
) -> None:
    answer = client.post(page_of(ticket), {"action": "reply", "body": "Words that took long."})
    text = answer.content.decode()
    assert answer.status_code == 404
    assert f"/account/login/?next={page_of(ticket)}" in text
    assert "data-not-sent" in text
    assert "data-not-sent" not in client.get(page_of(ticket)).content.decode()
    client.force_login(other_trader)
    assert "/account/login/?next=" not in client.get(page_of(ticket)).content.decode()


def test_spam_is_not_there_for_its_sender(signed_in: Client, ticket: Ticket, team_lead: User) -> None:
    moving.mark_spam(ticket, by=team_lead)
    assert signed_in.get(page_of(ticket)).status_code == 404


@pytest.mark.parametrize("number", ["4XQ7K-2MVP9-ABCDE", "x" * 200, "%00", "..", "zz'--", "٣٣٣"])
def test_any_number_is_an_answer(signed_in: Client, number: str) -> None:
    assert signed_in.get(f"/en/tickets/{number}/").status_code == 404


def test_a_number_as_it_is_read_aloud_leads_there_too(signed_in: Client, ticket: Ticket) -> None:
    assert ticket.reference in signed_in.get(f"/en/tickets/{ticket.reference}/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar", "ja", "ru"])
def test_the_page_in_other_languages(signed_in: Client, ticket: Ticket, agent: User, language: str) -> None:
    answered(ticket, by=agent)
    page = signed_in.get(page_of(ticket, language))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert f'<bdi class="id" dir="ltr">{ticket.reference}</bdi>' in page.content.decode()


def test_thirty_messages_cost_what_three_cost(signed_in: Client, ticket: Ticket, agent: User, trader: User) -> None:
    def asked() -> int:
        seen(signed_in, ticket)  # what is read anew every few seconds was read now
        with CaptureQueriesContext(connection) as queries:
            seen(signed_in, ticket)
        return len(queries)

    answered(ticket, by=agent)
    few = asked()
    for number in range(14):
        replying.write_to_ticket(ticket, f"More {number}", by=trader)
        answered(ticket, by=agent, body=f"Answer {number}")
    assert asked() == few


def test_a_guest_with_a_session_does_all_of_it(topic, agent: User) -> None:
    from tests.tickets.factories import request
    from tickets import links

    pending = opening.hold_request(request(topic), email="gina@example.org")
    guest = Client()
    guest.post(f"/en/t/{links.make(links.PROVE, pending.public_id)}/")
    ticket = Ticket.objects.get()
    act(guest, ticket, "reply", body="More.")
    act(guest, ticket, "solve")
    act(guest, ticket, "reopen")
    act(guest, ticket, "solve")
    act(guest, ticket, "rate", score="5")
    assert ticket.rating.score == 5
    Ticket.objects.update(solved_at=timezone.now() - timedelta(days=8))
    moving.close_solved()
    to = act(guest, ticket, "reply", body="Again.")
    assert guest.get(to.partition("#")[0]).status_code == 200
    assert guest.get("/en/tickets/").content.decode().count("data-user-text") == 2
