"""What our mails say: each kind in each language, HTML and text, one link, none of the trader's words."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from tests.tickets.channels.mail_triggers import WORDS, MailTriggers
from tests.tickets.factories import TicketFactory, answered, request
from tickets import links
from tickets.actions import merging, moving, opening, replying
from tickets.channels import inbox, letters, tasks
from tickets.channels.actions import sending
from tickets.channels.enums import MailKind, Sent
from tickets.channels.models import OutgoingMail
from tickets.desk_ui import timeline
from tickets.enums import Status
from tickets.models import Agent, PendingRequest, Rating, Ticket

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "xx"]


@pytest.fixture
def mail_triggers(trader, agent, topic):
    trader.name = WORDS[2]
    trader.save()
    return MailTriggers(trader, agent, topic)


def mail_of(kind, mails):
    row = OutgoingMail.objects.get(kind=kind)
    return next(mail for mail in mails if mail.extra_headers["Message-ID"] == row.message_id)


def html_of(mail):
    return mail.alternatives[0][0]


def addresses_in(text):
    return set(re.findall(rf"{re.escape(settings.SITE_URL)}/[^\s\"<]+", unescape(text)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(MailKind))
def test_each_mail_is_whole_in_each_language(kind, language, mail_triggers, delivered):
    mail_triggers.trigger(kind, language)
    mail = mail_of(kind, delivered())
    text, html = mail.body, html_of(mail)
    assert f'lang="{letters.languages.tag(language)}"' in html
    assert addresses_in(text) == addresses_in(html)
    assert len([found for found in addresses_in(text) if f"/{language}/t/" in found]) == 1
    assert mail.recipients() == [OutgoingMail.objects.get(kind=kind).to]
    for part in (mail.subject, text, html):
        assert "None" not in part
        assert "%(" not in part
        assert "{{" not in part
    assert not any(word in part for word in WORDS for part in (mail.subject, text, html, str(mail.message())))
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.extra_headers["X-Auto-Response-Suppress"] == "All"


def test_both_parts_say_which_request_it_is_about(mail_triggers, delivered, topic):
    mail_triggers.trigger(MailKind.RECEIVED, "en")
    mail = mail_of(MailKind.RECEIVED, delivered())
    assert topic.name in html_of(mail)
    assert topic.name in mail.body


def test_the_link_says_what_it_is_for(mail_triggers, delivered, trader):
    for kind, purpose in ((MailKind.PROVE, links.PROVE), (MailKind.RATING, links.RATE), (MailKind.RECEIVED, "status")):
        OutgoingMail.objects.all().delete()
        mail_triggers.trigger(kind, "en")
        token = next(iter(addresses_in(mail_of(kind, delivered()).body))).rstrip("/").rpartition("/")[2]
        assert links.read(token).purpose == purpose


def test_an_answer_carries_the_agents_words_and_the_status(ticket, agent, delivered):
    Agent.objects.create(person=agent, public_name="Mina")
    answered(ticket, by=agent, body="Found & credited.\n\nBest <b>wishes</b>", then=Status.PENDING)
    mail = mail_of(MailKind.ANSWERED, delivered())
    assert "Mina wrote:\n\nFound & credited." in mail.body
    assert "Found &amp; credited." in html_of(mail)
    assert "<b>wishes</b>" not in html_of(mail)
    assert "Waiting for you" in mail.body
    assert "We need an answer from you" in mail.body


def test_an_agent_without_a_name_for_traders_is_called_as_on_the_page_of_the_request(ticket, agent, delivered):
    agent.name = "Mina Sato"
    agent.save()
    answered(ticket, by=agent)
    assert "Mina wrote:" in mail_of(MailKind.ANSWERED, delivered()).body
    assert [line.author for line in timeline.entries(ticket) if line.message and not line.is_mine] == ["Mina"]


def test_a_mail_about_two_requests_is_in_one_language(trader, topic, agent, delivered):
    first, second = (TicketFactory(by=trader, topic=topic, language=language) for language in ("ja", "ru"))
    merging.merge(first, second, by=agent)
    mail = mail_of(MailKind.MERGED, delivered())
    assert (mail.extra_headers["Content-Language"], mail.subject[:3]) == ("ru", "Два")
    assert 'lang="ru"' in html_of(mail)
    assert not re.search("[\u3040-\u30ff]|We never ask", mail.body)


def test_an_answer_links_to_this_site_and_to_no_other(ticket, agent, delivered):
    own = f"{settings.SITE_URL}/en/articles/fees/"
    answered(ticket, by=agent, body=f"Read {own}. Never open northgate-refunds.com or https://example.net/.")
    html = html_of(delivered()[-1])
    assert f'href="{own}"' in html
    assert "Never open northgate-refunds.com or https://example.net/." in html


@pytest.mark.parametrize("then", [Status.PENDING, Status.SOLVED])
def test_an_answer_that_moves_the_ticket_is_one_mail(ticket, agent, delivered, then):
    delivered().clear()
    answered(ticket, by=agent, then=then)
    assert [mail.subject for mail in delivered()] == [f"An answer to your request {ticket.reference}"]


def test_times_are_in_the_zone_of_the_reader_with_utc_beside(ticket, agent, trader, delivered):
    trader.time_zone = "Asia/Seoul"
    trader.save()
    answered(ticket, by=agent, then=Status.SOLVED)
    ticket.refresh_from_db()
    end = ticket.solved_at + timedelta(days=7, seconds=59)
    sentence = next(line for line in mail_of(MailKind.ANSWERED, delivered()).body.splitlines() if "not solved" in line)
    assert f"({end:%H:%M} UTC)" in sentence
    assert f"{end + timedelta(hours=9):%H:%M}" in sentence or f"{end + timedelta(hours=9):%-I:%M}" in sentence


def test_a_note_tells_nobody(ticket, agent, delivered):
    delivered().clear()
    replying.write_note(ticket, "Looks odd.", by=agent)
    assert delivered() == []


def test_what_the_customer_did_is_not_told_to_them(ticket, trader, delivered):
    delivered().clear()
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    assert delivered() == []


def test_a_reply_that_is_taken_back_is_not_mailed(ticket, agent, delivered):
    delivered().clear()
    replying.undo_reply(replying.reply(ticket, "Wrong words.", by=agent), by=agent)
    assert delivered() == []


def test_spam_hears_nothing(ticket, team_lead, delivered):
    moving.mark_spam(ticket, by=team_lead)
    assert delivered() == []


def test_nothing_is_sent_to_a_person_who_was_switched_off(ticket, trader, delivered):
    trader.is_active = False
    trader.save()
    assert delivered() == []


def test_a_merge_into_another_persons_ticket_tells_nobody_of_it(ticket, other_trader, team_lead, delivered):
    other = TicketFactory(by=other_trader, topic=ticket.topic)
    delivered().clear()
    merging.merge(ticket, other, by=team_lead)
    assert delivered() == []


# The question for a rating


def at_once(ticket, agent, hours):
    answered(ticket, by=agent, then=Status.SOLVED)
    Ticket.objects.filter(pk=ticket.pk).update(solved_at=timezone.now() - timedelta(hours=hours))


@pytest.mark.parametrize(("hours", "asked"), [(0.9, 0), (1.1, 1), (47, 1), (49, 0)])
def test_a_rating_is_asked_an_hour_after_solving(ticket, agent, hours, asked):
    at_once(ticket, agent, hours)
    assert tasks.ask_ratings_due() == asked
    assert tasks.ask_ratings_due() == 0


def test_who_opened_it_again_is_not_asked_any_more(ticket, agent, trader, delivered):
    at_once(ticket, agent, 2)
    tasks.ask_ratings_due()
    moving.reopen(ticket, by=trader)
    delivered()
    assert not OutgoingMail.objects.filter(kind=MailKind.RATING).exists()
    assert not Rating.objects.exists()


# Addresses that nobody has confirmed


def guests(topic, number, email="guest@example.net"):
    for count in range(number):
        sent = request(topic, subject=f"{WORDS[0]} {count}", body=WORDS[1], token=str(count))
        opening.hold_request(sent, email=email, name=WORDS[2])


@pytest.mark.both
def test_an_address_gets_one_question_however_many_requests_come_in_its_name(topic, delivered):
    guests(topic, 20)
    assert len(delivered()) == 1
    assert OutgoingMail.objects.filter(state=Sent.WITHHELD).count() == 19


def test_who_has_lost_the_question_is_asked_again_when_they_say_so(topic, delivered):
    """Also for a request that was not asked about, as another one was open: its page says that a mail was sent."""
    guests(topic, 2)
    asked, other = PendingRequest.objects.order_by("pk")
    delivered().clear()
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(2):  # a second press of the button
            opening.ask_again(other)
    (mail,) = delivered()
    token = re.search(r"/t/([^/\s]+)/", mail.body)[1]
    assert links.read(token).ids == (other.public_id,)
    sending.mail_again(opening.number_of_asking(other.pk, timezone.now()))
    assert OutgoingMail.objects.get(is_open=True).pending == other
    assert OutgoingMail.objects.get(pending=asked).state == Sent.SENT


def test_who_has_confirmed_is_asked_again_for_a_new_request(topic, delivered):
    guests(topic, 1)
    delivered()
    opening.prove_address(PendingRequest.objects.get())
    delivered().clear()
    opening.hold_request(request(topic, token="later"), email="guest@example.net")
    assert [mail.subject for mail in delivered()] == ["Confirm your e-mail address"]


def test_requests_that_had_to_wait_are_asked_about_one_by_one_the_newest_first(topic, delivered):
    guests(topic, 3)
    delivered()
    oldest, middle, newest = PendingRequest.objects.order_by("pk")
    for confirmed, asked in ((oldest, newest), (newest, middle)):
        opening.prove_address(confirmed)
        delivered().clear()
        assert OutgoingMail.objects.get(is_open=True).pending == asked
    opening.prove_address(middle)
    delivered()
    assert OutgoingMail.objects.filter(kind=MailKind.PROVE, state=Sent.SENT).count() == 3


def test_a_question_that_is_open_stays_the_only_one(topic, delivered):
    guests(topic, 3)
    opening.prove_address(PendingRequest.objects.order_by("pk").first())  # before any mail went out
    delivered()
    assert OutgoingMail.objects.filter(kind=MailKind.PROVE, state=Sent.SENT).count() == 1


def test_a_week_later_an_address_may_be_asked_again(topic, delivered):
    guests(topic, 1)
    delivered()
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=8))
    opening.hold_request(request(topic, token="later"), email="guest@example.net")
    assert len(delivered()) == 2


# The head


def test_answers_find_their_way_by_a_token(ticket, delivered):
    mail = mail_of(MailKind.RECEIVED, delivered())
    local, _, domain = mail.reply_to[0].partition("@")
    claim = inbox.claim_of(local.removeprefix("help+"))
    assert (claim.ticket, claim.person) == (ticket.public_id, ticket.requester_id)
    assert domain == "support.example"
    assert re.fullmatch(r"<[a-z2-7]{30,60}\.[0-9a-f]{24}@support\.example>", mail.extra_headers["Message-ID"])


def test_later_mails_refer_to_those_before(ticket, agent, delivered):
    first = mail_of(MailKind.RECEIVED, delivered()).extra_headers["Message-ID"]
    answered(ticket, by=agent)
    mail = mail_of(MailKind.ANSWERED, delivered())
    assert mail.extra_headers["References"] == first
    assert mail.extra_headers["In-Reply-To"] == first


def test_without_a_domain_for_mail_nobody_is_told_to_answer(ticket, delivered, settings):
    settings.MAIL_INBOUND_DOMAIN = ""
    mail = mail_of(MailKind.RECEIVED, delivered())
    assert mail.reply_to == []
    assert "answer this e-mail" not in mail.body


@pytest.mark.parametrize("name", ["x\r\nBcc: evil@example.net", "=?utf-8?q?x=0D=0ABcc:evil=40example.net?="])
def test_names_and_subjects_add_no_header(topic, person, agent, delivered, name):
    trader = person(name=name.replace("\r\n", " ")[:60], email="toma@example.com")
    Agent.objects.create(person=agent, public_name=name[:60])
    answered(TicketFactory(by=trader, topic=topic, subject=name), by=agent, body=name)
    for mail in delivered():
        assert mail.recipients() == ["toma@example.com"]
        assert "bcc" not in {header.lower() for header in mail.message()}


def test_the_mail_of_an_event_is_written_once(ticket, delivered):
    event = ticket.events.get()
    delivered()
    sending.mail_event(event.pk)
    assert OutgoingMail.objects.count() == 1
    assert len(delivered()) == 1


def test_whoever_wrote_before_the_reminder_left_is_not_reminded(mail_triggers, delivered, trader):
    mail_triggers.reminded("en")
    replying.write_to_ticket(Ticket.objects.get(), "Here it is.", by=trader)
    delivered()
    assert not OutgoingMail.objects.filter(kind=MailKind.REMINDER).exists()
