"""What time does on the desk; the scheduler starts these."""

from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from tickets import notices
from tickets.actions import moving, surging, uploading
from tickets.models import Attachment, PendingRequest
from tickets.models.pending import KEPT
from tickets.models.upload import UPLOAD_KEPT


@task()
def move_by_time() -> int:
    """Bring back what was on hold, remind and solve where the customer is silent, close what stayed solved."""
    return moving.revisit_due() + moving.remind_silent() + moving.solve_silent() + moving.close_solved()


@task()
def tell_reminders() -> int:
    """Tell agents of the tickets that they wanted to be reminded of."""
    return notices.remind_due()


@task()
def forget_pending() -> int:
    """Forget requests whose address nobody has proven within a week, with their files."""
    old = PendingRequest.objects.filter(ticket=None, created_at__lt=timezone.now() - KEPT)
    for attachment in Attachment.objects.filter(pending__in=old):
        default_storage.delete(attachment.stored_as)
    return old.delete()[0]


@task()
def forget_uploads() -> int:
    """Forget files whose form was never sent."""
    return uploading.forget_uploads(timezone.now() - UPLOAD_KEPT)


@task()
def watch_arrivals() -> int:
    """Take the minutes that have passed through the detector of surges."""
    return surging.watch_arrivals()


@task()
def fold_arrivals() -> int:
    """Make hours of the counts of requests by the minute."""
    return surging.fold_counts()
