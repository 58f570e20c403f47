"""`manage.py dry_run_routing`: the last tickets once more through the router, under another setup. Writes nothing."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tickets import dry_run, roster
from tickets.dry_run import Comparison, Figures, Past
from tickets.enums import Priority
from tickets.errors import InvalidInput
from tickets.models import RoutingSetup
from tickets.routing import RoutingPolicy

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Play the last tickets through the router under the setup that is and under another one. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=dry_run.MOST, help="how many of the last tickets")
        parser.add_argument("--guard-every", type=int, help="every how many tickets the longest waiting is served")
        parser.add_argument("--guard-ratio", type=float, help="too long is so many times the promise")
        parser.add_argument(
            "--assist-after", action="append", default=[], metavar="PRIORITY=MINUTES", help="with a translation aid"
        )
        parser.add_argument(
            "--head-start", action="append", default=[], metavar="TIER=PERCENT", help="of the promise, by tier"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now_set = roster.policy_of(RoutingSetup.current())
        try:
            might_be = changed(now_set, options)
        except (InvalidInput, ValueError) as error:
            raise CommandError(str(error)) from error
        past = dry_run.past_of(timezone.now(), max(0, options["tickets"]))
        found = dry_run.compare(past, now_set, might_be)
        self.stdout.write(json.dumps(_data(found)) if options["json"] else _table(found, past))


def changed(policy: RoutingPolicy, options: dict[str, Any]) -> RoutingPolicy:
    """Raises InvalidInput, ValueError for what is no number or no priority."""
    values = {name: options[name] for name in ("guard_every", "guard_ratio") if options[name] is not None}
    after = {Priority(name).value: minutes * 60 for name, minutes in _pairs(options["assist_after"])}
    starts = {tier: percent / 100 for tier, percent in _pairs(options["head_start"])}
    return replace(
        policy,
        assist_after={**policy.assist_after, **after},
        head_starts={**policy.head_starts, **starts},
        **values,
    )


def _pairs(texts: list[str]) -> list[tuple[str, float]]:
    return [(name, float(number)) for name, _, number in (text.partition("=") for text in texts)]


def _data(found: Comparison) -> dict[str, Any]:
    pairs = {name: {"before": asdict(a), "after": asdict(b)} for name, (a, b) in found.by_priority.items()}
    return {"tickets": found.tickets, "by_priority": pairs, "different": len(found.differences)}


def _table(found: Comparison, past: Past) -> str:
    lines = [f"{found.tickets} tickets, {len(past.agents)} agents; {len(found.differences)} would go otherwise."]
    lines.append("Minutes until somebody has it: median, p90; in time %; found nobody. Before -> after.")
    lines += [f"{name:<8}{pair[0].tickets:>6}  {_words(*pair)}" for name, pair in found.by_priority.items()]
    lines += [_difference(row, past.names) for row in found.differences[:MOST_SHOWN]]
    return "\n".join(lines)


def _words(before: Figures, after: Figures) -> str:
    names = ("median", "p90", "in_time", "found_nobody")
    return "   ".join(f"{getattr(before, name):g} -> {getattr(after, name):g}" for name in names)


def _difference(row: dry_run.Difference, names: Mapping[int, str]) -> str:
    placed = " -> ".join(
        "nobody" if one is None else f"{names[one.agent]} after {one.waited / 60:.1f} min"
        for one in (row.before, row.after)
    )
    return f"{row.number} ({row.priority}, {row.language}): {placed}"
