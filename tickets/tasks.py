"""What time does on the desk; the scheduler starts these."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django_tasks import task

from tickets import notices, sweep
from tickets.actions import (
    bulk_delivering,
    following_policies,
    incidents,
    learning,
    measuring,
    moving,
    promising,
    surge_rules,
    surging,
    surveying,
    sweeping_queue,
    uploading,
)
from tickets.models import Attachment, PendingRequest, Ticket
from tickets.models.pending import KEPT
from tickets.models.routing import DECISIONS_KEPT
from tickets.models.upload import UPLOAD_KEPT

LAST_MOMENT = timedelta(hours=1)


@task()
def move_by_time() -> int:
    """Bring back what was on hold, remind and solve where the customer is silent, close what stayed solved."""
    return moving.revisit_due() + moving.remind_silent() + moving.solve_silent() + moving.close_solved()


@task()
def tell_reminders() -> int:
    """Tell agents of the tickets that they wanted to be reminded of."""
    return notices.remind_due()


@task()
def tell_of_candidates() -> int:
    """Tell leads of tickets that may belong to an incident."""
    return notices.tell_of_candidates()


@task()
def warn_of_clocks() -> int:
    """Tell people of clocks whose time runs out or is up."""
    return sweep.warn_of_clocks()


@task()
def follow_policies() -> int:
    """Bring open tickets to the newest policies of answering times."""
    return following_policies.follow_policies()


@task()
def forget_pending() -> int:
    """Forget requests whose address nobody has proven within a week, with their files. A proof that came at the last
    moment may be on its way into the tables still."""
    old = PendingRequest.objects.filter(ticket=None, created_at__lt=timezone.now() - KEPT - LAST_MOMENT)
    for attachment in Attachment.objects.filter(pending__in=old):
        default_storage.delete(attachment.stored_as)
    return old.delete()[0]


@task()
def forget_uploads() -> int:
    """Forget files whose form was never sent."""
    return uploading.forget_uploads(timezone.now() - UPLOAD_KEPT)


@task()
def measure_today() -> int:
    """Count how fast people were answered today and yesterday."""
    return measuring.measure_days(timezone.now().date(), 2)


@task()
def measure_again() -> int:
    """Count the days anew in which something may have been reopened since."""
    return measuring.measure_days(timezone.now().date(), measuring.LOOK_BACK)


@task()
def dispatch_waiting() -> int:
    """Give out what time alone has made possible."""
    return sweeping_queue.sweep_queue()


@task()
def forget_decisions() -> int:
    """Forget why tickets went to whom, what was declined and who was there, three months later."""
    return sweeping_queue.forget_decisions(timezone.now() - DECISIONS_KEPT)


@task()
def find_candidates() -> int:
    """Look for tickets of the incidents that are running."""
    return incidents.find_all_candidates()


@task()
def deliver_bulk() -> int:
    """Send answers of incidents whose minute of undoing is over."""
    return bulk_delivering.deliver_bulk()


@task()
def watch_arrivals() -> int:
    """Take the minutes that have passed through the detector of surges."""
    return surging.watch_arrivals()


@task()
def take_back_raises() -> int:
    """Bring back priorities that rules of a surge have raised and that hold no longer."""
    return surge_rules.take_back()


@task()
def fold_arrivals() -> int:
    """Make hours of the counts of requests by the minute."""
    return surging.fold_counts()


@task(priority=50)  # before the deliveries of a surge: the fuller the desk, the more it is looked at
def survey_desk() -> None:
    """Count how the desk stands, for the lead's page."""
    surveying.take_snapshot()


@task()
def state_usual() -> int:
    """Tell readers how soon people usually hear."""
    return measuring.state_usual(timezone.now())


@task()
def look_ahead() -> int:
    """Estimate what new requests would be promised."""
    return promising.look_ahead()


@task()
def settle_promises() -> int:
    """See which promises came true, and tell those customers for whom one did not."""
    return promising.settle_promises()


@task()
def count_promises() -> int:
    """Count the promises of the last days."""
    return promising.count_promises()


@task()
def learn_wordings() -> bool:
    """Begin to learn from what agents have corrected; whether there was enough."""
    return learning.start_learning()


@task()
def look_at_tables() -> None:
    """Let SQLite look at the tickets: without that its planner takes an index of the queue that leaves all that is open
    to be sorted for every page. At each ticket: in a sample of a large desk every status and every topic looks rare,
    and the same happens. One index at a time, so that nobody who writes waits for all of them; with half a million
    tickets they take 0.3 seconds together. Of the tickets alone: with figures of small tables it chose worse than
    without. PostgreSQL looks by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=0")
            cursor.execute("SELECT name FROM pragma_index_list(%s)", [Ticket._meta.db_table])
            for (index,) in cursor.fetchall():
                cursor.execute(f"ANALYZE {connection.ops.quote_name(index)}")
