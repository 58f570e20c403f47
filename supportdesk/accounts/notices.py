"""Notices to staff: a line and a link for the person whose turn it is. Never the text that it is about."""

from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import Notice, User


def notify(person: User, kind: str, *, subject: str, link: str, event: str) -> Notice:
    """Tell a person something once: a second call for the same event changes nothing.

    `kind` is what the app that sends it calls it (see its table of kinds), `subject` names the thing, `link` is a path
    of this site, `event` names what happened, such as `content:4711`.
    """
    found: dict[str, Any] = {"kind": kind, "subject": subject[:200], "link": link}
    notice, _ = Notice.objects.get_or_create(person=person, event=event, defaults=found)
    return notice


def mark_read(person: User, *, link: str = "") -> int:
    """Take a person's notices as read: those that lead to `link`, or all; returns how many were not read before."""
    unread = Notice.objects.unread().filter(person=person)
    return (unread.filter(link=link) if link else unread).update(read_at=timezone.now())
