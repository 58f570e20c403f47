"""Topic, priority, tags, ratings, drafts, presence and secrets that are out already."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets.factories import answered
from tickets.actions import assigning, attending, detailing, drafting, moving, rating, redacting, replying
from tickets.enums import EventKind, Presence
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Agent, Looking, Rating, ReplyDraft, Ticket

pytestmark = pytest.mark.django_db


def test_a_higher_priority_promises_more_from_now_on(ticket, agent):
    detailing.change_details(ticket, by=agent, priority="urgent")
    clock = ticket.clocks.get(metric="first_reply")
    assert (clock.target_s, ticket.priority) == (15 * 60, "urgent")
    assert ticket.next_due_at == clock.due_at


def test_nothing_changed_leaves_no_event(ticket, agent):
    detailing.change_details(ticket, by=agent, priority=ticket.priority)
    assert ticket.events.filter(kind=EventKind.CHANGED).count() == 0


def test_what_is_no_detail_is_not_changed(ticket, agent, other_trader):
    with pytest.raises(InvalidInput):
        detailing.change_details(ticket, by=agent, requester=other_trader)


def test_events_hold_no_subject(ticket, agent):
    detailing.change_details(ticket, by=agent, subject="A telling subject")
    assert "telling" not in str(ticket.events.get(kind=EventKind.CHANGED).data)


def test_tags_are_exactly_those_named(ticket, agent):
    detailing.tag_ticket(ticket, ["Refund", "vip ", ""], by=agent)
    detailing.tag_ticket(ticket, ["vip"], by=agent)
    assert [tag.name for tag in ticket.tags.all()] == ["vip"]


def test_snooze_and_reminders_lie_ahead(ticket, agent):
    assigning.take(ticket, by=agent)
    with pytest.raises(InvalidInput):
        detailing.snooze(ticket, timezone.now() - timedelta(minutes=1), by=agent)
    with pytest.raises(InvalidInput):
        detailing.remind_me(ticket, timezone.now() - timedelta(minutes=1), by=agent)
    detailing.snooze(ticket, timezone.now() + timedelta(hours=1), by=agent)
    assert ticket.snoozed_until is not None


def test_the_rated_agent_is_the_one_at_the_time_of_asking(ticket, agent, other_agent, trader, team_lead):
    answered(ticket, by=agent)
    moving.confirm_solved(ticket, by=trader)
    assert rating.ask_rating(ticket).agent == agent
    Ticket.objects.filter(pk=ticket.pk).update(assignee=other_agent)
    assert rating.rate(ticket, 5, by=trader, comment="Thanks").agent == agent
    assert rating.ask_rating(ticket) is None


def test_a_score_is_one_of_five_and_only_when_solved(ticket, trader, other_trader):
    with pytest.raises(TransitionNotAllowed):
        rating.rate(ticket, 4, by=trader)
    moving.confirm_solved(ticket, by=trader)
    for score in (0, 6):
        with pytest.raises(InvalidInput):
            rating.rate(ticket, score, by=trader)
    with pytest.raises(PermissionDenied):
        rating.rate(ticket, 4, by=other_trader)


def test_the_latest_score_counts_for_two_weeks(ticket, trader):
    moving.confirm_solved(ticket, by=trader)
    rating.rate(ticket, 2, by=trader)
    rating.rate(ticket, 4, by=trader)
    assert Rating.objects.get().score == 4
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False), pytest.raises(TransitionNotAllowed):
        rating.rate(ticket, 1, by=trader)


def test_opening_again_takes_the_question_back(ticket, trader):
    moving.confirm_solved(ticket, by=trader)
    rating.ask_rating(ticket)
    moving.reopen(ticket, by=trader)
    assert not Rating.objects.exists()


def test_a_draft_is_kept_guarded_and_goes_when_it_is_empty(ticket, agent, trader):
    draft = drafting.keep_draft(ticket, "abandon " * 11 + "about", by=agent)
    assert "abandon" not in draft.body
    drafting.keep_draft(ticket, " ", by=agent)
    assert not ReplyDraft.objects.exists()
    with pytest.raises(PermissionDenied):
        drafting.keep_draft(ticket, "Mine", by=trader)


def test_colleagues_see_who_writes(ticket, agent, other_agent):
    drafting.look(ticket, by=other_agent, is_writing=True)
    assert [look.person for look in drafting.onlookers(ticket, but=agent)] == [other_agent]
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert drafting.onlookers(ticket, but=agent) == []


def test_a_look_is_not_written_again_at_once(ticket, agent, django_assert_num_queries):
    drafting.look(ticket, by=agent, is_writing=False)
    with django_assert_num_queries(1):
        drafting.look(ticket, by=agent, is_writing=False)
    assert Looking.objects.count() == 1


def test_away_needs_a_word_and_others_are_set_by_a_lead(agent, other_agent, team_lead):
    row = Agent.objects.create(person=agent)
    with pytest.raises(InvalidInput):
        attending.set_presence(row, Presence.AWAY, by=agent)
    with pytest.raises(PermissionDenied):
        attending.set_presence(row, Presence.AVAILABLE, by=other_agent)
    assert attending.set_presence(row, Presence.AWAY, by=team_lead, reason="Training").presence == Presence.AWAY


def test_a_secret_that_is_out_is_taken_from_every_place(ticket, agent, trader):
    message = replying.write_to_ticket(ticket, "What opens it all is tulip-harbour-9", by=trader)
    replying.write_note(ticket, "He wrote tulip-harbour-9!", by=agent)
    drafting.keep_draft(ticket, "About tulip-harbour-9", by=agent)
    assert redacting.redact_message(message, ["tulip-harbour-9"], by=agent) == 3
    texts = [*ticket.messages.values_list("body", flat=True), *ReplyDraft.objects.values_list("body", flat=True)]
    assert not any("tulip" in text for text in texts)
    assert ticket.events.filter(kind=EventKind.REDACTED).count() == 1


def test_a_draft_that_its_author_lets_go_meanwhile_stops_no_redaction(ticket, agent, other_agent, monkeypatch):
    drafting.keep_draft(ticket, "About 2,500 USDT", by=other_agent)
    found = redacting._rows

    def found_before(of):
        rows = found(of)
        drafting.keep_draft(ticket, "", by=other_agent)
        return rows

    monkeypatch.setattr(redacting, "_rows", found_before)
    redacting.redact_message(ticket.messages.get(), ["2,500 USDT"], by=agent)
    assert "2,500" not in ticket.messages.get().body


def test_redacting_names_what_goes(ticket, agent):
    with pytest.raises(InvalidInput):
        redacting.redact_message(ticket.messages.get(), ["ab"], by=agent)
