"""`manage.py replay_routing TRACE.csv AGENTS.json`: a day of the desk through the real router."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import replay
from tickets.errors import InvalidInput
from tickets.replay import Assumptions, Simulation
from tickets.routing import RoutingPolicy

ROUTING = {"guard_every": int, "guard_ratio": float}
HEADINGS = ("n", "p50", "p90", "max", "attainment")
PROMISE_HEADINGS = ("n", "beyond", "kept", "n_long", "kept_long", "sharpness")


class Command(BaseCommand):
    help = "Play a trace through the real router with a clock of its own: minutes to first replies, how many in time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("trace", type=Path, help=f"CSV with {', '.join(replay.COLUMNS)}")
        parser.add_argument("agents", type=Path, help='JSON: [{"id": 0, "langs": ["en"], "certs": ["api"]}, …]')
        parser.add_argument("--policy", choices=replay.POLICIES, default=replay.DESK)
        parser.add_argument("--incidents", action="store_true", help="with one answer to all of an incident")
        parser.add_argument("--promises", action="store_true", help="also how many promised waits would have been kept")
        parser.add_argument("--json", action="store_true", help="print JSON")
        for name, kind in ROUTING.items():
            default = getattr(RoutingPolicy(), name)
            parser.add_argument(_flag(name), type=kind, default=default, help=f"of the router (default {default})")
        for each in fields(Assumptions):
            says = f"{each.metadata['help']} (default {each.default:g})"
            parser.add_argument(_flag(each.name), type=type(each.default), default=each.default, help=says)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            simulation = self.simulation(options)
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        simulation.run()
        result = replay.report(simulation)
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else _table(result))

    def simulation(self, options: dict[str, Any]) -> Simulation:
        assumptions = Assumptions(**{each.name: options[each.name] for each in fields(Assumptions)})
        routing = RoutingPolicy(**{name: options[name] for name in ROUTING})
        rows = replay.read_trace(_text(options["trace"]).splitlines())
        agents = replay.read_agents(_text(options["agents"]), {row.lang for row in rows}, assumptions.capacity)
        return Simulation(
            rows,
            agents,
            options["policy"],
            assumptions,
            incidents=options["incidents"],
            routing=routing,
            promises=options["promises"],
        )


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Give a file in UTF-8.") from error


def _table(result: dict[str, Any]) -> str:
    lines = [_line(result["policy"] + (" with incidents" if result["incidents"] else ""), HEADINGS)]
    lines += [_line(name, _values(figures)) for name, figures in _groups(result)]
    for name in ("violations", "deflected", "unanswered", "answered_together", "misled", "reasons", "assumptions"):
        lines.append(f"{name}: {_plain(result[name])}")
    return "\n".join(lines + _promise_lines(result.get("promises", {})))


def _promise_lines(promises: dict[str, Any]) -> list[str]:
    lines = [_line("promises", PROMISE_HEADINGS)] if promises else []
    for phase, classes in promises.items():
        lines += [_line(f"{phase} {name}", _values(figures, PROMISE_HEADINGS)) for name, figures in classes.items()]
    return lines


def _groups(result: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [("all", result["all"]), *result["by_priority"].items(), *result["by_language"].items()]


def _values(figures: dict[str, Any], headings: tuple[str, ...] = HEADINGS) -> tuple[str, ...]:
    return tuple(f"{figures[name]}" for name in headings)


def _line(name: str, values: tuple[str, ...]) -> str:
    return f"{name:<22}" + "".join(f"{value:>11}" for value in values)


def _plain(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{name} {number:g}" for name, number in value.items())
