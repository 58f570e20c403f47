"""`manage.py schedule`: enqueues the periodic jobs of `supportdesk.outbox.tasks.JOBS` until it is stopped."""

import logging
import signal
import time
from datetime import datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from supportdesk.outbox import scheduling
from supportdesk.outbox.tasks import JOBS

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
PAUSE = 5.0  # seconds while the database does not answer


class Command(BaseCommand):
    help = "Enqueue the periodic jobs until stopped. A second scheduler does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        begun: dict[str, datetime] = {}
        while True:
            close_old_connections()
            is_done = self.start_due(begun, timezone.now())
            time.sleep(LOOK_EVERY if is_done else PAUSE)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    def start_due(self, begun: dict[str, datetime], at: datetime) -> bool:
        """Start each job whose slot is another than the one that was `begun` last, the rarest first; whether the
        database took them. Slots are compared and no time is waited for: a clock that is set back stops nothing."""
        for name, job in sorted(JOBS.items(), key=lambda item: item[1].every, reverse=True):
            slot = scheduling.slot(at, job.every)
            if begun.get(name) == slot:
                continue
            try:
                scheduling.start(name, job, at)
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The database does not answer, job %s waits and those behind it: %s", name, error)
                return False
            begun[name] = slot
        return True
