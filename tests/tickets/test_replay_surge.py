"""`manage.py replay_surge`: counts of a file through the detector."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.arrivals import Desk, Event
from tickets.management.commands import replay_surge

HEAD = "minute,topic,language,count"


def lines_of(desk: Desk, hours: float) -> list[str]:
    return [
        f"{minute},{topic},{language},{count}"
        for minute, cells in desk.minutes(hours / 24)
        for (topic, language), count in cells.items()
    ]


@pytest.fixture(scope="module")
def crash() -> list[str]:
    return lines_of(Desk(4, events=(Event(600, 10, plateau=30),)), 12)


def replay(tmp_path: Path, lines: list[str], *options: str, head: str = HEAD) -> tuple[str, str]:
    file = tmp_path / "counts.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    out, faults = io.StringIO(), io.StringIO()
    call_command("replay_surge", str(file), *options, stdout=out, stderr=faults)
    return out.getvalue(), faults.getvalue()


def found_in(tmp_path: Path, lines: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(replay(tmp_path, lines, "--json")[0])
    return found


def test_alarms_are_told_with_time_and_stream_without_a_database(tmp_path: Path, crash: list[str]) -> None:
    found = found_in(tmp_path, crash)
    first = found["alarms"][0]
    assert first["stream"] in {"total", "topic:liquidation"}
    assert 600 <= first["minute"] < 610
    assert first["time"] == f"1970-01-01T10:{first['minute'] - 600:02}Z"
    assert [step["to"] for step in found["states"]][:2] == ["watch", "surge"]


def test_the_order_of_lines_does_not_matter_and_neither_does_how_a_minute_is_written(
    tmp_path: Path, crash: list[str]
) -> None:
    written = []
    for line in reversed(crash):
        minute, rest = line.split(",", 1)
        written.append(f"1970-01-01T{int(minute) // 60:02}:{int(minute) % 60:02}:30Z,{rest}")
    assert found_in(tmp_path, written) == found_in(tmp_path, crash)


def test_minutes_without_a_line_count_as_quiet(tmp_path: Path) -> None:
    found = found_in(tmp_path, ["0,api,en,1", "5000,api,en,1"])
    assert found["minutes"] == 5001
    assert found["alarms"] == []


def test_a_topic_that_nobody_knows_is_a_stream_like_any_other(tmp_path: Path, crash: list[str]) -> None:
    rumour = [f"{minute},rumour,xx,2" for minute in range(400, 440)]
    streams = {alarm["stream"] for alarm in found_in(tmp_path, crash + rumour)["alarms"] if alarm["minute"] < 440}
    assert {"topic:rumour", "language:xx"} <= streams


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("soon,api,en,1", "“soon” is no minute"),
        ("-4,api,en,1", "“-4” is no minute"),
        ("12,api,en,many", "“many” is no count"),
        ("12,api,en,-1", "“-1” is no count"),
        ("12,api,en", "fewer than four values"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_left_out(tmp_path: Path, line: str, reason: str) -> None:
    out, faults = replay(tmp_path, ["10,api,en,1", line, "20,api,en,1"], "--json")
    assert faults.startswith("Line 3 is left out: ")
    assert reason in faults
    assert json.loads(out)["requests"] == 2


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="the columns topic, language are missing"):
        replay(tmp_path, ["1,1"], head="minute,count")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("replay_surge", str(tmp_path / "absent.csv"))


def test_a_mistyped_date_is_refused_instead_of_running_for_hours(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="more than 400 days"):
        replay(tmp_path, ["2025-01-01T00:00,api,en,1", "2027-01-01T00:00,api,en,1"])


def test_an_empty_file_has_no_alarms(tmp_path: Path) -> None:
    assert "0 minutes, 0 alarms." in replay(tmp_path, [])[0]


def test_alarms_and_states_are_printed_in_words(tmp_path: Path, crash: list[str]) -> None:
    out, _ = replay(tmp_path, crash)
    assert "alarm  total  score" in out
    assert "normal -> watch  (alarm)" in out
    assert replay_surge.COLUMNS == ("minute", "topic", "language", "count")
