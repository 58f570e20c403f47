"""A recorded crash played through the desk: real tickets, each once, stopped and removed again, never in production."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.outbox import delivery
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets import arrivals, crash_trace, surge
from tickets.actions import merging, replaying_crash, surging
from tickets.crash_trace import BadTrace, read_trace
from tickets.enums import Presence
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Agent, AgentLanguage, CrashReplay, StreamHour, Ticket
from tickets.models.crash_replay import ReplayState

pytestmark = pytest.mark.django_db
HEAD = "id,t,lang,topic,priority,tier,surge,incident"
TOPICS = ("liquidation", "deposits")
BUTTON = "/desk/lead/replay/"


@pytest.fixture
def trace(tmp_path):
    """Six requests, a thousand seconds apart; played ten times as fast, one in a hundred seconds."""
    rows = [f"{n},{1000 + n * 1000},{('ko', 'tr')[n % 2]},{TOPICS[n % 2]},high,pro,1,{n % 2}" for n in range(6)]
    file = tmp_path / "trace.csv"
    file.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return file


@pytest.fixture
def offered(team_lead):
    for key in TOPICS:
        TopicFactory(key=key)
    return replaying_crash.offer_replay()


@pytest.fixture
def begun(offered, team_lead, trace):
    return replaying_crash.start_replay(by=team_lead, speed=10, trace=trace)


@pytest.fixture
def pass_time():
    """Let seconds pass for the replay, and the worker deliver what is due then."""

    def let_pass(seconds):
        replay = CrashReplay.objects.get()
        CrashReplay.objects.update(begun_at=replay.begun_at - timedelta(seconds=seconds) if replay.begun_at else None)
        for _ in range(3):
            delivery.deliver_due(lambda: timezone.now() + timedelta(minutes=5))

    return let_pass


def opened():
    return Ticket.objects.filter(submission_token__startswith="replay:").order_by("pk")


def state():
    return CrashReplay.objects.get().state


# Playing


def test_requests_are_made_in_their_order_as_time_passes(begun, pass_time):
    pass_time(250)
    assert [ticket.submission_token for ticket in opened()] == ["replay:0", "replay:1", "replay:2"]
    assert state() == ReplayState.RUNNING
    pass_time(1000)
    assert (opened().count(), state(), CrashReplay.objects.get().position) == (6, ReplayState.DONE, 6)


def test_requests_of_a_replay_are_tickets_like_any_other(begun, pass_time):
    pass_time(50)
    ticket = opened().get()
    assert (ticket.language, ticket.topic.key, ticket.tier) == ("ko", "liquidation", "pro")
    assert ticket.clocks.filter(metric="first_reply").exists()
    assert ticket.events.filter(kind="created").exists()
    assert "청산" in ticket.messages.get().body


def test_a_language_without_a_text_says_so_in_english(begun, pass_time):
    pass_time(150)
    ticket = opened().last()
    assert ticket.language == "tr"
    assert "no text was written in Türkçe" in ticket.messages.get().body


def test_a_step_that_is_made_again_opens_nothing_twice(begun, pass_time):
    pass_time(350)
    CrashReplay.objects.update(position=0)
    pass_time(10)
    assert opened().count() == 4


def test_a_step_of_before_does_nothing(begun):
    replaying_crash.make_step(begun.step + 5)
    replaying_crash.make_step(begun.step - 1)
    assert opened().count() == 0


def test_a_replay_is_stopped_and_goes_on_where_it_was(begun, pass_time, team_lead):
    pass_time(150)
    replaying_crash.stop_replay(by=team_lead)
    pass_time(6000)
    assert (opened().count(), state()) == (2, ReplayState.STOPPED)
    replaying_crash.start_replay(by=team_lead, speed=10)
    pass_time(10)
    assert opened().count() == 3
    pass_time(6000)
    assert (opened().count(), state()) == (6, ReplayState.DONE)


def test_a_replay_never_runs_twice(begun, team_lead):
    with pytest.raises(TransitionNotAllowed, match="running already"):
        replaying_crash.start_replay(by=team_lead)
    with pytest.raises(TransitionNotAllowed, match="Stop it first"):
        replaying_crash.remove_replay(by=team_lead)


def test_agents_are_there_while_it_plays_and_go_back_after_it(offered, person, team_lead, trace, pass_time):
    away = Agent.objects.create(person=person("Agents"), presence=Presence.AWAY, presence_reason="Lunch")
    AgentLanguage.objects.create(agent=away, language="ko")
    replaying_crash.start_replay(by=team_lead, speed=10, trace=trace)
    away.refresh_from_db()
    assert away.presence == Presence.AVAILABLE
    pass_time(6000)
    replaying_crash.remove_replay(by=team_lead)
    pass_time(0)
    away.refresh_from_db()
    assert (away.presence, away.presence_reason) == (Presence.AWAY, "Lunch")


# Removing


def test_everything_it_made_is_removed_and_nothing_else(begun, pass_time, team_lead, agent):
    own = TicketFactory()
    pass_time(6000)
    people = User.objects.count()
    answered(opened().first(), by=agent)
    first, second = opened()[1], opened()[3]
    merging.merge(second, first, by=team_lead)
    replaying_crash.remove_replay(by=team_lead)
    assert state() == ReplayState.REMOVING
    pass_time(0)
    assert state() == ReplayState.IDLE
    assert list(Ticket.objects.all()) == [own]
    assert User.objects.count() == people - 6


def test_a_ticket_that_took_another_in_stays(begun, pass_time, team_lead):
    pass_time(6000)
    target = opened().first()
    own = TicketFactory()
    merging.merge(own, target, by=team_lead)
    replaying_crash.remove_replay(by=team_lead)
    pass_time(0)
    own.refresh_from_db()
    assert own.merged_into == target
    assert set(Ticket.objects.all()) == {own, target}


def test_a_replay_can_be_played_again_once_it_was_removed(begun, pass_time, team_lead, trace):
    pass_time(6000)
    with pytest.raises(TransitionNotAllowed, match="Remove what it made"):
        replaying_crash.start_replay(by=team_lead)
    replaying_crash.remove_replay(by=team_lead)
    pass_time(0)
    replaying_crash.start_replay(by=team_lead, speed=10, trace=trace)
    pass_time(6000)
    assert opened().count() == 6


# Who, and where


def test_an_agent_may_not(offered, agent):
    for act in (replaying_crash.start_replay, replaying_crash.stop_replay, replaying_crash.remove_replay):
        with pytest.raises(PermissionDenied):
            act(by=agent)


def test_never_in_production(begun, team_lead, settings):
    settings.IS_PRODUCTION = True
    assert CrashReplay.offered() is None
    replaying_crash.make_step(begun.step)
    assert opened().count() == 0
    with pytest.raises(TransitionNotAllowed, match="demo's content alone"):
        replaying_crash.stop_replay(by=team_lead)


def test_never_without_the_content_of_the_demo(team_lead):
    with pytest.raises(TransitionNotAllowed, match="manage.py demo"):
        replaying_crash.start_replay(by=team_lead)


@pytest.fixture
def lead_window(team_lead):
    client = Client()
    client.force_login(team_lead)
    return client


def test_the_lead_has_buttons_where_it_may_be_played(lead_window, team_lead, trace):
    assert "lead_replay" not in lead_window.get("/desk/lead/").content.decode()
    for key in TOPICS:
        TopicFactory(key=key)
    replaying_crash.offer_replay()
    assert 'value="start"' in lead_window.get("/desk/lead/").content.decode()
    replaying_crash.start_replay(by=team_lead, trace=trace)
    shown = lead_window.get("/desk/lead/").content.decode()
    assert 'value="stop"' in shown
    assert 'value="start"' not in shown
    lead_window.post(BUTTON, {"act": "stop"})
    assert state() == ReplayState.STOPPED
    lead_window.post(BUTTON, {"act": "start", "speed": "5"})
    assert (state(), CrashReplay.objects.get().speed) == (ReplayState.RUNNING, 5)


@pytest.mark.parametrize("sent", [{"act": "stop"}, {"act": "dance"}, {}, {"act": "start", "speed": "1000"}])
def test_what_cannot_be_done_is_said(lead_window, offered, sent):
    response = lead_window.post(BUTTON, sent, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert state() == ReplayState.IDLE


def test_an_agent_finds_no_button(offered, agent):
    client = Client()
    client.force_login(agent)
    assert client.post(BUTTON, {"act": "start"}).status_code == 404


# The command


def test_the_command_starts_stops_and_removes(offered, team_lead, trace, pass_time):
    def said(*options):
        out = StringIO()
        call_command("replay_crash", *options, by=team_lead.email, stdout=out)
        return out.getvalue()

    assert "0 of 6 tickets opened" in said("--speed", "10", "--trace", str(trace))
    pass_time(6000)
    assert opened().count() == 6
    assert "Being removed" in said("--remove")


def test_the_command_refuses_in_words(offered, team_lead, tmp_path):
    with pytest.raises(CommandError, match="manage.py demo"):
        call_command("replay_crash", by="nobody@example.org")
    with pytest.raises(CommandError, match="No replay is running"):
        call_command("replay_crash", stop=True, by=team_lead.email)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("replay_crash", trace=tmp_path / "none.csv", by=team_lead.email)


# Traces


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["id,t,lang", "1,2,en"], "it lacks topic, tier, incident"),
        ([HEAD], "no lines"),
        ([HEAD, "1,soon,en,fees,low,pro,0,0"], "Line 2: “soon”"),
        ([HEAD, "1,2,en,fees,low,pro,0,0", "2,3,en"], "Line 3 has fewer columns"),
    ],
)
def test_a_file_that_is_no_trace_says_why(lines, why):
    with pytest.raises(BadTrace, match=why):
        read_trace(lines)


def test_unknown_topics_are_named(offered, team_lead, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text(f"{HEAD}\n1,2,en,weather,low,pro,0,0\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="weather"):
        replaying_crash.start_replay(by=team_lead, trace=file)
    assert state() == ReplayState.IDLE


@pytest.mark.parametrize("speed", [0, -1, 601])
def test_a_speed_that_makes_no_sense_is_refused(offered, team_lead, trace, speed):
    with pytest.raises(InvalidInput, match="1 to 600"):
        replaying_crash.start_replay(by=team_lead, speed=speed, trace=trace)


def test_the_trace_that_ships_has_a_text_for_every_request():
    with Path(settings.CRASH_TRACE).open(encoding="utf-8", newline="") as file:
        askings = read_trace(file)
    now = timezone.now()
    texts = replaying_crash._texts()["topics"]
    made = [crash_trace.written(texts[asking.topic], asking, place, now) for place, asking in enumerate(askings)]
    assert len(made) == 1130
    assert not [text for text in made if "{" in text.subject + text.body or len(text.subject) > 200]
    assert {"en", "zh-hans", "ko", "ja", "ru", "es"} == {text.language for text in made}


def test_a_crash_is_seen_as_one_on_a_desk_that_has_just_begun():
    """The demo remembers weeks of its own, once; what they had is calm, ten times as much an alarm within minutes."""
    replaying_crash.offer_replay()
    replaying_crash.offer_replay()
    assert StreamHour.objects.filter(stream=arrivals.TOTAL).count() == arrivals.DAYS * 24
    begin = int(timezone.now().timestamp()) // 3600 * 60
    for often, is_alarm in ((1, False), (20, True)):
        watch = surge.Watch(history=surging.load_history(begin // 60))
        counts = arrivals.by_stream({("liquidation", "en"): often})
        steps = [watch.take(minute, counts)[1] for minute in range(begin, begin + 10)]
        assert any(steps) is is_alarm
