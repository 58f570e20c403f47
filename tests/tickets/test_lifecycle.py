"""A ticket goes only where the table of moves lets it, whoever does what, and its history tells all of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, TopicFactory, answered, released
from tickets.actions import assigning, drafting, moving, replying
from tickets.enums import MOVES, Delivery, EventKind, Role, Status
from tickets.errors import StaleTicket, TicketError, TransitionNotAllowed
from tickets.models import Message, ReplyDraft, Ticket, TicketEvent

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


# Any order of any steps


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
        self.agent.groups.set(Group.objects.filter(name="Agents"))
        self.lead.groups.set(Group.objects.filter(name="Team leads"))
        self.now = timezone.now().replace(microsecond=0)
        with self.at():
            self.ticket = TicketFactory(by=self.trader)

    def at(self) -> Any:
        return time_machine.travel(self.now, tick=False)

    def do(self, act: Any, *args: Any, **values: Any) -> Any:
        """An action, which may be refused but never break."""
        self.now += timedelta(seconds=20)
        with self.at():
            try:
                return act(Ticket.objects.get(pk=self.ticket.pk), *args, **values)
            except (TicketError, PermissionDenied):
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

    @rule(hours=st.sampled_from([1, 50, 200]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with self.at():
            moving.revisit_due(), moving.remind_silent(), moving.solve_silent(), moving.close_solved()

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def only_moves_of_the_table(self) -> None:
        for event in TicketEvent.objects.filter(ticket=self.ticket, kind=EventKind.MOVED):
            assert Role(event.role) in MOVES[Status(event.from_status), Status(event.to_status)]

    @precondition(lambda self: hasattr(self, "ticket"))
    @invariant()
    def history_tells_where_it_stands(self) -> None:
        status = ""
        for event in TicketEvent.objects.filter(ticket=self.ticket).order_by("pk"):
            assert event.from_status in (status, "") or status == ""
            status = event.to_status
        assert status == status_of(self.ticket)

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
