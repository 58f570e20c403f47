"""What readers are told of how soon people hear: measured per language on the last day, never on a handful."""

from datetime import UTC, datetime, timedelta

import pytest

from helpcenter import freshness
from helpcenter.models import PublicStatus, SiteLanguage
from tests.tickets.factories import TicketFactory, TopicFactory
from tickets.actions import measuring
from tickets.enums import Metric
from tickets.models import Clock, Ticket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def answered():
    topic = TopicFactory(key="deposits")

    def make(count, minutes, *, language="ko", ago=1, **values):
        for _ in range(count):
            ticket = TicketFactory(topic=topic, language="ko")
            Ticket.objects.filter(pk=ticket.pk).update(language=language)
            ended = NOW - timedelta(hours=ago)
            began = ended - timedelta(minutes=minutes)
            ticket.clocks.filter(metric=Metric.FIRST_REPLY).update(started_at=began, satisfied_at=ended, **values)

    return make


def stated():
    return dict(PublicStatus.objects.values_list("language", "reply_promise"))


def test_what_is_usual_is_the_median_of_a_day_rounded_up_to_a_step(answered):
    answered(11, 22)
    answered(9, 200)
    assert measuring.state_usual(NOW) == 1
    assert stated() == {"ko": 30}


def test_of_a_handful_and_of_yesterday_nothing_is_told(answered):
    answered(19, 5)
    answered(20, 5, language="ja", ago=25)
    measuring.state_usual(NOW)
    assert stated() == {}


def test_one_answer_to_many_and_what_does_not_count_make_nobody_faster(answered):
    answered(20, 1, via="bulk")
    answered(20, 1, void_reason="spam")
    measuring.state_usual(NOW)
    assert stated() == {}


def test_a_figure_that_is_gone_is_not_told_any_more(answered):
    answered(20, 5)
    measuring.state_usual(NOW)
    Clock.objects.update(satisfied_at=None)
    measuring.state_usual(NOW + timedelta(minutes=5))
    assert stated() == {}


def test_pages_change_only_when_they_would_say_something_else(answered):
    answered(20, 5)
    measuring.state_usual(NOW)
    before = freshness.stored_number()
    measuring.state_usual(NOW + timedelta(minutes=5))
    assert freshness.stored_number() == before
    Clock.objects.filter(metric=Metric.FIRST_REPLY).update(started_at=NOW - timedelta(hours=4))
    measuring.state_usual(NOW + timedelta(minutes=10))
    assert freshness.stored_number() > before


@pytest.mark.parametrize(
    ("minutes", "words"), [(30, "within 30 minutes"), (60, "within 1 hour"), (240, "within 4 hours")]
)
def test_readers_are_told_beside_the_way_to_us(client, minutes, words):
    SiteLanguage.objects.get_or_create(code="en")
    now = datetime.now(UTC)
    PublicStatus.objects.create(language="en", reply_promise=minutes, sample=20, measured_at=now)
    freshness.bump()
    assert words in client.get("/en/").content.decode()
    PublicStatus.objects.update(measured_at=now - timedelta(hours=3))
    freshness.bump()
    assert "We usually" not in client.get("/en/").content.decode(), "nobody measures it any more"
