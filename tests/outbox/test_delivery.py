"""The outbox delivers every event to every consumer of its kind at least once, whatever dies in between."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from helpcenter.models import ContentGeneration
from supportdesk.outbox import delivery, scheduling, tasks
from supportdesk.outbox.models import Outbox, State

pytestmark = pytest.mark.django_db
both = pytest.mark.both

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
HERE = "tests.outbox.test_delivery"
MINUTE = timedelta(minutes=1)
heard: list[int] = []
hearing = threading.Lock()


def hear(event_id: int) -> None:
    with hearing:
        heard.append(event_id)


def hear_nothing(event_id: int) -> None:
    raise ConnectionError(f"nobody answers for {event_id}")


def speak_with_null(event_id: int) -> None:
    raise ValueError("a\0b")


def speak_long(event_id: int) -> None:
    raise ValueError("x" * 5000)


def break_the_database(event_id: int) -> None:
    Outbox.objects.create(event_kind="taken", event_id=1, consumer="twice", next_at=NOON)


def die(event_id: int) -> None:
    raise SystemExit("the process ends here")


@pytest.fixture(autouse=True)
def silence():
    """No consumer but those of the test."""
    known = dict(delivery.CONSUMERS)
    delivery.CONSUMERS.clear()
    heard.clear()
    yield
    delivery.CONSUMERS.clear()
    delivery.CONSUMERS.update(known)


def listen(name: str = "mail", *kinds: str, handler: str = "hear") -> None:
    delivery.register(name, kinds or ("opened",), f"{HERE}.{handler}")


def at(moment: datetime):
    return lambda: moment


def only() -> Outbox:
    return Outbox.objects.get()


# Posting


def test_an_event_is_owed_to_each_consumer_of_its_kind_and_to_no_other():
    listen("mail", "opened", "closed")
    listen("index", "opened")
    listen("report", "closed")
    delivery.post("opened", 7)
    assert sorted(Outbox.objects.values_list("event_kind", "event_id", "consumer")) == [
        ("opened", 7, "index"),
        ("opened", 7, "mail"),
    ]


def test_a_kind_that_nobody_listens_to_is_owed_to_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        delivery.post("opened", 7)
    assert (Outbox.objects.count(), callbacks) == (0, [])


@both
def test_posting_an_event_again_owes_nothing_more():
    listen()
    delivery.post("opened", 7)
    delivery.post("opened", 7)
    assert Outbox.objects.count() == 1


@both
def test_an_event_that_was_delivered_is_not_owed_again():
    listen()
    delivery.post("opened", 7)
    delivery.deliver_due()
    delivery.post("opened", 7)
    delivery.deliver_due()
    assert heard == [7]


def test_a_consumer_that_comes_later_is_owed_the_event_when_it_is_posted_again():
    listen("mail")
    delivery.post("opened", 7)
    listen("index")
    delivery.post("opened", 7)
    assert sorted(Outbox.objects.values_list("consumer", flat=True)) == ["index", "mail"]


@both
@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_failed_is_owed_to_nobody():
    listen()
    with transaction.atomic():
        delivery.post("opened", 7)
        transaction.set_rollback(True)
    assert (Outbox.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_the_worker_is_woken_when_the_transaction_commits(django_capture_on_commit_callbacks):
    listen()
    with django_capture_on_commit_callbacks(execute=True):
        delivery.post("opened", 7)
        assert DBTaskResult.objects.count() == 0
    assert DBTaskResult.objects.get().task_path == "supportdesk.outbox.tasks.deliver"


@pytest.mark.django_db(transaction=True)
def test_a_call_that_waits_is_enough_and_one_that_was_taken_up_is_not():
    listen()
    delivery.post("opened", 7)
    delivery.post("opened", 8)
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    delivery.post("opened", 9)
    assert DBTaskResult.objects.count() == 2


def test_the_task_that_the_worker_runs_delivers():
    listen()
    delivery.post("opened", 7)
    assert tasks.deliver.call() == 1
    assert heard == [7]


# Deferred events


def test_a_deferred_event_wakes_nobody_and_waits_for_its_time(django_capture_on_commit_callbacks):
    listen()
    later = timezone.now() + MINUTE
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        delivery.post("opened", 7, at=later)
    assert callbacks == []
    assert delivery.deliver_due(at(later - timedelta(microseconds=1))) == 0
    assert delivery.deliver_due(at(later)) == 1


def test_an_event_of_the_past_is_due_at_once():
    listen()
    delivery.post("opened", 7, at=NOON - 400 * 24 * 60 * MINUTE)
    assert delivery.deliver_due() == 1


def test_what_was_due_first_is_delivered_first():
    listen()
    for number, minutes in ((1, 3), (2, 1), (3, 2)):
        delivery.post("opened", number, at=NOON + minutes * MINUTE)
    delivery.deliver_due(at(NOON + 5 * MINUTE))
    assert heard == [2, 3, 1]


# Delivering


@both
def test_a_delivery_is_done_once():
    listen()
    delivery.post("opened", 7)
    assert [delivery.deliver_due(), delivery.deliver_due()] == [1, 0]
    assert heard == [7]
    row = only()
    assert (row.state, row.lease_until, row.error, row.attempts) == (State.DONE, None, "", 1)


def test_an_empty_outbox_delivers_nothing():
    assert delivery.deliver_due() == 0


def test_more_than_a_batch_is_delivered_in_turns():
    listen()
    for number in range(delivery.BATCH + 20):
        delivery.post("opened", number)
    assert [delivery.deliver_due() for _ in range(3)] == [delivery.BATCH, 20, 0]
    assert sorted(heard) == list(range(delivery.BATCH + 20))


@pytest.mark.django_db(transaction=True)
def test_behind_a_full_batch_the_worker_is_woken_for_the_rest():
    listen()
    for number in range(delivery.BATCH + 20):
        delivery.post("opened", number)
    taken_up = DBTaskResult.objects.filter(pk=DBTaskResult.objects.get().pk)
    taken_up.update(status=TaskResultStatus.RUNNING)
    delivery.deliver_due()
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    delivery.deliver_due()
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("handler", ["hear_nothing", "speak_with_null", "speak_long", "break_the_database"])
def test_a_consumer_that_fails_hinders_no_other(handler):
    Outbox.objects.create(event_kind="taken", event_id=1, consumer="twice", next_at=NOON, state=State.DONE)
    listen("broken", "opened", handler=handler)
    delivery.post("opened", 1)
    listen("mail", "closed")
    delivery.post("closed", 2)
    assert delivery.deliver_due() == 1
    assert heard == [2]
    broken = Outbox.objects.get(consumer="broken")
    assert broken.state == State.PENDING
    assert 0 < len(broken.error) <= 300


def test_the_error_of_the_last_attempt_is_kept_until_it_succeeds():
    listen(handler="hear_nothing")
    delivery.post("opened", 7, at=NOON)
    delivery.deliver_due(at(NOON))
    assert only().error == "ConnectionError: nobody answers for 7"
    listen(handler="hear")
    delivery.deliver_due(at(NOON + MINUTE))
    assert (only().error, only().state, only().attempts) == ("", State.DONE, 2)


SECONDS_AFTER_ATTEMPT = [(1, 5), (2, 30), (3, 120), (4, 600), (5, 3600), (6, 10800), (7, 43200)]


@pytest.mark.parametrize(("attempt", "seconds"), SECONDS_AFTER_ATTEMPT)
def test_each_failure_makes_the_next_attempt_later(attempt, seconds):
    listen(handler="hear_nothing")
    delivery.post("opened", 7, at=NOON)
    Outbox.objects.update(attempts=attempt - 1)
    delivery.deliver_due(at(NOON))
    row = only()
    assert (row.next_at - NOON, row.lease_until, row.state) == (timedelta(seconds=seconds), None, State.PENDING)


def test_a_delivery_is_not_tried_again_before_its_time():
    listen(handler="hear_nothing")
    delivery.post("opened", 7, at=NOON)
    delivery.deliver_due(at(NOON))
    delivery.deliver_due(at(NOON + timedelta(seconds=4.9)))
    assert only().attempts == 1
    delivery.deliver_due(at(NOON + timedelta(seconds=5)))
    assert only().attempts == 2


def test_a_delivery_that_fails_for_most_of_a_day_is_given_up():
    listen(handler="hear_nothing")
    delivery.post("opened", 7, at=NOON)
    moment = NOON
    for _ in range(8):
        delivery.deliver_due(at(moment))
        moment = only().next_at
    assert (only().state, only().attempts) == (State.FAILED, 8)
    assert delivery.deliver_due(at(moment + timedelta(days=30))) == 0


def test_a_consumer_that_nobody_knows_is_waited_for():
    """Two versions of the code run beside each other during a deployment."""
    listen("new")
    delivery.post("opened", 7, at=NOON)
    delivery.CONSUMERS.clear()
    assert delivery.deliver_due(at(NOON)) == 0
    assert "'new'" in only().error
    listen("new")
    assert delivery.deliver_due(at(NOON + MINUTE)) == 1


@pytest.mark.parametrize("path", ["tests.outbox.test_delivery.missing", "no.such.module", "plain"])
def test_a_consumer_whose_code_is_missing_is_tried_again(path):
    delivery.register("broken", ["opened"], path)
    delivery.post("opened", 7)
    assert delivery.deliver_due() == 0
    assert (only().state, bool(only().error)) == (State.PENDING, True)


# Leases


def test_a_row_that_somebody_holds_is_left_alone_until_its_lease_ends():
    listen()
    delivery.post("opened", 7, at=NOON)
    Outbox.objects.update(lease_until=NOON + MINUTE, attempts=1)
    assert delivery.deliver_due(at(NOON + timedelta(seconds=59))) == 0
    assert delivery.deliver_due(at(NOON + MINUTE)) == 1


def test_the_row_of_a_worker_that_died_is_taken_again_after_a_minute():
    listen(handler="die")
    delivery.post("opened", 7, at=NOON)
    with pytest.raises(SystemExit):
        delivery.deliver_due(at(NOON))
    assert (only().state, only().lease_until) == (State.PENDING, NOON + MINUTE)
    listen(handler="hear")
    assert delivery.deliver_due(at(NOON + 0.9 * MINUTE)) == 0
    assert delivery.deliver_due(at(NOON + MINUTE)) == 1
    assert heard == [7]


def lose_the_lease(event_id: int) -> None:
    """So slow that another worker takes the row, and delivers it; then this one fails."""
    listen(handler="hear")
    delivery.deliver_due(at(NOON + 2 * MINUTE))
    raise TimeoutError("too late")


def test_a_worker_that_lost_its_lease_does_not_undo_what_another_delivered():
    listen(handler="lose_the_lease")
    delivery.post("opened", 7, at=NOON)
    delivery.deliver_due(at(NOON))
    assert (only().state, heard) == (State.DONE, [7])


@both
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_deliver_everything_exactly_once():
    listen()
    for number in range(60):
        delivery.post("opened", number)
    begin = threading.Barrier(4)
    counts: list[int] = []

    def work() -> None:
        begin.wait()
        try:
            counts.append(delivery.deliver_due())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(heard) == list(range(60))
    assert sum(counts) == 60


@both
@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_just_took_cannot_be_claimed():
    """Each sees the row as due; only one of their updates succeeds."""
    listen()
    delivery.post("opened", 7, at=NOON)
    row = only()
    assert [delivery._claim(row, NOON), delivery._claim(row, NOON)] == [True, False]


# Real processes

POST = """
from django.db import transaction
from supportdesk.outbox import delivery
with transaction.atomic():
    delivery.post("instant", 1)
"""
DELIVER_AND_DIE = """
import os, signal
import tests.outbox.test_delivery as here
here.hear = lambda event_id: os.kill(os.getpid(), signal.SIGKILL)
delivery.register("freshness", ["instant"], "tests.outbox.test_delivery.hear")
delivery.deliver_due()
"""
WORK = ("db_worker", "--batch", "--no-reload", "--no-startup-delay", "--verbosity", "0")


def test_the_worker_command_delivers_what_another_process_posted(site):
    generation = "SELECT coalesce(max(number), 0) FROM helpcenter_contentgeneration"
    before = site.sql(generation)
    assert site.python(POST).returncode == 0
    worked = site.attempt(*WORK)
    assert worked.returncode == 0, worked.stderr
    assert site.sql("SELECT state, attempts FROM outbox_outbox") == [("done", 1)]
    assert site.sql(generation) > before


def test_what_a_killed_worker_held_is_delivered_by_the_next_one(site):
    assert site.python(POST + DELIVER_AND_DIE).returncode == -9
    ((state, attempts, lease),) = site.sql("SELECT state, attempts, lease_until FROM outbox_outbox")
    assert (state, attempts, bool(lease)) == ("pending", 1, True)
    site.sql("UPDATE outbox_outbox SET lease_until = '2026-01-01 00:00:00'")
    assert site.attempt(*WORK).returncode == 0
    assert site.sql("SELECT state, attempts FROM outbox_outbox") == [("done", 2)]


def test_a_job_that_failed_is_named_in_the_log_and_one_that_was_done_is_not(site):
    enqueue = "from supportdesk.outbox.tasks import deliver, tidy\ntidy.enqueue('an argument that it does not take')\n"
    assert site.python(f"{enqueue}deliver.enqueue()").returncode == 0
    assert site.attempt("db_worker", "--batch", "--no-reload", "--no-startup-delay").returncode == 0
    log = Path(site.environment["LOG_PATH"]).read_text()
    assert "path=supportdesk.outbox.tasks.tidy state=FAILED" in log
    assert "TypeError" in log
    assert "outbox.tasks.deliver" not in log


def test_a_wake_up_that_got_lost_is_made_up_for_by_the_scheduler():
    listen()
    delivery.post("opened", 7, at=NOON)
    DBTaskResult.objects.all().delete()
    assert scheduling.start("deliver", tasks.JOBS["deliver"], NOON)
    queued = DBTaskResult.objects.get()
    queued.task.call()
    assert heard == [7]


def test_a_moment_that_came_makes_pages_new():
    """The consumer that the help centre registers is the one that is called."""
    delivery.register("freshness", ["instant"], "helpcenter.freshness.instant_reached")
    delivery.post("instant", 1)
    before = ContentGeneration.objects.get().number
    delivery.deliver_due()
    assert ContentGeneration.objects.get().number == before + 1
