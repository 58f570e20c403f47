"""Two `manage.py set_up` at once, as two machines of a new site begin them: the second waits for the first."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command

from supportdesk.management.commands.set_up import Command
from tests.at_once import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
OVERLAP = 0.3  # seconds in which the other one would come in


def test_of_two_at_once_the_second_waits_for_the_first(monkeypatch):
    inside, met = threading.Semaphore(1), []

    def slow(self: Command, verbosity: int) -> None:
        is_first = inside.acquire(blocking=False)
        met.append(is_first)
        threading.Event().wait(OVERLAP)
        if is_first:
            inside.release()

    monkeypatch.setattr(Command, "set_up", slow)
    said = [StringIO(), StringIO()]
    outcomes = at_once(*(lambda out=out: call_command("set_up", stdout=out) for out in said))
    assert outcomes == [None, None]
    assert met == [True, True]
    assert sorted("waits for it" in out.getvalue() for out in said) == [False, True]


def test_one_that_fails_leaves_the_way_to_the_next(monkeypatch):
    monkeypatch.setattr(Command, "set_up", lambda self, verbosity: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("set_up")
    monkeypatch.setattr(Command, "set_up", lambda self, verbosity: None)
    out = StringIO()
    call_command("set_up", stdout=out)
    assert "waits" not in out.getvalue()
