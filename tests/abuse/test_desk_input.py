"""What a browser never sends, at the desk: numbers without end, times without a day, half an address. None of it is an
error of ours, and none of it stands in the way of colleagues."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from supportdesk.accounts.models import User
from tests.tickets.factories import MacroFactory, PersonFactory
from tickets.actions import replying
from tickets.enums import Delivery
from tickets.models import Attachment, Department, Message, SavedView, SideConversation, Ticket

pytestmark = pytest.mark.django_db
ENDLESS = "9" * 30
Address = Callable[..., str]


@pytest.mark.parametrize("query", [f"{name}={ENDLESS}" for name in ("topic", "department", "assignee")])
def test_a_list_leaves_out_numbers_that_no_row_can_have(desk: Client, query: str) -> None:
    assert desk.get(f"{reverse('workspace:queue')}?{query}").status_code == 200


def test_a_view_for_everybody_that_holds_such_a_number_shuts_nobody_out(desk: Client) -> None:
    SavedView.objects.create(name="Broken", query=f"view=all&topic={ENDLESS}")
    assert desk.get(reverse("workspace:queue")).status_code == 200


@pytest.mark.parametrize("name", ["article", "macro"])
@pytest.mark.parametrize("number", [ENDLESS, "9" * 5000, "²", "-1"])
def test_a_box_opens_without_what_its_address_cannot_name(
    desk: Client, ticket: Ticket, thread_of: Address, name: str, number: str
) -> None:
    assert desk.get(thread_of(ticket), {name: number}).status_code == 200


def test_a_question_shows_no_message_of_an_endless_number(
    desk: Client, ticket: Ticket, department: Department, thread_of: Address
) -> None:
    sent = {"department": department.pk, "subject": "Trace it", "body": "Please", "excerpts": [ENDLESS]}
    assert desk.post(thread_of(ticket, "act", "ask"), sent).status_code == 302
    assert not SideConversation.objects.get().excerpts.exists()


def test_a_stopped_reply_is_not_sent_by_an_endless_version(
    desk: Client, agent: User, ticket: Ticket, thread_of: Address
) -> None:
    stopped = replying.reply(ticket, "We found it.", by=agent)
    Message.objects.filter(pk=stopped.pk).update(delivery=Delivery.STOPPED)
    assert desk.post(thread_of(ticket, "send-anyway", stopped.pk), {"seen": "9" * 5000}).status_code == 302
    assert Message.objects.get(pk=stopped.pk).delivery == Delivery.STOPPED


@pytest.mark.parametrize("act", ["snooze", "remind", "hold"])
def test_a_time_that_has_no_day_everywhere_is_refused(
    desk: Client, agent: User, ticket: Ticket, department: Department, thread_of: Address, act: str
) -> None:
    User.objects.filter(pk=agent.pk).update(time_zone="America/New_York")
    sent = {"soon": "exact", "at": "9999-12-31T23:59", "department": department.pk, "reason": "Wait"}
    answer = desk.post(thread_of(ticket, "act", act), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["at"]


def test_a_time_of_a_program_that_has_no_day_everywhere_is_refused(
    app_of: Callable[..., object], agent: User, ticket: Ticket, department: Department
) -> None:
    app = app_of(agent, "desk")
    sent = {"status": "on_hold", "version": 1, "reason": "Wait", "department": "risk"}
    path = f"desk/tickets/{ticket.public_id}/status"
    for time in ("9999-12-31T23:59:59-12:00", "9999-12-31T12:00:00Z"):
        answer = app.put(path, {**sent, "revisit_at": time})  # type: ignore[attr-defined]
        assert (answer.status_code, answer.json()["field"]) == (422, "revisit_at")


def test_half_an_address_in_a_reply_is_text(desk: Client, ticket: Ticket, thread_of: Address) -> None:
    sent = {"kind": "reply", "body": "It failed at http://[fe80 again.", "seen": ticket.version, "then": "open"}
    assert desk.post(thread_of(ticket, "write"), sent).status_code == 302


def test_a_note_calls_no_more_colleagues_than_there_are_reasons_to(
    desk: Client, ticket: Ticket, thread_of: Address
) -> None:
    sent = {"kind": "note", "body": "@nobody of us here " * 1000}
    with CaptureQueriesContext(connection) as asked:
        assert desk.post(thread_of(ticket, "write"), sent).status_code == 302
    assert len(asked) < 250


def test_a_nul_finds_what_its_words_find(desk: Client, ticket: Ticket, thread_of: Address) -> None:
    MacroFactory(name="Refund", body_en="It is on its way.")
    assert "Refund" in desk.get(thread_of(ticket, "macros"), {"q": "Ref\0und"}).content.decode()
    assert desk.get(reverse("workspace:people"), {"q": "Ami\0na"}).status_code == 200
    sent = {"what": "take", "ticket": [f"{ticket.public_id}\0"]}
    assert ticket.reference in desk.post(reverse("workspace:bulk"), sent).content.decode()


def test_a_file_whose_bytes_are_gone_is_not_there(desk: Client, trader: User, ticket: Ticket) -> None:
    missing = {"stored_as": "tickets/zz/gone", "digest": "", "size": 3, "content_type": "image/png", "name": "a.png"}
    row = Attachment.objects.create(ticket=ticket, message=ticket.messages.get(), uploaded_by=trader, **missing)
    assert not default_storage.exists(row.stored_as)
    assert desk.get(reverse("workspace:file", args=[row.public_id])).status_code == 404


def test_a_colleagues_view_is_as_absent_as_none(desk: Client, lead_desk: Client) -> None:
    view = SavedView.objects.create(name="Hers", query="view=all", owner=PersonFactory())
    for number in (view.pk, view.pk + 99):
        assert desk.post(reverse("workspace:drop-view", args=[number])).status_code == 404
    lead_desk.post(reverse("workspace:drop-view", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("key", ["x", ENDLESS, "-1", "²", "\r\n"])
def test_a_prepared_reply_with_a_tag_that_cannot_be_is_shown_again(lead_desk: Client, key: str) -> None:
    answer = lead_desk.post(reverse("admin:tickets_macro_add"), {"name": "A", "body_en": "B", "add_tags": [key]})
    assert answer.status_code == 200
    assert "add_tags" in answer.context["adminform"].form.errors
