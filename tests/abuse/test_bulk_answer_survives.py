"""One answer to many, exactly once: a worker that sends an incident's answer is killed twice, then two go on. Each who
should get it gets it once and in their own language; whoever is in doubt gets nothing.

`BULK_TICKETS=500` makes it as big as a bad hour.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from tests.own_site import PATIENCE, OwnSite, wait_until

TICKETS = int(os.environ.get("BULK_TICKETS", "60"))
KILLS, TOGETHER = 2, 2

# Six languages, three of them without a text; a tenth of the tickets without a language, a twentieth in another one
# than was chosen. Prints, for each ticket, the language of the answer that it should get, or null.
SET_UP = """
import json
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from supportdesk.accounts import roles
from supportdesk.accounts.models import User
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, incident_texts, incidents, opening
from tickets.models import Ticket, Topic

WORDS = {
    "en": "I sent 2,500 USDT to my account this morning and it is not there, please help with this",
    "zh-hans": "今天早上充值了USDT，过了两个小时还没有到账，请帮我看看这个问题",
    "ko": "오늘 아침에 USDT를 보냈는데 아직 입금되지 않았습니다",
    "ru": "Утром отправил USDT, до сих пор не пришло на счёт",
    "ja": "今朝USDTを送りましたがまだ反映されていません",
    "ar": "أرسلت USDT هذا الصباح ولم تصل إلى حسابي بعد",
}
ANSWERS = {"en": "It is late.", "zh-hans": "充值会晚到。", "ko": "늦게 반영됩니다."}

roles.write_groups()
leads = [User.objects.create_user(email=f"lead{n}@example.org", password="x", is_staff=True) for n in range(2)]
for lead in leads:
    lead.groups.add(Group.objects.get(name="Team leads"))
topic, _ = Topic.objects.get_or_create(key="drill", defaults={"name_en": "Drill"})
started = timezone.now() - timedelta(minutes=30)
incident = incidents.open_incident("Drill", by=leads[0], started_at=started, topics=[topic])
codes = list(WORDS)
expected = {}
for number in range(%d):
    chosen = written = codes[number %% 6]
    if number %% 10 == 3:
        chosen = ""
    elif number %% 20 == 1:
        written = codes[(number + 1) %% 6]
    person = User.objects.create(email=f"bulk{number}@example.com")
    asked = opening.Request(topic=topic, subject="USDT", body=WORDS[written], language=chosen)
    ticket = opening.open_ticket(asked, by=person)
    is_clear = chosen in ("", written)
    expected[ticket.pk] = written if is_clear and written in ANSWERS else None
incidents.link_tickets(incident, Ticket.objects.filter(topic=topic), by=leads[0])
for code, body in ANSWERS.items():
    incident_texts.approve_answer(incident_texts.write_answer(incident, code, body, by=leads[0]), by=leads[1])
send = bulk_planning.dry_run(incident, by=leads[0])
for pk in send.sample:
    bulk_sending.open_sample(send, Ticket.objects.get(pk=pk), by=leads[0])
bulk_sending.approve_send(send, by=leads[1])
send = bulk_sending.send_bulk(send, by=leads[0])
send.recipients.update(due_at=timezone.now())
send.starts_at = timezone.now()
send.save()
print(json.dumps(expected))
"""

WORK = """
import time
from tickets.actions import bulk_delivering
while True:
    bulk_delivering.deliver_bulk()
    time.sleep(0.05)
"""

STATE = """
import json
from tickets.models import BulkRecipient, BulkSend, Message
sent = list(Message.objects.filter(kind="reply").values_list("ticket_id", "language"))
lines = BulkRecipient.objects.filter(state="sent").count()
events = Message.objects.filter(kind="reply", ticket__events__kind="replied").count()
print(json.dumps({"sent": sent, "lines": lines, "events": events, "state": BulkSend.objects.get().state}))
"""


class Workers:
    """Some worker processes that die without a chance to finish anything."""

    def __init__(self, site: OwnSite) -> None:
        self.site = site
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, number: int = 1) -> None:
        command = [sys.executable, "-c", f"import django\ndjango.setup()\n{WORK}"]
        self.running = [
            subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.site.environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            for _ in range(number)
        ]

    def kill(self) -> None:
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=PATIENCE)
        self.running = []


def deliver_through_kills(site: OwnSite, count: "Counter[str]", sent: object) -> tuple[dict[str, str | None], dict]:
    """Who should have got what, and what is there in the end; `sent` says how many lines have gone out."""
    expected = json.loads(site.run(SET_UP % TICKETS).splitlines()[-1])
    wanted = sum(language is not None for language in expected.values())
    workers = Workers(site)
    with ExitStack() as stack:
        stack.callback(workers.kill)
        for turn in range(KILLS):
            workers.start()
            enough = wanted * (turn + 1) // (KILLS + 1)
            wait_until(f"{enough} are sent", lambda enough=enough: sent() >= enough)  # type: ignore[operator, misc]
            workers.kill()
            count["left at a kill"] += wanted - sent()  # type: ignore[operator]
        workers.start(TOGETHER)
        wait_until("all are sent", lambda: sent() >= wanted)  # type: ignore[operator]
        wait_until("the sending is done", lambda: json.loads(site.run(STATE))["state"] == "done")
    return expected, json.loads(site.run(STATE))


def check(expected: dict[str, str | None], found: dict) -> None:
    got = {str(ticket): language for ticket, language in found["sent"]}
    assert len(found["sent"]) == len(got), "somebody got it twice"
    assert got == {ticket: language for ticket, language in expected.items() if language is not None}
    assert found["lines"] == found["events"] == len(got)


def test_everybody_gets_it_once_though_workers_die(tmp_path: Path):
    site, count = OwnSite(tmp_path), Counter[str]()
    lines = "SELECT count(*) FROM tickets_bulkrecipient WHERE state = 'sent'"
    check(*deliver_through_kills(site, count, lambda: site.sql(lines)[0][0]))
    assert count["left at a kill"] > 0, "no worker died in the middle"


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_everybody_gets_it_once_though_workers_die_on_postgresql_too(tmp_path: Path):
    from django.db import connection

    from tickets.models import BulkRecipient

    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    values = connection.settings_dict
    address = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    site, count = OwnSite(tmp_path, is_bare=True, DATABASE_URL=address), Counter[str]()
    check(*deliver_through_kills(site, count, lambda: BulkRecipient.objects.filter(state="sent").count()))
    assert count["left at a kill"] > 0, "no worker died in the middle"
