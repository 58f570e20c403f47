"""A watch tells leads, a surge tells readers in every language, and all of it is taken back in the end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from helpcenter.models import Announcement
from supportdesk.accounts.models import Notice, User
from supportdesk.ui.languages import content_languages
from tests.tickets.factories import TopicFactory
from tests.tickets.surges import MINUTE, START, counted, known_week, stand, watched_at
from tickets.actions import alerting, surging
from tickets.arrivals import TOTAL
from tickets.errors import TransitionNotAllowed
from tickets.models import SurgeSetup, SurgeState, SurgeText, SurgeTransition, Topic
from tickets.surge import State

pytestmark = pytest.mark.django_db


def test_a_watch_tells_leads_and_readers_nothing(surge_text: SurgeText, team_lead: User, agent: User) -> None:
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


def test_a_surge_puts_a_band_on_every_page_in_all_languages(
    surge_text: SurgeText, team_lead: User, client: Client
) -> None:
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    assert Announcement.objects.in_band().get().languages() == list(content_languages())
    assert "Many people are writing to us" in client.get("/en/").content.decode()
    assert "目前咨询量很大" in client.get("/zh-hans/").content.decode()


def test_a_language_without_a_text_reads_english_and_is_listed(
    surge_text: SurgeText, team_lead: User, client: Client
) -> None:
    SurgeText.objects.filter(pk=surge_text.pk).update(title_ko="")  # type: ignore[misc]
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    surge_text.refresh_from_db()
    assert alerting.missing_languages(surge_text) == ["ko"]
    assert "Many people are writing to us" in client.get("/ko/").content.decode()


def test_a_topic_with_a_text_of_its_own_is_told_of_in_it(surge_text: SurgeText, topic: Topic) -> None:
    own = SurgeText.objects.create(key="own", topic=topic, title_en="Deposits are late", body_en="We know.")
    assert alerting.text_for([TOTAL, "topic:deposits"]) == own
    assert alerting.text_for([TOTAL, "topic:api"]) == surge_text


def test_all_is_taken_back_when_a_surge_ends(surge_text: SurgeText, team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[TOTAL])
    surging.confirm_surge(by=team_lead)
    surging.end_surge(by=team_lead)
    row = SurgeState.objects.get()
    assert (row.state, row.band) == (State.RECOVERY, None)
    assert not Announcement.objects.in_band().exists()
    assert "Many people are writing to us" not in client.get("/ja/").content.decode()
    surging.end_surge(by=team_lead)
    assert SurgeState.objects.get().state == State.NORMAL


def test_an_operator_may_leave_readers_untold(surge_text: SurgeText, team_lead: User) -> None:
    SurgeSetup.objects.create(shows_band=False)
    stand(State.WATCH)
    surging.confirm_surge(by=team_lead)
    assert not Announcement.objects.exists()


def test_every_decision_is_written_down_with_who_made_it(surge_text: SurgeText, team_lead: User) -> None:
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
