"""A text appears and goes at its moment, if the moment still holds; moments that cannot be are refused by name."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, publishing, reviewing, scheduling
from helpcenter.enums import EventKind, Significance, Standing
from helpcenter.errors import InvalidTime, NotAllowedNow
from helpcenter.models import ContentEvent, SiteLanguage, TranslationState
from helpcenter.moments import in_utc, zone_of
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, State
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return ArticleFactory(texts={"en": "Old."})


def shown(text: str) -> datetime:
    """What a clock shows: a time without a zone."""
    return datetime.fromisoformat(text)


def approved(article, text="New.", language="en"):
    revision = save_text(article, language, text)
    reviewing.approve(revision, by=None)
    return revision


def state(article, language="en") -> TranslationState:
    return TranslationState.objects.get(article=article, language=language)


def deliver(clock, at: datetime) -> None:
    clock.move_to(at)
    delivery.deliver_due()


# Publishing


def test_a_text_appears_at_its_moment_and_not_before(clock, article):
    revision = approved(article)
    scheduling.schedule_publishing(revision, by=None, at=NOW + HOUR)
    deliver(clock, NOW + HOUR - timedelta(seconds=1))
    assert stored(article, "body", "en") == "Old."
    deliver(clock, NOW + HOUR)
    found = state(article)
    assert stored(article, "body", "en") == "New."
    assert (found.published_at, found.publish_at, found.standing) == (NOW + HOUR, None, Standing.PUBLISHED)


def test_a_delivery_that_comes_twice_publishes_once(clock, article):
    scheduling.schedule_publishing(approved(article), by=None, at=NOW + HOUR)
    due = ContentEvent.objects.get(kind=EventKind.DUE)
    clock.move_to(NOW + HOUR)
    for _ in range(2):
        scheduling.moment_reached(due.pk)
    assert ContentEvent.objects.filter(kind=EventKind.PUBLISHED, article=article).count() == 2  # the old and the new


def test_a_moment_that_was_moved_counts_alone(clock, article):
    revision = approved(article)
    scheduling.schedule_publishing(revision, by=None, at=NOW + HOUR)
    scheduling.schedule_publishing(revision, by=None, at=NOW + 3 * HOUR)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "en") == "Old."
    deliver(clock, NOW + 3 * HOUR)
    assert stored(article, "body", "en") == "New."


def test_a_schedule_that_was_taken_back_does_nothing(clock, article):
    scheduling.schedule_publishing(approved(article), by=None, at=NOW + HOUR)
    scheduling.unschedule(article, "en", by=None)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "en") == "Old."
    assert Outbox.objects.exclude(state=State.DONE).count() == 0


def test_the_approved_text_keeps_its_moment_while_the_next_is_written(clock, article, content_editor):
    scheduling.schedule_publishing(approved(article), by=None, at=NOW + HOUR)
    save_text(article, "en", "The next.", by=content_editor)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "en") == "New."
    assert state(article).standing == Standing.DRAFT


def test_another_approval_takes_the_moment_of_the_one_before(clock, article):
    scheduling.schedule_publishing(approved(article), by=None, at=NOW + HOUR)
    approved(article, "Another.")
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "en") == "Old."


def test_what_a_check_refuses_at_its_moment_is_tried_again_and_says_why(clock, article):
    scheduling.schedule_publishing(approved(article), by=None, at=NOW + HOUR)
    publishing.archive(article, by=None)
    deliver(clock, NOW + HOUR)
    owed = Outbox.objects.exclude(state=State.DONE).get()
    assert "The article is archived" in owed.error
    publishing.restore(article, by=None)
    deliver(clock, NOW + 2 * HOUR)
    assert stored(article, "body", "en") == "New."


@pytest.mark.parametrize(("significance", "waits"), [("major", True), ("minor", False), ("typo", False)])
def test_translators_get_a_major_change_when_somebody_hands_it_over(clock, article, significance, waits):
    first = state(article).latest
    text = drafting.Text("T", "New.")
    revision = drafting.save_revision(article, "en", text, by=None, significance=Significance(significance))
    reviewing.approve(revision, by=None)
    scheduling.schedule_publishing(revision, by=None, at=NOW + HOUR)
    deliver(clock, NOW + HOUR)
    assert state(article).ready == (first if waits else revision)


def test_a_language_that_is_switched_off_publishes_for_the_day_it_is_on(clock, article):
    SiteLanguage.objects.filter(code="ja").update(is_public=False)
    scheduling.schedule_publishing(approved(article, "訳", "ja"), by=None, at=NOW + HOUR)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "ja") == "訳"


# Unpublishing


def test_a_text_goes_at_its_moment(clock, article):
    publish_text(article, "ja", "訳")
    scheduling.schedule_unpublishing(article, "ja", by=None, at=NOW + HOUR)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "ja") in ("", None)
    assert state(article, "ja").unpublish_at is None
    assert stored(article, "body", "en") == "Old."


def test_a_text_appears_and_goes_again(clock, article):
    scheduling.schedule_publishing(approved(article, "訳", "ja"), by=None, at=NOW + HOUR)
    scheduling.schedule_unpublishing(article, "ja", by=None, at=NOW + 2 * HOUR)
    deliver(clock, NOW + HOUR)
    assert stored(article, "body", "ja") == "訳"
    deliver(clock, NOW + 2 * HOUR)
    assert stored(article, "body", "ja") in ("", None)


@pytest.mark.parametrize("end", [HOUR, timedelta(minutes=30)])
def test_a_text_does_not_go_before_it_has_come(clock, article, end):
    scheduling.schedule_publishing(approved(article, "訳", "ja"), by=None, at=NOW + HOUR)
    with pytest.raises(InvalidTime, match="before it is published"):
        scheduling.schedule_unpublishing(article, "ja", by=None, at=NOW + end)


def test_what_is_not_public_does_not_go(clock, article):
    save_text(article, "ja", "訳")
    with pytest.raises(NotAllowedNow, match="no public text"):
        scheduling.schedule_unpublishing(article, "ja", by=None, at=NOW + HOUR)


# Refusals


@pytest.mark.parametrize("at", [NOW, NOW - HOUR, NOW - timedelta(days=400)])
def test_a_moment_in_the_past_is_named(clock, article, at):
    with pytest.raises(InvalidTime, match=f"{at:%Y-%m-%d %H:%M} UTC has passed"):
        scheduling.schedule_publishing(approved(article), by=None, at=at)
    with pytest.raises(InvalidTime, match="has passed"):
        scheduling.schedule_unpublishing(article, "en", by=None, at=at)


def test_a_text_that_nobody_approved_is_not_scheduled(clock, article):
    with pytest.raises(NotAllowedNow, match="Nobody has approved"):
        scheduling.schedule_publishing(save_text(article, "en", "New."), by=None, at=NOW + HOUR)


def test_scheduling_needs_the_right_to_publish(clock, article, translator, agent):
    revision = approved(article)
    acts = (
        lambda by: scheduling.schedule_publishing(revision, by=by, at=NOW + HOUR),
        lambda by: scheduling.schedule_unpublishing(article, "en", by=by, at=NOW + HOUR),
        lambda by: scheduling.unschedule(article, "en", by=by),
    )
    for act in acts:
        for person in (translator, agent):
            with pytest.raises(PermissionDenied):
                act(person)
    assert TranslationState.objects.scheduled().count() == 0
    assert not ContentEvent.objects.filter(kind=EventKind.DUE).exists()


# Moments of a zone


@pytest.mark.parametrize(
    ("zone", "clock_time", "wanted"),
    [
        ("UTC", shown("2026-03-29 02:30"), datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        ("Europe/Berlin", shown("2026-03-29 01:59"), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("Europe/Berlin", shown("2026-03-29 03:00"), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Asia/Kolkata", shown("2026-03-01 00:00"), datetime(2026, 2, 28, 18, 30, tzinfo=UTC)),
        ("Asia/Shanghai", shown("2026-03-01 08:00"), datetime(2026, 3, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_time_of_a_zone_is_one_moment(zone, clock_time, wanted):
    assert in_utc(clock_time, ZoneInfo(zone)) == wanted


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_the_clocks_skip_is_named(minute):
    with pytest.raises(InvalidTime, match=f"2026-03-29 02:{minute:02} does not exist in Europe/Berlin"):
        in_utc(shown(f"2026-03-29 02:{minute:02}"), BERLIN)


def test_a_time_that_comes_twice_is_named_with_both_moments():
    with pytest.raises(InvalidTime, match=r"2026-10-25 02:30 comes twice.*00:30 or 01:30"):
        in_utc(shown("2026-10-25 02:30"), BERLIN)


@given(
    st.datetimes(shown("2024-01-01 00:00"), shown("2030-01-01 00:00")),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Africa/Casablanca"]),
)
def test_what_is_accepted_reads_back_as_it_was_typed(clock_time, zone):
    place = ZoneInfo(zone)
    try:
        moment = in_utc(clock_time, place)
    except InvalidTime:
        return
    assert moment.astimezone(place).replace(tzinfo=None) == clock_time


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "\0", "UTC"])
def test_a_zone_that_nobody_knows_is_utc(name):
    assert zone_of(name).key == "UTC"


def test_a_text_whose_moments_are_delivered_in_the_wrong_order_is_gone_at_the_end(article, clock):
    revision = approved(article)
    publishing.unpublish(article, "en", by=None)
    scheduling.schedule_publishing(revision, by=None, at=NOW + HOUR)
    scheduling.schedule_unpublishing(article, "en", by=None, at=NOW + 2 * HOUR)
    clock.move_to(NOW + 3 * HOUR)
    for event in ContentEvent.objects.filter(kind=EventKind.DUE).order_by("-at"):
        scheduling.moment_reached(event.pk)
    assert not state(article).is_published
    assert (state(article).publish_at, state(article).unpublish_at) == (None, None)
