"""Publishing policies: each change of calendars and policies becomes an edition, which clocks follow from then on."""

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tickets import editions
from tickets.actions.change import require_lead
from tickets.calendars import Calendar as Hours
from tickets.calendars import pairs_of
from tickets.enums import Priority
from tickets.errors import InvalidInput
from tickets.models import Calendar, CalendarDate, CalendarVersion, PolicyEdition, SlaPolicy
from tickets.models.policy import DAYS
from tickets.policies import ALWAYS


@transaction.atomic
def publish_policies(*, by: Any) -> PolicyEdition | None:
    """Keep what stands in the rows as a new edition; None where it says what the newest says already.

    Raises PermissionDenied, and InvalidInput for hours or a time zone that cannot be.
    """
    require_lead(by, gettext("Only a team lead changes what is promised."))
    policies = list(SlaPolicy.objects.select_for_update().prefetch_related("targets").order_by("order", "pk"))
    calendars = {calendar.pk: _versioned(calendar, by) for calendar in Calendar.objects.prefetch_related("dates")}
    newest = PolicyEdition.objects.order_by("-number").first()
    content = {
        "policies": _numbered([policy_content(policy, calendars) for policy in policies], newest),
        "calendars": {str(version): version.content for version in calendars.values()},
    }
    if newest is not None and newest.content == content:
        return None
    return _keep(content, (newest.number if newest else 0) + 1, by)


def _keep(content: dict[str, Any], number: int, by: Any) -> PolicyEdition:
    editions.policies_of(content)  # what cannot be counted by is not kept
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    transaction.on_commit(editions.forget)
    return PolicyEdition.objects.create(number=number, content=content, digest=digest, by=by)


def _versioned(calendar: Calendar, by: Any) -> CalendarVersion:
    """The newest version of a calendar, a new one if the calendar is another by now."""
    content, newest = calendar_content(calendar), calendar.versions.order_by("-number").first()
    if newest is not None and newest.content == content:
        return newest
    number = (newest.number if newest else 0) + 1
    return CalendarVersion.objects.create(calendar=calendar, number=number, content=content, by=by)


def calendar_content(calendar: Calendar) -> dict[str, Any]:
    """A calendar with its dates as `tickets.calendars.Calendar.from_dict` takes it. Raises InvalidInput."""
    dates = list(calendar.dates.all())
    content = {
        "tz": calendar.tz,
        "hours": {str(place): pairs_of(getattr(calendar, day), day) for place, day in enumerate(DAYS)},
        "special": {f"{date.day:%Y-%m-%d}": pairs_of(date.hours) for date in dates if date.hours},
        "holidays": sorted(f"{date.day:%Y-%m-%d}" for date in dates if not date.hours),
    }
    Hours.from_dict(content)
    return content


def policy_content(policy: SlaPolicy, calendars: dict[int, CalendarVersion]) -> dict[str, Any]:
    """A policy as `tickets.policies.Policy.from_dict` takes it; `calendars` are the versions by the number of their
    calendar."""
    targets: dict[str, dict[str, int]] = {}
    for target in sorted(policy.targets.all(), key=lambda target: (target.priority, target.metric)):
        targets.setdefault(target.priority, {})[target.metric] = target.minutes
    chosen = {priority.value: getattr(policy, f"calendar_{priority.value}_id") for priority in Priority}
    return {
        "name": policy.name,
        "match": {
            "topic": sorted(policy.topics),
            "language": sorted(policy.languages),
            "tier": sorted(policy.tiers),
            "channel": sorted(policy.channels),
        },
        "calendar": {priority: str(calendars[pk]) if pk else ALWAYS for priority, pk in chosen.items()},
        "targets": targets,
    }


def _numbered(policies: list[dict[str, Any]], newest: PolicyEdition | None) -> list[dict[str, Any]]:
    """Each with its version behind its name: that of the newest edition, or the next where it says something else."""
    known = {name_of(policy["name"]): policy for policy in (newest.content["policies"] if newest else ())}
    return [{**policy, "name": _with_version(policy, known.get(policy["name"]))} for policy in policies]


def _with_version(policy: dict[str, Any], before: dict[str, Any] | None) -> str:
    if before is None:
        return f"{policy['name']}@1"
    number = int(before["name"].rpartition("@")[2])
    return f"{policy['name']}@{number + ({**before, 'name': policy['name']} != policy)}"


def never_asked(policies: list[SlaPolicy]) -> list[tuple[SlaPolicy, SlaPolicy]]:
    """Policies, in their order, that no ticket ever reaches, each with the earlier policy that takes all of its
    tickets."""
    found = []
    for place, policy in enumerate(policies):
        wider = next((before for before in policies[:place] if _covers(before, policy)), None)
        if wider is not None:
            found.append((policy, wider))
    return found


def _covers(wider: SlaPolicy, policy: SlaPolicy) -> bool:
    return all(
        not getattr(wider, name) or (getattr(policy, name) and set(getattr(policy, name)) <= set(getattr(wider, name)))
        for name in ("topics", "languages", "tiers", "channels")
    )


@dataclass(frozen=True)
class Holiday:
    """A line of a file: a date without work, or what is wrong with it."""

    line: int
    day: date | None = None
    name: str = ""
    problem: str = ""


def read_holidays(text: str) -> list[Holiday]:
    """The lines `date,name` of a CSV text; empty lines and a line of headings are left out."""
    rows = ((number, row) for number, row in enumerate(csv.reader(text.splitlines()), 1) if any(map(str.strip, row)))
    known: dict[date, int] = {}
    found = []
    for number, row in rows:
        if number == 1 and not any(letter.isdigit() for letter in row[0]):
            continue
        found.append(_holiday(number, row, known))
    return found


def _holiday(number: int, row: list[str], known: dict[date, int]) -> Holiday:
    try:
        day = date.fromisoformat(row[0].strip())
    except ValueError:
        message = gettext("“%(text)s” is no date. Write it like 2026-12-24.")
        return Holiday(number, problem=message % {"text": row[0].strip()})
    first = known.setdefault(day, number)
    if first != number:
        message = gettext("This date stands in line %(line)s already. Keep one of them.")
        return Holiday(number, day, problem=message % {"line": first})
    name = ",".join(row[1:]).strip()
    problem = gettext("The name is longer than 80 characters. Shorten it.") if len(name) > 80 else ""
    return Holiday(number, day, name, problem)


@transaction.atomic
def add_holidays(calendar: Calendar, holidays: list[Holiday], *, by: Any) -> int:
    """Close a calendar on these dates and publish it; a date that has a row already keeps it. Returns how many were
    new. Raises PermissionDenied, and InvalidInput if one of the lines is wrong."""
    require_lead(by, gettext("Only a team lead changes what is promised."))
    if any(holiday.problem or holiday.day is None for holiday in holidays):
        raise InvalidInput(gettext("Some lines are wrong. Nothing was added; mend them first."))
    there = set(calendar.dates.values_list("day", flat=True))
    new = [
        CalendarDate(calendar=calendar, day=one.day, name=one.name)
        for one in holidays
        if one.day is not None and one.day not in there
    ]
    CalendarDate.objects.bulk_create(new)
    publish_policies(by=by)
    return len(new)


def name_of(versioned: str) -> str:
    """A policy's or calendar's name without its version."""
    return versioned.rpartition("@")[0] or versioned
