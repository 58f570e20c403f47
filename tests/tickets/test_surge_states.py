"""Arrivals in rows, the state of the desk through a surge and back, and who may decide what."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpcenter.models import Announcement
from supportdesk.accounts.models import Notice, User
from supportdesk.ui.languages import content_languages
from tests.tickets.arrivals import Desk, Event
from tests.tickets.factories import TicketFactory, TopicFactory, answered, request
from tickets.actions import alerting, configuring, opening, surging
from tickets.arrivals import TOTAL
from tickets.channels.tasks import ask_ratings_due
from tickets.enums import EventKind, MessageKind, Status
from tickets.errors import TransitionNotAllowed
from tickets.models import (
    ArrivalCount,
    Clock,
    Incident,
    StreamHour,
    SurgeSetup,
    SurgeState,
    SurgeText,
    SurgeTransition,
    Ticket,
    Topic,
)
from tickets.surge import Setup, State, Watch, replay
from tickets.workspace import gauge

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, tzinfo=UTC)
FIRST = int(START.timestamp()) // 60
MINUTE = timedelta(minutes=1)


@pytest.fixture
def texts(db: None) -> SurgeText:
    configuring.add_shipped_surge_texts(Path(settings.BASE_DIR, "fixtures", "desk"))
    return SurgeText.objects.get(key="general")


@pytest.fixture
def created(ticket: Ticket) -> Any:
    return ticket.events.get(kind=EventKind.CREATED)


def known_week() -> None:
    """A week of hours with sixty requests each, half of them about liquidation."""
    hours = [START - timedelta(hours=hour) for hour in range(1, 7 * 24 + 1)]
    shares = {TOTAL: 60, "topic:liquidation": 30, "language:en": 60}
    StreamHour.objects.bulk_create(
        StreamHour(hour=hour, stream=stream, count=count) for hour in hours for stream, count in shares.items()
    )


def counted(minute: int, count: int, topic: str = "liquidation", language: str = "en") -> None:
    at = START + minute * MINUTE
    ArrivalCount.objects.create(minute=at, topic=topic, language=language, count=count)


def watched_at(minute: int) -> SurgeState:
    surging.watch_arrivals(START + (minute + 2) * MINUTE)
    return SurgeState.objects.get()


def stand(state: State, **values: Any) -> SurgeState:
    row, _ = SurgeState.objects.update_or_create(pk=1, defaults={"state": state.value, **values})
    return row


# Counting


def test_a_request_is_counted_once_however_often_it_is_told(created: Any, ticket: Ticket) -> None:
    for _ in range(3):
        surging.count_arrival(created.pk)
    row = ArrivalCount.objects.get()
    assert (row.count, row.topic, row.language) == (1, "deposits", "en")
    assert row.minute == ticket.created_at.replace(second=0, microsecond=0)


def test_requests_of_a_minute_are_counted_together(trader: User, topic: Topic) -> None:
    for _ in range(3):
        event = TicketFactory(by=trader, topic=topic).events.get(kind=EventKind.CREATED)
        surging.count_arrival(event.pk)
    assert sum(row.count for row in ArrivalCount.objects.all()) == 3


def test_what_the_desk_writes_first_is_no_arrival(agent: User, trader: User, topic: Topic) -> None:
    ticket = opening.open_for_customer(request(topic), by=agent, requester=trader)
    surging.count_arrival(ticket.events.get(kind=EventKind.CREATED).pk)
    assert not ArrivalCount.objects.exists()


def test_an_event_that_is_gone_counts_nothing() -> None:
    surging.count_arrival(4711)
    assert not ArrivalCount.objects.exists()


def test_minutes_become_hours_after_two_days(db: None) -> None:
    counted(3, 4)
    counted(50, 5)
    counted(70, 1)
    ArrivalCount.objects.update(watched=99)
    assert surging.fold_counts(START + timedelta(days=2, hours=1)) == 1
    surging.fold_counts(START + timedelta(days=2, hours=1))
    hour, minute = ArrivalCount.objects.order_by("-minutes")
    assert (hour.minutes, hour.minute, hour.count) == (60, START, 9)
    assert (minute.minutes, minute.count) == (1, 1)


def test_what_has_not_been_watched_is_not_folded(db: None) -> None:
    counted(3, 4)
    assert surging.fold_counts(START + timedelta(days=3)) == 0
    assert ArrivalCount.objects.get().minutes == 1


# Watching


def test_rows_give_what_the_detector_gives_in_memory(db: None) -> None:
    """Whether the job runs every minute or comes back after hours."""
    cells = dict(Desk(3, first=FIRST, events=(Event(FIRST + 300, 10, plateau=20),)).minutes(0.25))
    in_memory = [step for _, step in replay(cells, Setup()) if step]
    for minute, found in cells.items():
        for (topic, language), count in found.items():
            counted(minute - FIRST, count, topic, language)
    for minute in (*range(0, 60), 100, 250, *range(301, 320), 359):
        watched_at(minute)
    rows = SurgeTransition.objects.order_by("at", "pk")
    assert [(row.to, int(row.at.timestamp()) // 60) for row in rows] == [(s.to, s.minute) for s in in_memory]
    assert [row.to for row in rows][:2] == ["watch", "surge"]


def test_a_second_worker_finds_nothing_left(db: None) -> None:
    counted(0, 2)
    watched_at(0)
    assert surging.watch_arrivals(START + 2 * MINUTE) == 0


def test_what_is_counted_late_is_watched_late(db: None) -> None:
    known_week()
    counted(0, 1)
    watched_at(5)
    counted(3, 40)
    row = watched_at(6)
    assert row.state == State.WATCH
    assert ArrivalCount.objects.get(count=40).watched == 40


def test_a_stopped_scheduler_leaves_no_band_behind_of_a_surge_that_is_over(texts: SurgeText) -> None:
    known_week()
    for minute in range(40):
        counted(minute, 20)
    counted(600, 1)
    row = watched_at(600)
    assert {step.to for step in SurgeTransition.objects.all()} >= {"watch", "surge", "recovery", "normal"}
    assert row.state == State.NORMAL
    assert not Announcement.objects.exists()


def test_an_hour_that_is_over_is_kept_by_stream(db: None) -> None:
    for minute in range(0, 61, 10):
        counted(minute, 2)
    watched_at(61)
    assert {(row.stream, row.count) for row in StreamHour.objects.all()} == {
        (TOTAL, 12),
        ("topic:liquidation", 12),
        ("language:en", 12),
    }


# States and what they bring


def test_a_watch_tells_leads_and_readers_nothing(texts: SurgeText, team_lead: User, agent: User) -> None:
    known_week()
    counted(0, 1)
    for minute in range(1, 4):
        counted(minute, 20)
    assert watched_at(3).state == State.WATCH
    notice = Notice.objects.get(kind="surge_watch")
    assert notice.person == team_lead
    assert notice.link == reverse("workspace:surge")
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "All requests · Topics: Liquidation and margin, Deposits · Languages: Simplified Chinese, Korean"),
        ("zh-hans", "爆仓与保证金、"),
    ],
)
def test_the_notice_lists_topics_and_languages_in_the_language_of_the_lead(
    db: None, team_lead: User, language: str, words: str
) -> None:
    TopicFactory(key="liquidation", name_en="Liquidation and margin", name_zh_hans="爆仓与保证金")
    TopicFactory(key="deposit", name_en="Deposits")
    User.objects.filter(pk=team_lead.pk).update(language=language)
    came = ["topic:liquidation", "language:zh-hans", "topic:deposit", TOTAL, "language:ko"]
    alerting.follow(SurgeState(state=State.WATCH, since=START, streams=came), came_from=State.NORMAL)
    assert words in Notice.objects.get(kind="surge_watch").subject


def test_the_notice_names_a_few_of_many_streams() -> None:
    many = [f"language:{code}" for code in content_languages()]
    assert alerting.in_words(many, "en").endswith(", …")
    assert len(alerting.in_words(many, "en")) < 100


def test_a_surge_puts_a_band_on_every_page_in_all_languages(texts: SurgeText, team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    assert Announcement.objects.in_band().get().languages() == list(content_languages())
    assert "Many people are writing to us" in client.get("/en/").content.decode()
    assert "目前咨询量很大" in client.get("/zh-hans/").content.decode()


def test_a_language_without_a_text_reads_english_and_is_listed(
    texts: SurgeText, team_lead: User, client: Client
) -> None:
    SurgeText.objects.filter(pk=texts.pk).update(title_ko="")  # type: ignore[misc]
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    texts.refresh_from_db()
    assert alerting.missing_languages(texts) == ["ko"]
    assert "Many people are writing to us" in client.get("/ko/").content.decode()


def test_a_topic_with_a_text_of_its_own_is_told_of_in_it(texts: SurgeText, topic: Topic) -> None:
    own = SurgeText.objects.create(key="own", topic=topic, title_en="Deposits are late", body_en="We know.")
    assert alerting.text_for([TOTAL, "topic:deposits"]) == own
    assert alerting.text_for([TOTAL, "topic:api"]) == texts


def test_all_is_taken_back_when_a_surge_ends(texts: SurgeText, team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    surging.end_surge(by=team_lead)
    row = SurgeState.objects.get()
    assert (row.state, row.band) == (State.RECOVERY, None)
    assert not Announcement.objects.in_band().exists()
    assert "Many people are writing to us" not in client.get("/ja/").content.decode()
    surging.end_surge(by=team_lead)
    assert SurgeState.objects.get().state == State.NORMAL


def test_an_operator_may_leave_readers_untold(texts: SurgeText, team_lead: User) -> None:
    SurgeSetup.objects.create(shows_band=False)
    stand(State.WATCH)
    surging.confirm_surge(by=team_lead)
    assert not Announcement.objects.exists()


def test_every_decision_is_written_down_with_who_made_it(texts: SurgeText, team_lead: User) -> None:
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    step = SurgeTransition.objects.get()
    assert (step.came_from, step.to, step.why, step.by, step.streams) == (
        "watch",
        "surge",
        "confirmed",
        team_lead,
        [TOTAL],
    )
    with pytest.raises(PermissionError):
        step.save()


def test_a_dismissed_watch_stays_away(team_lead: User) -> None:
    known_week()
    counted(0, 1)
    for minute in range(1, 30):
        counted(minute, 20)
    assert watched_at(4).state == State.WATCH
    row = surging.dismiss_watch(by=team_lead)
    SurgeState.objects.update(muted_until=START + 60 * MINUTE)  # as of the moments of this test
    assert row.muted
    assert watched_at(29).state == State.NORMAL


@pytest.mark.parametrize("act", [surging.confirm_surge, surging.dismiss_watch, surging.end_surge])
def test_only_leads_decide(act: Callable[..., Any], agent: User) -> None:
    stand(State.WATCH)
    with pytest.raises(PermissionDenied):
        act(by=agent)
    assert SurgeState.objects.get().state == State.WATCH


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (surging.confirm_surge, State.NORMAL),
        (surging.confirm_surge, State.SURGE),
        (surging.dismiss_watch, State.SURGE),
        (surging.end_surge, State.WATCH),
    ],
)
def test_what_a_state_does_not_lead_to_is_refused(act: Callable[..., Any], state: State, team_lead: User) -> None:
    stand(state)
    with pytest.raises(TransitionNotAllowed, match="Look at it again"):
        act(by=team_lead)


# Acknowledgements


def test_a_new_request_is_acknowledged_once_in_its_language(texts: SurgeText, trader: User, topic: Topic) -> None:
    stand(State.SURGE, streams=[TOTAL])
    ticket = TicketFactory(by=trader, topic=topic, language="ko")
    event = ticket.events.get(kind=EventKind.CREATED)
    alerting.acknowledge(event.pk)
    alerting.acknowledge(event.pk)
    message = ticket.messages.get(kind=MessageKind.AUTOMATIC)
    assert message.body.startswith("문의가 접수되었습니다")


def test_an_acknowledgement_stops_no_clock(texts: SurgeText, created: Any, ticket: Ticket) -> None:
    before = list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since"))
    stand(State.SURGE)
    alerting.acknowledge(created.pk)
    assert list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since")) == before
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_reply_at, ticket.message_count) == ("new", None, 2)


@pytest.mark.parametrize("state", [State.NORMAL, State.WATCH, State.RECOVERY])
def test_outside_of_a_surge_nobody_is_acknowledged(
    state: State, texts: SurgeText, created: Any, ticket: Ticket
) -> None:
    stand(state)
    alerting.acknowledge(created.pk)
    assert not ticket.messages.filter(kind=MessageKind.AUTOMATIC).exists()


def test_an_operator_may_switch_acknowledgements_off(texts: SurgeText, created: Any, ticket: Ticket) -> None:
    SurgeSetup.objects.create(acknowledges=False)
    stand(State.SURGE)
    alerting.acknowledge(created.pk)
    assert ticket.messages.count() == 1


# Set-up and texts


def test_knobs_out_of_bounds_say_what_is_wrong(db: None) -> None:
    with pytest.raises(ValidationError) as refused:
        SurgeSetup(threshold=1, calm=200, latch=60).full_clean()
    assert set(refused.value.message_dict) == {"threshold", "calm"}


def test_there_is_one_set_up(db: None) -> None:
    first = SurgeSetup.objects.create()
    first.full_clean()
    with pytest.raises(ValidationError, match="Change that one"):
        SurgeSetup().full_clean()


def test_the_knobs_of_the_row_are_those_of_the_detector() -> None:
    row = SurgeSetup(threshold=22, is_automatic=False, mute=90)
    assert surging.setup_of(row) == Setup(threshold=22, is_automatic=False, mute=90)
    assert surging.setup_of(SurgeSetup()) == surging.setup_of(None) == Setup()


def test_texts_ship_in_every_language_with_the_warning_about_secrets(texts: SurgeText) -> None:
    assert alerting.missing_languages(texts) == []
    for code in content_languages():
        text = alerting.band_texts(texts)[code]
        assert (
            "2FA" in text.body
            or "認証コード" in text.body
            or "验证码" in text.body
            or any(word in text.body for word in ("驗證碼", "인증 코드", "رمز التحقق"))
        )


def test_two_rows_of_one_minute_cannot_be(db: None) -> None:
    counted(0, 1)
    with pytest.raises(IntegrityError):
        counted(0, 1)


# The screen


def test_a_lead_sees_state_scores_and_the_notice_in_every_language(
    texts: SurgeText, team_lead: User, client: Client
) -> None:
    known_week()
    counted(0, 1)
    for minute in range(1, 4):
        counted(minute, 20)
    watched_at(3)
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    assert "All requests" in page
    assert "alarms at" in page
    assert "Declare a surge" in page
    assert "お問い合わせが集中しており" in page


def test_a_lead_decides_on_the_screen(texts: SurgeText, team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[TOTAL])
    client.force_login(team_lead)
    answer = client.post(reverse("workspace:decide-surge", args=["confirm"]), follow=True)
    assert "A surge is declared." in answer.content.decode()
    again = client.post(reverse("workspace:decide-surge", args=["confirm"]), follow=True)
    assert "Look at it again, then decide." in again.content.decode()
    assert client.post(reverse("workspace:decide-surge", args=["panic"])).status_code == 404


def test_an_incident_is_offered_with_what_the_surge_is_about(topic: Topic, team_lead: User, client: Client) -> None:
    streams = [f"topic:{topic.key}", "language:ko"]
    SurgeState.objects.create(pk=1, state="surge", streams=streams, since=timezone.now())
    client.force_login(team_lead)
    offered = reverse("workspace:new-incident") + "?from=surge"
    assert offered in client.get(reverse("workspace:surge")).content.decode()
    form = client.get(offered).context["form"]
    assert form["topics"].value() == [topic.pk]
    assert form["reference_language"].value() == "ko"
    assert str(topic) in form["title"].value()


def test_one_click_opens_the_incident_of_a_surge_once(topic: Topic, team_lead: User, client: Client) -> None:
    began = timezone.now() - timedelta(minutes=20)
    SurgeTransition.objects.create(at=began, came_from="normal", to="watch", why="alarm")
    stand(State.SURGE, streams=[f"topic:{topic.key}", "language:ko"], since=timezone.now())
    client.force_login(team_lead)
    address = reverse("workspace:surge-incident")
    for place in ("workspace:surge", "workspace:lead"):
        assert f'action="{address}"' in client.get(reverse(place)).content.decode()
    for _ in range(2):
        answer = client.post(address)
    incident = Incident.objects.get()
    assert answer.headers["Location"] == reverse("workspace:incident", args=[incident.slug])
    assert list(incident.topics.all()) == [topic]
    assert (incident.reference_language, incident.lead) == ("ko", team_lead)
    assert incident.started_at == began - gauge.NOTICED
    assert "한국어" in incident.title


def test_leads_of_other_languages_and_a_wave_that_grows_have_the_same_incident(
    topic: Topic, team_lead: User, client: Client
) -> None:
    SurgeTransition.objects.create(at=timezone.now(), came_from="normal", to="watch", why="alarm")
    client.force_login(team_lead)
    for language, streams in (("en", [f"topic:{topic.key}"]), ("zh-hans", [f"topic:{topic.key}", "language:ko"])):
        stand(State.SURGE, streams=streams)
        team_lead.language = language
        team_lead.save()
        client.post(reverse("workspace:surge-incident"), headers={"accept-language": language})
    assert Incident.objects.count() == 1


def test_a_watch_that_the_market_opened_has_an_incident_too(team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[])
    client.force_login(team_lead)
    client.post(reverse("workspace:surge-incident"))
    assert Incident.objects.get().title == "More requests than usual"


def test_a_surge_that_is_over_opens_no_incident(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    told = client.post(reverse("workspace:surge-incident"), follow=True).content.decode()
    assert "The desk is calm again." in told
    assert not Incident.objects.exists()


def test_without_a_surge_no_incident_is_offered(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    assert "?from=surge" not in client.get(reverse("workspace:surge")).content.decode()


def test_agents_have_no_such_screen(agent: User, client: Client) -> None:
    client.force_login(agent)
    assert client.post(reverse("workspace:surge-incident")).status_code == 404
    assert client.get(reverse("workspace:surge")).status_code == 404
    assert client.post(reverse("workspace:decide-surge", args=["confirm"])).status_code == 404


def test_a_desk_that_was_never_watched_shows_its_screen(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    assert "There is no text for surges" in page
    assert Watch().keep()["hour"] is None


# What else slows down


def test_pages_ask_less_often_during_a_surge_and_as_before_after_it(
    ticket: Ticket, trader: User, client: Client
) -> None:
    client.force_login(trader)
    path = f"/en/tickets/{ticket.public_id}/updates?since=1"
    stand(State.SURGE)
    assert client.get(path).headers["X-Poll-After"] == "60"
    stand(State.RECOVERY)
    caches["pages"].clear()  # half a minute later
    assert "X-Poll-After" not in client.get(path).headers


def test_the_screens_of_the_desk_ask_less_often_too(ticket: Ticket, team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    pages = {"lead": reverse("workspace:lead"), "thread": reverse("workspace:thread", args=[ticket.public_id])}
    news = {"lead": reverse("workspace:lead-updates"), "thread": reverse("workspace:updates", args=[ticket.public_id])}

    def asked() -> dict[str, tuple[str, str]]:
        caches["pages"].clear()  # half a minute later
        found = {name: client.get(address).content.decode() for name, address in pages.items()}
        polls = {name: page.partition(' data-poll="')[2].partition('"')[0] for name, page in found.items()}
        return {name: (polls[name], client.get(news[name]).headers["X-Poll-After"]) for name in news}

    assert asked() == {"lead": ("20", "20"), "thread": ("5", "5")}
    stand(State.SURGE)
    assert asked() == {"lead": ("60", "60"), "thread": ("15", "15")}


def test_nobody_is_asked_to_rate_during_a_surge(ticket: Ticket, agent: User) -> None:
    answered(ticket, by=agent, then=Status.SOLVED)
    later = timezone.now() + timedelta(hours=2)
    stand(State.SURGE)
    assert ask_ratings_due(later) == 0
    stand(State.NORMAL)
    assert ask_ratings_due(later) == 1


@pytest.mark.parametrize("field", ["title_en", "body_ko", "acknowledgement_en"])
def test_no_text_for_readers_asks_for_a_secret(texts: SurgeText, client: Client, field: str) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "a long pass phrase"))
    address = reverse("admin:tickets_surgetext_change", args=[texts.pk])
    shown = client.get(address).context["adminform"].form
    values = {name: shown[name].value() or "" for name in shown.fields}
    answer = client.post(address, {**values, field: "Send us your password and your seed phrase."})
    assert "never ask for" in str(answer.context["adminform"].form.errors[field])
    again = client.post(address, values)
    assert again.status_code == 302, again.context["adminform"].form.errors
