"""Time zones stand where people look for them: by offset, then by city."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from supportdesk.ui import zones

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def groups(at, also=""):
    return {label: rows for label, rows in zones.choices(at, also) if isinstance(rows, list)}


def names_of(found):
    return [name for rows in found.values() for name, _line in rows]


def place(name, at):
    return next(label for label, rows in groups(at).items() if name in dict(rows))


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "UTC"), (480, "UTC+8"), (-210, "UTC-3:30"), (345, "UTC+5:45"), (-60, "UTC-1")]
)
def test_an_offset_can_be_typed(minutes, written):
    assert zones.zone_name(minutes) == written


def test_a_zone_stands_at_what_its_clock_shows_now():
    assert (place("Europe/Berlin", WINTER), place("Europe/Berlin", SUMMER)) == ("UTC+1", "UTC+2")
    assert place("Asia/Kathmandu", WINTER) == "UTC+5:45"


def test_groups_go_west_to_east_and_cities_by_the_alphabet():
    found = groups(WINTER)
    order = list(found)
    assert order.index("UTC-5") < order.index("UTC") < order.index("UTC+1") < order.index("UTC+9")
    lines = [line for _name, line in found["UTC+1"]]
    assert lines == sorted(lines)


def test_a_line_begins_with_its_city():
    rows = dict(groups(WINTER)["UTC-3"])
    assert rows["America/Argentina/Buenos_Aires"] == "Buenos Aires (America/Argentina)"


def test_each_name_is_offered_once_and_those_without_a_city_are_not():
    names = [name for rows in groups(WINTER).values() for name, _line in rows]
    assert len(names) == len(set(names))
    assert not {"EST5EDT", "Etc/GMT+5", "US/Eastern"} & set(names)


FORMER = ["Asia/Calcutta", "Asia/Saigon", "Europe/Kiev", "America/Buenos_Aires", "Australia/NSW"]


@pytest.mark.parametrize("name", FORMER)
def test_a_former_name_is_offered_to_who_has_it_alone(name):
    assert name not in names_of(groups(WINTER))
    assert name in names_of(groups(WINTER, name))
    assert name in zones.former()


def test_every_country_keeps_its_own_zone():
    now = {"Asia/Kolkata", "Asia/Ho_Chi_Minh", "Europe/Kyiv", "Europe/Stockholm", "Asia/Hong_Kong", "America/Sao_Paulo"}
    assert now <= set(names_of(groups(WINTER)))
    assert len(names_of(groups(WINTER))) < 430


@pytest.fixture
def forgotten():
    """What is kept of the zones of this machine, read anew."""
    yield zones._in_use.cache_clear()
    zones._in_use.cache_clear()


def test_a_machine_that_does_not_say_which_are_in_use_offers_all(forgotten, monkeypatch):
    monkeypatch.setattr(zones, "_tables", lambda: iter(()))
    assert {"Asia/Calcutta", "Asia/Kolkata"} <= set(names_of(groups(WINTER)))


def test_utc_comes_first_and_what_somebody_has_stays():
    assert zones.choices(WINTER, "US/Eastern")[:2] == [("UTC", "UTC"), ("US/Eastern", "US/Eastern")]
    assert zones.choices(WINTER, "Europe/Berlin")[1][0] != "Europe/Berlin"


@time_machine.travel(WINTER, tick=False)
@pytest.mark.parametrize(("name", "called"), [("Europe/Berlin", "Berlin, UTC+1"), ("UTC", "UTC")])
def test_the_zone_of_a_page_is_called_by_city_and_offset(name, called):
    with timezone.override(name):
        assert zones.called() == called


def test_a_zone_is_called_by_what_its_clock_shows_at_that_moment():
    with timezone.override("Europe/Berlin"):
        assert zones.called(SUMMER) == "Berlin, UTC+2"


def test_a_moment_says_its_zone():
    with timezone.override("Europe/Berlin"):
        assert (zones.moment(WINTER), zones.moment(SUMMER)) == (
            "15 January 2026, 01:00 UTC+1",
            "15 July 2026, 02:00 UTC+2",
        )
