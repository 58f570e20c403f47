"""Everything that can be done on a ticket has a page, asks what it needs, and says why when it is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.utils import timezone

from helpcenter.models import ContentTask
from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.access import Access
from tickets.actions import assigning, attaching, detailing, moving, replying
from tickets.attachments import examine
from tickets.enums import EventKind, MessageKind, Status
from tickets.errors import AlreadyDone
from tickets.models import Message, Reminder, Ticket, TicketLink
from tickets.workspace import acting
from tickets.workspace.display import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(desk, ticket, thread_of):
    def post(name, client=desk, **values):
        return client.post(thread_of(ticket, "act", name), values)

    return post


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("name", [*acting.ACTS])
def test_every_act_has_a_page(lead_desk, ticket, thread_of, name):
    assert lead_desk.get(thread_of(ticket, "act", name)).status_code == 200


def test_whoever_opens_an_act_types_at_once_and_where_something_is_wrong_first(desk, act, ticket, thread_of):
    assert _begins_at(desk.get(thread_of(ticket, "act", "merge"))) == "number"
    assert _begins_at(desk.get(thread_of(ticket, "act", "ask"))) == "department"
    filled = {"department": ticket.topic.department_id or "", "subject": "", "body": "Is it known?"}
    assert _begins_at(act("snooze", soon="exact", at="")) == "at"
    assert _begins_at(act("ask", **filled)) in {"department", "subject"}


def _begins_at(page):
    form = page.context["form"]
    [name] = [name for name, field in form.fields.items() if field.widget.attrs.get("autofocus")]
    return name


def test_an_unknown_act_is_not_there(desk, ticket, thread_of):
    assert desk.get(thread_of(ticket, "act", "explode")).status_code == 404


@pytest.mark.parametrize("name", [*acting.ACTS])
def test_nothing_is_done_by_looking(lead_desk, ticket, thread_of, name):
    lead_desk.get(thread_of(ticket, "act", name))
    assert now(ticket).version == ticket.version


@pytest.mark.parametrize("name", [*acting.ACTS])
def test_who_does_not_see_the_ticket_does_nothing(desk, ticket, department, thread_of, name):
    Ticket.objects.filter(pk=ticket.pk).update(department=department)
    assert desk.post(thread_of(ticket, "act", name)).status_code == 404


def test_taking_and_giving_back(act, ticket, agent):
    act("take")
    assert now(ticket).assignee == agent
    act("give_back")
    assert now(ticket).assignee is None


def test_a_ticket_is_assigned_to_somebody_who_is_there(act, ticket, other_agent):
    assert act("assign", to="Nobody At All").status_code == 422
    act("assign", to="Mina Sato")
    assert now(ticket).assignee == other_agent


def test_a_name_of_two_is_nobody(act, person):
    person("Agents", name="Kim Park")
    person("Agents", name="Kim Lee")
    assert act("assign", to="Kim").status_code == 422


def test_moving_to_a_department_and_back(lead_desk, act, ticket, department):
    act("transfer", client=lead_desk, department=department.pk)
    assert now(ticket).department == department
    act("transfer", client=lead_desk, department="")
    assert now(ticket).department is None


def test_putting_on_hold_needs_a_reason_and_a_time(lead_desk, act, ticket, department):
    assert act("hold", client=lead_desk, department=department.pk, soon="four", reason="").status_code == 422
    act("hold", client=lead_desk, department=department.pk, soon="exact", at="2020-01-01T09:00", reason="Look")
    assert now(ticket).status == Status.NEW
    act("take", client=lead_desk)
    act("hold", client=lead_desk, department=department.pk, soon="four", reason="Look at the wallet")
    assert now(ticket).status == Status.ON_HOLD
    act("take_up", client=lead_desk)
    assert now(ticket).status == Status.OPEN


def test_waiting_for_the_customer_is_refused_while_they_wait(act):
    response = act("wait")
    assert response.status_code == 422
    assert "waits for an answer" in response.content.decode()


def test_only_a_lead_opens_a_solved_ticket_again(act, lead_desk, ticket, agent):
    moving.solve(ticket, by=agent, reason="no_reply_needed")
    assert act("reopen").status_code == 422
    act("reopen", client=lead_desk)
    assert now(ticket).status == Status.OPEN


def test_spam_and_back(act, lead_desk, ticket):
    assert act("spam").status_code == 422  # the customer has an account
    act("spam", client=lead_desk)
    assert now(ticket).status == Status.SPAM
    act("restore", client=lead_desk)
    assert now(ticket).status == Status.NEW


def test_merging_shows_the_other_ticket_first(act, ticket, trader, topic, thread_of):
    other = TicketFactory(by=trader, topic=topic, subject="The older one")
    response = act("merge", number=other.reference)
    assert "The older one" in response.content.decode()
    assert now(ticket).status == Status.NEW
    response = act("merge", number=other.reference, confirmed=other.public_id)
    assert now(ticket).status == Status.MERGED
    assert response.url.startswith(thread_of(other))  # where it goes on


def test_a_ticket_that_is_not_visible_cannot_be_merged_into_nor_linked(act, trader, department):
    hidden = TicketFactory(by=trader, topic=TopicFactory(), department=department, subject="Hidden matter")
    for name in ("merge", "link"):
        response = act(name, number=hidden.reference)
        assert response.status_code == 422
        assert "Hidden matter" not in response.content.decode()


def test_two_tickets_are_linked_by_the_number_of_one(act, ticket, topic):
    act("link", number=TicketFactory(topic=topic).reference)
    assert TicketLink.objects.count() == 1


def test_splitting_a_message_off(act, ticket, trader):
    message = replying.write_to_ticket(ticket, "Besides, my API key fails.", by=trader)
    act("split", message=message.pk, subject="API key")
    assert Ticket.objects.get(subject="API key").split_from == ticket


def test_the_only_message_of_the_customer_is_not_split_off(act, ticket, agent):
    answered(ticket, by=agent)
    only = ticket.messages.get(kind=MessageKind.CUSTOMER)
    assert act("split", message=only.pk, subject="Nothing would be left").status_code == 422
    assert only.ticket_id == ticket.pk
    assert Ticket.objects.count() == 1


def test_sleeping_and_waking(act, ticket, agent):
    assigning.take(ticket, by=agent)
    act("snooze", soon="tomorrow")
    assert now(ticket).snoozed_until > timezone.now()
    act("wake")
    assert now(ticket).snoozed_until is None


def test_a_ticket_that_sleeps_says_until_when(act, desk, ticket, thread_of, agent):
    assigning.take(ticket, by=agent)
    act("snooze", soon="exact", at="2099-03-04T05:06")
    page = desk.get(thread_of(ticket)).content.decode()
    assert "Sleeps until 4 Mar 2099, 05:06" in page
    assert "Rui Tavares let it sleep until 4 Mar 2099, 05:06" in page
    act("wake")
    page = desk.get(thread_of(ticket)).content.decode()
    assert "Sleeps until" not in page
    assert "Rui Tavares woke it up" in page


def test_a_ticket_that_woke_by_itself_does_not_sleep_any_more(desk, ticket, thread_of, agent):
    assigning.take(ticket, by=agent)
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=timezone.now())
    page = desk.get(thread_of(ticket)).content.decode()
    assert "Sleeps until" not in page
    assert "Wake up" not in page


def test_letting_sleep_says_which_answer_is_due_meanwhile(desk, ticket, thread_of):
    due = timezone.now() + timedelta(days=25_000)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
    assert f"an answer is due by {moment(due)}" in desk.get(thread_of(ticket, "act", "snooze")).content.decode()


def test_letting_sleep_says_which_answer_is_overdue(desk, ticket, thread_of):
    due = timezone.now() - timedelta(hours=1)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
    assert f"it was due by {moment(due)}" in desk.get(thread_of(ticket, "act", "snooze")).content.decode()


def test_where_no_file_is_none_is_removed(desk, ticket, thread_of):
    assert "This ticket has no file." in desk.get(thread_of(ticket, "act", "remove_file")).content.decode()


def test_what_nobody_has_is_not_offered_to_sleep(desk, ticket, agent):
    access = Access.of_staff(agent)
    assert not acting.fits("snooze", ticket, access)
    assigning.take(ticket, by=agent)
    assert acting.fits("snooze", now(ticket), access)


@pytest.mark.parametrize("name", ["ask", "redact"])
def test_what_the_desk_sent_by_itself_is_nobodys_who_has_left(desk, ticket, thread_of, name):
    Message.objects.create(ticket=ticket, kind=MessageKind.AUTOMATIC, body="We have your request.")
    page = desk.get(thread_of(ticket, "act", name)).content.decode()
    assert "Sent automatically, " in page
    assert "somebody who has left" not in page


def test_what_somebody_wrote_who_has_left_says_so(desk, ticket, thread_of):
    Message.objects.create(ticket=ticket, kind=MessageKind.REPLY, body="We look into it.")
    assert "somebody who has left, " in desk.get(thread_of(ticket, "act", "redact")).content.decode()


def test_the_conversation_names_the_system_for_what_it_sent(desk, ticket, thread_of):
    Message.objects.create(ticket=ticket, kind=MessageKind.AUTOMATIC, body="We have your request.")
    page = desk.get(thread_of(ticket)).content.decode()
    assert "<bdi>The system</bdi>" in page
    assert "somebody who has left" not in page


def test_a_link_is_taken_back_on_both_sides(act, desk, ticket, topic, thread_of):
    other = TicketFactory(topic=topic, subject="The other one")
    act("link", number=other.reference)
    beside = desk.get(thread_of(ticket, "side")).content.decode()
    assert f'name="other" value="{other.public_id}"' in beside
    act("unlink", other=other.public_id)
    assert not TicketLink.objects.exists()
    assert f"Rui Tavares removed the link to {other.reference}" in desk.get(thread_of(ticket)).content.decode()
    assert f"Rui Tavares removed the link to {ticket.reference}" in desk.get(thread_of(other)).content.decode()


def test_what_a_ticket_follows_is_no_link_to_take_back(act, desk, ticket, topic, thread_of):
    other = TicketFactory(topic=topic, subject="The other one")
    Ticket.objects.filter(pk=ticket.pk).update(follows=other)
    beside = desk.get(thread_of(ticket, "side")).content.decode()
    assert "The other one" in beside
    assert 'name="other"' not in beside
    assert act("unlink", other=other.public_id).status_code == 422


def test_a_reminder_is_taken_back(act, desk, ticket, agent, thread_of):
    act("remind", soon="exact", at="2099-03-04T05:06", note="Ask the wallet team")
    reminder = Reminder.objects.get()
    beside = desk.get(thread_of(ticket, "side")).content.decode()
    assert f'name="reminder" value="{reminder.pk}"' in beside
    assert "4 Mar 2099, 05:06 (UTC)" in beside
    act("drop_reminder", reminder=reminder.pk)
    assert not Reminder.objects.exists()
    page = desk.get(thread_of(ticket)).content.decode()
    assert "Rui Tavares wants to be reminded at 4 Mar 2099, 05:06 (UTC)" in page
    assert "Rui Tavares removed the reminder of 4 Mar 2099, 05:06 (UTC)" in page
    assert "wallet team" not in str([event.data for event in ticket.events.all()])


def test_a_colleagues_reminder_and_one_that_was_told_stay(act, ticket, other_agent, agent):
    later = timezone.now() + timedelta(hours=1)
    theirs = Reminder.objects.create(ticket=ticket, person=other_agent, at=later)
    told = Reminder.objects.create(ticket=ticket, person=agent, at=later, told_at=later)
    for reminder in (theirs, told):
        assert act("drop_reminder", reminder=reminder.pk).status_code == 422
    with pytest.raises(PermissionDenied):
        detailing.drop_reminder(theirs, by=agent)
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize("name", ["snooze", "remind", "hold"])
def test_a_time_says_in_whose_zone_it_is_typed(desk, ticket, agent, thread_of, name):
    User.objects.filter(pk=agent.pk).update(time_zone="Asia/Kolkata")
    assert "In your time zone: Kolkata, UTC+5:30" in desk.get(thread_of(ticket, "act", name)).content.decode()


def test_a_time_that_was_chosen_is_shown_with_its_zone(act, desk, ticket, agent, thread_of):
    User.objects.filter(pk=agent.pk).update(time_zone="Asia/Kolkata")
    assigning.take(ticket, by=agent)
    act("snooze", soon="exact", at="2099-03-04T05:06")
    assert "Sleeps until 4 Mar 2099, 05:06 (Kolkata, UTC+5:30)" in desk.get(thread_of(ticket)).content.decode()


def test_what_nobody_has_is_not_put_to_sleep(desk, ticket, thread_of):
    answer = desk.post(thread_of(ticket, "act", "snooze"), {"soon": "tomorrow"})
    assert answer.status_code == 422
    assert "Nobody has this ticket. Take it" in answer.content.decode()
    assert now(ticket).snoozed_until is None


def test_a_reminder_is_kept_with_its_note(act, agent):
    act("remind", soon="hour", note="Ask the wallet team")
    assert Reminder.objects.get(person=agent).note == "Ask the wallet team"


def test_details_and_tags(act, ticket):
    topic = TopicFactory()
    act("details", subject="New subject", topic=topic.pk, priority="urgent", language="ja")
    act("tags", tags="VIP, phishing ,vip")
    found = now(ticket)
    assert (found.subject, found.topic, found.priority, found.language) == ("New subject", topic, "urgent", "ja")
    assert [tag.name for tag in found.tags.all()] == ["phishing", "vip"]


def test_taking_words_out(act, ticket):
    assert act("redact", message=ticket.messages.get().pk, words="abc").status_code == 422
    act("redact", message=ticket.messages.get().pk, words="2,500 USDT")
    assert "2,500 USDT" not in ticket.messages.get().body


def test_a_file_is_destroyed_and_its_name_stays(
    act, desk, agent, trader, topic, thread_of, django_capture_on_commit_callbacks
):
    sent = [examine(name, b"1. Wait", "text/plain") for name in ("seed.txt", "steps.txt")]
    held = TicketFactory(topic=topic, by=trader, files=sent)
    gone, kept = held.attachments.order_by("pk")
    page = thread_of(held, "act", "remove_file")
    assert f"seed.txt, {trader.name}" in desk.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page, {"file": gone.public_id})
    gone.refresh_from_db()
    assert gone.removed_at is not None
    assert not default_storage.exists(gone.stored_as)
    assert default_storage.exists(kept.stored_as)
    assert held.events.get(kind=EventKind.ATTACHMENT_REMOVED).by == agent
    assert "seed.txt, " not in desk.get(page).content.decode()
    assert desk.post(page, {"file": gone.public_id}).status_code == 422
    assert desk.get(f"/desk/files/{gone.public_id}/").status_code == 404


def test_a_file_that_two_remove_at_once_is_recorded_once(agent, team_lead, trader, topic):
    held = TicketFactory(topic=topic, by=trader, files=[examine("seed.txt", b"1. Wait", "text/plain")])
    one, same = held.attachments.get(), held.attachments.get()
    attaching.remove_attachment(one, by=agent)
    attaching.remove_attachment(same, by=team_lead)
    assert held.events.get(kind=EventKind.ATTACHMENT_REMOVED).by == agent


def test_a_file_of_a_reply_that_is_taken_back_meanwhile_is_no_error(agent, team_lead, ticket):
    held = replying.reply(ticket, "See file", by=agent, files=[examine("seed.txt", b"1. Wait", "text/plain")])
    seen = held.attachments.select_related("ticket").get()
    replying.undo_reply(held, by=agent)
    with pytest.raises(AlreadyDone):
        attaching.remove_attachment(seen, by=team_lead)


def test_a_file_of_another_ticket_is_not_removed(act, trader, topic):
    other = TicketFactory(topic=topic, by=trader, files=[examine("a.txt", b"1. Wait", "text/plain")])
    assert act("remove_file", file=other.attachments.get().public_id).status_code == 422
    assert other.attachments.get().removed_at is None


def test_a_missing_article_becomes_a_task_of_the_content_team(act, ticket, agent):
    act("report", slug="", note="How long do TRC-20 deposits take?")
    task = ContentTask.objects.get()
    assert ticket.reference in task.note
    assert ticket.events.filter(kind=EventKind.ARTICLE_REPORTED, by=agent).exists()


def test_a_wrong_article_must_exist(act):
    assert act("report", slug="no-such-article", note="Wrong fee").status_code == 422


def test_the_menu_offers_what_fits(ticket, agent, team_lead):
    from tickets.access import Access

    def names(person):
        return {offer.name for offer in acting.offered(ticket, Access.of_staff(person))}

    assert "reopen" not in names(agent)
    assert "wake" not in names(agent)
    assert {"transfer", "merge", "remind"} <= names(agent)
    moving.solve(ticket, by=agent, reason="no_reply_needed")
    assert "reopen" in names(team_lead)
    assert "reopen" not in names(agent)


def test_a_right_that_is_missing_is_told_in_the_form(desk, ticket, thread_of, monkeypatch):
    def refuse(*args, **values):
        raise PermissionDenied("Not you.")

    monkeypatch.setattr(acting.assigning, "take", refuse)
    assert "Not you." in desk.post(thread_of(ticket, "act", "take")).content.decode()


@pytest.mark.parametrize("name", ["merge", "link"])
def test_other_tickets_of_the_customer_are_offered(desk, ticket, trader, thread_of, name):
    theirs = TicketFactory(by=trader, topic=ticket.topic, subject="Also mine")
    TicketFactory(topic=ticket.topic, subject="Of somebody else")
    closed = TicketFactory(by=trader, topic=ticket.topic, subject="Long over")
    Ticket.objects.filter(pk=closed.pk).update(status=Status.CLOSED)
    page = desk.get(thread_of(ticket, "act", name)).content.decode()
    assert [words in page for words in ("Also mine", "Of somebody else", "Long over")] == [True, False, False]
    page = desk.get(thread_of(ticket, "act", name), {"number": theirs.reference}).content.decode()
    assert f'value="{theirs.reference}"' in page


def test_a_single_message_is_not_offered_to_become_a_ticket(ticket, trader, agent):
    access = Access.of_staff(agent)
    assert not acting.fits("split", ticket, access)
    replying.write_to_ticket(ticket, "Besides, my API key fails.", by=trader)
    assert acting.fits("split", now(ticket), access)
