"""`python -m bench.desk_facts DEEP`: of one desk, as JSON: sessions, what to ask for, SQL statements.

Statements of a write are those inside its transaction, without BEGIN, COMMIT and savepoints; of a page all but those
that read the session and the person. Both are noted the third time, when the process has read its rules.
"""

import json
import os
import sys
from typing import Any

import django

from bench.asked import Statement, recorded

WARM = 2  # times before
FIVE = 5  # messages


def main() -> None:
    deep = int(sys.argv[1])
    django.setup()
    from tickets.models import Ticket, Topic

    sessions = _sessions()
    opened = Ticket.objects.unsolved().due_first()
    place = opened[min(deep, max(opened.count() - 60, 0))]
    ticket, answered = opened.filter(status="open", assignee__isnull=False)[:2]
    _complete(ticket)
    topic = Topic.objects.offered().exclude(fields__is_required=True).first() or Topic.objects.first()
    others = opened.filter(status="open").exclude(pk__in=[ticket.pk, answered.pk])
    works = {
        "submit": _last(lambda: _posted(sessions["trader"], *_submission(topic))),
        "queue": _last(lambda: _page(sessions["lead"], "/desk/?view=all")),
        "ticket": _last(lambda: _page(sessions["lead"], f"/desk/tickets/{ticket.public_id}/")),
        "reply": _last(lambda: _posted(sessions["lead"], *_answer(answered))),
    }
    facts = {
        "sessions": sessions,
        "topic": topic.key if topic else "",
        "ticket": ticket.public_id,
        "open": dict(others.values_list("public_id", "version")[:4000]),
        "deep": _after(place),
        "statements": {name: _counted(name, found) for name, (found, _) in works.items()},
        "listed": {name: [one.as_dict() for one in found] for name, (found, _) in works.items()},
        "bytes": {"queue": works["queue"][1]},
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


def _complete(ticket: Any) -> None:
    """The ticket that row 7 shows has five messages, two files and an event of each."""
    from tickets import attachments
    from tickets.actions import replying

    if ticket.messages.count() < FIVE:
        files = [attachments.examine(f"list-{number}.txt", b"An order of yesterday.") for number in range(2)]
        replying.write_to_ticket(ticket, "With two lists.", by=ticket.requester, files=files)


Noted = tuple[list[Statement], int]  # statements, and bytes of the answer


def _last(act: Any) -> Noted:
    for _ in range(WARM):
        act()
    found: Noted = act()
    return found


def _counted(name: str, found: list[Statement]) -> int:
    is_write = name in ("submit", "reply")
    return sum(one.is_counted and (one.in_transaction or not is_write) for one in found)


def _page(session: str, path: str) -> Noted:
    return _asked(session, 200, lambda client: client.get(path))


def _posted(session: str, path: str, values: dict[str, str]) -> Noted:
    return _asked(session, 302, lambda client: client.post(path, values))


def _asked(session: str, status: int, ask: Any) -> Noted:
    """A request of whoever has a session, through all layers."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with recorded() as found:
        answer = ask(client)
    if answer.status_code != status:
        raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}.")
    return found, len(answer.content)


def _submission(topic: Any) -> tuple[str, dict[str, str]]:
    token = os.urandom(8).hex()
    values = {"subject": f"Bench {token}", "body": f"Counted {token}.", "language": "en", "submission_token": token}
    return f"/en/tickets/new/?topic={topic.key}", values


def _answer(ticket: Any) -> tuple[str, dict[str, str]]:
    ticket.refresh_from_db()
    values = {"kind": "reply", "body": "Counted.", "then": "open", "anyway": "1", "seen": str(ticket.version)}
    return f"/desk/tickets/{ticket.public_id}/write/", {**values, "token": os.urandom(8).hex()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main()
