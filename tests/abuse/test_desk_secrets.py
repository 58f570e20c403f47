"""What must not be read, or lie about, at the desk: secrets in the words beside a conversation, addresses, the numbers
of others; and files without end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from helpcenter.models import ContentTask
from supportdesk.accounts import requesters
from supportdesk.accounts.models import User
from tests.tickets.factories import DepartmentFactory, TicketFactory, answered
from tickets.actions import (
    assigning,
    consulting,
    detailing,
    drafting,
    incidents,
    merging,
    redacting,
    replying,
    reporting,
)
from tickets.attachments import examine
from tickets.models import (
    Agent,
    Attachment,
    Department,
    Incident,
    PendingRequest,
    Rating,
    Reminder,
    SavedView,
    SideConversation,
    Tag,
    Ticket,
    TicketEvent,
    Topic,
    Upload,
)

pytestmark = pytest.mark.django_db
SEED = " ".join(["abandon"] * 11 + ["about"])
Address = Callable[..., str]


def test_a_seed_phrase_in_the_reason_to_hold_is_not_kept(
    desk: Client, ticket: Ticket, department: Department, thread_of: Address
) -> None:
    sent = {"soon": "hour", "department": department.pk, "reason": f"Try {SEED}"}
    assert desk.post(thread_of(ticket, "act", "hold"), sent).status_code == 302
    ticket.refresh_from_db()
    assert ticket.hold_reason.startswith("Try ")
    assert "abandon" not in ticket.hold_reason


def test_a_seed_phrase_in_the_reason_of_a_transfer_is_not_kept(
    desk: Client, ticket: Ticket, department: Department, thread_of: Address
) -> None:
    sent = {"department": department.pk, "reason": f"Try {SEED}"}
    assert desk.post(thread_of(ticket, "act", "transfer"), sent).status_code == 302
    event = TicketEvent.objects.get(kind="transferred")
    assert event.reason == ""
    assert event.words.note.startswith("Try ")
    assert "abandon" not in event.words.note


def test_a_seed_phrase_in_the_words_of_a_kept_search_is_not_kept(desk: Client) -> None:
    address = f"{reverse('workspace:keep-view')}?q={SEED.replace(' ', '+')}&priority=high"
    desk.post(address, {"name": "Looked for"})
    query = SavedView.objects.get().query
    assert "priority=high" in query
    assert "abandon" not in query


def test_what_is_taken_out_is_gone_from_what_stands_beside_too(agent: User, ticket: Ticket) -> None:
    word, topic, now = "hunter2-hunter2", ticket.topic, timezone.now()
    department = DepartmentFactory()
    asked = consulting.ask_department(ticket, department, by=agent, subject=f"Is {word} his?", body="?")
    rated = Rating.objects.create(ticket=ticket, language="en", asked_at=now, comment=f"My {word}")
    reminder = Reminder.objects.create(ticket=ticket, person=agent, at=now, note=f"Ask about {word}")
    held = PendingRequest.objects.create(
        email="toma@example.com",
        topic=topic,
        subject=word,
        body=word,
        language="en",
        details={"tx": word},
        ticket=ticket,
    )
    Ticket.objects.filter(pk=ticket.pk).update(hold_reason=f"Check {word}")
    redacting.redact_message(ticket.messages.get(), [word], by=agent)
    for row in (asked, rated, reminder, held, ticket):
        row.refresh_from_db()
    said = [asked.subject, rated.comment, reminder.note, held.subject, held.body, ticket.hold_reason]
    assert not [text for text in [*said, *held.details.values()] if word in text]


def test_and_from_what_is_named_after_it(agent: User, ticket: Ticket, incident: Incident) -> None:
    word, body = "hunter2-hunter2", b"a screen, read aloud"
    replying.write_to_ticket(ticket, "?", by=ticket.requester, files=[examine(f"{word}.txt", body)])
    drafting.keep_file(ticket, examine(f"{word} too.txt", body), by=agent, is_note=False)
    reporting.report_article(ticket, by=agent, note=f"Nothing about {word}")
    detailing.tag_ticket(ticket, [word, "vip"], by=agent)
    Incident.objects.update(reference=f"My {word} is late")
    incidents.link_tickets(incident, [ticket], by=agent)
    redacting.redact_message(ticket.messages.all()[0], [word], by=agent)
    incident.refresh_from_db()
    left = [Attachment.objects.get().name, Upload.objects.get().name, ContentTask.objects.get().note]
    assert not [text for text in [*left, incident.reference] if word in text]
    assert Attachment.objects.get().name.endswith(".txt")
    assert [tag.name for tag in ticket.tags.all()] == [tag.name for tag in Tag.objects.all()] == ["vip"]


def test_a_program_of_staff_sees_masked_addresses(
    app_of: Callable[..., Any], agent: User, trader: User, ticket: Ticket
) -> None:
    User.objects.filter(pk=trader.pk).update(name="")
    app, path = app_of(agent, "desk"), f"desk/tickets/{ticket.public_id}"
    answers = [app.get("desk/tickets"), app.get(path), app.get(f"{path}/messages")]
    replying.write_to_ticket(ticket, "Is anybody there?", by=User.objects.get(pk=trader.pk))
    answers.append(app.post(f"{path}/replies", {"body": "Hello", "version": 1}))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 409]
    assert not [answer for answer in answers if trader.email in answer.content.decode()]


def test_a_ticket_to_merge_into_is_shown_with_a_masked_address(
    desk: Client, trader: User, ticket: Ticket, topic: Topic, thread_of: Address
) -> None:
    User.objects.filter(pk=trader.pk).update(name="")
    other = TicketFactory(by=trader, topic=topic)
    page = desk.post(thread_of(ticket, "act", "merge"), {"number": other.reference}).content.decode()
    assert "to•••@example.com" in page
    assert trader.email not in page


@pytest.mark.parametrize("model", ["ticket", "ticketevent"])
def test_records_of_the_admin_show_masked_addresses(
    lead_desk: Client, trader: User, ticket: Ticket, model: str
) -> None:
    User.objects.filter(pk=trader.pk).update(name="")
    number = ticket.pk if model == "ticket" else ticket.events.get().pk
    for address in ("changelist", "change"):
        args = [number] if address == "change" else []
        answer = lead_desk.get(reverse(f"admin:tickets_{model}_{address}", args=args))
        assert answer.status_code == 200
        assert trader.email not in answer.content.decode()


def test_a_trader_never_reads_the_address_of_an_agent(
    client: Client, agent: User, trader: User, ticket: Ticket
) -> None:
    User.objects.filter(pk=agent.pk).update(name="")
    Agent.objects.get_or_create(person=agent)
    answered(ticket, by=agent)
    client.force_login(trader)
    page = client.get(reverse("portal:ticket", args=[ticket.public_id])).content.decode()
    assert "We found your deposit." in page
    assert agent.email not in page


@pytest.fixture
def joined(ticket: Ticket, other_trader: User, topic: Topic, team_lead: User) -> Ticket:
    """Somebody else's ticket, into which a lead has merged the trader's."""
    other = TicketFactory(by=other_trader, topic=topic)
    merging.merge(ticket, other, by=team_lead)
    return other


def test_nobody_learns_the_number_of_somebody_elses_ticket(
    client: Client, app_of: Callable[..., Any], ticket: Ticket, joined: Ticket, trader: User, other_trader: User
) -> None:
    assert app_of(trader).get(f"tickets/{ticket.public_id}").json()["merged_into"] is None
    client.force_login(other_trader)
    page = client.get(reverse("portal:ticket", args=[joined.public_id])).content.decode()
    assert ticket.reference not in page


def test_what_is_written_to_such_a_ticket_comes_back_to_its_writer(
    client: Client, ticket: Ticket, joined: Ticket, trader: User
) -> None:
    client.force_login(trader)
    answer = client.post(reverse("portal:ticket", args=[ticket.public_id]), {"body": "Is anybody there?"})
    assert answer.status_code == 400
    assert "Is anybody there?" in answer.content.decode()
    assert not joined.messages.filter(body="Is anybody there?").exists()


def test_a_question_on_a_ticket_that_went_elsewhere_is_not_listed(
    desk: Client, agent: User, team_lead: User, ticket: Ticket, department: Department
) -> None:
    consulting.ask_department(ticket, department, by=agent, subject="About a deposit", body="?")
    assert "About a deposit" in desk.get(reverse("workspace:questions")).content.decode()
    assigning.transfer(ticket, DepartmentFactory(), by=team_lead)
    assert SideConversation.objects.open().exists()
    assert "About a deposit" not in desk.get(reverse("workspace:questions")).content.decode()


@pytest.mark.parametrize("name", ["Support Team", "Northgate Exchange"])
def test_a_mail_makes_nobody_one_of_us(name: str) -> None:
    assert requesters.person_of("mallory@example.com", language="en", name=name).name == ""


@override_settings(TICKET_LIMITS={"upload": 2})
def test_forms_with_errors_do_not_fill_the_storage(topic: Topic) -> None:
    for _ in range(4):
        file = SimpleUploadedFile("screen.txt", b"Not credited", "text/plain")
        answer = Client().post(reverse("portal:new"), {"topic": topic.key, "attachments": file})
        assert answer.status_code == 400
    assert Upload.objects.count() == 2
