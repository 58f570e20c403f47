"""Why this agent, why nobody yet: on the ticket; declining; presence from every page; what one holds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tickets.desks import join, work_off
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import assigning, replying
from tickets.actions.sweeping_queue import sweep_queue
from tickets.enums import Presence, Status
from tickets.models import Agent, AgentCertificate, Decline, RoutingSetup, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def beside(desk, thread_of):
    """The text of the pane beside a ticket."""
    return lambda ticket: desk.get(thread_of(ticket, "side")).content.decode()


# Why


def test_the_panel_says_why_an_agent_has_the_ticket_and_why_others_have_not(ticket, other_agent, person, beside):
    join(other_agent, "en")
    join(person("Agents", name="Koji Korean"), "ko")
    work_off()
    shown = beside(ticket)
    assert "Why this agent" in shown
    assert "Mina Sato got it: the ticket is in a language of theirs" in shown
    assert "Occasion: a new ticket." in shown
    assert "Do not write its language" in shown
    assert "Koji Korean" in shown


def test_nothing_is_said_of_what_was_taken_by_hand(ticket, agent, beside):
    assigning.take(ticket, by=agent)
    assert "Why this agent" not in beside(ticket)


def test_an_old_decision_says_nothing_about_who_has_it_now(ticket, other_agent, agent, beside, team_lead):
    join(other_agent, "en")
    work_off()
    assigning.give_back(ticket, by=team_lead)
    assigning.assign(ticket, other_agent, by=team_lead)
    assert "Why this agent" not in beside(ticket)


def full(person):
    join(person("Agents", name="Fay Full"), "en", capacity=0)


def absent(person):
    join(person("Agents", name="Abe Away"), "en", presence=Presence.AWAY)


def helping(person):
    join(person("Agents", name="Nan Native"), "en", capacity=0)
    join(person("Agents", name="Hal Helper"), "en:assist")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (full, ["of those who could, nobody is free", "Have as many tickets as they can hold", "Fay Full"]),
        (absent, ["of those who could, nobody is free", "Not there, or away", "Abe Away"]),
        (helping, ["From ", "may be answered with the translation aid", "Would need the translation aid"]),
        (lambda person: join(person("Agents"), "ko"), ["no agent has all that it needs", "Do not write its language"]),
        (lambda person: None, ["no agent is set up"]),
    ],
)
def test_the_panel_says_why_nobody_has_the_ticket_yet(ticket, person, beside, who, said):
    who(person)
    shown = beside(ticket)
    assert "Why nobody has it yet" in shown
    for words in said:
        assert words in shown


def test_a_lasting_reason_is_named_before_a_passing_one(person, beside):
    """Who lacks the certificate would not get it either when they are back."""
    join(person("Agents", name="Abe Away"), "ja", presence=Presence.AWAY)
    shown = beside(TicketFactory(topic=TopicFactory(skill="security")))
    assert "Do not hold the certificate" in shown
    assert "Not there" not in shown


def test_who_declined_is_named_as_such(ticket, other_agent, beside):
    join(other_agent, "en")
    work_off()
    assigning.decline_ticket(ticket, by=other_agent, reason="knowledge")
    assert "Declined it a short while ago" in beside(ticket)


def test_what_is_kept_for_who_answered_says_until_when(ticket, other_agent, person, beside, trader, team_lead):
    knows = join(other_agent, "en", capacity=0)
    join(person("Agents", name="Fred Free"), "en")
    answered(ticket, by=knows.person)
    replying.write_to_ticket(ticket, "Still missing.", by=trader)
    assigning.give_back(ticket, by=team_lead)
    assert "it is kept for who answered last" in beside(ticket)


def test_what_rests_says_so(ticket, beside, department):
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=timezone.now() + timedelta(hours=1))
    assert "the ticket sleeps" in beside(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.ON_HOLD)
    assert "a ticket that is “On hold” is not given out" in beside(ticket)
    RoutingSetup.objects.update(is_on=False)
    assert "agents take them by hand" in beside(ticket)


@pytest.mark.parametrize("count", [3, 30])
def test_the_pane_asks_the_same_of_few_and_many_agents(ticket, person, desk, thread_of, count):
    for _ in range(count):
        join(person("Agents"), "ko", "en:assist", skills=("kyc",))
    desk.get(thread_of(ticket, "side"))
    with CaptureQueriesContext(connection) as asked:
        assert "Why nobody has it yet" in desk.get(thread_of(ticket, "side")).content.decode()
    assert len(asked) <= 32


# Declining


def test_an_agent_declines_with_a_reason(ticket, agent, desk, thread_of):
    assert "Decline" not in desk.get(thread_of(ticket)).content.decode()
    assigning.take(ticket, by=agent)
    assert "Decline" in desk.get(thread_of(ticket)).content.decode()
    desk.post(thread_of(ticket, "act", "decline"), {"reason": "other", "note": "He is my brother"})
    assert Decline.objects.get().note == "He is my brother"
    assert "Rui Tavares declined it: Another reason" in desk.get(thread_of(ticket)).content.decode()


def test_without_a_reason_it_stays_and_nothing_typed_is_lost(ticket, agent, desk, thread_of):
    assigning.take(ticket, by=agent)
    for values in ({"note": "He is my brother"}, {"reason": "because", "note": "He is my brother"}):
        answer = desk.post(thread_of(ticket, "act", "decline"), values)
        assert answer.status_code == 422
        assert "He is my brother" in answer.content.decode()
    answer = desk.post(thread_of(ticket, "act", "decline"), {"reason": "other"})
    assert "Say in a few words why you decline the ticket." in answer.content.decode()
    assert Ticket.objects.get().assignee == agent


def test_nobody_declines_for_another(ticket, agent, other_agent, at_desk, thread_of):
    assigning.take(ticket, by=agent)
    assert at_desk(other_agent).post(thread_of(ticket, "act", "decline"), {"reason": "leaving"}).status_code == 422
    assert Ticket.objects.get().assignee == agent


def test_a_ticket_that_came_back_by_itself_says_why(ticket, other_agent, desk, thread_of):
    join(other_agent, "en")
    work_off()
    other_agent.is_active = False
    other_agent.save()
    sweep_queue()
    assert "its agent was not there any more" in desk.get(thread_of(ticket)).content.decode()


# Presence


def test_the_switch_is_on_every_page_and_leads_back(desk, agent, ticket, thread_of):
    for address in ("/desk/", thread_of(ticket), "/desk/me/"):
        page = desk.get(address).content.decode()
        assert f'name="back" value="{address}"' in page
        answer = desk.post("/desk/me/presence/", {"presence": "available", "back": address})
        assert answer["Location"] == address
    assert Agent.objects.get(person=agent).presence == Presence.AVAILABLE


@pytest.mark.parametrize("back", ["https://evil.example/desk/", "//evil.example/desk/", "/admin/", "", "/desk/\\@x"])
def test_the_switch_of_presence_leads_to_no_other_site(desk, back):
    answer = desk.post("/desk/me/presence/", {"presence": "available", "back": back})
    assert answer["Location"].startswith("/desk/")


def test_being_away_is_shown_with_its_reason(desk):
    desk.post("/desk/me/presence/", {"presence": "away", "reason": "Lunch & rest"})
    assert "Lunch &amp; rest" in desk.get("/desk/").content.decode()


# What one holds


def test_ones_own_page_shows_load_languages_and_certificates(desk, agent, ticket):
    row = join(agent, "ja", "en:assist", capacity=4, skills=("kyc",))
    past = timezone.now() - timedelta(days=1)
    AgentCertificate.objects.create(agent=row, skill="security", language="ja", issued_at=past, expires_at=past)
    assigning.take(ticket, by=agent)
    shown = desk.get("/desk/me/").content.decode()
    assert "1 of 4" in shown
    assert "日本語" in shown
    assert "With a translation aid" in shown
    assert shown.index("kyc") < shown.index("security") < shown.index("does not count")


def test_who_has_no_language_reads_that_nothing_comes(desk):
    assert "None: no ticket comes to you." in desk.get("/desk/me/").content.decode()
