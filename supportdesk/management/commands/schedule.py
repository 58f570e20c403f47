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
        scheduler = BlockingScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for name, job in JOBS.items():
            scheduler.add_job(self.start, "interval", args=[name, job], seconds=job.every.total_seconds())

        def stop(signum: int, frame: FrameType | None) -> None:
            scheduler.shutdown(wait=False)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        scheduler.start()

    def start(self, name: str, job: Job) -> None:
        close_old_connections()
        try:
            scheduling.start(name, job, timezone.now())
        except OperationalError as error:  # the database is away or busy: the next slot comes soon
            logger.warning("Job %s was not enqueued: %s", name, error)
