"""What people read of how long they wait: sentences, in the language that is active."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from tickets.arrivals import streams_of
from tickets.enums import UNSOLVED
from tickets.models import Promise, SurgeState, Ticket, Topic, WaitOutlook
from tickets.surge import State

HOUR, MINUTE = 3600, 60
JUST_NOW = timedelta(minutes=1)
RAMP = timedelta(minutes=30)
RISING = (State.WATCH, State.SURGE)


def sentence(seconds: int | None) -> str:
    """A promise; None is more than a day."""
    if seconds is None:
        return gettext("So much is asked at the moment that our answer may take more than a day.")
    if seconds < HOUR:
        number = seconds // MINUTE
        text = ngettext(
            "We expect to answer within %(number)d minute.", "We expect to answer within %(number)d minutes.", number
        )
    else:
        number = seconds // HOUR
        text = ngettext(
            "We expect to answer within %(number)d hour.", "We expect to answer within %(number)d hours.", number
        )
    return text % {"number": number}


def apology(seconds: int | None, *, is_known: bool) -> str:
    """What is said of a missed promise, with what is expected now where that is known."""
    sorry = gettext("We are sorry: we have not answered you in the time that we named. Your request keeps its place.")
    return f"{sorry} {sentence(seconds)}" if is_known else sorry


def elsewhere() -> str:
    """What is said of topics that go to a department: it keeps times of its own, not those of the front line."""
    return gettext(
        "Requests on this topic go to a specialist team. Once we have yours, its page says by when you hear from us."
    )


def before_asking(topic: Topic, language: str, at: datetime | None = None) -> str:
    """What a new request would be promised; empty while nobody knows."""
    if topic.department_id is not None:
        return elsewhere()
    return _outlook(topic, topic.priority, language, at or timezone.now())


def _outlook(topic: Topic, priority: str, language: str, now: datetime) -> str:
    outlook = WaitOutlook.fresh(now)
    pool = WaitOutlook.pool(language, topic.skill, priority)
    if outlook is None or pool not in outlook.waits:
        return ""
    return _with_warning(sentence(outlook.waits[pool]), topic, language, now)


def _with_warning(promise: str, topic: Topic, language: str, now: datetime) -> str:
    """While a wave of such requests begins nobody knows how high it gets: then a promise says so."""
    return f"{promise} {rising()}" if promise and is_rising(topic.key, language, now) else promise


def rising() -> str:
    return gettext(
        "Many more people than usual are writing to us just now, and the wait is growing: it may take longer than this."
    )


def is_rising(topic: str, language: str, now: datetime) -> bool:
    """Whether a wave that such a request belongs to was noticed, or declared, half an hour ago or less."""
    began = SurgeState.objects.filter(pk=1, state__in=RISING, since__gt=now - RAMP).values_list("streams", flat=True)
    return any(stream in streams for streams in began for stream in streams_of(topic, language))


def of_ticket(ticket: Ticket, at: datetime | None = None) -> str:
    """The newest promise while it holds and nobody has answered; empty where there is none.

    Right after sending it may not be written down yet: then what is said is what it will be.
    """
    now = at or timezone.now()
    if ticket.first_reply_at is not None or ticket.status not in UNSOLVED:
        return ""
    newest = ticket.promises.order_by("-shown_at", "-pk").first()
    if newest is None:
        return _about_to_be(ticket, now)
    return _with_warning(_still(newest, now), ticket.topic, ticket.language, now)


def _about_to_be(ticket: Ticket, now: datetime) -> str:
    if now - ticket.created_at > JUST_NOW or ticket.department_id is not None:
        return ""
    return _outlook(ticket.topic, ticket.priority, ticket.language, now)


def _still(promise: Promise, now: datetime) -> str:
    """What a promise says later on: the moment, as what is left of it would be a promise that nobody made."""
    if promise.seconds is None or promise.due_at is None or now - promise.shown_at < JUST_NOW:
        return sentence(promise.seconds)
    if promise.due_at <= now:
        return ""
    moment = date_format(timezone.localtime(promise.due_at), "DATETIME_FORMAT")
    return gettext("We expect to answer by %(time)s.") % {"time": moment}
