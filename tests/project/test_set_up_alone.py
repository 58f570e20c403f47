"""Two `manage.py set_up` at once, as two machines of a new site begin them: the second waits for the first."""

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command

from supportdesk.management.alone import alone
from supportdesk.management.commands import set_up
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

    def begin(self: Command, verbosity: int) -> None:
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

    monkeypatch.setattr(Command, "set_up", begin)
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


def test_a_dry_run_holds_up_nobody_and_leaves_no_file(monkeypatch):
    monkeypatch.setattr(set_up, "alone", lambda *_args: 1 / 0)
    monkeypatch.setattr(Command, "tell_ahead", lambda self, verbosity: self.stdout.write("told"))
    out = StringIO()
    call_command("set_up", "--dry-run", stdout=out)
    assert out.getvalue() == "told\n"


class InFile:
    """A connection to a database in a file, as far as its lock asks."""

    vendor = "sqlite"

    def __init__(self, path):
        self.settings_dict = {"NAME": path}


def test_the_file_of_the_lock_can_be_locked_by_another_user(tmp_path):
    before = os.umask(0o077)
    try:
        with alone("set_up", InFile(tmp_path / "site.sqlite3")):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "site.sqlite3.set_up.lock").stat().st_mode) == 0o644


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may become somebody else")
def test_a_lock_that_root_made_is_taken_by_the_user_of_the_site():
    with TemporaryDirectory() as name:  # those of pytest are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "site.sqlite3.set_up.lock").touch(0o644)
        os.seteuid(65534)
        try:
            with alone("set_up", InFile(folder / "site.sqlite3"), lambda: pytest.fail("waits for nobody")):
                pass
        finally:
            os.seteuid(0)


def test_of_two_that_hold_the_same_file_one_waits(tmp_path):
    database, told = InFile(tmp_path / "site.sqlite3"), threading.Event()
    with ThreadPoolExecutor(1) as other:
        with alone("set_up", database):
            second = other.submit(_hold, database, told)
            assert told.wait(PATIENCE)
        assert second.result(PATIENCE)


def _hold(database, told):
    with alone("set_up", database, told.set):
        return True
