"""Another setup of routing is tried on the last tickets: the real router, nothing written, the same assumptions."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from supportdesk.outbox.models import Outbox
from tests.tickets.desks import join
from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory
from tickets import dry_run
from tickets.dry_run import Past, Shift, compare, play
from tickets.enums import Presence, Priority
from tickets.models import PresenceChange, RoutingDecision, RoutingSetup, Ticket, TicketEvent
from tickets.routing import AgentState, RoutingPolicy, Waiting

HOUR = 3600.0
POLICY = RoutingPolicy(head_starts={"vip": 0.5})


def agent(number, *languages, **values):
    return AgentState(id=number, languages=dict.fromkeys(languages or ("en",), "native"), **values)


def ticket(number, at, **values):
    return Waiting(**{"id": number, "language": "en", "skill": "", "priority": "normal", "created": at, **values})


def past(tickets, agents, shifts=(), seconds=600.0):
    return Past(tickets, {one.id: seconds for one in tickets}, agents, shifts)


# Playing, without a database


def test_a_busy_agent_takes_the_next_when_the_first_is_done():
    placed = play(past([ticket(1, 0.0), ticket(2, 60.0)], [agent(7)]), POLICY)
    assert placed == {1: (7, 0.0), 2: (7, 540.0)}


def test_who_is_not_there_yet_takes_it_on_coming():
    shifts = [Shift(100.0, 7, True), Shift(200.0, 7, False)]
    placed = play(past([ticket(1, 0.0), ticket(2, 150.0)], [agent(7, is_accepting=False)], shifts, 10.0), POLICY)
    assert placed == {1: (7, 100.0), 2: (7, 0.0)}


def test_who_left_takes_nothing_more():
    placed = play(past([ticket(1, 300.0)], [agent(7)], [Shift(200.0, 7, False)]), POLICY)
    assert placed == {}


def test_time_alone_makes_a_translation_aid_better_than_waiting():
    helper = AgentState(id=8, languages={"ja": "assist"})
    busy = agent(7, "ja", load=1)
    placed = play(past([ticket(1, 0.0, language="ja")], [busy, helper]), POLICY)
    assert placed == {1: (8, 2700.0)}


def test_a_change_is_told_with_what_was_before_and_after():
    tickets = [ticket(1, 0.0), ticket(2, 1.0), ticket(3, 2.0, tier="vip")]
    found = compare(past(tickets, [agent(7)]), RoutingPolicy(head_starts={}), POLICY)
    assert [(row.ticket, row.before.waited, row.after.waited) for row in found.differences] == [
        (2, 599.0, 1199.0),
        (3, 1198.0, 598.0),
    ]
    before, after = found.by_priority[Priority.NORMAL]
    assert (before.tickets, before.median, before.in_time, after.found_nobody) == (3, 10.0, 100.0, 0)


def test_the_same_setup_changes_nothing():
    tickets = [ticket(number, 60.0 * number, priority="low") for number in range(40)]
    found = compare(past(tickets, [agent(7), agent(8)]), POLICY, POLICY)
    assert (found.tickets, found.differences) == (40, [])


def test_nothing_is_played_of_nothing():
    assert compare(Past(), POLICY, POLICY).by_priority == {}


# What is played


@pytest.fixture
def desk_of_one(agent_person):
    return join(agent_person, "en", capacity=1, presence_since=timezone.now() - timedelta(days=3))


@pytest.fixture
def agent_person(person):
    return person("Agents", name="Rui Tavares")


@pytest.fixture
def three(desk_of_one):
    """Three tickets within a minute, the last of them of a tier."""
    topic, start = TopicFactory(), timezone.now() - timedelta(days=1)
    made = [TicketFactory(topic=topic, by=PersonFactory(tier=tier)) for tier in ("", "", "gold")]
    for place, one in enumerate(made):
        Ticket.objects.filter(pk=one.pk).update(created_at=start + timedelta(seconds=20 * place))
    return made


@pytest.mark.django_db
def test_the_last_tickets_are_read_with_how_long_they_took(three, desk_of_one):
    start = timezone.now() - timedelta(hours=5)
    Ticket.objects.filter(pk=three[0].pk).update(assigned_at=start, first_reply_at=start + timedelta(seconds=300))
    found = dry_run.past_of(timezone.now(), 2)
    assert [one.id for one in found.tickets] == [three[1].pk, three[2].pk]
    found = dry_run.past_of(timezone.now())
    assert found.seconds == dict.fromkeys([one.pk for one in three], 300.0)
    assert found.names == {desk_of_one.pk: "Rui Tavares"}


@pytest.mark.django_db
def test_agents_are_there_as_they_said(three, desk_of_one):
    start = Ticket.objects.earliest("created_at").created_at
    came = PresenceChange.objects.create(
        agent=desk_of_one, presence=Presence.AVAILABLE, at=start + timedelta(minutes=5)
    )
    found = dry_run.past_of(timezone.now())
    assert [state.is_accepting for state in found.agents] == [False]
    assert found.shifts == [Shift(came.at.timestamp(), desk_of_one.pk, True)]
    PresenceChange.objects.create(agent=desk_of_one, presence=Presence.AVAILABLE, at=start - timedelta(days=1))
    assert [state.is_accepting for state in dry_run.past_of(timezone.now()).agents] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_reading_asks_the_same_of_few_and_many(desk_of_one, department, count, django_assert_num_queries):
    topic, customer = TopicFactory(), PersonFactory()
    for _ in range(count):
        TicketFactory(topic=topic, by=customer, department=department)
    with django_assert_num_queries(7):
        dry_run.past_of(timezone.now())


# The command


def told_by(capsys, *arguments):
    call_command("dry_run_routing", *arguments)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_compares_and_writes_nothing(three, capsys):
    stored = [Ticket.objects.values_list("version", "assignee"), TicketEvent.objects.all(), Outbox.objects.all()]
    before = [list(rows) for rows in stored]
    found = json.loads(told_by(capsys, "--head-start", "gold=50", "--json"))
    assert (found["tickets"], found["different"]) == (3, 2)
    assert found["by_priority"]["normal"]["after"]["found_nobody"] == 0
    assert [list(rows.all()) for rows in stored] == before
    assert not RoutingDecision.objects.exists()
    table = told_by(capsys, "--head-start", "gold=50")
    assert "3 tickets, 1 agents; 2 would go otherwise." in table
    assert f"{three[1].reference} (normal, en): Rui Tavares after" in table


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [["--guard-every", "1"], ["--assist-after", "soon=3"], ["--head-start", "vip=x"], ["--head-start", "vip=100"]],
)
def test_the_command_refuses_what_makes_no_sense(wrong):
    with pytest.raises(CommandError):
        call_command("dry_run_routing", *wrong)


# The page


@pytest.fixture
def sign_in(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


def written(**more):
    setup = RoutingSetup()
    names = (*(f"assist_after_{priority}" for priority in setup.assist_after), "guard_every", "guard_ratio")
    return {**{name: getattr(setup, name) for name in names}, "head_starts": "vip 25, pro 25", **more}


@pytest.mark.django_db
def test_a_lead_tries_a_setup_and_nothing_is_stored(three, team_lead, sign_in):
    client = sign_in(team_lead)
    assert 'value="pro 25, vip 25"' in client.get("/desk/routing/").content.decode()
    page = client.post("/desk/routing/", written(head_starts="gold 50", guard_every=3)).content.decode()
    assert "3 tickets" in page
    assert three[1].reference in page
    assert "Rui Tavares after" in page
    assert (RoutingSetup.current().guard_every, RoutingSetup.history.count()) == (8, 0)
    assert 'value="gold 50"' in page


@pytest.mark.django_db
def test_what_changes_nothing_says_so(three, team_lead, sign_in):
    page = sign_in(team_lead).post("/desk/routing/", written()).content.decode()
    assert "every ticket would have gone to the same agent" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("head_starts", "vip", "Write each tier with a number"),
        ("head_starts", "vip 95", "90 percent at most"),
        ("guard_every", "1", "greater than or equal to 2"),
        ("assist_after_urgent", "600", "A higher priority may not wait longer"),
    ],
)
def test_a_mistake_is_named_and_what_was_written_stays(team_lead, sign_in, name, value, said):
    answer = sign_in(team_lead).post("/desk/routing/", written(**{name: value}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{value}"' in answer.content.decode()


@pytest.mark.django_db
def test_the_dry_run_is_for_leads_alone(person, sign_in):
    client = sign_in(person("Agents"))
    assert client.get("/desk/routing/").status_code == 404
    assert client.post("/desk/routing/", written()).status_code == 404
    assert "/desk/routing/" not in client.get("/desk/").content.decode()
