"""Playing a recorded crash on a site with demo content: traders who do not exist open real tickets, and everything that
follows from a ticket follows.

The worker goes on in steps, each an event of the outbox: after a restart the step that was lost is made again, and what
it had opened before is found by its token, so that nothing is opened twice.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from supportdesk.accounts.models import User
from supportdesk.accounts.requesters import person_of
from supportdesk.outbox import delivery
from supportdesk.ui.languages import language
from tickets import crash_trace, search
from tickets.actions import opening
from tickets.actions.attending import set_presence
from tickets.actions.change import require_lead
from tickets.arrivals import DAYS, TOTAL
from tickets.crash_trace import Asking, BadTrace
from tickets.enums import Presence
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Agent, Attachment, CrashReplay, StreamHour, Ticket, Topic
from tickets.models.crash_replay import FASTEST, ReplayState

STEP = "crash_replay_step"  # the event; its number is that of the step
MARK = "replay:"  # begins the token of every ticket that a replay has opened
ADDRESS = "replay-"  # begins the address of everybody who writes in one
DOMAIN = "example.com"  # nobody's
BATCH = 20  # requests of one step: well within the time for which the outbox lends it
REMOVED_AT_ONCE = 100
FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
SPEED = 60


def offer_replay() -> CrashReplay:
    """Let a replay be played on this site, because it has the demo's content; what is usual here is remembered, or a
    crash would look like any other day."""
    if not StreamHour.objects.exists():
        StreamHour.objects.bulk_create(_calm_weeks(timezone.now()), batch_size=2000)
    return CrashReplay.objects.get_or_create(pk=CrashReplay.ONLY)[0]


def _calm_weeks(now: datetime) -> Iterator[StreamHour]:
    """The hours that a detector of surges looks back on: busier at noon (UTC) than at night, no day unlike another."""
    calm = _texts()["calm"]
    usual = {TOTAL: calm["per_hour"]}
    for kind, parts in (("topic", calm["topics"]), ("language", calm["languages"])):
        whole = sum(parts.values())
        usual |= {f"{kind}:{name}": calm["per_hour"] * part / whole for name, part in parts.items()}
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    for back in range(1, DAYS * 24 + 1):
        hour = this_hour - timedelta(hours=back)
        busy = 1 - 0.4 * math.cos(math.tau * hour.hour / 24)
        yield from (StreamHour(hour=hour, stream=stream, count=count * busy) for stream, count in usual.items())


@transaction.atomic
def start_replay(*, by: Any, speed: int = SPEED, trace: Path | None = None) -> CrashReplay:
    """Begin to play a trace `speed` times as fast as life, or go on with the one that was stopped; agents are made
    available. Raises PermissionDenied, InvalidInput for a file or a speed that does not fit, TransitionNotAllowed."""
    replay = _locked(by)
    if not replay.can_begin:
        raise TransitionNotAllowed(_WHY_NOT[ReplayState(replay.state)]())
    if not 1 <= speed <= FASTEST:
        raise InvalidInput(gettext("Choose a speed from 1 to %(most)d.") % {"most": FASTEST}, "speed")
    now = timezone.now()
    if replay.state == ReplayState.IDLE:
        replay.trace, replay.position = str((trace or Path(settings.CRASH_TRACE)).resolve()), 0
    askings = _trace(replay.trace)
    _refuse_unknown_topics(askings)
    replay.total, replay.speed, replay.by = len(askings), speed, by
    replay.begun_at = now - askings[min(replay.position, len(askings) - 1)].after / speed
    _call_agents(replay, by)
    _go_on(replay, ReplayState.RUNNING, at=now)
    return replay


@transaction.atomic
def stop_replay(*, by: Any) -> CrashReplay:
    """Let the replay rest; what it has made stays. Raises PermissionDenied, TransitionNotAllowed."""
    replay = _locked(by)
    if replay.state != ReplayState.RUNNING:
        raise TransitionNotAllowed(gettext("No replay is running."))
    replay.state, replay.step = ReplayState.STOPPED, replay.step + 1  # the step that was due does nothing
    replay.save()
    return replay


@transaction.atomic
def remove_replay(*, by: Any) -> CrashReplay:
    """Have the worker delete every ticket and every person of the replay; agents go back to where they were. Raises
    PermissionDenied, TransitionNotAllowed."""
    replay = _locked(by)
    if not replay.can_remove:
        raise TransitionNotAllowed(_WHY_NOT_REMOVED[ReplayState(replay.state)]())
    replay.by = by
    _go_on(replay, ReplayState.REMOVING, at=timezone.now())
    return replay


_WHY_NOT = {
    ReplayState.RUNNING: lambda: gettext("The replay is running already."),
    ReplayState.REMOVING: lambda: gettext("The last replay is still being removed. Try again in a minute."),
    ReplayState.DONE: lambda: gettext("The replay has come to its end. Remove what it made, then start it again."),
}
_WHY_NOT_REMOVED = {
    ReplayState.RUNNING: lambda: gettext("The replay is running. Stop it first."),
    ReplayState.REMOVING: lambda: gettext("The last replay is still being removed. Try again in a minute."),
    ReplayState.IDLE: lambda: gettext("There is nothing to remove."),
}


def _locked(by: Any) -> CrashReplay:
    require_lead(by)
    replay = None if settings.IS_PRODUCTION else CrashReplay.objects.select_for_update().first()
    if replay is None:
        raise TransitionNotAllowed(
            gettext("A crash is replayed on a site with the demo's content alone: run “manage.py demo” on a test site.")
        )
    return replay


def _trace(path: str) -> Sequence[Asking]:
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            return crash_trace.read_trace(file)
    except (OSError, UnicodeDecodeError) as error:
        message = gettext("The file %(file)s cannot be read: %(reason)s.")
        raise InvalidInput(message % {"file": path, "reason": error}, "trace") from error
    except BadTrace as error:
        raise InvalidInput(f"{path}: {error}", "trace") from error


def _refuse_unknown_topics(askings: Sequence[Asking]) -> None:
    known = set(Topic.objects.values_list("key", flat=True)) & set(_texts()["topics"])
    unknown = sorted({asking.topic for asking in askings} - known)
    if unknown:
        message = gettext("The trace names topics that the desk or the demo's texts do not have: %(topics)s.")
        raise InvalidInput(message % {"topics": ", ".join(unknown)}, "trace")


@cache
def _texts() -> Mapping[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "crash_texts.yaml").read_text(encoding="utf-8"))
    return found


def _call_agents(replay: CrashReplay, by: Any) -> None:
    """Everybody of the demo's desk takes work while it is played; where they were is kept."""
    for agent in (
        Agent.objects.exclude(presence=Presence.AVAILABLE)
        .filter(person__is_active=True, languages__isnull=False)
        .distinct()
    ):
        replay.presences.setdefault(str(agent.pk), [agent.presence, agent.presence_reason])
        set_presence(agent, Presence.AVAILABLE, by=by)


def _go_on(replay: CrashReplay, state: ReplayState, *, at: datetime) -> None:
    replay.state, replay.step = state, replay.step + 1
    replay.save()
    delivery.post(STEP, replay.step, at=at)


# What the worker does


def make_step(step: int) -> None:
    """Make one step of the replay; void where it was stopped, or another one is due. Consumer of its events."""
    replay = CrashReplay.offered()
    if replay is None or replay.step != step:
        return
    if replay.state == ReplayState.RUNNING:
        _play(replay)
    elif replay.state == ReplayState.REMOVING:
        _remove(replay)


def _play(replay: CrashReplay) -> None:
    askings, now = _trace(replay.trace), timezone.now()
    begun_at = replay.began(now)
    end = crash_trace.due_by(askings, replay.position, begun_at, replay.speed, now)
    end = min(end, replay.position + BATCH)
    topics = {topic.key: topic for topic in Topic.objects.select_related("department")}
    for place in range(replay.position, end):
        _ask(askings[place], place, topics, now)
    is_over = end >= len(askings)
    following = now if is_over else max(now, crash_trace.due_at(askings[end], begun_at, replay.speed))
    _advance(replay, ReplayState.DONE if is_over else ReplayState.RUNNING, position=end, at=following)


def _ask(asking: Asking, place: int, topics: Mapping[str, Topic], now: datetime) -> Ticket:
    text = crash_trace.written(_texts()["topics"][asking.topic], asking, place, now)
    request = opening.Request(
        topic=topics[asking.topic],
        subject=text.subject,
        body=text.body if text.language == asking.language else f"{text.body}\n\n{_confession(asking.language)}",
        language=asking.language,
        token=f"{MARK}{asking.number}",
    )
    return opening.open_ticket(request, by=_asker(asking, place))


def _confession(code: str) -> str:
    """Why somebody who reads another language writes English here."""
    with override("en"):
        message = gettext("(Demo: no text was written in %(language)s for this topic, so this request is in English.)")
        return message % {"language": language(code).name}


def _asker(asking: Asking, place: int) -> User:
    """Somebody of the trace: the same for the same request."""
    names = _texts()["people"].get(asking.language) or _texts()["people"]["en"]
    address = f"{ADDRESS}{asking.language}-{asking.number}@{DOMAIN}"
    person = person_of(address, language=asking.language, name=names[place % len(names)])
    if person.tier != asking.tier:
        person.tier = asking.tier
        person.save(update_fields=["tier"])
    return person


@transaction.atomic
def _advance(replay: CrashReplay, state: ReplayState, *, at: datetime, **values: Any) -> None:
    """Write what a step has come to and owe the next one; nothing where somebody stopped it meanwhile."""
    row = CrashReplay.objects.filter(pk=replay.pk, step=replay.step, state=replay.state)
    if row.update(state=state, step=replay.step + 1, **values) and state in (ReplayState.RUNNING, ReplayState.REMOVING):
        delivery.post(STEP, replay.step + 1, at=at)


def _remove(replay: CrashReplay) -> None:
    """Delete some of what was made. Tickets into which others were merged stay: those would lose their words."""
    kept = Ticket.objects.filter(merged_into__isnull=False).exclude(submission_token__startswith=MARK)
    made = _made().exclude(pk__in=kept.values("merged_into"))
    numbers = list(made.order_by("-pk").values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    _delete_tickets(numbers)
    if numbers:
        return _advance(replay, ReplayState.REMOVING, at=timezone.now() + timedelta(seconds=1))
    User.objects.filter(email__startswith=ADDRESS, email__endswith=f"@{DOMAIN}", tickets__isnull=True).delete()
    _send_agents_back(replay)
    return _advance(replay, ReplayState.IDLE, at=timezone.now(), position=0, total=0, presences={}, begun_at=None)


def _made() -> Any:
    return Ticket.objects.filter(requester__email__startswith=ADDRESS, submission_token__startswith=MARK)


def _delete_tickets(numbers: Sequence[int]) -> None:
    for attachment in Attachment.objects.filter(ticket__in=numbers):
        default_storage.delete(attachment.stored_as)
    with transaction.atomic():
        Ticket.objects.filter(merged_into__in=numbers).update(merged_into=None)
        search.forget(numbers)
        Ticket.objects.filter(pk__in=numbers).delete()


def _send_agents_back(replay: CrashReplay) -> None:
    for agent in Agent.objects.filter(pk__in=replay.presences, presence=Presence.AVAILABLE):
        presence, reason = replay.presences[str(agent.pk)]
        set_presence(agent, presence, by=replay.by or agent.person, reason=reason)
