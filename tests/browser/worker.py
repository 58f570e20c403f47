"""The worker and the scheduler of a site, one act at a time: a journey does not wait for minutes of life to pass.

What has happened is moved into the past before the next thing happens, as the demo's own tickets are. The process that
does it runs inside the site; it reads names of acts and prints what they return.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from tests.own_site import OwnSite

WHILE_COUNTS_WAIT = timedelta(minutes=5)


@contextmanager
def worker_of(site: OwnSite) -> Iterator[Callable[..., int]]:
    """Yields `act(name, *numbers)`."""
    code = "import django; django.setup(); from tests.browser import worker; worker.serve()"
    with site.beside(sys.executable, "-c", code) as process:
        yield lambda name, *numbers: _asked(process, name, *numbers)


def _asked(process: subprocess.Popen[str], name: str, *numbers: int) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(" ".join([name, *map(str, numbers)]) + "\n")
    process.stdin.flush()
    said: list[str] = []
    for line in process.stdout:
        if line.startswith("= "):
            return int(line[2:])
        said.append(line)
    raise AssertionError(f"The worker has ended in “{name}”:\n{''.join(said)[-1500:]}")


# In the process of the worker


def serve() -> None:
    for line in sys.stdin:
        name, *numbers = line.split()
        print(f"= {ACTS[name](*map(int, numbers))}", flush=True)


def deliver() -> int:
    """Everything that is owed by now, and what follows from it."""
    from supportdesk.outbox import delivery

    delivered = 0
    while found := delivery.deliver_due():
        delivered += found
    return delivered


def play(position: int) -> int:
    """The replay up to a place in its trace, as if the time until then had passed."""
    from supportdesk.outbox.models import Outbox
    from tickets.actions import replaying_crash
    from tickets.models import CrashReplay

    replay = CrashReplay.objects.get()
    asking = replaying_crash._trace(replay.trace)[position - 1]
    CrashReplay.objects.update(begun_at=timezone.now() - asking.after / replay.speed)
    Outbox.objects.filter(consumer="crash_replay").update(next_at=timezone.now())
    while CrashReplay.objects.get().position < position:
        assert deliver()
    return deliver()


def watch() -> int:
    """The minutes that the detector waits for its counts are over."""
    from tickets.actions import surging
    from tickets.models import ArrivalCount

    ArrivalCount.objects.filter(watched=0).update(minute=F("minute") - WHILE_COUNTS_WAIT)
    return surging.watch_arrivals()


def let_go() -> int:
    """The minute in which a bulk answer can be taken back is over; returns how many messages went out."""
    from tickets.actions import bulk_delivering
    from tickets.enums import RecipientState, SendState
    from tickets.models import BulkRecipient, BulkSend

    now = timezone.now()
    BulkRecipient.objects.filter(state=RecipientState.QUEUED).update(due_at=now)
    BulkSend.objects.filter(state=SendState.SENDING).update(starts_at=now)
    return bulk_delivering.deliver_bulk()


def count() -> int:
    """What the scheduler does every minute for the lead's page and the bell."""
    from tickets import notices
    from tickets.actions import surveying

    surveying.take_snapshot()
    return notices.tell_of_candidates()


def send_replies() -> int:
    """The seconds in which a reply can be taken back are over; returns how many went out."""
    from supportdesk.outbox.models import Outbox
    from tickets.actions.replying import REPLY_DUE
    from tickets.models import Message

    now = timezone.now()
    held = Message.objects.held().update(visible_at=now)
    Outbox.objects.filter(event_kind=REPLY_DUE).update(next_at=now)
    deliver()
    return held - Message.objects.held().count()


def take_mail(port: int) -> int:
    """From now on mail comes in by SMTP on this port."""
    from tickets.channels import listener

    listener.controller("127.0.0.1", port).start()
    return port


ACTS: dict[str, Callable[..., int]] = {
    "deliver": deliver,
    "play": play,
    "watch": watch,
    "let_go": let_go,
    "count": count,
    "send_replies": send_replies,
    "take_mail": take_mail,
}
