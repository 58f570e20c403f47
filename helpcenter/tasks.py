"""Periodic work of the help centre."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from helpcenter.models import AddressUse, Feedback, SearchLog

KEEP_ADDRESSES = timedelta(days=2)
KEEP_SEARCHES = timedelta(days=180)


@task()
def forget_addresses() -> int:
    """Drop what could join a reader's visits: hashed addresses after two days, searches after half a year."""
    now = timezone.now()
    removed, _ = AddressUse.objects.filter(hour__lt=now - KEEP_ADDRESSES).delete()
    SearchLog.objects.filter(created_at__lt=now - KEEP_SEARCHES).delete()
    old = Feedback.objects.filter(day__lt=(now - KEEP_ADDRESSES).date()).exclude(address_hash="")
    return removed + old.update(address_hash="")
