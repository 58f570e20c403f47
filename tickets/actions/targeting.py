"""What is promised: each change of calendars and policies becomes an edition, which clocks follow from then on."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tickets import editions, sla
from tickets.actions.change import require_lead
from tickets.calendars import Calendar as Hours
from tickets.calendars import pairs_of
from tickets.enums import Priority
from tickets.models import Calendar, CalendarVersion, PolicyEdition, SlaPolicy
from tickets.models.policy import DAYS


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
    """A policy as `tickets.sla.Policy.from_dict` takes it; `calendars` are the versions by the number of their
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
        "calendar": {priority: str(calendars[pk]) if pk else sla.ALWAYS for priority, pk in chosen.items()},
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


def name_of(versioned: str) -> str:
    """A policy's or calendar's name without its version."""
    return versioned.rpartition("@")[0] or versioned
