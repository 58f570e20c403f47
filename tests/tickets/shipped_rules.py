"""The rules of triage that the product ships, prepared without a database."""

from functools import cache

import yaml
from django.conf import settings

from tickets import wordlists
from tickets.enums import RuleKind
from tickets.triage_rules import Line, Rule, Rules

FILE = settings.BASE_DIR / "fixtures" / "desk" / "triage.yaml"


@cache
def entries():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["triage"]


@cache
def shipped_rules():
    return Rules(map(rule, entries(), range(len(entries()))), "shipped")


def rule(entry, order=0):
    return Rule(
        key=entry["key"],
        kind=RuleKind(entry["kind"]),
        lines=tuple(
            Line(language, text, weight)
            for language, lines in entry["phrases"].items()
            for _, weight, text in wordlists.lines_of(lines, entry.get("weight", 1))
        ),
        topic=entry.get("topic", ""),
        priority=entry.get("priority", ""),
        department=entry.get("department", ""),
        needs=entry.get("needs", ""),
        order=order,
    )
