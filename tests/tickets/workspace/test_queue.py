"""The queue shows what somebody may see, the most urgent first, in pages that cost the same however long it is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from supportdesk.ui.templatetags.ui import language_tag
from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory
from tickets.access import Access
from tickets.actions import assigning, detailing
from tickets.models import Mention, Message, SavedView, Tag, Ticket, TicketTriage
from tickets.tasks import look_at_tables
from tickets.workspace import display, queries
from tickets.workspace.queries import Asked

pytestmark = pytest.mark.django_db
QUEUE = "/desk/"
BESIDE = 3  # the session, the person, the rights


@pytest.fixture
def many(topic, department):
    """Thirty tickets of as many people, due one after another."""

    def make(number):
        now = timezone.now()
        tickets = [TicketFactory(topic=topic, subject=f"Ticket {n:02d}") for n in range(number)]
        for n, ticket in enumerate(tickets):
            Ticket.objects.filter(pk=ticket.pk).update(next_due_at=now + timedelta(hours=1, minutes=n))
        return tickets

    return make


def subjects(response):
    return [row.ticket.subject for row in response.context["rows"]]


def test_whoever_is_not_signed_in_is_asked_to():
    response = Client().get(QUEUE)
    assert response.status_code == 302
    assert "login" in response.url


@pytest.mark.parametrize("who", ["trader", "content_editor", "translator"])
def test_who_does_not_work_on_tickets_finds_nothing(who, request, at_desk):
    assert at_desk(request.getfixturevalue(who)).get(QUEUE).status_code == 404


def test_no_cache_keeps_a_page(desk):
    assert desk.get(QUEUE).headers["Cache-Control"] == "private, no-store"


def test_the_page_speaks_the_language_of_the_person(desk, agent):
    agent.language = "ar"
    agent.save()
    response = desk.get(QUEUE)
    assert 'lang="ar" dir="rtl"' in response.content.decode()
    assert response.headers["Content-Language"] == language_tag("ar")


def test_the_most_urgent_come_first(desk, many):
    many(3)
    TicketFactory(subject="Overdue", overdue=True)
    response = desk.get(QUEUE, {"view": "all"})
    assert subjects(response) == ["Overdue", "Ticket 00", "Ticket 01", "Ticket 02"]
    assert "overdue 4 min" in response.content.decode()


def test_an_agent_sees_no_ticket_of_another_department(desk, lead_desk, department):
    TicketFactory(subject="For risk alone", department=department)
    assert subjects(desk.get(QUEUE, {"view": "all"})) == []
    assert subjects(lead_desk.get(QUEUE, {"view": "all"})) == ["For risk alone"]


def test_mine_due_and_asleep_are_lists_of_their_own(desk, agent, other_agent, topic):
    mine, due, asleep = (TicketFactory(subject=name, topic=topic) for name in ("Mine", "Due", "Asleep"))
    assigning.take(mine, by=agent)
    Ticket.objects.filter(pk=due.pk).update(next_due_at=timezone.now() + timedelta(minutes=9))
    assigning.take(asleep, by=other_agent)
    detailing.snooze(asleep, timezone.now() + timedelta(hours=1), by=other_agent)
    assert subjects(desk.get(QUEUE)) == ["Mine"]
    assert subjects(desk.get(QUEUE, {"view": "due"})) == ["Due"]
    assert subjects(desk.get(QUEUE, {"view": "unassigned"})) == ["Due"]
    assert subjects(desk.get(QUEUE, {"view": "mentions"})) == []
    Mention.objects.create(ticket=due, person=agent, message=Message.objects.get(ticket=due))
    assert subjects(desk.get(QUEUE, {"view": "mentions"})) == ["Due"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "ja"),
        ("priority", "urgent"),
        ("status", "new"),
        ("tag", "vip"),
        ("topic", "own"),
        ("assignee", "own"),
        ("unclear", "on"),
    ],
)
def test_each_filter_of_the_queue_leaves_what_it_names(desk, agent, name, value):
    topic = TopicFactory(priority="urgent")
    wanted = TicketFactory(subject="Wanted", language="ja", topic=topic)
    wanted.tags.add(Tag.objects.create(name="vip"))
    TicketTriage.objects.create(ticket=wanted, score=0, margin=0, needs_person=True)
    other = TicketFactory(subject="Other")
    assigning.assign(other, PersonFactory(is_superuser=True, is_staff=True), by=agent)
    if name == "assignee":
        assigning.take(wanted, by=agent)
    found = {"topic": topic.pk, "assignee": agent.pk}.get(name, value) if value == "own" else value
    assert subjects(desk.get(QUEUE, {"view": "all", name: found})) == ["Wanted"]


def test_what_makes_no_sense_is_left_out(desk, many):
    many(1)
    response = desk.get(QUEUE, {"view": "nonsense", "topic": "x", "language": "klingon", "after": "9" * 60})
    assert response.status_code == 200


def test_solved_tickets_by_their_age(desk, agent, many):
    for ticket in many(2):
        Ticket.objects.filter(pk=ticket.pk).update(status="solved")
    Ticket.objects.filter(subject="Ticket 00").update(status_since=timezone.now() - timedelta(days=1))
    assert subjects(desk.get(QUEUE, {"view": "all", "status": "solved"})) == ["Ticket 01", "Ticket 00"]


def test_pages_follow_one_another_without_a_gap(desk, many, monkeypatch):
    monkeypatch.setattr(queries.page_of, "__defaults__", (4,))
    many(10)
    Ticket.objects.update(next_due_at=timezone.now() + timedelta(hours=2))  # all at the same moment
    seen, after = [], ""
    for _ in range(4):
        response = desk.get(QUEUE, {"view": "all", "after": after})
        seen += subjects(response)
        after = response.context["following"]
        if not after:
            break
    assert seen == [f"Ticket {n:02d}" for n in range(10)]


def queries_of(client, **asked):
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(QUEUE, asked)
    assert response.status_code == 200
    return len(captured), response


@pytest.mark.parametrize("view", [*queries.VIEWS])
def test_a_page_asks_the_same_few_questions_however_many_rows(desk, many, view):
    desk.get(QUEUE)
    many(3)
    few, _ = queries_of(desk, view=view)
    many(27)
    number, response = queries_of(desk, view=view)
    assert number == few
    assert number <= 8 + BESIDE
    assert len(response.content) <= 60 * 1024


def test_people_without_number_make_the_page_no_larger(desk, many):
    many(1)
    before = len(desk.get(QUEUE, {"view": "all"}).content)
    for number in range(200):
        PersonFactory(name=f"Somebody {number}")
    assert len(desk.get(QUEUE, {"view": "all"}).content) - before < 50


def test_the_rail_counts_to_a_thousand(desk, many, monkeypatch):
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    monkeypatch.setattr("tickets.workspace.listing.MOST_COUNTED", 2)
    many(4)
    places = {place.label: place.count for place in desk.get(QUEUE).context["groups"][0].places}
    assert places["Unassigned"] == "2+"
    assert places["Mine"] == "0"


def test_a_view_is_kept_shown_and_let_go(desk, agent):
    desk.post(f"{reverse('workspace:keep-view')}?view=all&language=ja", {"name": "Japanese"})
    view = SavedView.objects.get(owner=agent)
    assert view.name in desk.get(QUEUE).content.decode()
    desk.post(reverse("workspace:drop-view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_only_a_lead_keeps_a_view_for_everybody(desk, lead_desk):
    for client, number in ((desk, 0), (lead_desk, 1)):
        client.post(f"{reverse('workspace:keep-view')}?view=all&language=ja", {"name": "Japanese", "shared": "on"})
        assert SavedView.objects.count() == number


def test_an_agent_lets_no_view_of_others_go(desk):
    shared = SavedView.objects.create(name="All urgent", query="view=all&priority=urgent")
    desk.post(reverse("workspace:drop-view", args=[shared.pk]))
    assert SavedView.objects.filter(pk=shared.pk).exists()


# Words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(4, "4 min"), (59, "59 min"), (72, "1 h 12"), (125, "2 h 05"), (47 * 60, "47 h 00"), (50 * 60, "2 d")],
)
def test_lengths_of_time(minutes, words):
    assert display.span(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("email", "shown"), [("toma@example.com", "to•••@example.com"), ("a@b.c", "a•••@b.c"), ("ab@b.c", "a•••@b.c")]
)
def test_addresses_are_masked(email, shown):
    assert display.masked(email) == shown


# The plan of the database


def plan_of(asked, person, mark):
    rows = queries.rows_of(asked, Access.of_staff(person), timezone.now())
    ordered = queries._from(rows, asked, queries.read_mark(mark)).only("public_id")[:31]
    return ordered.explain() if connection.vendor == "sqlite" else ordered.explain(analyze=False)


@pytest.mark.both
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked("all"), "tickets_of_the_queue"),
        (Asked("unassigned"), "tickets_of_"),
        (Asked("mine"), "tickets_of_an_agent"),
        (Asked("pending"), "tickets_of_a_status"),
        (Asked("on_hold"), "tickets_of_a_status"),
        (Asked("due"), "tickets_of_the_queue"),
        (Asked("asleep"), "tickets_of_an_agent"),
        (Asked("first"), "tickets_of_the_queue"),
        (Asked("all", language="en", priority="urgent"), "tickets_of_the_queue"),
    ],
)
def test_a_page_goes_by_the_index_and_sorts_nothing(agent, asked, index, topic):
    seeded = TicketFactory(topic=topic)
    _copies(seeded, 3000, mine=agent)
    for mark in ("", f"{int(timezone.now().timestamp() * 1_000_000)}-5"):  # the first page, and one further on
        found = plan_of(asked, agent, mark)
        assert index in found
        assert "TEMP B-TREE" not in found
        assert "Sort" not in found


@pytest.mark.both
def test_what_mentions_somebody_is_asked_for_by_its_number(agent, topic):
    """Few, and sorted; what it must not do is look at every open ticket."""
    seeded = TicketFactory(topic=topic)
    _copies(seeded, 3000, mine=agent)
    note = Message.objects.create(ticket=seeded, kind="note", body="@somebody", author=agent)
    Mention.objects.create(ticket=seeded, message=note, person=agent)
    _look_at_tables()
    for mark in ("", f"{int(timezone.now().timestamp() * 1_000_000)}-5"):
        found = plan_of(Asked("mentions"), agent, mark)
        assert "tickets_ticket_pkey" in found or "tickets_ticket USING INTEGER PRIMARY KEY" in found
        assert "SCAN tickets_ticket" not in found
        assert "Seq Scan on tickets_ticket" not in found


@pytest.mark.both
def test_a_topic_goes_by_its_own_index(agent, topic):
    seeded = TicketFactory(topic=topic)
    _copies(seeded, 3000, mine=agent)
    rare = TopicFactory(key="rare")
    Ticket.objects.filter(pk__in=Ticket.objects.order_by("-pk").values("pk")[:60]).update(topic=rare)
    _look_at_tables()
    found = plan_of(Asked("all", topic=rare.pk), agent, "")
    assert "tickets_of_a_topic" in found
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


def test_the_planner_knows_how_many_tickets_have_a_status(topic):
    """A thousand looked at say of any status that it is rare, and the queue goes by the wrong index."""
    seeded = TicketFactory(topic=topic)
    Ticket.objects.bulk_create(
        Ticket(requester=seeded.requester, subject="Copy", topic=topic, language="en", status="open")
        for _ in range(2200)
    )
    look_at_tables.call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'tickets_of_a_status'")
        ((figures,),) = cursor.fetchall()
    tickets, of_a_status, *_ = map(int, figures.split())
    assert (tickets, of_a_status) == (2201, 1101)  # one of them is new


def _copies(ticket, number, *, mine):
    """Many tickets at once, most of them closed, so that the planner has a reason."""
    now = timezone.now()
    rows = [
        Ticket(
            requester=ticket.requester,
            subject="Copy",
            topic=ticket.topic,
            language="en",
            status=("open", "pending")[n // 3 % 2] if n % 3 == 0 else "closed",
            assignee=mine if n % 30 == 0 else None,
            next_due_at=now + timedelta(minutes=n),
        )
        for n in range(number)
    ]
    Ticket.objects.bulk_create(rows)
    _look_at_tables()


def _look_at_tables():
    """SQLite's are looked at by our task; PostgreSQL looks at its own by itself, if not within a test."""
    look_at_tables.call()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tickets_ticket, tickets_mention")


def test_what_i_let_sleep_is_in_a_list_of_its_own(desk, at_desk, agent, other_agent, topic):
    ticket = TicketFactory(subject="Dormant", topic=topic)
    assigning.take(ticket, by=agent)
    detailing.snooze(ticket, timezone.now() + timedelta(hours=1), by=agent)
    assert subjects(desk.get(QUEUE, {"view": "asleep"})) == ["Dormant"]
    assert subjects(at_desk(other_agent).get(QUEUE, {"view": "asleep"})) == []
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=timezone.now())
    assert subjects(desk.get(QUEUE, {"view": "asleep"})) == []
    assert subjects(desk.get(QUEUE)) == ["Dormant"]


def test_a_list_says_what_it_is_narrowed_by(desk, topic):
    page = desk.get(QUEUE, {"view": "all", "language": "ja", "priority": "high", "tag": "vip"}).content.decode()
    for words, without in [
        ("日本語", "view=all&amp;priority=high&amp;tag=vip"),
        ("High", "view=all&amp;language=ja&amp;tag=vip"),
        ("vip", "view=all&amp;language=ja&amp;priority=high"),
    ]:
        assert f'<a class="chip" href="/desk/?{without}" title="Remove {words}">' in page


def test_a_list_names_colleagues_and_no_customers(desk, agent, trader):
    page = desk.get(QUEUE, {"view": "all", "language": "ja", "assignee": trader.pk}).content.decode()
    assert trader.name not in page
    assert trader.email not in page
    page = desk.get(QUEUE, {"view": "all", "language": "ja", "assignee": agent.pk}).content.decode()
    assert (agent.name or agent.email) in page


def test_a_list_of_the_rail_needs_no_names_of_filters(desk, topic):
    assert 'title="Remove' not in desk.get(QUEUE, {"view": "all", "topic": topic.pk}).content.decode()


def test_a_kept_view_is_called_by_its_name(desk, agent):
    SavedView.objects.create(owner=agent, name="Japanese and urgent", query="view=all&language=ja&priority=high")
    page = desk.get(QUEUE, {"view": "all", "language": "ja", "priority": "high"}).content.decode()
    assert '<main id="page_main" class="list wide" aria-label="Japanese and urgent">' in page
    assert 'title="Remove High"' in page
