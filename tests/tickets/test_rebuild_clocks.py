"""The clocks that are stored are those that the events tell: after any life, through any edits of the policies."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.tickets.factories import TicketFactory, answered, office, published
from tests.tickets.test_lifecycle import Life
from tickets import editions, sweep
from tickets.actions import detailing, following_policies, merging, moving, rebuilding_clocks, replying
from tickets.actions.change import changing
from tickets.enums import Role
from tickets.models import CalendarDate, Clock, PolicyEdition, SlaPolicy, SlaTarget, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def rebuild(*options: str) -> str:
    said = StringIO()
    call_command("rebuild_clocks", *options, stdout=said)
    return said.getvalue()


def rebuild_fails(*options: str) -> str:
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("rebuild_clocks", *options, stdout=said)
    return said.getvalue()


def test_what_was_spoiled_is_found_and_mended(ticket):
    clock = ticket.clocks.get(metric="first_reply")
    Clock.objects.filter(pk=clock.pk).update(elapsed_s=77, due_at=None)
    Clock.objects.create(ticket=ticket, metric="next_reply", started_at=ticket.created_at, target_s=1, allowed_s=1)
    with pytest.raises(CommandError, match="without --check"):
        rebuild("--check")
    assert "0 as they should be, 1 were rewritten" in rebuild()
    assert "1 as they should be, 0 differ" in rebuild("--check")
    assert ticket.clocks.get(metric="first_reply").due_at == clock.due_at
    assert ticket.clocks.count() == 2


def test_one_ticket_is_chosen_as_people_write_its_number(ticket):
    TicketFactory()
    assert rebuild("--ticket", ticket.reference).startswith("1 tickets")


def test_a_merge_is_told_with_the_wait_of_both(trader, agent):
    first, second = TicketFactory(by=trader), TicketFactory(by=trader)
    merging.merge(second, first, by=agent)
    merging.split(replying.write_to_ticket(first, "Another thing.", by=trader), by=agent, subject="Another thing")
    assert "3 as they should be" in rebuild("--check")


def test_who_opened_it_again_is_told_from_the_events(trader, team_lead):
    first, second = TicketFactory(by=trader), TicketFactory(by=trader)
    for one, by in ((first, trader), (second, team_lead)):
        moving.confirm_solved(one, by=trader)
        moving.reopen(one, by=by)
    assert "2 as they should be" in rebuild("--check")


def reopened_before(ticket: Ticket, by: Any) -> None:
    """Open a ticket again as releases did for which that owed no answer."""
    moving.confirm_solved(ticket, by=by)
    with changing(ticket, by=by, role=Role.CUSTOMER) as change:
        moving.reopen_in(change, reason="reopened")


def test_what_was_opened_again_before_that_owed_an_answer_is_named_and_mended(trader):
    before, after, spoiled = (TicketFactory(by=trader) for _ in range(3))
    reopened_before(before, trader)
    moving.reopen(moving.confirm_solved(before, by=trader), by=trader)  # and a second time, as today
    moving.reopen(moving.confirm_solved(after, by=trader), by=trader)
    Clock.objects.filter(ticket=spoiled, metric="first_reply").update(elapsed_s=77)
    said = rebuild_fails("--check")
    assert f"1: {rebuilding_clocks.Cause.OPENED_AGAIN}" in said
    assert f"1: {rebuilding_clocks.Cause.UNKNOWN}" in said
    assert after.reference not in said
    assert "2 were rewritten" in rebuild()
    assert "3 as they should be, 0 differ" in rebuild("--check")


def test_clocks_are_rebuilt_in_steps(trader):
    tickets = [TicketFactory(by=trader) for _ in range(3)]
    Clock.objects.filter(metric="first_reply").update(elapsed_s=77)
    assert "2 were rewritten" in rebuild("--most", "2")
    assert Clock.objects.filter(elapsed_s=77).get().ticket == tickets[2]
    assert "2 as they should be, 1 were rewritten" in rebuild("--most", "2")
    assert "Stopped" not in rebuild("--most", "2")


def test_events_of_an_earlier_release_are_told_where_nothing_was_changed(ticket, agent):
    kept = TicketEvent.objects.filter(ticket=ticket)
    kept._raw_delete(kept.db)
    event = TicketEvent(
        ticket=ticket, kind="created", role="customer", at=ticket.created_at, to_status="new", version=1
    )
    event.save()
    assert "1 as they should be" in rebuild("--check")
    detailing.change_details(ticket, by=agent, priority="urgent")
    assert "1 cannot be told" in rebuild("--check")


def test_a_ticket_without_events_is_named_and_left_alone(ticket):
    kept = TicketEvent.objects.filter(ticket=ticket)
    kept._raw_delete(kept.db)
    said = rebuild()
    assert "Nothing is kept of how this ticket began" in said
    assert ticket.clocks.count() == 2


def test_an_edition_that_is_gone_is_said(ticket, agent, team_lead):
    published(team_lead)
    answered(ticket, by=agent)
    PolicyEdition.objects.all().delete()
    assert "(edition 1) are gone" in rebuild()


class Policed(Life):
    """A life in which leads change what is promised, agents what a ticket is about, and the job goes by."""

    def __init__(self) -> None:
        super().__init__()
        editions.forget()  # those of the run before were rolled back

    @rule(priority=st.sampled_from(["urgent", "high", "normal", "low"]))
    def agent_changes_priority(self, priority: str) -> None:
        self.do(detailing.change_details, by=self.agent, priority=priority)

    @rule(language=st.sampled_from(["en", "ko"]))
    def agent_changes_language(self, language: str) -> None:
        self.do(detailing.change_details, by=self.agent, language=language)

    @rule(
        minutes=st.sampled_from([1, 30, 90, 6000]), metric=st.sampled_from(["first_reply", "next_reply", "resolution"])
    )
    def lead_changes_a_target(self, minutes: int, metric: str) -> None:
        SlaTarget.objects.filter(metric=metric, policy__name="Everybody").update(minutes=minutes)
        self.publish()

    @rule(closed=st.booleans())
    def lead_changes_the_hours(self, closed: bool) -> None:
        korean, is_new = SlaPolicy.objects.get_or_create(name="Korean", defaults={"languages": ["ko"]})
        if is_new:
            korean.calendar_normal = korean.calendar_low = office()
            korean.save()
            SlaTarget.objects.create(policy=korean, priority="normal", metric="resolution", minutes=600)
        day = (self.now + timedelta(days=1)).date()
        CalendarDate.objects.update_or_create(
            calendar=korean.calendar_normal, day=day, defaults={"hours": "" if closed else "10:00-11:30"}
        )
        self.publish()

    def publish(self) -> None:
        with self.at():
            published(self.lead)

    @rule(seconds=st.sampled_from([5, 45]))
    def the_job_runs(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        with self.at():
            following_policies.follow_policies()

    @rule(hours=st.sampled_from([0, 1, 30]))
    def the_sweep_goes_by(self, hours: int) -> None:
        with self.at():
            sweep.warn_of_clocks(self.now + timedelta(hours=hours))

    def teardown(self) -> None:
        try:
            if hasattr(self, "ticket"):
                self.told_is_stored()
        finally:
            super().teardown()

    def told_is_stored(self) -> None:
        for ticket in Ticket.objects.all():
            assert rebuilding_clocks.differences(ticket, rebuilding_clocks.life_of(ticket)[-1].standing) == []


Policed.TestCase.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)


@pytest.mark.usefixtures("db")
class TestPoliced(Policed.TestCase):
    """The machine; each run of it is rolled back."""
