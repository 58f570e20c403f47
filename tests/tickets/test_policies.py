"""What is promised stands in rows; each edit is an edition that never changes, and clocks say which one they follow."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tickets.factories import TicketFactory, TopicFactory, answered, office, policy, published
from tickets import editions
from tickets.actions import detailing, following_policies, publishing_policies
from tickets.calendars import tzdata_version
from tickets.enums import EventKind, Metric
from tickets.errors import InvalidInput
from tickets.models import CalendarDate, CalendarVersion, PolicyEdition, SlaPolicy, SlaTarget, Ticket
from tickets.policies import DEFAULT

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # 17:30 in Seoul


def first_reply(ticket: Ticket):
    return ticket.clocks.get(metric=Metric.FIRST_REPLY)


def later(edition: PolicyEdition) -> datetime:
    return edition.at + following_policies.SETTLED + timedelta(seconds=1)


def test_what_is_shipped_promises_what_is_built_in(ticket, team_lead):
    assert (first_reply(ticket).target_s, first_reply(ticket).policy) == (240 * 60, "default")
    edition = published(team_lead)
    (shipped,) = editions.of(edition.number).policies.policies
    assert shipped.name == "Everybody@1"
    assert shipped.targets == DEFAULT.policies[0].targets
    assert not following_policies.needs_other_targets(ticket, timezone.now(), DEFAULT)


def test_a_desk_without_a_policy_has_the_built_in_targets(ticket, team_lead):
    SlaPolicy.objects.all().delete()
    assert published(team_lead).content["policies"] == []
    assert editions.current().policies.policies == DEFAULT.policies


def test_only_a_lead_changes_what_is_promised(agent, trader, content_editor):
    for somebody in (agent, trader, content_editor):
        with pytest.raises(PermissionDenied, match="Only a team lead"):
            publishing_policies.publish_policies(by=somebody)
    assert not PolicyEdition.objects.exists()


def test_a_ticket_is_promised_what_the_first_policy_that_fits_says(trader, team_lead):
    policy("Korean", languages=["ko"], calendar_normal=office())
    published(team_lead)
    with time_machine.travel(FRIDAY, tick=False):
        clock = first_reply(TicketFactory(by=trader, language="ko"))
    assert (clock.policy, clock.calendar, clock.target_s) == ("Korean@1", "seoul@1", 3600)
    assert clock.due_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # Monday 9:30 in Seoul
    assert clock.tzdata == tzdata_version() != ""
    assert first_reply(TicketFactory(by=trader)).policy == "Everybody@1"


def test_saving_the_same_again_makes_no_edition(team_lead):
    assert published(team_lead).number == 1
    assert published(team_lead) is None
    policy("VIP", tiers=["vip"])
    assert published(team_lead).number == 2


def test_only_what_changed_gets_a_new_version(team_lead):
    seoul = office()
    policy("Korean", languages=["ko"], calendar_normal=seoul)
    published(team_lead)
    CalendarDate.objects.create(calendar=seoul, day="2026-12-25", name="Christmas")
    CalendarDate.objects.create(calendar=seoul, day="2026-12-24", hours="09:00-12:00")
    content = published(team_lead).content
    assert [one["name"] for one in content["policies"]] == ["Korean@2", "Everybody@1"]
    assert list(content["calendars"]) == ["seoul@2"]
    assert content["calendars"]["seoul@2"]["holidays"] == ["2026-12-25"]
    assert content["calendars"]["seoul@2"]["special"] == {"2026-12-24": [["09:00", "12:00"]]}


def test_versions_are_never_changed(team_lead):
    office()
    published(team_lead)
    version = CalendarVersion.objects.get()
    with pytest.raises(PermissionError):
        version.save()
    with pytest.raises(PermissionError):
        CalendarVersion.objects.update(number=7)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"hours": "9-18"}, "monday"), ({"hours": "18:00-09:00"}, "monday"), ({"tz": "Asia/Seol"}, "tz")],
)
def test_hours_that_cannot_be_are_refused_and_nothing_is_kept(team_lead, values, field):
    office(**values)
    with pytest.raises(InvalidInput) as refused:
        publishing_policies.publish_policies(by=team_lead)
    assert refused.value.field in (field, "hours")
    assert not PolicyEdition.objects.exists()


def test_a_desk_of_many_policies_asks_once_in_a_while(ticket, agent, team_lead):
    for number in range(20):
        policy(f"Policy {number}", topics=[f"topic-{number}"])
    published(team_lead)
    editions.current()
    with CaptureQueriesContext(connection) as asked:
        detailing.change_details(ticket, by=agent, priority="high")
    assert [one["sql"] for one in asked if "slapolicy" in one["sql"] or "policyedition" in one["sql"]] == []
    editions.forget()
    with CaptureQueriesContext(connection) as asked:
        detailing.change_details(ticket, by=agent, priority="urgent")
    assert len([one["sql"] for one in asked if "policyedition" in one["sql"]]) == 1


# What an edit does to clocks that run


def shorter(name="Everybody", minutes=30):
    SlaTarget.objects.filter(policy__name=name, priority="normal", metric="first_reply").update(minutes=minutes)


def test_an_edit_reaches_open_tickets_by_the_job_and_leaves_a_trace(ticket, team_lead):
    before = first_reply(ticket)
    shorter()
    edition = published(team_lead)
    assert following_policies.follow_policies() == 0  # some process may still go by the edition before
    with time_machine.travel(later(edition), tick=False):
        assert following_policies.follow_policies() == 1
        assert following_policies.follow_policies() == 0
    after = first_reply(ticket)
    assert (after.target_s, after.policy) == (1800, "Everybody@1")
    assert after.allowed_s < before.allowed_s
    assert ticket.events.get(kind=EventKind.RETIMED).data["edition"] == edition.number
    edition.refresh_from_db()
    assert (edition.changed, following_policies.tickets_behind(edition)) == (1, 0)
    assert edition.done_at is not None


def test_what_is_finished_stays_as_it_was(ticket, agent, team_lead):
    answered(ticket, by=agent)
    before = first_reply(ticket)
    shorter()
    edition = published(team_lead)
    with time_machine.travel(later(edition), tick=False):
        following_policies.follow_policies()
    after = first_reply(ticket)
    assert (after.target_s, after.policy, after.due_at) == (before.target_s, before.policy, before.due_at)


def test_a_ticket_that_is_promised_the_same_is_not_touched(trader, team_lead):
    published(team_lead)
    ticket = TicketFactory(by=trader)
    policy("VIP", tiers=["vip"])
    edition = published(team_lead)
    with time_machine.travel(later(edition), tick=False):
        assert following_policies.follow_policies() == 1
    assert not ticket.events.filter(kind=EventKind.RETIMED).exists()


def test_a_new_holiday_moves_what_is_still_to_come(trader, team_lead):
    seoul = office()
    policy("Korean", languages=["ko"], calendar_normal=seoul)
    published(team_lead)
    with time_machine.travel(FRIDAY, tick=False):
        ticket = TicketFactory(by=trader, language="ko")
    CalendarDate.objects.create(calendar=seoul, day="2026-11-23", name="Founding day")
    edition = published(team_lead)
    PolicyEdition.objects.update(at=FRIDAY)
    with time_machine.travel(FRIDAY + timedelta(minutes=10), tick=False):
        following_policies.follow_policies()
    clock = first_reply(ticket)
    assert (clock.calendar, clock.elapsed_s) == ("seoul@2", 600)
    assert clock.due_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert edition.number == 2


def test_a_run_that_stopped_is_taken_up_where_it_was(trader, team_lead):
    tickets = [TicketFactory(by=trader, topic=TopicFactory()) for _ in range(3)]
    shorter()
    edition = published(team_lead)
    with time_machine.travel(later(edition), tick=False):
        assert following_policies.follow_policies(most=2) == 2
        edition.refresh_from_db()
        assert following_policies.tickets_behind(edition) == 1
        assert following_policies.follow_policies(most=2) == 1
    assert {first_reply(ticket).target_s for ticket in tickets} == {1800}


def test_what_was_promised_before_stands_where_no_policy_promises_any_more(ticket, team_lead):
    SlaPolicy.objects.all().delete()
    policy("VIP", tiers=["vip"])
    edition = published(team_lead)
    with time_machine.travel(later(edition), tick=False):
        following_policies.follow_policies()
    assert first_reply(ticket).target_s == 240 * 60
