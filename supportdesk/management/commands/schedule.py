"""`manage.py schedule`: enqueues the periodic jobs of `supportdesk.outbox.tasks.JOBS` until it is stopped."""

import logging
import signal
from types import FrameType
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from supportdesk.outbox import scheduling
from supportdesk.outbox.tasks import JOBS, Job

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Enqueue the periodic jobs until stopped. A second scheduler does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        scheduler = BlockingScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for name, job in JOBS.items():
            scheduler.add_job(self.start, "interval", args=[name, job], seconds=job.every.total_seconds())
        self.start_all()
        scheduler.start()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    def start_all(self) -> None:
        """Every job whose slot has no run yet, the rarest first. The scheduler counts from its own start: where it is
        started again and again it would never get round to them."""
        for name, job in sorted(JOBS.items(), key=lambda item: item[1].every, reverse=True):
            self.start(name, job)

    def start(self, name: str, job: Job) -> None:
        close_old_connections()
        try:
            scheduling.start(name, job, timezone.now())
        except OperationalError as error:  # the database is away or busy: the next slot comes soon
            logger.warning("Job %s was not enqueued: %s", name, error)
