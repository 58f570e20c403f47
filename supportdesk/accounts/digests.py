"""One mail a day with the notices that a person does not want at once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from supportdesk.accounts import quiet
from supportdesk.accounts.models import Notice, NoticeChoice, User, Way
from supportdesk.ui import mail_frame

LONGEST = 50  # notices in a mail
NEWER_THAN = timedelta(days=7)


def send_digests(at: datetime | None = None) -> int:
    """Send the mail of the day to each person for whom the hour has come, with what they have not read; returns how
    many mails went out. What was mailed once is not mailed again.

    Raises what the mail server's client raises; those who come after are served at the next run.
    """
    now = at or timezone.now()
    people = User.objects.filter(is_active=True, notice_choices__way=Way.DAILY).distinct()
    return sum(_send(person, now) for person in people if _is_their_hour(person, now))


def _is_their_hour(person: User, at: datetime) -> bool:
    return at.astimezone(quiet.zone(person.time_zone)).hour == person.digest_hour


def _send(person: User, at: datetime) -> bool:
    kinds = NoticeChoice.objects.filter(person=person, way=Way.DAILY).values("kind")
    waiting = Notice.objects.unread().filter(
        Q(mailed_at=None), person=person, kind__in=kinds, created_at__gt=at - NEWER_THAN, created_at__lte=at
    )
    found = list(waiting[:LONGEST])
    if not found:
        return False
    context = {"notices": found, "more": waiting.count() - len(found), "address": f"{settings.SITE_URL}{_PAGE}"}
    mail_frame.compose("accounts/mail/digest", context, to=person.email, language=person.language).send()
    Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(mailed_at=at)
    return True


_PAGE = f"/{settings.ADMIN_PATH}notices/?unread=1"
