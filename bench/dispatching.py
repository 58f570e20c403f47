"""Several dispatchers and agents at once on one database: is every ticket given once, and how fast?

    DATABASE_URL=postgres://… python -m bench.dispatching --tickets 10000 --dispatchers 2 --agents 10

The database must be migrated and hold no tickets. Agents solve what they have, and now and then take one by hand that
the dispatchers may be giving out at that moment. Ends with 1 when a ticket was given twice or not at all.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any

TAKES = 0.1  # of the tickets are taken by hand


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--dispatchers", type=int, default=2)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--capacity", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two looks of a dispatcher")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings.dev")
    import django

    django.setup()
    result = Race(options).run()
    print(json.dumps(result))
    return 0 if result["twice"] == result["never"] == 0 and not result["errors"] else 1


class Race:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.is_over = threading.Event()
        self.errors: list[str] = []

    def run(self) -> dict[str, Any]:
        self.prepare()
        began = time.monotonic()
        threads = [self.thread(self.give_out) for _ in range(self.options.dispatchers)]
        threads += [self.thread(self.work, person) for person in self.people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {**self.checked(), "seconds": round(time.monotonic() - began, 1), "errors": self.errors[:5]}

    def thread(self, act: Any, *about: Any) -> threading.Thread:
        def run() -> None:
            from django.db import connection

            try:
                act(*about)
            except Exception as error:  # noqa: BLE001 - it is the outcome
                self.errors.append(repr(error))
                self.is_over.set()
            finally:
                connection.close()

        return threading.Thread(target=run)

    def prepare(self) -> None:
        from supportdesk.accounts.models import User
        from tickets.models import Agent, AgentLanguage, Ticket, Topic

        if Ticket.objects.exists():
            sys.exit("This database holds tickets. Give an empty one.")
        topic = Topic.objects.get_or_create(key="race", defaults={"name_en": "Race"})[0]
        asker = User.objects.get_or_create(email="race@example.com")[0]
        staff = {"is_staff": True, "is_superuser": True}
        self.people = [
            User.objects.get_or_create(email=f"agent{number}@example.com", defaults=staff)[0]
            for number in range(self.options.agents)
        ]
        for person in self.people:
            values = {"presence": "available", "capacity": self.options.capacity}
            agent = Agent.objects.update_or_create(person=person, defaults=values)[0]
            AgentLanguage.objects.get_or_create(agent=agent, language="en")
        self.fill(Ticket, topic, asker)

    def fill(self, tickets: Any, topic: Any, asker: Any) -> None:
        from django.utils import timezone

        now = timezone.now()
        rows = (
            tickets(requester=asker, topic=topic, subject="Race", language="en", unanswered_since=now, next_due_at=now)
            for _ in range(self.options.tickets)
        )
        tickets.objects.bulk_create(rows, batch_size=500)

    def give_out(self) -> None:
        from tickets.actions.dispatching import dispatch
        from tickets.enums import Trigger
        from tickets.models import Ticket

        while not self.is_over.is_set():
            if dispatch(trigger=Trigger.TICK) == 0 and not Ticket.objects.unsolved().exists():
                self.is_over.set()
            time.sleep(self.options.pause)

    def work(self, person: Any) -> None:
        """Solve all that one has, without what else follows from it, and take some by hand."""
        from tickets.models import Ticket

        dice = Random(person.pk)  # the same race every time
        while not self.is_over.is_set():
            done = Ticket.objects.unsolved().filter(assignee=person).update(status="solved")
            for _ in range(done):
                if dice.random() < TAKES:
                    self.take(person)
            time.sleep(self.options.pause)

    def take(self, person: Any) -> None:
        from tickets.actions import assigning
        from tickets.errors import TransitionNotAllowed
        from tickets.models import Ticket

        ticket = Ticket.objects.unsolved().filter(assignee=None).order_by("next_due_at", "pk").first()
        if ticket is not None:
            with suppress(TransitionNotAllowed):  # somebody was faster
                assigning.take(ticket, by=person)

    def checked(self) -> dict[str, int]:
        from tickets.enums import EventKind
        from tickets.models import Ticket, TicketEvent

        given = TicketEvent.objects.filter(kind=EventKind.ASSIGNED)
        times = Counter(given.values_list("ticket", flat=True))
        return {
            "tickets": Ticket.objects.count(),
            "routed": given.filter(reason="routed").count(),
            "by_hand": given.exclude(reason="routed").count(),
            "twice": sum(number > 1 for number in times.values()),
            "never": Ticket.objects.count() - len(times),
        }


if __name__ == "__main__":
    sys.exit(main())
