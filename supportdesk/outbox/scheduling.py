"""Periodic jobs: each period of a job is a slot, and a slot is run once however many schedulers there are."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from supportdesk.outbox import delivery
from supportdesk.outbox.models import Run
from supportdesk.outbox.tasks import Job


def slot(at: datetime, every: timedelta) -> datetime:
    """The beginning of the period that holds `at`, counted from 1970 in UTC."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def start(name: str, job: Job, at: datetime) -> bool:
    """Enqueue a job for the slot of `at` unless another scheduler already did; returns whether it was ours.

    A call that no worker has taken up yet stands for this one too: whatever a job does, it does by the time at which it
    runs. Else a night without a worker would leave some 25,000 calls, and it would be at them while people wait."""
    try:
        with transaction.atomic():
            Run.objects.create(job=name, slot=slot(at, job.every))
            if not delivery.is_waiting(job.path):
                import_string(job.path).enqueue()
    except IntegrityError:
        return False
    return True
