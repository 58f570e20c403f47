"""Tasks of the worker, and the table of what the scheduler starts when."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, Run, State

KEEP_DONE = timedelta(days=7)


@task()
def deliver() -> int:
    """Deliver what the outbox owes."""
    return delivery.deliver_due()


@task()
def tidy() -> int:
    """Forget deliveries and runs that ended a week ago, and the results of finished tasks, or of tasks whose worker was
    killed."""
    from django.core.management import call_command

    before = timezone.now() - KEEP_DONE
    removed, _ = Outbox.objects.filter(state=State.DONE, next_at__lt=before).delete()
    Run.objects.filter(slot__lt=before).delete()
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=before).delete()
    call_command("prune_db_task_results", "--min-age-days", "7", verbosity=0)
    return removed


@dataclass(frozen=True)
class Job:
    """A periodic task: dotted path and period."""

    path: str
    every: timedelta


JOBS: dict[str, Job] = {
    "deliver": Job("supportdesk.outbox.tasks.deliver", timedelta(seconds=5)),
    "tidy": Job("supportdesk.outbox.tasks.tidy", timedelta(hours=6)),
}
