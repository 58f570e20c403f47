"""Mail in the admin: what came, what went, and never a word of it."""

import pytest
from django.urls import reverse

from tests.tickets.channels import raw
from tests.tickets.channels.received import failing, reply_to
from tickets.channels import health
from tickets.channels.enums import Outcome
from tickets.channels.models import DeadAddress, IncomingMail

pytestmark = pytest.mark.django_db
LIST = "admin:tickets_channels_incomingmail_changelist"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def failed(ticket, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, ValueError("odd"))
        return reply_to(ticket, text="Canary words of the body", subject="Canary words of the subject")


def run_again(client, row):
    return client.post(reverse(LIST), {"action": "run_again", "_selected_action": [row.pk]}, follow=True)


def test_lists_show_what_became_of_mails_and_no_word_of_them(admin, failed, delivered):
    delivered()
    for name in ("incomingmail", "outgoingmail", "deadaddress"):
        page = admin.get(reverse(f"admin:tickets_channels_{name}_changelist"))
        assert page.status_code == 200
        assert b"Canary" not in page.content
    page = admin.get(reverse("admin:tickets_channels_incomingmail_change", args=[failed.pk]))
    assert failed.public_id in page.content.decode()
    assert b"Canary" not in page.content
    assert b"sealed" not in page.content.lower() or b'name="sealed"' not in page.content


def test_a_failed_mail_is_run_again(admin, failed, ticket):
    assert "1 mail was run again" in run_again(admin, failed).content.decode()
    assert ticket.messages.count() == 2
    assert health.failed_mail() == ""


def test_what_is_not_kept_is_told(admin, ticket):
    answer = run_again(admin, reply_to(ticket)).content.decode()
    assert "0 mails were run again" in answer
    assert "not kept" in answer
    assert ticket.messages.count() == 2


def test_running_again_releases_no_held_mail(admin, ticket):
    run_again(admin, reply_to(ticket, results=raw.FAIL))
    assert IncomingMail.objects.get().outcome == Outcome.HELD


@pytest.mark.parametrize("who", ["agent", "content_editor", "trader"])
def test_other_roles_neither_see_mails_nor_run_them_again(client, who, request, failed):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(LIST)).status_code in (302, 403)
    run_again(client, failed)
    failed.refresh_from_db()
    assert failed.outcome == Outcome.FAILED


def test_a_lead_sees_them_and_runs_none_again(client, team_lead, failed):
    client.force_login(team_lead)
    page = client.get(reverse(LIST))
    assert failed.public_id in page.content.decode()
    assert "run_again" not in page.content.decode()
    run_again(client, failed)
    failed.refresh_from_db()
    assert failed.outcome == Outcome.FAILED


def test_health_counts_failed_mails(failed, client):
    assert health.failed_mail() == "1 mails could not be taken in; see the admin"
    part = client.get("/health/ready").json()["parts"]["failed_mail"]
    assert not part["ok"]
    assert "1 mails" in part["error"]


def test_an_address_can_be_tried_again(admin):
    row = DeadAddress.objects.create(address="toma@example.com")
    url = reverse("admin:tickets_channels_deadaddress_changelist")
    admin.post(url, {"action": "try_again", "_selected_action": [row.pk]})
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_as_often_for_many_as_for_few(admin, ticket, rows, django_assert_max_num_queries):
    for number in range(rows):
        reply_to(ticket, message_id=f"<{number}@example.com>", text=f"Message {number}")
    with django_assert_max_num_queries(12):
        admin.get(reverse(LIST))
