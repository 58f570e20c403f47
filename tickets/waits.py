"""What people read of how long they wait: sentences, in the language that is active."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from tickets.enums import UNSOLVED
from tickets.models import Promise, Ticket, Topic, WaitOutlook

HOUR, MINUTE = 3600, 60
JUST_NOW = timedelta(minutes=1)


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


def before_asking(topic: Topic, language: str, at: datetime | None = None) -> str:
    """What a new request would be promised; empty while nobody knows."""
    outlook = WaitOutlook.fresh(at or timezone.now())
    pool = WaitOutlook.pool(language, topic.skill, topic.priority)
    return sentence(outlook.waits[pool]) if outlook is not None and pool in outlook.waits else ""


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
    return _still(newest, now)


def _about_to_be(ticket: Ticket, now: datetime) -> str:
    if now - ticket.created_at > JUST_NOW:
        return ""
    outlook = WaitOutlook.fresh(now)
    pool = WaitOutlook.pool(ticket.language, ticket.topic.skill, ticket.priority)
    return sentence(outlook.waits[pool]) if outlook is not None and pool in outlook.waits else ""


def _still(promise: Promise, now: datetime) -> str:
    """What a promise says later on: the moment, as what is left of it would be a promise that nobody made."""
    if promise.seconds is None or promise.due_at is None or now - promise.shown_at < JUST_NOW:
        return sentence(promise.seconds)
    if promise.due_at <= now:
        return ""
    moment = date_format(timezone.localtime(promise.due_at), "DATETIME_FORMAT")
    return gettext("We expect to answer by %(time)s.") % {"time": moment}
