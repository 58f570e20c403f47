"""What the table of access has no name for: tickets, incidents and accounts in states that have pages of their own.

Runs inside a site of its own (`OwnSite.run`) and prints, as JSON, all that an address may name and everybody's cookies.
"""

import json
from datetime import timedelta
from http.cookies import SimpleCookie
from unittest import mock

from django.core import mail
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.accounts.journeys import code_of
from tests.project.drill_site import SLUG, DrillSite, People
from tests.tickets.factories import TicketFactory, answered
from tickets import links
from tickets.actions import bulk_planning, consulting, detailing, merging, moving, rating
from tickets.enums import Status
from tickets.models import Incident, SideConversation, Ticket

LONG_AGO = 400 * 24 * 3600  # seconds; longer than any link works


def tell() -> None:
    """Make what the access matrix asks for, and these states beside it; print where everything is."""
    site = DrillSite()
    things = site.things | _of_desk(site.people, site.things) | _of_mails(site.things) | _of_incident(site.people)
    cookies = {column: _values(found) for column, found in site.sessions.items()}
    cookies |= {"without a password": _without_password(), "after a code": _after_a_code(site.people["owner"])}
    print(json.dumps({"things": things, "cookies": cookies}))


def _of_desk(people: People, things: dict[str, str]) -> dict[str, str]:
    """The ticket of the matrix gets all that hangs on a ticket; others stand elsewhere on their way."""
    owner, agent, lead = people["owner"], people["agent"], people["lead"]
    ticket = Ticket.objects.get(public_id=things["ticket"])
    rated = answered(TicketFactory(by=owner, topic=ticket.topic), by=lead, then=Status.SOLVED)
    rating.rate(rated, 2, by=owner, comment="It took long.")
    second = TicketFactory(by=owner, topic=ticket.topic, subject="The same once more")
    merging.link_tickets(ticket, second, by=lead)
    detailing.remind_me(ticket, timezone.now() + timedelta(hours=1), by=agent, note="Ask again")
    detailing.tag_ticket(ticket, ["vip", "tron"], by=agent)
    consulting.write_in_conversation(SideConversation.objects.get(pk=things["question"]), "It is known.", by=lead)
    spam = moving.mark_spam(TicketFactory(topic=ticket.topic), by=lead)
    return {"rated": rated.public_id, "second": second.public_id, "spam": spam.public_id}


def _of_mails(things: dict[str, str]) -> dict[str, str]:
    with mock.patch("django.core.signing.time.time", return_value=timezone.now().timestamp() - LONG_AGO):
        old = links.make(links.STATUS, things["ticket"])
    status, rate = links.make(links.STATUS, things["ticket"]), links.make(links.RATE, things["solved"])
    return {"link.old": old, "link.status": status, "link.rate": rate}


def _of_incident(people: People) -> dict[str, str]:
    """The demo's, after a dry run whose sample nobody has read."""
    incident = Incident.objects.exclude(slug=SLUG).get()
    send = bulk_planning.dry_run(incident, by=people["lead"], then=Status.PENDING)
    return {"incident": incident.slug, "sampled": Ticket.objects.get(pk=send.sample[0]).public_id}


def _without_password() -> dict[str, str]:
    client = Client()
    person = User.objects.create_user("code-only@drill.example", name="Code Only")
    client.force_login(person, backend="supportdesk.accounts.backends.RightsBackend")
    return _values(client.cookies)


def _after_a_code(person: User) -> dict[str, str]:
    """Of somebody who has proven by a code that a new password is theirs to choose."""
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        client.post("/en/account/password/reset/", {"email": person.email})
        client.post("/en/account/password/reset/confirm/", {"code": code_of(mail.outbox[-1])})
    return _values(client.cookies)


def _values(cookies: SimpleCookie) -> dict[str, str]:
    return {name: found.value for name, found in cookies.items()}
