"""`manage.py replay_surge COUNTS.csv [--json]`: what the detector of surges says of counts by minute."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import surge

COLUMNS = ("minute", "topic", "language", "count")
LONGEST = 400 * 24 * 60  # minutes that are replayed at most: a typing error in a date must not run for hours


class BadLine(ValueError):
    """A line that cannot be read; the message says why."""


class Command(BaseCommand):
    help = "Run counts (minute,topic,language,count) through the detector of surges: its alarms, by time and stream."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV; a minute is a whole number since 1970 or an ISO time (UTC)")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--threshold", type=float, default=surge.Setup().threshold, help="score of an alarm")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = self.counts(options["file"])
        setup = surge.Setup(threshold=options["threshold"])
        found = list(surge.replay(counts, setup))
        alarms = [_alarm(alarm) for reading, _ in found for alarm in reading.began]
        steps = [_step(step) for _, step in found if step]
        if options["json"]:
            summary = {"minutes": len(found), "requests": sum(map(_sum, counts.values())), "threshold": setup.threshold}
            self.stdout.write(json.dumps({**summary, "alarms": alarms, "states": steps}, indent=1))
            return
        for row in alarms:
            warming = "  (less than a week known)" if row["is_warming_up"] else ""
            self.stdout.write(f"{row['time']}  alarm  {row['stream']}  score {row['score']}{warming}")
        for row in steps:
            self.stdout.write(f"{row['time']}  {row['from']} -> {row['to']}  ({row['why']})")
        self.stdout.write(f"{len(found)} minutes, {len(alarms)} alarms.")

    def counts(self, path: Path) -> dict[int, Counter[tuple[str, str]]]:
        """Requests by minute and (topic, language); lines may come in any order."""
        found: dict[int, Counter[tuple[str, str]]] = {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for minute, topic, language, count in self.lines(file):
                    found.setdefault(minute, Counter())[topic, language] += count
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"The counts cannot be read: {error}.") from error
        if found and max(found) - min(found) > LONGEST:
            span = f"{_time(min(found))} to {_time(max(found))}"
            raise CommandError(f"The counts run from {span}: more than 400 days. Look for a wrong minute.")
        return found

    def lines(self, file: Any) -> Iterator[tuple[int, str, str, int]]:
        """Lines that can be read; the others are named by number and left out."""
        rows = csv.DictReader(file, skipinitialspace=True)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise CommandError(f"Line 1: the columns {', '.join(missing)} are missing. Give {','.join(COLUMNS)}.")
        for row in rows:
            try:
                yield _line(row)
            except BadLine as error:
                self.stderr.write(f"Line {rows.line_num} is left out: {error}")


def _line(row: dict[str, Any]) -> tuple[int, str, str, int]:
    if any(row[name] is None for name in COLUMNS):
        raise BadLine("it has fewer than four values.")
    return _minute(row["minute"].strip()), row["topic"].strip(), row["language"].strip(), _count(row["count"].strip())


def _minute(text: str) -> int:
    """Raises BadLine."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"“{text}” is no minute: give a whole number or a time such as 2026-11-20T14:05.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) // 60


def _count(text: str) -> int:
    """Raises BadLine."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadLine(f"“{text}” is no count: give a whole number from 0 to 999999.")
    return int(text)


def _sum(cells: Counter[tuple[str, str]]) -> int:
    return sum(cells.values())


def _time(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _alarm(alarm: surge.Alarm) -> dict[str, Any]:
    return {
        "minute": alarm.minute,
        "time": _time(alarm.minute),
        "stream": alarm.stream,
        "score": round(alarm.score, 1),
        "is_warming_up": alarm.is_warming_up,
    }


def _step(step: surge.Step) -> dict[str, Any]:
    return {
        "minute": step.minute,
        "time": _time(step.minute),
        "from": step.came_from.value,
        "to": step.to.value,
        "why": step.why.value,
        "streams": list(step.streams),
    }
