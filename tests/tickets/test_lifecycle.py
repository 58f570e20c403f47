"""A ticket goes only where the table of moves lets it, whoever does what, and its history tells all of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supportdesk.accounts.models import User
from tests.tickets import histories, moves
from tests.tickets.factories import TicketFactory, TopicFactory, answered, released
from tickets.actions import assigning, consulting, detailing, drafting, merging, moving, replying, telling
from tickets.actions import change as change_module
from tickets.actions.change import Change, changing
from tickets.enums import MOVES, Delivery, EventKind, MessageKind, Role, Status
from tickets.errors import StaleTicket, TicketError, TransitionNotAllowed
from tickets.models import Agent, Department, Message, ReplyDraft, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def status_of(ticket: Ticket) -> Status:
    return Status(Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk))


def test_a_new_ticket_is_received_with_two_clocks(ticket):
    assert ticket.status == Status.NEW
    assert {clock.metric for clock in ticket.clocks.all()} == {"first_reply", "resolution"}
    assert ticket.next_due_at == min(clock.due_at for clock in ticket.clocks.all())
    assert [event.kind for event in ticket.events.all()] == [EventKind.CREATED]


def test_assigning_opens_a_new_ticket(ticket, agent):
    assigning.take(ticket, by=agent)
    assert ticket.status == Status.OPEN
    assert ticket.assignee == agent


def test_of_two_who_take_a_ticket_one_is_told(ticket, agent, other_agent):
    assigning.take(ticket, by=agent)
    with pytest.raises(TransitionNotAllowed, match="Rui Tavares has just taken"):
        assigning.take(ticket, by=other_agent)
    assert Ticket.objects.get(pk=ticket.pk).assignee == agent


def test_a_reply_is_held_then_goes_out_and_stops_the_first_clock(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    assert message.delivery == Delivery.HELD
    assert status_of(ticket) == Status.NEW
    released(message)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.first_reply_at == message.visible_at
    stopped = ticket.clocks.get(metric="first_reply").satisfied_at
    assert stopped == message.visible_at.replace(microsecond=0)  # clocks count whole seconds


def test_a_reply_is_not_released_before_its_time_nor_twice(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.release_reply(message.pk)
    assert Message.objects.get(pk=message.pk).delivery == Delivery.HELD
    released(message)
    replying.release_reply(message.pk)
    assert ticket.events.filter(kind=EventKind.REPLIED).count() == 1


def test_a_reply_that_is_taken_back_is_a_draft_again(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    draft = replying.undo_reply(message, by=agent)
    assert draft.body == "We found it."
    assert not ticket.messages.filter(pk=message.pk).exists()
    assert status_of(ticket) == Status.NEW


def test_what_was_begun_after_the_reply_stays_below_it(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    drafting.keep_draft(ticket, "And one more thing", by=agent)
    assert replying.undo_reply(message, by=agent).body == "We found it.\n\nAnd one more thing"


def test_a_note_that_was_begun_never_becomes_a_reply(ticket, agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    drafting.keep_draft(ticket, "He sounds angry", by=agent, is_note=True)
    assert not replying.undo_reply(message, by=agent).is_note
    note = ReplyDraft.objects.get(ticket=ticket, is_note=True)
    assert note.body == "He sounds angry"


def test_a_reply_to_what_is_solved_goes_out_and_leaves_it_solved(ticket, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    message = replying.reply(ticket, "You are welcome.", by=agent)
    with pytest.raises(TransitionNotAllowed):
        moving.wait_for_customer(ticket, by=agent)
    assert released(message).delivery == Delivery.SENT
    assert status_of(ticket) == Status.SOLVED


def test_a_colleague_cannot_take_a_reply_back(ticket, agent, other_agent):
    message = replying.reply(ticket, "We found it.", by=agent)
    with pytest.raises(PermissionDenied):
        replying.undo_reply(message, by=other_agent)


def test_a_message_of_the_customer_stops_a_held_reply(ticket, agent, trader):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    message.refresh_from_db()
    assert message.delivery == Delivery.STOPPED
    released(message)
    assert message.delivery == Delivery.STOPPED


def test_a_stopped_reply_goes_out_when_its_author_says_so(ticket, agent, trader):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    assert replying.send_stopped(message, by=agent).delivery == Delivery.SENT


def test_two_who_answer_at_once_one_is_told_and_keeps_the_text(ticket, agent, other_agent):
    seen = ticket.version
    replying.reply(Ticket.objects.get(pk=ticket.pk), "First.", by=agent, seen=seen)
    with pytest.raises(StaleTicket):
        replying.reply(Ticket.objects.get(pk=ticket.pk), "Second.", by=other_agent, seen=seen)
    assert list(ticket.messages.values_list("body", flat=True)) == ["I sent 2,500 USDT yesterday.", "First."]


def test_pending_is_refused_while_the_customer_waits(ticket, agent):
    with pytest.raises(TransitionNotAllowed, match="waits for an answer"):
        moving.wait_for_customer(ticket, by=agent)


def test_a_reply_brings_pending_and_the_customer_opens_it_again(ticket, agent, trader):
    answered(ticket, by=agent, then=Status.PENDING)
    assert ticket.status == Status.PENDING
    assert ticket.clocks.get(metric="resolution").running_since is None
    replying.write_to_ticket(ticket, "Here is the transaction.", by=trader)
    assert ticket.status == Status.OPEN
    assert ticket.clocks.filter(metric="next_reply").count() == 1


def test_a_further_reply_leaves_it_pending(ticket, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    answered(ticket, by=agent, body="One more thing.")
    assert ticket.status == Status.PENDING


def test_on_hold_needs_a_reason_and_a_time_to_come(ticket, agent, department):
    assigning.take(ticket, by=agent)
    later = timezone.now() + timedelta(hours=2)
    with pytest.raises(TicketError, match="Say what the department"):
        moving.put_on_hold(ticket, by=agent, department=department, reason=" ", revisit_at=later)
    with pytest.raises(TicketError, match="future"):
        moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=timezone.now())
    moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=later)
    assert ticket.status == Status.ON_HOLD
    with time_machine.travel(later + timedelta(seconds=1), tick=False):
        assert moving.revisit_due() == 1
    assert status_of(ticket) == Status.OPEN


def test_what_is_on_hold_is_given_another_time(ticket, team_lead, department):
    now = timezone.now()
    for hours in (2, 5):
        later = now + timedelta(hours=hours)
        moving.put_on_hold(ticket, by=team_lead, department=department, reason=f"Wait {hours}", revisit_at=later)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.revisit_at, ticket.hold_reason) == (Status.ON_HOLD, later, "Wait 5")
    assert histories.told(ticket)["revisit_at"] == later.isoformat()
    with time_machine.travel(now + timedelta(hours=3), tick=False):
        assert moving.revisit_due() == 0


def test_what_leaves_hold_is_not_looked_at_again(ticket, team_lead, department, trader):
    later = timezone.now() + timedelta(hours=2)
    moving.put_on_hold(ticket, by=team_lead, department=department, reason="Check", revisit_at=later)
    moving.confirm_solved(ticket, by=trader)
    ticket.refresh_from_db()
    assert ticket.revisit_at is None
    assert histories.told(ticket)["revisit_at"] is None


def test_what_was_no_spam_after_all_is_on_hold_as_it_was(ticket, agent, team_lead, department):
    later = timezone.now() + timedelta(hours=2)
    moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=later)
    moving.mark_spam(ticket, by=team_lead)
    moving.restore(ticket, by=team_lead)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.revisit_at) == (Status.ON_HOLD, later)


def test_solved_without_a_word_needs_its_reason(ticket, agent):
    with pytest.raises(TransitionNotAllowed, match="last word is the customer's"):
        moving.solve(ticket, by=agent)
    moving.solve(ticket, by=agent, reason=moving.NO_REPLY_NEEDED)
    assert ticket.clocks.get(metric="first_reply").void_reason == "solved_without_reply"


@pytest.mark.parametrize(("act", "status"), [(moving.solve, Status.SOLVED), (moving.wait_for_customer, Status.PENDING)])
def test_a_status_that_is_set_while_a_reply_is_held_comes_with_the_reply(ticket, agent, act, status):
    held = replying.reply(ticket, "Done.", by=agent)
    act(ticket, by=agent)
    assert status_of(ticket) == Status.NEW
    released(held)
    assert status_of(ticket) == status


def test_the_customer_confirms_and_opens_again_within_a_week(ticket, agent, trader):
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    assert (ticket.status, ticket.reopen_count) == (Status.OPEN, 1)


def test_who_opens_again_is_owed_an_answer_without_writing_a_word(ticket, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=trader)
    owed = ticket.clocks.get(metric="next_reply")
    ticket.refresh_from_db()
    assert (ticket.unanswered_since, ticket.next_due_at) == (owed.started_at, owed.due_at)
    assert owed.due_at < ticket.clocks.get(metric="resolution").due_at
    answered(ticket, by=agent)
    assert ticket.clocks.get(metric="next_reply").satisfied_at is not None


def test_a_lead_who_opens_again_owes_no_answer(ticket, agent, trader, team_lead):
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    moving.reopen(ticket, by=team_lead)
    assert not ticket.clocks.filter(metric="next_reply").exists()


def test_an_agent_does_not_open_what_is_solved(ticket, agent, trader, team_lead):
    moving.confirm_solved(ticket, by=trader)
    with pytest.raises(PermissionDenied):
        moving.reopen(ticket, by=agent)
    moving.reopen(ticket, by=team_lead)
    assert ticket.status == Status.OPEN


def test_after_a_week_it_closes_and_a_message_makes_a_new_ticket(ticket, trader):
    moving.confirm_solved(ticket, by=trader)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        assert moving.close_solved() == 1
        message = replying.write_to_ticket(Ticket.objects.get(pk=ticket.pk), "It is back.", by=trader)
    assert status_of(ticket) == Status.CLOSED
    assert message.ticket.follows == ticket
    assert message.ticket.status == Status.NEW


def test_silence_is_reminded_of_once_then_solved(ticket, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        assert (moving.remind_silent(), moving.remind_silent(), moving.solve_silent()) == (1, 0, 0)
    with time_machine.travel(timezone.now() + timedelta(hours=145), tick=False):
        assert moving.solve_silent() == 1
    assert status_of(ticket) == Status.SOLVED


def test_silence_never_solves_where_money_is_at_risk(trader, agent):
    ticket = TicketFactory(by=trader, topic=TopicFactory(key="security", solves_itself=False))
    answered(ticket, by=agent, then=Status.PENDING)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        moving.remind_silent()
        assert moving.solve_silent() == 0


def test_spam_goes_away_and_comes_back_by_a_lead(trader, topic, agent, team_lead):
    trader.set_unusable_password()
    trader.save()
    ticket = TicketFactory(by=trader, topic=topic, answered_by=agent)
    moving.mark_spam(ticket, by=agent)
    with pytest.raises(PermissionDenied):
        moving.restore(ticket, by=agent)
    moving.restore(ticket, by=team_lead)
    assert ticket.status == Status.OPEN


def test_spam_comes_back_for_thirty_days(ticket, team_lead):
    moving.mark_spam(ticket, by=team_lead)
    with (
        time_machine.travel(timezone.now() + timedelta(days=30, seconds=1), tick=False),
        pytest.raises(TransitionNotAllowed, match="thirty days"),
    ):
        moving.restore(ticket, by=team_lead)
    assert status_of(ticket) == Status.SPAM


def test_who_has_an_account_is_called_spam_by_a_lead_only(ticket, agent, team_lead):
    with pytest.raises(PermissionDenied):
        moving.mark_spam(ticket, by=agent)
    moving.mark_spam(ticket, by=team_lead)
    assert status_of(ticket) == Status.SPAM


@pytest.mark.parametrize("act", [moving.confirm_solved, moving.reopen])
def test_somebody_else_does_nothing(ticket, other_trader, act):
    with pytest.raises(PermissionDenied):
        act(ticket, by=other_trader)


@pytest.mark.parametrize(
    "act", [assigning.take, moving.mark_spam, moving.restore, moving.take_up_again, assigning.give_back]
)
def test_who_does_not_work_at_the_desk_does_nothing(ticket, trader, content_editor, act):
    for somebody in (trader, content_editor):
        with pytest.raises(PermissionDenied):
            act(ticket, by=somebody)


def test_events_are_never_changed(ticket):
    event = ticket.events.get()
    with pytest.raises(PermissionError):
        event.save()
    with pytest.raises(PermissionError):
        TicketEvent.objects.update(reason="x")


def test_the_table_of_moves_is_the_one_that_the_desk_was_given():
    ours = {(*move, role) for move, roles in MOVES.items() for role in roles}
    assert sorted(ours - moves.ALLOWED) == []
    assert sorted(moves.ALLOWED - ours) == []
    assert not moves.BEYOND & moves.designed()


def test_what_is_not_in_the_table_is_refused(ticket, agent):
    for source in Status:
        for target in set(Status) - {source}:
            for role in Role:
                ticket.status = source
                change = Change(ticket, agent, role, timezone.now())
                if (source, target, role) in moves.ALLOWED:
                    change.move(target)
                    assert ticket.status == target
                else:
                    with pytest.raises(TransitionNotAllowed):
                        change.move(target)


def heard(ticket: Ticket) -> list[str]:
    """The kinds of its last change."""
    last = ticket.events.order_by("-version").first().version
    return list(ticket.events.filter(version=last).order_by("pk").values_list("kind", flat=True))


def test_who_listens_hears_that_a_transfer_took_a_ticket_from_its_agent(ticket, agent, department):
    assigning.take(ticket, by=agent)
    assigning.transfer(ticket, department, by=agent)
    assert heard(ticket) == [EventKind.TRANSFERRED, EventKind.UNASSIGNED]
    assert ticket.events.get(kind=EventKind.UNASSIGNED).data == {
        "former": agent.pk,
        "became": {"assignee": None, "department": department.pk},
    }


def test_a_transfer_that_leaves_it_with_its_agent_says_no_more_than_that(ticket, agent, department):
    assigning.take(ticket, by=agent)
    Agent.objects.get_or_create(person=agent)[0].departments.add(department)
    assigning.transfer(ticket, department, by=agent)
    assert heard(ticket) == [EventKind.TRANSFERRED]


def test_who_answers_what_nobody_has_is_heard_to_have_it(ticket, agent):
    answered(ticket, by=agent)
    assert heard(ticket) == [EventKind.REPLIED, EventKind.ASSIGNED, EventKind.MOVED]
    assert ticket.events.get(kind=EventKind.ASSIGNED).data["to"] == agent.pk
    answered(ticket, by=agent)
    assert heard(ticket) == [EventKind.REPLIED]


@pytest.mark.parametrize("is_asked", [True, False])
def test_the_events_tell_until_when_it_is_on_hold(ticket, agent, department, is_asked):
    later = timezone.now() + timedelta(hours=2)
    Agent.objects.get_or_create(person=agent)[0].departments.add(department)
    if is_asked:
        consulting.ask_department(ticket, department, by=agent, subject="Is it late?", body="Please.", holds=True)
    else:
        moving.put_on_hold(ticket, by=agent, department=department, reason="Check", revisit_at=later)
    assert [event.to_status for event in ticket.events.filter(kind=EventKind.MOVED)] == [Status.OPEN, Status.ON_HOLD]
    assert histories.told(ticket)["revisit_at"] == ticket.revisit_at.isoformat()
    moving.take_up_again(ticket, by=agent)
    assert histories.told(ticket)["revisit_at"] is None


def test_an_agent_who_merges_what_waits_into_what_is_solved_opens_it(ticket, agent, trader):
    moving.confirm_solved(ticket, by=trader)
    merging.merge(TicketFactory(by=trader), ticket, by=agent)
    assert ticket.status == Status.OPEN


def test_the_events_of_earlier_releases_tell_less_and_break_nothing(ticket, agent, department, monkeypatch, client):
    """They kept nothing of what became of the ticket, nor what of it waited when a part left."""
    monkeypatch.setattr(change_module, "became", lambda ticket, before: {})
    assigning.take(ticket, by=agent)
    with changing(ticket, by=agent) as change:
        change.ticket.assignee, change.ticket.department = None, department
        change.record(EventKind.TRANSFERRED, department=department.pk)
        change.record(EventKind.SPLIT_OFF, ticket=ticket.pk)
    monkeypatch.undo()
    assert not any("became" in event.data for event in ticket.events.all())
    assert telling.differences(ticket, telling.life_of(ticket)[-1].standing) == []
    Agent.objects.get_or_create(person=agent)[0].departments.add(department)
    client.force_login(agent)
    assert client.get(f"/desk/tickets/{ticket.public_id}/").status_code == 200
    assigning.take(ticket, by=agent)
    assert histories.told(ticket)["assignee"] == agent.pk


# Any order of any steps


STAFF = st.sampled_from(["agent", "other", "lead"])


class Life(RuleBasedStateMachine):
    """Everybody does what they like; the table decides."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        from django.contrib.auth.models import Group

        self.trader = User.objects.create_user("life@example.com")
        self.agent = User.objects.create_user("agent-of-life@example.com", is_staff=True)
        self.lead = User.objects.create_user("lead-of-life@example.com", is_staff=True)
        self.other = User.objects.create_user("other-of-life@example.com", is_staff=True)
        for person in (self.agent, self.other):
            person.groups.set(Group.objects.filter(name="Agents"))
        self.lead.groups.set(Group.objects.filter(name="Team leads"))
        self.now = timezone.now().replace(microsecond=0)
        self.departments = [self.department("of-agent", self.agent), self.department("of-other", self.other)]
        with self.at():
            self.ticket = TicketFactory(by=self.trader)

    def department(self, key: str, person: User) -> Department:
        found = Department.objects.create(key=key, name=key, public_name_en=key)
        Agent.objects.get_or_create(person=person)[0].departments.add(found)
        return found

    def staff(self, name: str) -> User:
        return {"agent": self.agent, "other": self.other, "lead": self.lead}[name]

    def at(self) -> Any:
        return time_machine.travel(self.now, tick=False)

    def do(self, act: Any, *args: Any, **values: Any) -> Any:
        """An action, which may be refused but never break."""
        self.now += timedelta(seconds=20)
        with self.at():
            try:
                return act(Ticket.objects.get(pk=self.ticket.pk), *args, **values)
            except (TicketError, PermissionDenied, ObjectDoesNotExist):
                return None

    @rule()
    def customer_writes(self) -> None:
        self.do(replying.write_to_ticket, "And now?", by=self.trader)

    @rule(then=st.sampled_from(Status))
    def agent_replies(self, then: Status) -> None:
        self.do(replying.reply, "Like this.", by=self.agent, then=then)

    @rule()
    def replies_go_out(self) -> None:
        self.now += timedelta(seconds=30)
        with self.at():
            for message in Message.objects.filter(ticket=self.ticket, delivery=Delivery.HELD):
                replying.release_reply(message.pk)

    @rule(act=st.sampled_from([moving.wait_for_customer, moving.solve, moving.mark_spam, assigning.take]))
    def agent_acts(self, act: Any) -> None:
        self.do(act, by=self.agent)

    @rule(act=st.sampled_from([moving.restore, moving.reopen, moving.mark_spam, moving.take_up_again]))
    def lead_acts(self, act: Any) -> None:
        self.do(act, by=self.lead)

    @rule()
    def agent_solves_without_a_word(self) -> None:
        self.do(moving.solve, by=self.agent, reason=moving.NO_REPLY_NEEDED)

    @rule(act=st.sampled_from([moving.confirm_solved, moving.reopen]))
    def customer_acts(self, act: Any) -> None:
        self.do(act, by=self.trader)

    @rule(who=STAFF, act=st.sampled_from([assigning.take, assigning.give_back]))
    def somebody_takes_or_leaves_it(self, who: str, act: Any) -> None:
        self.do(act, by=self.staff(who))

    @rule(who=STAFF, to=STAFF)
    def somebody_gives_it_to_somebody(self, who: str, to: str) -> None:
        self.do(assigning.assign, self.staff(to), by=self.staff(who))

    @rule(who=STAFF)
    def somebody_declines(self, who: str) -> None:
        self.do(assigning.decline_ticket, by=self.staff(who), reason="language")

    @rule(who=STAFF, place=st.sampled_from([0, 1, None]))
    def somebody_transfers(self, who: str, place: int | None) -> None:
        self.do(assigning.transfer, None if place is None else self.departments[place], by=self.staff(who))

    @rule(who=STAFF, place=st.sampled_from([0, 1]), hours=st.sampled_from([1, 60]))
    def somebody_puts_it_on_hold(self, who: str, place: int, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        values = {"department": self.departments[place], "reason": "Check", "revisit_at": until}
        self.do(moving.put_on_hold, by=self.staff(who), **values)

    @rule(who=STAFF, place=st.sampled_from([0, 1]), holds=st.booleans())
    def somebody_asks_a_department(self, who: str, place: int, holds: bool) -> None:
        by, asked = self.staff(who), self.departments[place]
        self.do(consulting.ask_department, asked, by=by, subject="Late?", body="Please look.", holds=holds)

    @rule(who=STAFF, hours=st.sampled_from([1, 60, None]))
    def somebody_lets_it_sleep(self, who: str, hours: int | None) -> None:
        self.do(detailing.snooze, self.now + timedelta(hours=hours) if hours else None, by=self.staff(who))

    @rule(who=STAFF)
    def somebody_takes_a_reply_back(self, who: str) -> None:
        held = Message.objects.filter(ticket=self.ticket, kind=MessageKind.REPLY).exclude(delivery=Delivery.SENT)
        message = held.first()
        if message is not None:
            self.do(lambda ticket: replying.undo_reply(message, by=self.staff(who)))

    @rule(who=STAFF, is_answered=st.booleans())
    def another_is_merged_in(self, who: str, is_answered: bool) -> None:
        with self.at():
            other = TicketFactory(by=self.trader, topic=self.ticket.topic)
            if is_answered:
                answered(other, by=self.agent)
        self.do(lambda ticket: merging.merge(other, ticket, by=self.staff(who)))

    @rule(who=STAFF, is_last=st.booleans())
    def somebody_splits_it(self, who: str, is_last: bool) -> None:
        wrote = Message.objects.filter(ticket=self.ticket, kind=MessageKind.CUSTOMER).order_by("pk")
        message = wrote.last() if is_last else wrote.first()
        if message is not None:
            self.do(lambda ticket: merging.split(message, by=self.staff(who), subject="A part"))

    @rule(hours=st.sampled_from([1, 50, 200]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with self.at():
            moving.revisit_due(), moving.remind_silent(), moving.solve_silent(), moving.close_solved()

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def only_moves_of_the_table(self) -> None:
        for event in TicketEvent.objects.filter(kind=EventKind.MOVED):
            assert (event.from_status, event.to_status, event.role) in moves.ALLOWED

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def history_tells_where_it_stands(self) -> None:
        status = ""
        for event in TicketEvent.objects.filter(ticket=self.ticket).order_by("pk"):
            assert event.from_status in (status, "") or status == ""
            status = event.to_status

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def events_tell_where_every_ticket_stands(self) -> None:
        for ticket in Ticket.objects.all():
            assert histories.told(ticket) == histories.stored(ticket)
            assert histories.unheard(ticket) == []

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def due_is_the_earliest_clock(self) -> None:
        ticket = Ticket.objects.get(pk=self.ticket.pk)
        running = [c.due_at for c in ticket.clocks.all() if c.due_at and not c.satisfied_at and not c.void_reason]
        assert ticket.next_due_at == min(running, default=ticket.next_due_at)
        assert not ReplyDraft.objects.filter(ticket=ticket, body="").exists()


Life.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)


@pytest.mark.usefixtures("db")
class TestLife(Life.TestCase):
    """The machine; each run of it is rolled back."""
