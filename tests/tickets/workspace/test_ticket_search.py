"""Text search over tickets: words of any language, numbers and addresses whole, only what somebody may see, in step."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from supportdesk.outbox import delivery
from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory
from tickets import search
from tickets.access import Access
from tickets.actions import detailing, merging, redacting, replying
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def find(team_lead):
    """What a lead finds, as subjects."""

    def look(text, person=team_lead):
        rows = Ticket.objects.in_bulk(search.find(text, Access.of_staff(person)))
        return [rows[number].subject for number in search.find(text, Access.of_staff(person))]

    return look


@pytest.fixture
def indexed(topic):
    """Make a ticket and bring the index up to date as the worker does."""

    def make(**values):
        ticket = TicketFactory(topic=values.pop("topic", topic), **values)
        follow()
        return ticket

    return make


def follow():
    while delivery.deliver_due(lambda: timezone.now() + timedelta(seconds=1)):
        pass


@pytest.mark.parametrize(
    ("subject", "body", "asked"),
    [
        ("A", "My withdrawal is pending since yesterday", "pending WITHDRAWAL"),
        ("B", "我的充值未到账，请帮忙", "充值"),
        ("C", "我的充值未到賬", "充值未到账"),
        ("D", "強制決済されました", "強制決済"),
        ("E", "출금이 아직 처리되지 않았습니다", "출금"),
        ("F", "¿Por qué se rechazó mi liquidación?", "liquidacion"),
        ("G", "سحب مرفوض بعد تغيير كلمة المرور", "مرفوض"),
        ("H", "İki adımlı doğrulama çalışmıyor", "çalışmıyor"),
        (
            "I",
            "tx 9f2c51aa07e04cbb9b2d5a6bd1f0e07ab4c3d2e1f00112233445566778899aa",
            "9f2c51aa07e04cbb9b2d5a6bd1f0e07ab4c3d2e1f00112233445566778899aa",
        ),
        ("J", "The confirmations stand still", "confirmations stan"),
        ("K", "it’s “quoted” & 'odd' \\ * text", "odd"),
    ],
)
def test_words_are_found(find, indexed, subject, body, asked):
    indexed(subject=subject, body=body)
    indexed(subject="Other", body="Nothing of the kind")
    assert find(asked) == [subject]


def test_all_words_are_wanted(find, indexed):
    indexed(subject="Both", body="deposit withdrawal")
    indexed(subject="One", body="deposit")
    assert find("withdrawal deposit") == ["Both"]


def test_the_middle_of_a_word_is_no_word(find, indexed):
    indexed(subject="A", body="confirmations")
    assert find("firmations") == []


def test_numbers_are_found_as_they_are_dictated(find, indexed):
    ticket = indexed(subject="Mine")
    assert find(ticket.public_id) == ["Mine"]
    assert find(f" {ticket.reference.lower()} ") == ["Mine"]


def test_a_customers_address_is_found_whole(find, indexed):
    indexed(subject="Hers", by=PersonFactory(email="hannah@example.com"))
    assert find("Hannah@example.com") == ["Hers"]
    assert find("hannah@example") == []


def test_details_and_tags_are_words_too(find, indexed, team_lead):
    ticket = indexed(subject="A", details={"order": "NGX77120045"})
    detailing.tag_ticket(ticket, ["phishing"], by=team_lead)
    follow()
    assert find("ngx77120045") == ["A"]
    assert find("phishing") == ["A"]


def test_an_agent_finds_nothing_that_is_not_theirs_to_see(find, indexed, department, agent):
    indexed(subject="Secret matter", body="compliance")
    Ticket.objects.update(department=department)
    assert find("compliance", agent) == []
    assert find("compliance") == ["Secret matter"]


def test_nobody_else_finds_anything(indexed, trader):
    ticket = indexed(subject="Mine", by=trader)
    assert search.find(ticket.public_id, Access.of_staff(trader)) == []


def test_a_held_reply_is_not_found_a_note_is(find, indexed, agent):
    ticket = indexed(subject="A")
    replying.write_note(ticket, "hotwallet lagging", by=agent)
    replying.reply(ticket, "brandnewword", by=agent)
    follow()
    assert find("hotwallet") == ["A"]
    assert find("brandnewword") == []


def test_words_that_were_taken_out_are_not_found_from_that_moment_on(find, indexed, agent):
    ticket = indexed(subject="A", body="my card 4111222233334444 please")
    assert find("4111222233334444") == ["A"]
    redacting.redact_message(ticket.messages.get(), ["4111222233334444"], by=agent)
    assert find("4111222233334444") == []  # no worker has run


def test_messages_of_a_merged_ticket_are_found_where_they_went(find, indexed, trader, agent):
    first, second = indexed(subject="First", by=trader), indexed(subject="Second", by=trader, body="zebrafish")
    merging.merge(second, first, by=agent)
    follow()
    assert find("zebrafish") == ["First"]


def test_the_newest_come_first(find, indexed):
    for name in ("Old", "New"):
        indexed(subject=name, body="deposit")
    assert find("deposit") == ["New", "Old"]


def test_telling_twice_changes_nothing(find, indexed):
    ticket = indexed(subject="A", body="deposit")
    search.follow(ticket.events.get().pk)
    assert find("deposit") == ["A"]
    search.follow(10**9)


def test_all_can_be_written_anew(find, topic):
    TicketFactory(topic=topic, subject="A", body="deposit")
    assert find("deposit") == []
    assert search.rebuild() == 1
    assert find("deposit") == ["A"]


@pytest.mark.parametrize(
    "text", ["", " ", "'", '"', "*", "a*b", "NEAR(x y)", "x AND", "-", "\\", "a:b", "🙂", "%", "x" * 5000]
)
def test_odd_questions_are_harmless(find, indexed, text):
    indexed(subject="A")
    assert isinstance(find(text), list)


class TestAnything(TestCase):
    @settings(deadline=None, max_examples=40)
    @given(text=st.text(max_size=60))
    def test_any_text_can_be_kept_and_asked_for(self, text):
        lead = PersonFactory(is_superuser=True, is_staff=True)
        ticket = TicketFactory(topic=TopicFactory(), body=f"word {text}".replace("\0", ""))
        search.keep([ticket.pk])
        assert isinstance(search.find(text, Access.of_staff(lead)), list)
        assert search.find("word", Access.of_staff(lead)) == [ticket.pk]


def test_the_index_answers_without_reading_every_ticket(indexed):
    indexed(subject="A", body="deposit")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN SELECT rowid FROM tickets_words WHERE tickets_words MATCH 'deposit'")
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())
        else:
            # So many that to read them all costs more: of a handful PostgreSQL reads each, and is right.
            cursor.execute(
                "INSERT INTO tickets_words (ticket_id, words)"
                " SELECT 1000000 + n, to_tsvector('simple', 'withdrawal word' || n) FROM generate_series(1, 5000) AS n"
            )
            cursor.execute("SELECT gin_clean_pending_list('tickets_words_found')")  # as autovacuum does
            cursor.execute("ANALYZE tickets_words")
            cursor.execute("EXPLAIN SELECT ticket_id FROM tickets_words WHERE words @@ '''deposit'''::tsquery")
            assert "tickets_words_found" in str(cursor.fetchall())


def test_the_queue_shows_what_was_found(indexed, team_lead, client):
    indexed(subject="Found", body="deposit")
    indexed(subject="Lost", body="withdrawal")
    client.force_login(team_lead)
    page = client.get("/desk/", {"q": "deposit"}).content.decode()
    assert "Found" in page
    assert "Lost" not in page
