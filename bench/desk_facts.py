"""`python -m bench.desk_facts DEEP`: of one desk, as JSON: sessions, what to ask for, SQL statements.

Statements of a write are those inside its transaction, without BEGIN, COMMIT and savepoints; of a page all but those
that read the session and the person. Both are counted the second time, when the process has read its rules.
"""

import json
import os
import re
import sys
from typing import Any

import django

NOT_COUNTED = re.compile(r'^(BEGIN|COMMIT|SAVEPOINT|RELEASE)|FROM "(django_session|accounts_user)" WHERE|"auth_', re.I)


def main() -> None:
    deep = int(sys.argv[1])
    django.setup()
    from tickets.models import Ticket, Topic

    sessions = _sessions()
    opened = Ticket.objects.unsolved().due_first()
    place = opened[min(deep, max(opened.count() - 60, 0))]
    ticket = opened.filter(status="open", assignee__isnull=False)[0]
    topic = Topic.objects.offered().exclude(fields__is_required=True).first() or Topic.objects.first()
    queue = _page(sessions["lead"], "/desk/?view=all")
    facts = {
        "sessions": sessions,
        "topic": topic.key if topic else "",
        "ticket": ticket.public_id,
        "open": list(opened.filter(status="open").values_list("public_id", flat=True)[:4000]),
        "deep": _after(place),
        "statements": {
            "queue": queue[0],
            "ticket": _page(sessions["lead"], f"/desk/tickets/{ticket.public_id}/")[0],
            "submit": [_submitted() for _ in range(2)][1],
            "reply": [_replied(ticket) for _ in range(2)][1],
        },
        "bytes": {"queue": queue[1]},
    }
    json.dump(facts, sys.stdout)


def _sessions() -> dict[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.desk_data import AGENT, LEAD, TRADER
    from supportdesk.accounts.models import User

    found = {}
    for name, email in (("trader", TRADER), ("agent", AGENT), ("lead", LEAD)):
        user, session = User.objects.get(email=email), SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "supportdesk.accounts.backends.RightsBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        found[name] = session.session_key or ""
    return found


def _after(ticket: Any) -> str:
    from tickets.workspace.queries import Asked, mark_of

    return mark_of(ticket, Asked(view="all"))


def _page(session: str, path: str) -> tuple[int, int]:
    """Statements and bytes of a page for whoever has a session; the second time, when the process is warm."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    return _counted(captured), len(answer.content)


def _counted(captured: Any) -> int:
    return sum(not NOT_COUNTED.search(query["sql"]) for query in captured.captured_queries)


def _submitted() -> int:
    from tickets.actions import opening
    from tickets.models import Topic

    topic = Topic.objects.first()
    if topic is None:
        raise SystemExit("This desk has no topic.")
    request = opening.Request(topic=topic, subject="Bench", body="Counted.", language="en", token=os.urandom(8).hex())
    return _in_transaction(lambda: opening.open_ticket(request, by=_person("trader")))


def _replied(ticket: Any) -> int:
    from tickets.actions import replying

    lead = _person("lead")
    lead.has_perm("tickets.work_ticket")  # what a request has read of the person before
    return _in_transaction(lambda: replying.reply(ticket, "Counted.", by=lead, seen=ticket.version))


def _person(name: str) -> Any:
    from bench import desk_data
    from supportdesk.accounts.models import User

    return User.objects.get(email=getattr(desk_data, name.upper()))


def _in_transaction(act: Any) -> int:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        act()
        transaction.set_rollback(True)
    return _counted(captured)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main()
