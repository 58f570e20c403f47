"""The page of response times: who sees it, what it splits by, the same figures as a file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.tickets.factories import TopicFactory
from tickets.models import SpeedDay
from tickets.speed import Measure

PAGE = reverse("workspace:speed")


@pytest.fixture
def row(db):
    topics = {key: TopicFactory(key=key, name_en=key.title()) for key in ("deposits", "=trading")}
    today = timezone.now().date()

    def make(topic="deposits", language="ko", minutes=12, often=20, kept=19, hour=9, **values):
        place = {"day": today, "measure": Measure.FIRST, "channel": "web", **values}
        hours = {str(hour): [kept, {str(minutes): often}]}
        return SpeedDay.objects.create(topic=topics[topic], language=language, hours=hours, **place)

    return make


def file_of(client, **asked):
    response = client.get(PAGE, {"format": "csv", **asked})
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_an_agent_does_not_find_it(desk):
    assert desk.get(PAGE).status_code == 404


def test_a_lead_sees_median_and_what_was_kept(lead_desk, row):
    row()
    page = lead_desk.get(PAGE).content.decode()
    assert "Deposits" in page
    assert "12 min" in page
    assert "95%" in page


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("topic", ["Deposits", "'=Trading"]),
        ("language", ["日本語", "한국어"]),
        ("channel", ["Web form"]),
        ("hour", ["09:00", "14:00"]),
        ("state", ["Calm", "Surge"]),
    ],
)
def test_the_figures_are_split_as_asked(lead_desk, row, by, labels):
    row()
    row("=trading", "ja", hour=14, is_surge=True)
    assert [line[0] for line in file_of(lead_desk, by=by)[1:-1]] == labels


def test_the_figures_are_narrowed_down_by_each_filter(lead_desk, row):
    row(often=3, kept=3)
    row("=trading", "ja", often=5, is_surge=True)
    assert file_of(lead_desk, language="ja")[-1][1] == "5"
    assert file_of(lead_desk, state="calm")[-1][1] == "3"
    assert file_of(lead_desk, state="surge")[-1][1] == "5"
    assert file_of(lead_desk, first="2020-01-01", last="2020-01-05") == [file_of(lead_desk)[0]]


@pytest.mark.parametrize(
    "asked", [{"first": "x"}, {"by": "'"}, {"topic": "9" * 40}, {"first": "2026-12-01", "last": "2020-01-01"}]
)
def test_nonsense_is_left_out(lead_desk, row, asked):
    row()
    assert lead_desk.get(PAGE, asked).status_code == 200


def test_more_days_cost_no_more_queries(lead_desk, row):
    row()
    lead_desk.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        lead_desk.get(PAGE)
    for number in range(30):
        row(channel=str(number))
    with CaptureQueriesContext(connection) as many:
        lead_desk.get(PAGE)
    assert len(many) == len(few)


def test_a_language_that_the_site_has_no_longer_is_called_by_its_code(lead_desk, row):
    row(language="th")
    assert [line[0] for line in file_of(lead_desk, by="language")[1:-1]] == ["th"]
