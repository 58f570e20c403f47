"""What was answered was kept: two hundred people send at once, a fifth of them twice, and the server is killed three
times while they do. Nothing that was accepted is lost, nothing is there twice, and each finds it again."""

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from django.conf import settings

from tests.own_site import PATIENCE, OwnSite, status, wait_until
from tests.services import free_port

PEOPLE, TWICE, KILLS = 200, 5, 3  # every fifth sends twice, and both at once
READERS = 8  # at once, before and after the storm
LONGEST = 3 * PATIENCE  # seconds in which one person tries again: a busy machine takes long to start a server

SET_UP = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from supportdesk.accounts.models import User
from tickets.models import Topic
import json
Topic.objects.get_or_create(key="drill", defaults={"name_en": "Drill"})
keys = []
for number in range(%d):
    user, _ = User.objects.get_or_create(email=f"drill{number}@example.com")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "supportdesk.accounts.backends.RightsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print(json.dumps(keys))
"""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


@dataclass
class Sender:
    """Somebody at a browser that tries again with the same form until it is answered."""

    number: int
    base: str
    session: str
    answers: list[str] = field(default_factory=list)
    form: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar), _Stay())

    @property
    def times(self) -> int:
        return 2 if self.number % TWICE == 0 else 1

    def open_form(self) -> None:
        self.form = self._again(self._form)

    def send(self) -> None:
        self.answers.append(self._again(lambda: self._post(self.form)))

    def _again(self, act):  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            try:
                return act()
            except HTTPError as error:
                if error.code < 500:
                    raise
            except OSError:  # nobody answers just now
                pass
            time.sleep(0.25)
        raise AssertionError(f"{self.number} was never answered")

    def _form(self) -> dict[str, str]:
        page = self._open(self._new())
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        assert {"csrfmiddlewaretoken", "submission_token"} <= set(hidden), page[-500:]
        return {**hidden, "subject": f"Drill {self.number}", "body": self.words, "language": "en"}

    def _post(self, form: dict[str, str]) -> str:
        try:
            page = self._open(self._new(), urlencode(form).encode())
        except HTTPError as answer:
            if answer.code == 302:
                return answer.headers["Location"]
            raise
        raise AssertionError(f"not accepted: {page[:2000]}")

    def _open(self, address: str, data: bytes | None = None) -> str:
        request = Request(address, data, {**self._headers(), "Referer": address})  # noqa: S310 - loopback only
        with self.opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())

    def _new(self) -> str:
        return f"{self.base}/en/tickets/new/?topic=drill"

    def _headers(self) -> dict[str, str]:
        cookies = [f"sessionid={self.session}", *(f"{cookie.name}={cookie.value}" for cookie in self.jar)]
        return {"Cookie": "; ".join(cookies)}

    @property
    def words(self) -> str:
        return f"words-of-sender-{self.number:03d}"

    def reads_back(self) -> bool:
        """Whether its owner finds it behind the address that was given, and only one."""
        if len(self.answers) != self.times or len(set(self.answers)) != 1:
            return False
        page = self._again(lambda: self._open(self.base + self.answers[0]))
        return self.words in page


@contextmanager
def killable(site: OwnSite, port: int) -> Iterator[list[subprocess.Popen[str]]]:
    """A server with two workers; the list holds the one that runs now."""
    running = [_serve(site, port)]
    try:
        yield running
    finally:
        _kill(running[-1])


def _serve(site: OwnSite, port: int) -> subprocess.Popen[str]:
    web = [sys.executable, "-m", "supportdesk.web", "--workers", "2"]
    web += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    return subprocess.Popen(
        web, cwd=settings.BASE_DIR, env=site.environment, text=True,
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _kill(process: subprocess.Popen[str]) -> None:
    """Every process of the server at once, with no chance to finish anything."""
    import os

    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=PATIENCE)


def storm(site: OwnSite) -> None:
    """Everybody sends at the same moment while the server dies three times, and finds again what was answered."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    keys = json.loads(site.run(SET_UP % PEOPLE).splitlines()[-1])
    senders = [Sender(number, base, key) for number, key in enumerate(keys)]
    with killable(site, port) as running:
        wait_until("the server answers", lambda: status(f"{base}/health/live") == 200)
        with ThreadPoolExecutor(READERS) as readers:
            list(readers.map(Sender.open_form, senders))
            _send_all(senders, lambda: _kill_and_serve(running, site, port))
            found = list(readers.map(Sender.reads_back, senders))
    assert [one.number for one, is_there in zip(senders, found, strict=True) if not is_there] == []


def _kill_and_serve(running: list[subprocess.Popen[str]], site: OwnSite, port: int) -> None:
    _kill(running[-1])
    running.append(_serve(site, port))


def _send_all(senders: list[Sender], kill: Callable[[], None]) -> None:
    """A thread for each request, all let go at once; the server dies whenever a quarter of them was answered."""
    requests = [one for one in senders for _ in range(one.times)]
    begin, answered = threading.Barrier(len(requests)), threading.Semaphore(0)

    def send(one: Sender) -> None:
        begin.wait()
        try:
            one.send()
        finally:
            answered.release()

    with ThreadPoolExecutor(len(requests)) as pool:
        sending = [pool.submit(send, one) for one in requests]
        for _ in range(KILLS):
            for _ in range(len(requests) // (KILLS + 1)):
                answered.acquire(timeout=PATIENCE)
            kill()
        for future in sending:
            future.result(timeout=2 * LONGEST)


COUNT = """
from tickets.models import Message, Ticket
print(Ticket.objects.count(), Message.objects.values("body").distinct().count(), Message.objects.count())
"""


def test_nothing_accepted_is_lost_or_there_twice(tmp_path: Path):
    site = OwnSite(tmp_path, DEBUG_DRILL="1")
    storm(site)
    assert site.run(COUNT).split() == [str(PEOPLE)] * 3


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_nothing_accepted_is_lost_or_there_twice_on_postgresql(tmp_path: Path, django_db_blocker):
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    values = connection.settings_dict
    address = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    site = OwnSite(tmp_path, is_bare=True, DATABASE_URL=address, DEBUG_DRILL="1")
    storm(site)
    assert site.run(COUNT).split() == [str(PEOPLE)] * 3
