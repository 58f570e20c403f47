"""Promises of the wait: what is said in every language, whether it came true, one apology, the page for leads."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from supportdesk.accounts.models import User
from supportdesk.outbox.models import Outbox
from tests.tickets.factories import TicketFactory, answered
from tickets import waits
from tickets.actions import moving, promising
from tickets.channels import letters
from tickets.channels.actions import sending
from tickets.channels.enums import MailKind
from tickets.channels.models import OutgoingMail
from tickets.enums import Delivery, EventKind, MessageKind, Metric, Presence, PromiseKind, PromiseOutcome
from tickets.models import (
    Agent,
    AgentLanguage,
    Clock,
    Department,
    Promise,
    PromiseDay,
    RoutingSetup,
    SurgeState,
    Ticket,
    Topic,
    WaitOutlook,
)
from tickets.roster import SPARE, Queue, Roster

pytestmark = pytest.mark.django_db
PAGE = reverse("workspace:promises")
HALF_HOUR = 1800
LANGUAGES = ["en", "zh-hans", "ar"]


@pytest.fixture
def outlook(topic: Topic):
    """Says what new requests about the topic are promised."""

    def say(seconds: int | None = HALF_HOUR, *, age: timedelta = timedelta(0)) -> WaitOutlook:
        known = {WaitOutlook.pool(code, topic.skill, topic.priority): seconds for code in LANGUAGES}
        values = {"at": timezone.now() - age, "waits": known}
        return WaitOutlook.objects.update_or_create(pk=1, defaults=values)[0]

    return say


@pytest.fixture
def promised(outlook, trader: User, topic: Topic):
    """A ticket to which something is promised, as if that had been some time ago."""

    def make(seconds: int | None = HALF_HOUR, *, ago: timedelta = timedelta(0), language: str = "en") -> Promise:
        outlook(seconds)
        ticket = TicketFactory(by=trader, topic=topic, language=language)
        promising.promise_first(ticket.events.get(kind=EventKind.CREATED).pk)
        promise = ticket.promises.get()
        promise.shown_at -= ago
        promise.due_at = promise.due_at and promise.due_at - ago
        promise.save()
        return promise

    return make


# What is said


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (300, "We expect to answer within 5 minutes."),
        (1800, "We expect to answer within 30 minutes."),
        (3600, "We expect to answer within 1 hour."),
        (86400, "We expect to answer within 24 hours."),
        (None, "So much is asked at the moment that our answer may take more than a day."),
    ],
)
def test_a_promise_is_a_sentence(seconds: int | None, text: str) -> None:
    assert waits.sentence(seconds) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_said_beside_the_form(client: Client, topic: Topic, outlook, language: str) -> None:
    outlook()
    page = client.get(f"/{language}/tickets/new/", {"topic": topic.key}).content.decode()
    with translation.override(language):
        assert waits.sentence(HALF_HOUR) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_said_on_the_page_and_in_the_mail(client: Client, trader: User, promised, language: str) -> None:
    ticket = promised(language=language).ticket
    client.force_login(trader)
    page = client.get(f"/{language}/tickets/{ticket.public_id}/").content.decode()
    letter = letters.of_event(ticket.events.get(kind=EventKind.CREATED))
    with translation.override(language):
        assert waits.sentence(HALF_HOUR) in page
        assert letter is not None
        assert waits.sentence(HALF_HOUR) in letter.lines


def test_a_promise_is_said_before_it_is_written_down(client: Client, trader: User, topic: Topic, outlook) -> None:
    outlook()
    ticket = TicketFactory(by=trader, topic=topic)
    assert not ticket.promises.exists()
    assert waits.of_ticket(ticket) == waits.sentence(HALF_HOUR)


def test_later_the_moment_is_named_not_a_new_wait(promised) -> None:
    ticket = promised(ago=timedelta(minutes=10)).ticket
    assert waits.of_ticket(ticket).startswith("We expect to answer by ")


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(days=2)])
def test_an_old_outlook_is_not_shown(topic: Topic, trader: User, outlook, age: timedelta) -> None:
    outlook(age=age)
    ticket = TicketFactory(by=trader, topic=topic)
    promising.promise_first(ticket.events.get(kind=EventKind.CREATED).pk)
    assert waits.before_asking(topic, "en") == waits.of_ticket(ticket) == ""
    assert not ticket.promises.exists()


def test_a_pool_that_nobody_can_answer_is_promised_nothing(topic: Topic, outlook) -> None:
    outlook()
    assert waits.before_asking(topic, "ko") == ""


def test_who_is_answered_is_promised_nothing_more(promised, agent: User) -> None:
    ticket = answered(promised().ticket, by=agent)
    assert waits.of_ticket(ticket) == ""


# While a wave begins


def surging(state: str = "watch", *, streams: tuple[str, ...] = ("total",), ago: timedelta = timedelta(minutes=5)):
    values = {"state": state, "streams": list(streams), "since": timezone.now() - ago}
    return SurgeState.objects.update_or_create(pk=1, defaults=values)[0]


@pytest.mark.parametrize("state", ["watch", "surge"])
def test_a_promise_says_that_waits_are_growing(
    client: Client, trader: User, promised, topic: Topic, state: str
) -> None:
    ticket = promised().ticket
    surging(state)
    client.force_login(trader)
    assert waits.rising() in client.get(f"/en/tickets/new/?topic={topic.key}").content.decode()
    assert waits.rising() in client.get(f"/en/tickets/{ticket.public_id}/").content.decode()


@pytest.mark.parametrize(
    "stands",
    [
        {"state": "recovery"},
        {"state": "normal"},
        {"ago": timedelta(minutes=31)},
        {"streams": ("language:ko", "topic:other")},
    ],
)
def test_a_promise_does_not_speak_of_growing_waits_once_the_wave_is_known_or_is_another(
    topic: Topic, outlook, stands: dict
) -> None:
    outlook()
    surging(**stands)
    assert waits.before_asking(topic, "en") == waits.sentence(HALF_HOUR)


def test_a_wave_of_the_language_or_the_topic_counts(topic: Topic, outlook) -> None:
    outlook()
    surging(streams=("language:en",))
    assert waits.before_asking(topic, "en").endswith(waits.rising())
    assert waits.before_asking(topic, "ar") == waits.sentence(HALF_HOUR)
    surging(streams=(f"topic:{topic.key}",))
    assert waits.before_asking(topic, "ar").endswith(waits.rising())


def test_where_nothing_is_promised_nothing_is_said_of_a_wave(topic: Topic) -> None:
    surging()
    assert waits.before_asking(topic, "en") == ""


# Departments


@pytest.fixture
def elsewhere(topic: Topic) -> Topic:
    topic.department = Department.objects.create(key="risk", name="Risk")
    topic.save()
    return topic


def test_a_topic_of_a_department_is_not_promised_the_wait_of_the_front_line(
    client: Client, trader: User, elsewhere: Topic, outlook
) -> None:
    outlook()
    page = client.get(f"/en/tickets/new/?topic={elsewhere.key}").content.decode()
    assert waits.elsewhere() in page
    assert waits.sentence(HALF_HOUR) not in page
    ticket = TicketFactory(by=trader, topic=elsewhere, department=elsewhere.department)
    promising.promise_first(ticket.events.get(kind=EventKind.CREATED).pk)
    assert not ticket.promises.exists()
    assert waits.of_ticket(ticket) == ""


# What is written down


def test_a_promise_is_written_down_once(promised) -> None:
    promise = promised()
    promising.promise_first(promise.ticket.events.get(kind=EventKind.CREATED).pk)
    promise = promise.ticket.promises.get()
    assert (promise.kind, promise.seconds, promise.outcome) == (PromiseKind.FIRST, HALF_HOUR, PromiseOutcome.OPEN)
    assert promise.due_at == promise.ticket.created_at + timedelta(minutes=30)


def test_more_than_a_day_is_never_missed(promised) -> None:
    promise = promised(None, ago=timedelta(days=5))
    assert promising.settle_promises() == 0
    promise.refresh_from_db()
    assert (promise.due_at, promise.outcome) == (None, PromiseOutcome.OPEN)


def test_an_answer_in_time_keeps_it(promised, agent: User) -> None:
    promise = promised()
    answered(promise.ticket, by=agent)
    assert promising.settle_promises() == 0
    promise.refresh_from_db()
    assert promise.outcome == PromiseOutcome.KEPT


def test_a_late_answer_misses_it_without_an_apology(promised, agent: User) -> None:
    promise = promised(ago=timedelta(hours=1))
    answered(promise.ticket, by=agent)
    assert promising.settle_promises() == 1
    promise.refresh_from_db()
    assert promise.outcome == PromiseOutcome.MISSED
    assert not promise.ticket.messages.filter(kind=MessageKind.AUTOMATIC).exists()


def test_who_solved_it_alone_is_owed_nothing(promised, trader: User) -> None:
    promise = promised(ago=timedelta(hours=1))
    moving.confirm_solved(promise.ticket, by=trader)
    assert promising.settle_promises() == 0
    promise.refresh_from_db()
    assert promise.outcome == PromiseOutcome.VOID


# The apology


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missed_promise_is_apologised_for_once(promised, outlook, language: str) -> None:
    promise = promised(ago=timedelta(hours=1), language=language)
    outlook(7200)
    assert promising.settle_promises() == 1
    Promise.objects.filter(kind=PromiseKind.REVISED).update(due_at=timezone.now() - timedelta(minutes=1))
    promising.settle_promises()
    promising.settle_promises()
    message = promise.ticket.messages.get(kind=MessageKind.AUTOMATIC)
    with translation.override(language):
        assert message.body == waits.apology(7200, is_known=True)
    assert (message.language, message.delivery) == (language, Delivery.SENT)
    assert promise.ticket.promises.filter(kind=PromiseKind.REVISED).count() == 2


def test_an_apology_stops_no_clock(promised) -> None:
    promise = promised(ago=timedelta(hours=1))
    before = list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since"))
    promising.settle_promises()
    assert list(Clock.objects.values("metric", "due_at", "satisfied_at", "running_since")) == before
    ticket = Ticket.objects.get(pk=promise.ticket_id)
    assert (ticket.first_reply_at, ticket.message_count) == (None, 2)


def test_without_an_outlook_the_apology_names_no_time(promised) -> None:
    promise = promised(ago=timedelta(hours=1))
    WaitOutlook.objects.all().delete()
    promising.settle_promises()
    message = promise.ticket.messages.get(kind=MessageKind.AUTOMATIC)
    assert message.body == waits.apology(None, is_known=False)
    assert promise.ticket.promises.count() == 1


def test_leads_are_told_once_an_hour(promised, team_lead: User) -> None:
    moment = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
    for minutes in (0, 5):
        promise = promised()
        Promise.objects.filter(pk=promise.pk).update(due_at=moment - timedelta(hours=1))
        promising.settle_promises(moment + timedelta(minutes=minutes))
    assert team_lead.notices.filter(kind="promises_missed").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_apology_is_mailed_once_in_the_language_of_the_request(promised, outlook, language: str) -> None:
    promise = promised(ago=timedelta(hours=1), language=language)
    outlook(7200)
    for _ in range(2):
        promising.settle_promises()
    event = promise.ticket.events.get(kind=EventKind.APOLOGISED)
    assert Outbox.objects.filter(consumer="mail_ticket", event_kind="ticket.apologised", event_id=event.pk).exists()
    for _ in range(2):
        sending.mail_event(event.pk)
    letter = letters.of_event(event)
    with translation.override(language):
        assert letter is not None
        assert waits.apology(7200, is_known=True) in letter.lines
    assert OutgoingMail.objects.filter(kind=MailKind.SORRY, to=promise.ticket.requester.email).count() == 1


def test_an_apology_is_not_mailed_once_the_answer_is_there(promised, agent: User) -> None:
    promise = promised(ago=timedelta(hours=1))
    promising.settle_promises()
    event = promise.ticket.events.get(kind=EventKind.APOLOGISED)
    answered(promise.ticket, by=agent)
    sending.mail_event(event.pk)
    assert not OutgoingMail.objects.filter(kind=MailKind.SORRY).exists()


# The queue


def test_a_missed_promise_is_told_to_the_router_until_it_is_answered(promised, agent: User) -> None:
    promise = promised(ago=timedelta(hours=1))
    assert promised_to_router(promise.ticket) == pytest.approx(promise.due_at.timestamp())
    answered(promise.ticket, by=agent)
    Ticket.objects.update(assignee=None, status="open")
    assert promised_to_router(promise.ticket) is None


def promised_to_router(ticket: Ticket) -> float | None:
    queue = Queue.at(timezone.now(), Roster(), RoutingSetup.current())
    return next(each.promised for each in queue.waiting if each.id == ticket.pk)


def test_of_a_long_queue_those_whose_promise_was_missed_are_read_too(promised, trader: User, topic: Topic) -> None:
    for _ in range(SPARE + 3):
        TicketFactory(by=trader, topic=topic)
    late = promised(ago=timedelta(hours=1)).ticket
    queue = Queue.at(timezone.now(), Roster(), RoutingSetup.current())
    assert late.pk in {each.id for each in queue.waiting}


# The outlook


@pytest.fixture
def staffed(agent: User, trader: User, topic: Topic) -> User:
    """An agent who is there, and a history of replies that took ten minutes each."""
    row = Agent.objects.get_or_create(person=agent)[0]
    Agent.objects.filter(pk=row.pk).update(presence=Presence.AVAILABLE, capacity=1)
    AgentLanguage.objects.create(agent=row, language="en", level="native")
    ticket = TicketFactory(by=trader, topic=topic)
    for _ in range(30):
        TicketFactory(by=trader, topic=topic)
    now = timezone.now()
    Ticket.objects.update(assigned_at=now - timedelta(minutes=10), assignee=None, status="solved", first_reply_at=now)
    Clock.objects.filter(metric=Metric.FIRST_REPLY).update(satisfied_at=now)
    assert ticket.pk
    return agent


def wait_of(topic: Topic) -> int | None:
    promising.look_ahead()
    return WaitOutlook.objects.get().waits[WaitOutlook.pool("en", topic.skill, topic.priority)]


def test_the_outlook_follows_the_queue(staffed: User, trader: User, topic: Topic) -> None:
    assert wait_of(topic) == 600
    holding = TicketFactory(by=trader, topic=topic)
    Ticket.objects.filter(pk=holding.pk).update(assignee=staffed, assigned_at=timezone.now())
    for _ in range(12):
        TicketFactory(by=trader, topic=topic)
    assert wait_of(topic) == 4 * 3600


def test_languages_that_nobody_there_writes_are_not_known(staffed: User, topic: Topic) -> None:
    promising.look_ahead()
    known = WaitOutlook.objects.get().waits
    assert {key.partition(":")[0] for key in known} == {"en"}


def test_nothing_is_known_while_nobody_is_there(staffed: User) -> None:
    Agent.objects.update(presence=Presence.OFFLINE)
    assert promising.look_ahead() == 0


def test_nothing_is_known_of_a_desk_without_a_past(agent: User, topic: Topic) -> None:
    Agent.objects.update_or_create(person=agent, defaults={"presence": Presence.AVAILABLE})
    assert promising.look_ahead() == 0


@pytest.mark.parametrize("number", [3, 30])
def test_looking_ahead_asks_the_same_for_any_number(
    staffed: User, trader: User, topic: Topic, number: int, django_assert_max_num_queries
) -> None:
    for _ in range(number):
        TicketFactory(by=trader, topic=topic)
    with django_assert_max_num_queries(22):
        promising.look_ahead()


# The page for leads


def day(kept: int, missed: int, **values: object) -> PromiseDay:
    place = {"day": timezone.now().date(), "priority": "normal", "language": "en", **values}
    return PromiseDay.objects.create(kept=kept, missed=missed, **place)


def test_a_day_is_counted_from_what_was_said_first(promised, agent: User) -> None:
    answered(promised().ticket, by=agent)
    late = promised()
    Promise.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    promised(None)
    promised()
    promising.settle_promises()
    SurgeState.objects.update_or_create(pk=1, defaults={"state": "surge"})
    promised()
    for _ in range(2):
        assert promising.count_promises() == 2
    calm, surge = PromiseDay.objects.order_by("is_surge")
    assert (calm.kept, calm.missed, calm.beyond, calm.unsettled) == (1, 1, 1, 1)
    assert (surge.kept, surge.missed, surge.unsettled) == (0, 0, 1)


def test_an_agent_does_not_find_the_page(agent: User, client: Client) -> None:
    client.force_login(agent)
    assert client.get(PAGE).status_code == 404


def test_a_lead_sees_what_was_kept(client: Client, team_lead: User) -> None:
    client.force_login(team_lead)
    day(80, 20)
    day(3, 1, language="ko", is_surge=True)
    day(60, 40, day=date(2000, 1, 1), priority="urgent")
    page = client.get(PAGE).content.decode()
    assert '<span class="tag ok">80%</span>' in page
    assert '<span class="tag mute">75%</span> few' in page
    assert "Urgent" not in page


def test_a_lead_gets_every_day_as_a_file(client: Client, team_lead: User) -> None:
    client.force_login(team_lead)
    day(3, 1, language="ko", is_surge=True)
    response = client.get(PAGE, {"format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][1:] == ["normal", "ko", "surge", "3", "1", "0", "0"]


def test_without_promises_the_page_says_so(client: Client, team_lead: User) -> None:
    client.force_login(team_lead)
    assert "Nothing was promised in the last 28 days." in client.get(PAGE).content.decode()
