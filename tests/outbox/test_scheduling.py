"""Periodic jobs run once per period however many schedulers there are, and old rows are forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.management.commands import schedule
from supportdesk.outbox import scheduling
from supportdesk.outbox.models import Outbox, Run, State
from supportdesk.outbox.tasks import JOBS, Job, deliver, tidy
from tests.own_site import wait_until

both = pytest.mark.both
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
FIVE = timedelta(seconds=5)
JOB = Job("supportdesk.outbox.tasks.deliver", FIVE)

SLOTS = [
    (NOON, FIVE, NOON),
    (NOON + timedelta(seconds=4, microseconds=999_999), FIVE, NOON),
    (NOON + timedelta(seconds=5), FIVE, NOON + FIVE),
    (NOON + timedelta(hours=5, minutes=59), timedelta(hours=6), NOON),
    (NOON - timedelta(seconds=1), timedelta(hours=6), NOON - timedelta(hours=6)),
    (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), timedelta(hours=1), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    (datetime(2026, 3, 29, 3, 30, tzinfo=timezone.get_fixed_timezone(120)), timedelta(hours=1), NOON.replace(hour=1)),
]


@pytest.mark.parametrize(("moment", "every", "slot"), SLOTS)
def test_a_slot_is_the_beginning_of_its_period_in_utc(moment, every, slot):
    assert scheduling.slot(moment, every) == slot


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    st.integers(1, 7 * 24 * 3600),
)
def test_every_moment_lies_in_its_slot(moment, seconds):
    every = timedelta(seconds=seconds)
    slot = scheduling.slot(moment, every)
    assert slot <= moment < slot + every


@pytest.mark.django_db
@both
def test_a_job_is_started_once_in_a_slot_and_again_in_the_next():
    moments = [NOON, NOON + 0.5 * FIVE, NOON + FIVE, NOON + 1.9 * FIVE, NOON + 2 * FIVE]
    started = []
    for moment in moments:
        started.append(scheduling.start("deliver", JOB, moment))
        DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    assert started == [True, False, True, False, True]
    assert DBTaskResult.objects.count() == 3


@pytest.mark.django_db
@both
def test_a_night_without_a_worker_leaves_one_call_of_each_job():
    for turn in range(100):
        for name, job in list(JOBS.items())[:2]:
            scheduling.start(name, job, NOON + turn * job.every)
    assert sorted(DBTaskResult.objects.values_list("task_path", flat=True)) == [
        "supportdesk.outbox.tasks.deliver",
        "supportdesk.outbox.tasks.tidy",
    ]


@pytest.mark.django_db
def test_jobs_do_not_share_slots():
    assert [scheduling.start(name, JOB, NOON) for name in ("deliver", "tidy")] == [True, True]


@pytest.mark.django_db(transaction=True)
@both
def test_of_four_schedulers_in_one_slot_one_starts_the_job():
    begin = threading.Barrier(4)
    won: list[bool] = []

    def schedule() -> None:
        begin.wait()
        try:
            won.append(scheduling.start("deliver", JOB, NOON))
        finally:
            connection.close()

    schedulers = [threading.Thread(target=schedule) for _ in range(4)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()
    assert sorted(won) == [False, False, False, True]
    assert (Run.objects.count(), DBTaskResult.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@both
def test_a_job_that_could_not_be_queued_is_tried_again_in_the_same_slot():
    with pytest.raises(ImportError):
        scheduling.start("deliver", Job("supportdesk.outbox.tasks.missing", FIVE), NOON)
    assert scheduling.start("deliver", JOB, NOON)


@pytest.mark.parametrize("name", JOBS)
def test_every_job_names_a_task_and_a_period_of_whole_seconds(name):
    job = JOBS[name]
    assert callable(import_string(job.path).enqueue)
    assert job.every >= timedelta(seconds=1)
    assert job.every.total_seconds() == int(job.every.total_seconds())


def test_lost_wake_ups_are_looked_for_every_five_seconds():
    assert JOBS["deliver"].every == FIVE


# Tidying up


def owe(number: int, state: str, days: float) -> None:
    due = timezone.now() - timedelta(days=days)
    Outbox.objects.create(event_kind="opened", event_id=number, consumer="mail", state=state, next_at=due)


@pytest.mark.django_db
@both
def test_deliveries_are_forgotten_a_week_after_they_were_done_and_no_others_are():
    for number, (state, days) in enumerate(
        [(State.DONE, 8), (State.DONE, 6.9), (State.PENDING, 300), (State.FAILED, 300)]
    ):
        owe(number, state, days)
    assert tidy.call() == 1
    assert sorted(Outbox.objects.values_list("event_id", flat=True)) == [1, 2, 3]


@pytest.mark.django_db
def test_runs_and_results_of_last_week_are_forgotten():
    now = timezone.now()
    for days in (8, 6):
        Run.objects.create(job="deliver", slot=now - timedelta(days=days))
        result = deliver.enqueue()
        ended = now - timedelta(days=days)
        DBTaskResult.objects.filter(pk=result.id).update(status="SUCCESSFUL", finished_at=ended, enqueued_at=ended)
    tidy.call()
    assert (Run.objects.count(), DBTaskResult.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_so_are_tasks_whose_worker_was_killed():
    for days in (8, 6):
        result = deliver.enqueue()
        begun = timezone.now() - timedelta(days=days)
        DBTaskResult.objects.filter(pk=result.id).update(status=TaskResultStatus.RUNNING, started_at=begun)
    tidy.call()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_work_that_still_waits_is_never_forgotten():
    result = deliver.enqueue()
    DBTaskResult.objects.filter(pk=result.id).update(enqueued_at=timezone.now() - timedelta(days=90))
    tidy.call()
    assert DBTaskResult.objects.count() == 1


# The command


def test_a_scheduler_that_is_started_again_and_again_still_gets_round_to_the_rare_jobs(site):
    """A site that is deployed more often than a job's period must not wait for ever: the slot has no run yet."""
    with site.process("schedule") as scheduler:
        wait_until("the job of every five seconds", lambda: site.sql("SELECT 1 FROM outbox_run WHERE job = 'deliver'"))
        started = {job for (job,) in site.sql("SELECT job FROM outbox_run")}
        scheduler.terminate()
        assert scheduler.wait(20) == 0
    assert started >= {name for name, job in JOBS.items() if job.every > timedelta(seconds=5)}, "the rarest come first"


@pytest.fixture
def enqueued(monkeypatch):
    """What the command starts, without a database: names of jobs in turn."""
    names: list[str] = []
    monkeypatch.setattr(scheduling, "start", lambda name, job, at: names.append(name))
    return names


def test_a_look_starts_the_jobs_whose_period_has_begun_and_no_others(enqueued):
    command, begun = schedule.Command(), {}
    assert command.start_due(begun, NOON)
    assert sorted(enqueued) == sorted(JOBS)
    enqueued.clear()
    command.start_due(begun, NOON + timedelta(seconds=4))
    assert enqueued == []
    command.start_due(begun, NOON + FIVE)
    assert sorted(enqueued) == sorted(name for name, job in JOBS.items() if job.every == FIVE)


def test_a_clock_that_was_an_hour_ahead_and_is_set_back_stops_no_job(enqueued):
    command, begun = schedule.Command(), {}
    command.start_due(begun, NOON + timedelta(hours=1))
    enqueued.clear()
    command.start_due(begun, NOON)
    assert "deliver" in enqueued
    assert "warn_of_clocks" in enqueued


def test_while_the_database_is_away_nothing_counts_as_begun(enqueued, monkeypatch, caplog):
    def fail(name, job, at):
        raise OperationalError("connection refused")

    begun: dict[str, datetime] = {}
    with monkeypatch.context() as away:
        away.setattr(scheduling, "start", fail)
        assert not schedule.Command().start_due(begun, NOON)
    assert len(caplog.records) == 1, "one line, not one of each job"
    assert schedule.Command().start_due(begun, NOON)
    assert sorted(enqueued) == sorted(JOBS)
