"""Two `manage.py set_up` at once, as two machines of a new site begin them: the second waits for the first."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command

from supportdesk.management.commands.set_up import Command
from tests.at_once import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
PATIENCE = 30  # seconds after which a test that would hang fails


class Heard(StringIO):
    """An output that lets others know when something was said."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__()
        self.event = event

    def write(self, text: str) -> int:
        self.event.set()
        return super().write(text)


def test_of_two_at_once_the_second_waits_for_the_first(monkeypatch):
    order, is_begun, is_met = [], threading.Event(), threading.Event()
    said = Heard(is_met)

    def set_up(self: Command, verbosity: int) -> None:
        order.append("in")
        if len(order) == 1:
            is_begun.set()
            is_met.wait(PATIENCE)  # until the second says that it waits, or is here as well
        else:
            is_met.set()
        order.append("out")

    def second() -> None:
        is_begun.wait(PATIENCE)
        call_command("set_up", stdout=said)

    monkeypatch.setattr(Command, "set_up", set_up)
    assert at_once(lambda: call_command("set_up", stdout=StringIO()), second) == [None, None]
    assert order == ["in", "out", "in", "out"]
    assert "waits for it" in said.getvalue()


def test_one_that_fails_leaves_the_way_to_the_next(monkeypatch):
    monkeypatch.setattr(Command, "set_up", lambda self, verbosity: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("set_up")
    monkeypatch.setattr(Command, "set_up", lambda self, verbosity: None)
    out = StringIO()
    call_command("set_up", stdout=out)
    assert "waits" not in out.getvalue()
