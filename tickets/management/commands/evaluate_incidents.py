"""`manage.py evaluate_incidents FILE`: how well tickets of incidents are found, in each language."""

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import profiles, similarity
from tickets.actions import comparing

Counts = dict[str, int]
SOME_DAY = 1_700_000_000.0  # the beginning of an incident that names none; Unix seconds


class Command(BaseCommand):
    help = "Compare labelled tickets with the incidents that they may belong to; print precision and recall."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help='JSON: [{"incident", "anchor", "examples", "tickets"}]')
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--threshold", type=float, default=similarity.THRESHOLD, help="from 0 to 1")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = evaluate(self.incidents(options["file"]), options["threshold"])
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=1))
            return
        for language, row in figures["by_language"].items():
            self.stdout.write(self.line(language, row))
        self.stdout.write(self.line("all", figures["all"]))

    def line(self, name: str, row: dict[str, Any]) -> str:
        return (
            f"{name:8} precision {row['precision']:.3f}  recall {row['recall']:.3f}  "
            f"({row['found']} found, {row['right']} of {row['belong']} that belong)"
        )

    def incidents(self, path: Path) -> list[dict[str, Any]]:
        try:
            incidents: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            for incident in incidents:
                incident["anchor"]["text"], incident["tickets"][0]["belongs"]
        except (OSError, ValueError, LookupError, TypeError) as error:
            message = f"The incidents cannot be read: {error!r}. Give a JSON list with “anchor” and “tickets” in each."
            raise CommandError(message) from error
        return incidents


def evaluate(incidents: list[dict[str, Any]], threshold: float) -> dict[str, Any]:
    """Precision and recall of what is found from the threshold on, in all and by the language of the ticket."""
    counts: dict[str, Counts] = defaultdict(lambda: {"found": 0, "right": 0, "belong": 0})
    for incident in incidents:
        for ticket, match in compared(incident):
            is_found = match.score >= threshold
            for name in ("all", ticket["language"]):
                counts[name]["found"] += is_found
                counts[name]["right"] += is_found and bool(ticket["belongs"])
                counts[name]["belong"] += bool(ticket["belongs"])
    rows = {name: _rates(row) for name, row in counts.items()}
    every = rows.pop("all", _rates({"found": 0, "right": 0, "belong": 0}))
    return {"threshold": threshold, "all": every, "by_language": dict(sorted(rows.items()))}


def compared(incident: dict[str, Any]) -> list[tuple[dict[str, Any], similarity.Match]]:
    """Each ticket of a labelled incident with what the comparison says."""
    anchor = incident["anchor"]
    started_at = datetime.fromisoformat(anchor["at"]).timestamp() if anchor.get("at") else SOME_DAY
    language, topic = anchor.get("language", ""), anchor.get("topic", "")
    known = profiles.Known(
        title=profiles.Text(language, anchor.get("title", "")),
        reference=profiles.Text(language, anchor["text"]),
        keywords=anchor.get("keywords", {}),
        examples=[_text(one, topic) for one in incident.get("examples", [])],
        topics=frozenset([topic]),
        started_at=started_at,
    )
    profile = profiles.profile(known, comparing.vocabulary())
    asked = [(ticket, _asked(ticket, started_at)) for ticket in incident["tickets"]]
    return [(ticket, similarity.compare(profile, text)) for ticket, text in asked]


def _text(example: dict[str, Any] | str, topic: str) -> profiles.Text:
    if isinstance(example, str):
        return profiles.Text("", example, topic)
    return profiles.Text(example.get("language", ""), example["text"], example.get("topic", topic))


def _asked(ticket: dict[str, Any], started_at: float) -> profiles.Text:
    at = started_at + 60 * float(ticket.get("minutes_after_start", 0))
    return profiles.Text(ticket["language"], ticket["text"], ticket.get("topic", ""), at)


def _rates(row: Counts) -> dict[str, Any]:
    precision = row["right"] / row["found"] if row["found"] else 1.0
    recall = row["right"] / row["belong"] if row["belong"] else 1.0
    return {**row, "precision": round(precision, 4), "recall": round(recall, 4)}
