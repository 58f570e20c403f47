"""The live queue: leads alone find it, its figures are right, it costs the same however full the desk is."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from supportdesk.outbox.models import Outbox
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets import tasks
from tickets.actions import assigning, attending, detailing, leading, surveying
from tickets.enums import Presence
from tickets.models import (
    Agent,
    AgentCertificate,
    AgentLanguage,
    Clock,
    Deflection,
    DeskSnapshot,
    Incident,
    PresenceChange,
    RoutingSetup,
    StreamHour,
    SurgeState,
    Ticket,
)
from tickets.workspace.listing import Wanted

pytestmark = pytest.mark.django_db
PAGE, UPDATES = "/desk/lead/", "/desk/lead/updates/"


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    cache.clear()


@pytest.fixture
def due():
    """Set when a ticket is due, in minutes from now."""

    def at(ticket, minutes):
        moment = timezone.now() + timedelta(minutes=minutes)
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=moment)
        return ticket

    return at


@pytest.fixture
def small_desk(due, agent, topic):
    """Two late, of which one has an agent, one due soon, one later, one answered, one that sleeps, one solved."""
    liquidation = TopicFactory(key="liquidation", name_en="Liquidation")
    late = due(TicketFactory(topic=topic, language="ko", subject="Late"), -5)
    taken = due(TicketFactory(topic=topic, language="ko", subject="Late and taken"), -9)
    due(TicketFactory(topic=liquidation, language="ja", subject="Soon"), 12)
    due(TicketFactory(topic=liquidation, language="ja", subject="Later"), 90)
    assigning.assign(taken, agent, by=agent)
    due(answered(TicketFactory(topic=topic, subject="Answered"), by=agent), 600)
    asleep = due(assigning.take(TicketFactory(topic=topic), by=agent), -3)
    detailing.snooze(asleep, timezone.now() + timedelta(hours=2), by=agent)
    answered(TicketFactory(topic=topic), by=agent, then="solved")
    due(late, -5)
    due(taken, -9)
    return liquidation


def figures(response):
    return {figure.label: (figure.value, figure.note) for figure in response.context["board"].figures}


def text(response):
    return response.content.decode()


# Who comes in


@pytest.mark.parametrize("path", [PAGE, UPDATES])
@pytest.mark.parametrize("who", ["agent", "trader", "content_editor", "translator"])
def test_to_others_it_does_not_exist(who, path, request, at_desk):
    assert at_desk(request.getfixturevalue(who)).get(path).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to():
    assert Client().get(PAGE).status_code == 302


def test_only_leads_have_it_in_their_menu(desk, lead_desk):
    assert PAGE not in text(desk.get("/desk/"))
    assert PAGE in text(lead_desk.get("/desk/"))
    assert text(lead_desk.get(PAGE)).count('aria-current="page"') >= 1


# What is counted


def test_the_figures_of_a_small_desk(lead_desk, small_desk):
    shown = figures(lead_desk.get(PAGE))
    assert shown["Waiting for a first reply"][0] == "4"
    assert shown["Will be late within 30 min"] == ("1", "1 without an agent")
    assert shown["Overdue"] == ("2", "1 without an agent")
    assert shown["First reply, median of the last hour"] == ("1 min", "100% of 2 in time")
    assert shown["Answered by an article, last hour"] == ("0%", "0 by an article, 7 new tickets")


def test_an_empty_desk_says_so(lead_desk):
    page = lead_desk.get(PAGE)
    assert figures(page)["Waiting for a first reply"] == ("0", "nobody")
    assert "Nobody waits for a first reply." in text(page)
    assert "No clock is running." in text(page)


def test_those_who_wait_by_topic_and_language(lead_desk, small_desk, topic):
    page = lead_desk.get(PAGE)
    rows = {line.name: [square.count for square in line.squares] for line in page.context["board"].lines}
    assert [head.badge for head in page.context["board"].heads] == ["JA", "KO"]
    assert rows == {"Liquidation": [2, 0], "My deposit has not arrived": [0, 2]}


def test_a_number_leads_to_the_list_that_it_counts(lead_desk, small_desk):
    page = lead_desk.get(PAGE)
    board = page.context["board"]
    linked = [(s.query, s.count) for line in board.lines for s in line.squares if s.query]
    linked += [(f.query, int(f.value)) for f in board.figures if f.query == "view=first"]
    assert len(linked) == 3
    for query, count in linked:
        assert len(lead_desk.get(f"/desk/?{query}").context["rows"]) == count, query


def test_late_and_soon_are_told_by_words_too(lead_desk, small_desk):
    squares = [s for line in lead_desk.get(PAGE).context["board"].lines for s in line.squares if s.count]
    assert {(s.tone, s.words) for s in squares} == {("warn", "1 due within 30 min"), ("bad", "2 overdue")}


def test_first_replies_that_came_too_late_are_not_kept(lead_desk, small_desk):
    clock = Clock.objects.filter(metric="first_reply", satisfied_at__isnull=False).first()
    Clock.objects.filter(pk=clock.pk).update(
        breached_at=clock.satisfied_at, started_at=clock.started_at - timedelta(hours=2)
    )
    old = Clock.objects.filter(metric="first_reply", satisfied_at__isnull=False).last()
    surveyed = surveying.survey(old.satisfied_at + timedelta(minutes=61))
    assert surveyed.replied == 0
    assert figures(lead_desk.get(PAGE))["First reply, median of the last hour"][1] == "50% of 2 in time"


def test_what_an_article_answered(lead_desk, topic):
    from tests.helpcenter.factories import ArticleFactory

    TicketFactory(topic=topic)
    Deflection.objects.create(article=ArticleFactory(), language="en", topic=topic)
    old = Deflection.objects.create(article=ArticleFactory(), language="en", topic=topic)
    Deflection.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(minutes=61))
    shown = figures(lead_desk.get(PAGE))["Answered by an article, last hour"]
    assert shown == ("50%", "1 by an article, 1 new ticket")


def test_arrivals_stand_in_the_table_that_the_chart_is_drawn_from(lead_desk, small_desk):
    page = lead_desk.get(PAGE)
    arrivals = page.context["board"].arrivals
    assert len(arrivals) == 36
    assert sum(one.count for one in arrivals) == 7
    assert text(page).count("data-count=") == 36


# What is due first


def test_what_is_due_first_with_its_agent_or_a_way_to_give_it_one(lead_desk, small_desk, agent):
    page = lead_desk.get(PAGE)
    rows = page.context["risks"]
    assert [row.ticket.subject for row in rows[:3]] == ["Late and taken", "Late", "Soon"]
    assert rows[0].assignee == agent.name
    assert f"/desk/tickets/{rows[1].ticket.public_id}/do/assign/" in text(page)
    assert f"/desk/tickets/{rows[0].ticket.public_id}/do/assign/" not in text(page)


def test_ten_are_shown(lead_desk, topic):
    for _ in range(12):
        TicketFactory(topic=topic, overdue=True)
    assert len(lead_desk.get(PAGE).context["risks"]) == 10


# Who is there


def test_agents_with_presence_languages_certificates_and_load(lead_desk, agent, other_agent, topic):
    now = timezone.now()
    rui = Agent.objects.create(person=agent, presence=Presence.AVAILABLE, capacity=2)
    Agent.objects.create(person=other_agent, presence=Presence.AWAY, presence_reason="Lunch")
    AgentLanguage.objects.create(agent=rui, language="es", level="assist")
    AgentLanguage.objects.create(agent=rui, language="ko", level="native")
    for skill, days in (("risk", 3), ("cards", 90), ("gone", -1)):
        AgentCertificate.objects.create(agent=rui, skill=skill, expires_at=now + timedelta(days=days))
    for _ in range(2):
        assigning.take(TicketFactory(topic=topic), by=agent)
    team = lead_desk.get(PAGE).context["team"]
    assert (team.available, team.away, team.all) == (1, 1, 2)
    first, second = team.members
    assert [one.badge for one in first.languages] == ["KO", "ES"]
    assert [(one.name, one.until is not None) for one in first.certificates] == [("cards", False), ("risk", True)]
    assert (first.load, first.tone, second.load, second.tone) == (2, "bad", 0, "ok")
    assert second.reason == "Lunch"


def test_a_certificate_is_called_by_the_topics_that_ask_for_it(lead_desk, agent, topic):
    type(topic).objects.filter(pk=topic.pk).update(skill="cards")
    rui = Agent.objects.create(person=agent, presence=Presence.AVAILABLE)
    AgentCertificate.objects.create(agent=rui, skill="cards", language="ko")
    [held] = lead_desk.get(PAGE).context["team"].members[0].certificates
    assert held.name == f"{topic.name} KO"


# When it was counted


def test_the_newest_count_is_shown_and_not_made_anew(lead_desk, topic):
    tasks.survey_desk.call()
    TicketFactory(topic=topic)
    assert figures(lead_desk.get(PAGE))["Waiting for a first reply"][0] == "0"
    tasks.survey_desk.call()
    assert figures(lead_desk.get(PAGE))["Waiting for a first reply"][0] == "1"


def test_the_first_who_looks_has_it_counted(lead_desk):
    lead_desk.get(PAGE)
    lead_desk.get(PAGE)
    assert DeskSnapshot.objects.count() == 1


def test_figures_that_are_too_old_say_so(lead_desk):
    surveying.take_snapshot(timezone.now() - timedelta(minutes=12))
    page = lead_desk.get(PAGE)
    assert page.context["board"].age == "12 min"
    assert "were counted 12 min ago" in text(page)
    surveying.take_snapshot()
    assert "were counted" not in text(lead_desk.get(PAGE))


def test_old_counts_are_forgotten():
    now = timezone.now()
    surveying.take_snapshot(now - timedelta(minutes=90))
    surveying.take_snapshot(now)
    assert DeskSnapshot.objects.count() == 1


# Updates


def test_updates_bring_every_part_and_say_when_to_ask_again(lead_desk, small_desk):
    page, update = lead_desk.get(PAGE), lead_desk.get(UPDATES)
    assert update.headers["X-Poll-After"] == "20"
    parts = ("at", "standing", "figures", "arrivals_words", "arrivals", "matrix", "risks", "team")
    for part in parts:
        assert f'id="lead_{part}"' in text(page)
        assert f'id="lead_{part}"' in text(update)
    assert text(update).count('hx-swap-oob="true"') == len(parts)


# What it costs


@pytest.mark.parametrize("path", [PAGE, UPDATES])
def test_more_tickets_and_agents_cost_no_more_queries(path, lead_desk, person, topic):
    def filled(number):
        for _ in range(number):
            assigning.take(TicketFactory(topic=topic, language="ko"), by=agent_with_everything(person))
        surveying.take_snapshot()

    def asked():
        lead_desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            lead_desk.get(path)
        return [query["sql"] for query in queries]

    filled(3)
    few = asked()
    filled(27)
    many = asked()
    assert len(few) == len(many)
    assert not [sql for sql in many if "COUNT" in sql and '"tickets_ticket"' in sql]


def agent_with_everything(person):
    user = person("Agents", name="Agent")
    row = Agent.objects.create(person=user)
    AgentLanguage.objects.create(agent=row, language="ko")
    AgentCertificate.objects.create(agent=row, skill="risk")
    return user


def test_a_count_takes_as_many_statements_however_full_the_desk_is(topic, django_assert_num_queries):
    for _ in range(3):
        TicketFactory(topic=topic)
    with CaptureQueriesContext(connection) as few:
        surveying.take_snapshot()
    for _ in range(27):
        TicketFactory(topic=topic)
    with django_assert_num_queries(len(few)):
        surveying.take_snapshot()


def test_the_list_of_those_who_wait_is_not_in_the_rail(lead_desk):
    page = lead_desk.get("/desk/?view=first")
    assert page.context["wanted"].view == "first"
    assert "view=first" not in [place.query for place in page.context["groups"][0].places]
    assert Wanted("first", {}).title == "Waiting for a first reply"


# What is usual, surges, incidents


def taught(*counts):
    """Hours that were counted before this one, the last one just over."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for back, count in enumerate(reversed(counts), start=1):
        StreamHour.objects.create(hour=hour - timedelta(hours=back), stream="total", count=count)


def test_what_is_usual_stands_beside_what_came(lead_desk, small_desk):
    assert "What is usual is not known yet." in text(lead_desk.get(PAGE))
    DeskSnapshot.objects.all().delete()
    taught(*[36] * 24 * 7)
    page = lead_desk.get(PAGE)
    assert 2.9 < page.context["board"].arrivals[-1].expected < 3.4
    assert text(page).count("data-expected=") == 36
    assert "0.2 times as many as usual" in page.context["standing"].much


def test_a_surge_is_told_with_a_way_to_decide(lead_desk, topic):
    assert "/desk/surge/" in text(lead_desk.get(PAGE))
    SurgeState.objects.create(pk=1, state="surge", streams=["language:ko", "topic:deposits", "total"])
    page = lead_desk.get(PAGE)
    assert page.context["standing"].streams == ["All requests", "My deposit has not arrived", "한국어"]
    assert 'class="notice bad"' in text(page)


def test_incidents_that_run_are_named(lead_desk):
    for state in ("open", "closed"):
        Incident.objects.create(slug=state, title=f"Deposits, {state}", state=state, started_at=timezone.now())
    shown = text(lead_desk.get(PAGE))
    assert "Deposits, open" in shown
    assert "Deposits, closed" not in shown


# Assign all


def test_all_that_can_be_given_out_are(lead_desk, agent, topic):
    rui = Agent.objects.create(person=agent, presence=Presence.AVAILABLE, capacity=2)
    AgentLanguage.objects.create(agent=rui, language="en", level="native")
    for _ in range(3):
        TicketFactory(topic=topic, language="en")
    response = lead_desk.post("/desk/lead/assign-all/", follow=True)
    assert [str(message) for message in response.context["messages"]] == ["2 tickets have an agent now."]
    assert Ticket.objects.filter(assignee=agent).count() == 2
    again = lead_desk.post("/desk/lead/assign-all/", follow=True)
    assert "Nothing could be given out" in str(next(iter(again.context["messages"])))


def test_nothing_is_given_out_where_that_is_switched_off(lead_desk, topic):
    RoutingSetup.objects.update_or_create(pk=1, defaults={"is_on": False})
    response = lead_desk.post("/desk/lead/assign-all/", follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_an_agent_gives_out_nothing(desk, agent):
    assert desk.post("/desk/lead/assign-all/").status_code == 404
    with pytest.raises(PermissionDenied):
        leading.assign_all(by=agent)


# A colleague's day


@pytest.fixture
def colleague(agent):
    return Agent.objects.create(person=agent, presence=Presence.AVAILABLE, capacity=6)


def day_of(agent):
    return f"/desk/lead/agents/{agent.person_id}/"


def test_a_lead_changes_presence_and_capacity_of_a_colleague(lead_desk, colleague, team_lead):
    shown = lead_desk.get(PAGE).content.decode()
    assert day_of(colleague) in shown
    values = {"presence": "away", "reason": "Training", "capacity": 3}
    assert lead_desk.post(day_of(colleague), values).status_code == 302
    colleague.refresh_from_db()
    assert (colleague.presence, colleague.presence_reason, colleague.capacity) == ("away", "Training", 3)
    assert PresenceChange.objects.get().by == team_lead
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_edited_object()) == (team_lead, colleague)
    owed = Outbox.objects.filter(consumer__in=("dispatch_skills", "dispatch_presence"))
    assert {row.event_id for row in owed} == {entry.pk, PresenceChange.objects.get().pk}


@pytest.mark.parametrize(
    ("field", "value"), [("capacity", "101"), ("capacity", "-1"), ("capacity", "many"), ("presence", "gone")]
)
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(lead_desk, colleague, field, value):
    response = lead_desk.post(day_of(colleague), {"presence": "away", "capacity": 3, "reason": "Lunch", field: value})
    assert response.status_code == 422
    assert 'value="Lunch"' in response.content.decode()
    colleague.refresh_from_db()
    assert (colleague.presence, colleague.capacity) == ("available", 6)


def test_a_presence_that_was_left_as_shown_stays_what_the_colleague_made_of_it(lead_desk, colleague):
    page = lead_desk.get(day_of(colleague)).content.decode()
    shown = dict(re.findall(r'name="(initial-[a-z]+)"(?: value="([^"]*)")?', page))
    assert shown == {"initial-presence": "available", "initial-reason": ""}
    attending.set_presence(colleague, "away", by=colleague.person, reason="Ill")
    answer = lead_desk.post(day_of(colleague), {**shown, "presence": "available", "reason": "", "capacity": 4})
    assert answer.status_code == 302
    colleague.refresh_from_db()
    assert (colleague.presence, colleague.presence_reason, colleague.capacity) == ("away", "Ill", 4)


def test_away_without_a_reason_changes_nothing_at_all(lead_desk, colleague):
    response = lead_desk.post(day_of(colleague), {"presence": "away", "capacity": 3})
    assert "Say in a word why" in response.content.decode()
    colleague.refresh_from_db()
    assert (colleague.presence, colleague.capacity) == ("available", 6)


def test_only_leads_change_a_colleagues_day(desk, colleague, other_agent):
    assert [desk.get(day_of(colleague)).status_code, desk.post(day_of(colleague)).status_code] == [404, 404]
    with pytest.raises(PermissionDenied):
        leading.change_day(colleague, by=other_agent, presence="offline", capacity=1)
    with pytest.raises(PermissionDenied):  # not even one's own capacity
        leading.change_day(colleague, by=colleague.person, presence="available", capacity=1)


def test_somebody_who_is_no_agent_has_no_day(lead_desk, trader):
    assert lead_desk.get(f"/desk/lead/agents/{trader.pk}/").status_code == 404
