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
from tests.tickets.factories import TicketFactory, answered
from tickets.actions import assigning, consulting, detailing, merging, moving, rebuilding_clocks, replying
from tickets.actions import change as change_module
from tickets.actions.change import Change, changing
from tickets.enums import MOVES, Delivery, EventKind, MessageKind, Role, Status
from tickets.errors import TicketError, TransitionNotAllowed
from tickets.models import Agent, Department, Message, ReplyDraft, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


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
    assert rebuilding_clocks.differences(ticket, rebuilding_clocks.life_of(ticket)[-1].standing) == []
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
