"""Who gets which ticket: rules that always hold, and examples of each. The oracle asks everybody about every ticket."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tickets.enums import Priority
from tickets.errors import InvalidInput
from tickets.routing import (
    AgentState,
    Moment,
    Reason,
    Refusal,
    Router,
    RoutingPolicy,
    Waiting,
    choose,
    explain,
    key,
    refusals,
    rules,
)

POLICY = RoutingPolicy()
NOW = 100_000.0
LANGUAGES = ("en", "ko", "fr")
SKILLS = ("", "derivatives", "kyc")
MANY = settings(max_examples=100, deadline=None)

moments = st.sampled_from([0.0, 40_000.0, 70_000.0, 85_600.0, 96_400.0, 98_200.0, 99_099.0, 99_900.0, 99_990.0, NOW])
until = st.sampled_from([NOW - 1, NOW, NOW + 1, NOW + 900, math.inf])
agent_ids = st.integers(1, 5)


@st.composite
def tickets(draw, number):
    return Waiting(
        id=number,
        language=draw(st.sampled_from(LANGUAGES)),
        skill=draw(st.sampled_from(SKILLS)),
        priority=draw(st.sampled_from(Priority.values)),
        created=draw(moments),
        due=draw(st.none() | moments),
        tier=draw(st.sampled_from(["", "pro"])),
        weight=draw(st.integers(1, 2)),
        sticky=draw(st.none() | agent_ids),
        sticky_until=draw(st.none() | until),
        declined=draw(st.dictionaries(agent_ids, until, max_size=1)),
        only=draw(st.none() | st.frozensets(agent_ids, min_size=1, max_size=3)),
        promised=draw(st.none() | moments | until),
    )


@st.composite
def agents(draw, number):
    levels = st.sampled_from(["native", "fluent", "assist"])
    certificates = st.tuples(st.sampled_from(SKILLS[1:]), st.sampled_from(["", "ko"]))
    capacity = draw(st.integers(0, 4))
    return AgentState(
        id=number,
        languages=draw(st.dictionaries(st.sampled_from(LANGUAGES), levels)),
        certificates=draw(st.dictionaries(certificates, until)),
        capacity=capacity,
        load=draw(st.integers(0, capacity)),
        is_accepting=draw(st.booleans()) or draw(st.booleans()),
        idle_since=draw(moments),
        picks=draw(st.integers(0, 9)),
    )


@st.composite
def desks(draw, most=8):
    waiting = [draw(tickets(number)) for number in range(draw(st.integers(0, most)))]
    return waiting, [draw(agents(number)) for number in range(1, draw(st.integers(1, 5)) + 1)]


def asked_one_by_one(waiting, working, now, policy):
    """The same choice without any order kept: each step asks every agent about every ticket."""
    left, states, made = {ticket.id: ticket for ticket in waiting}, {agent.id: agent for agent in working}, []
    while proposals := list(proposed(left, Moment(states, now, policy))):
        chosen, _order, ticket, agent, is_guard = min(proposals, key=lambda proposal: proposal[:2])
        made.append((ticket.id, agent.id, chosen, rules.reason(ticket, agent, is_guard)))
        del left[ticket.id]
        states[agent.id] = replace(agent, load=agent.load + ticket.weight, picks=agent.picks + 1)
    return made


def proposed(left, moment):
    for agent in moment.agents.values():
        allowed = [ticket for ticket in left.values() if not refusals(ticket, agent, moment)]
        if allowed:
            ticket, is_guard = picked(allowed, agent, moment)
            order = rules.preference(ticket, agent, moment.now)
            yield key(ticket, agent, moment.now, moment.policy), order, ticket, agent, is_guard


def picked(allowed, agent, moment):
    worst = min(allowed, key=lambda ticket: (-rules.lateness(ticket, moment.now, moment.policy), ticket.id))
    is_turn = agent.picks % moment.policy.guard_every == moment.policy.guard_every - 1
    if is_turn and rules.lateness(worst, moment.now, moment.policy) >= moment.policy.guard_ratio:
        return worst, True
    return min(allowed, key=lambda ticket: key(ticket, agent, moment.now, moment.policy)), False


def plain(made):
    return [(each.ticket, each.agent, each.key, each.reason) for each in made]


def steps(waiting, working, now=NOW, policy=POLICY):
    """Each assignment with the desk just before it, and the desk after the last with none."""
    left, states = {ticket.id: ticket for ticket in waiting}, {agent.id: agent for agent in working}
    for each in choose(waiting, working, now, policy):
        yield each, left, states
        ticket, agent = left[each.ticket], states[each.agent]
        left = {number: other for number, other in left.items() if number != ticket.id}
        states = states | {agent.id: replace(agent, load=agent.load + ticket.weight, picks=agent.picks + 1)}
    yield None, left, states


def ticket(number=1, language="en", priority="normal", created=NOW, skill="", **more):
    return Waiting(number, language, skill, priority, created, **more)


def agent(number=1, *languages, certificates=(), assists=(), **more):
    levels = dict.fromkeys(assists, "assist") | dict.fromkeys(languages or ("en",), "native")
    return AgentState(number, levels, {(skill, ""): math.inf for skill in certificates}, **more)


def pairs(waiting, working, now=NOW, policy=POLICY):
    return [(each.ticket, each.agent) for each in choose(waiting, working, now, policy)]


# What always holds


@MANY
@given(desks())
def test_the_sorted_queue_chooses_what_asking_everybody_chooses(desk):
    assert plain(choose(*desk, NOW, POLICY)) == asked_one_by_one(*desk, NOW, POLICY)


@MANY
@given(desks(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_told_changes_nothing(desk, chance):
    waiting, working = (chance.sample(side, len(side)) for side in desk)
    assert choose(waiting, working, NOW, POLICY) == choose(*desk, NOW, POLICY)


@MANY
@given(desks())
def test_nobody_gets_more_than_fits_nor_what_is_refused(desk):
    for made, left, states in steps(*desk):
        if made:
            assert refusals(left[made.ticket], states[made.agent], Moment(states, NOW, POLICY)) == ()
            assert states[made.agent].load + left[made.ticket].weight <= states[made.agent].capacity


@MANY
@given(desks())
def test_nobody_gets_a_ticket_without_the_certificate_of_this_moment(desk):
    by_id = {each.id: each for each in desk[0]}
    for made in choose(*desk, NOW, POLICY):
        waiting, owner = by_id[made.ticket], next(each for each in desk[1] if each.id == made.agent)
        ends = [owner.certificates.get((waiting.skill, language), 0) for language in ("", waiting.language)]
        assert not waiting.skill or max(ends) > NOW


@MANY
@given(desks())
def test_nothing_that_the_agent_could_get_goes_before_what_it_gets(desk):
    for made, left, states in steps(*desk):
        if made and made.reason != Reason.GUARD:
            moment, owner = Moment(states, NOW, POLICY), states[made.agent]
            could = [each for each in left.values() if not refusals(each, owner, moment)]
            assert made.key == min(key(each, owner, NOW, POLICY) for each in could)


@MANY
@given(desks())
def test_nobody_stays_free_while_something_waits_for_them(desk):
    *_, (_none, left, states) = steps(*desk)
    moment = Moment(states, NOW, POLICY)
    assert all(refusals(each, owner, moment) for each in left.values() for owner in states.values())


@MANY
@given(tickets(1), st.floats(0, 10**7))
def test_nothing_is_aged_into_urgent_and_nothing_by_more_than_one_class(waiting, later):
    rank = rules.rank(waiting, NOW + later, POLICY)
    own = ["urgent", "high", "normal", "low"].index(waiting.priority)
    assert rank in (own, own - 1)
    assert rank > 0 or waiting.priority == "urgent"


@MANY
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(2, 9), st.integers(0, 20))
@example([1], 8, 0)
def test_who_waits_twice_the_target_is_next_within_so_many_picks(late, every, picks):
    """`k` tickets that are late, a flood of fresh urgent ones, one agent: all are served within `every * k` picks."""
    policy = RoutingPolicy(guard_every=every)
    router = Router(policy)
    router.meet(agent(capacity=10_000, picks=picks))
    for number, more in enumerate(late):
        router.put(ticket(number, priority="low", created=NOW - 2 * 28_800 - more), NOW)
    for number in range(1000, 1000 + every * len(late)):
        router.put(ticket(number, priority="urgent"), NOW)
    served = [router.take(router.proposal(NOW)).ticket for _ in range(every * len(late))]
    oldest_first = sorted(range(len(late)), key=lambda number: (-late[number], number))
    assert [number for number in served if number < 1000] == oldest_first


class Hours:
    """A desk over some hours: the queue is told of each change, the oracle sees everything anew."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.now = NOW
        self.router = Router(POLICY)
        self.waiting, self.states, self.work = {}, {}, []
        for number in range(1, 5):
            self.change(number)

    def change(self, number):
        languages = {code: self.chance.choice(["native", "fluent", "assist"]) for code in self.some(LANGUAGES)}
        ends = {(skill, self.chance.choice(["", "ko"])): self.now + self.chance.choice([1, 900, 9000, 1e9])
                for skill in self.some(SKILLS[1:])}  # fmt: skip
        old = self.states.get(number)
        self.states[number] = AgentState(
            number, languages, ends, 3, old.load if old else 0, self.chance.random() < 0.8, self.now,
            old.picks if old else 0,
        )  # fmt: skip
        self.router.meet(self.states[number])

    def some(self, choices):
        return [each for each in choices if self.chance.random() < 0.6]

    def come(self, number):
        self.waiting[number] = Waiting(
            number, self.chance.choice(LANGUAGES), self.chance.choice(SKILLS), self.chance.choice(Priority.values),
            self.now - self.chance.choice([0, 60, 5000, 40_000]), tier=self.chance.choice(["", "pro"]),
            sticky=self.chance.choice([None, None, 1]), sticky_until=self.now + 600,
            declined={2: self.now + 1800} if self.chance.random() < 0.2 else {},
        )  # fmt: skip
        self.router.put(self.waiting[number], self.now)

    def end(self):
        number, weight = self.work.pop(self.chance.randrange(len(self.work)))
        self.router.release(number, weight, self.now)
        state = self.states[number]
        self.states[number] = replace(state, load=state.load - weight, idle_since=self.now)

    def withdraw(self):
        number = self.chance.choice(list(self.waiting))
        del self.waiting[number]
        self.router.withdraw(number)

    def route(self):
        made = asked_one_by_one(self.waiting.values(), self.states.values(), self.now, POLICY)
        assert made == plain(self.routed())
        for number, owner, *_ in made:
            weight = self.waiting.pop(number).weight
            self.states[owner] = replace(
                self.states[owner], load=self.states[owner].load + weight, picks=self.states[owner].picks + 1
            )
            self.work.append((owner, weight))

    def routed(self):
        while proposal := self.router.proposal(self.now):
            yield self.router.take(proposal)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_the_sorted_queue_keeps_up_with_everything_that_happens(seed):
    hours = Hours(seed)
    for number in range(60):
        hours.now += hours.chance.choice([0, 1, 30, 600, 3600])
        what = hours.chance.random()
        if what < 0.55 or not hours.waiting:
            hours.come(number)
        elif what < 0.8 and hours.work:
            hours.end()
        elif what < 0.88:
            hours.change(hours.chance.randint(1, 5))
        elif what < 0.94:
            hours.come(hours.chance.choice(list(hours.waiting)))  # the same ticket, with other details
        else:
            hours.withdraw()
        hours.route()


def test_a_ticket_whose_details_change_lies_where_they_say():
    router = Router(POLICY)
    router.meet(agent(1, "en", "ko"))
    for waiting in (ticket(1, priority="urgent"), ticket(1, "ko", "low"), ticket(2)):
        router.put(waiting, NOW)
    assert [router.proposal(NOW).ticket.id, len(router)] == [2, 2]


# Which ticket an agent gets


def test_the_class_goes_before_the_wait():
    waiting = [ticket(1, priority="normal", created=NOW - 9000), ticket(2, priority="urgent", created=NOW - 1)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


def test_inside_a_class_who_is_due_first_goes_first():
    waiting = [ticket(1, due=NOW + 50), ticket(2, due=NOW + 40, created=NOW)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


@pytest.mark.parametrize(("ahead", "first"), [(3599, 2), (3601, 1)])
def test_a_tier_has_a_head_start_inside_its_class(ahead, first):
    waiting = [ticket(1, created=NOW - ahead), ticket(2, tier="pro")]
    assert pairs(waiting, [agent()]) == [(first, 1)]


def test_a_tier_has_no_head_start_across_classes():
    waiting = [ticket(1, priority="high"), ticket(2, tier="pro", created=NOW - 14_399)]
    assert pairs(waiting, [agent()]) == [(1, 1)]


@pytest.mark.parametrize(("ahead", "first"), [(3599, 2), (3601, 1)])
def test_a_missed_promise_gives_a_head_start_inside_the_class(ahead, first):
    waiting = [ticket(1, created=NOW - ahead), ticket(2, promised=NOW)]
    assert pairs(waiting, [agent()]) == [(first, 1)]


def test_a_promise_that_may_still_be_kept_gives_none():
    waiting = [ticket(1, created=NOW - 1), ticket(2, promised=NOW + 1)]
    assert pairs(waiting, [agent()]) == [(1, 1)]
    assert pairs(waiting, [agent()], NOW + 1) == [(2, 1)]


def test_a_missed_promise_has_no_head_start_across_classes():
    waiting = [ticket(1, priority="high"), ticket(2, tier="pro", promised=NOW - 1)]
    assert pairs(waiting, [agent()]) == [(1, 1)]


def test_the_queue_raises_a_ticket_the_moment_its_promise_is_missed():
    router = Router(POLICY)
    router.meet(agent())
    for each in (ticket(1, created=NOW - 1), ticket(2, promised=NOW + 10)):
        router.put(each, NOW)
    assert router.proposal(NOW + 9).ticket.id == 1
    assert router.proposal(NOW + 10).ticket.id == 2


def test_a_normal_ticket_that_is_due_counts_as_high():
    waiting = [ticket(1, priority="high", created=NOW - 100), ticket(2, created=NOW - 14_400)]
    assert pairs(waiting, [agent()]) == [(2, 1)]


def test_work_in_the_own_language_goes_before_work_with_the_aid_but_not_before_a_higher_class():
    foreign = ticket(1, "fr", created=NOW - 5000)
    assert pairs([foreign, ticket(2)], [agent(1, "en", assists=["fr"])]) == [(2, 1)]
    urgent = ticket(3, "fr", "urgent", created=NOW - 120)
    assert pairs([urgent, ticket(2)], [agent(1, "en", assists=["fr"])]) == [(3, 1)]


@pytest.mark.parametrize(("priority", "after"), [("urgent", 120), ("high", 600), ("normal", 2700), ("low", 7200)])
def test_others_may_help_once_a_ticket_has_waited(priority, after):
    busy, helper = agent(1, "fr", load=1), agent(2, "en", assists=["fr"])
    assert pairs([ticket(1, "fr", priority, NOW - after + 1)], [busy, helper]) == []
    (made,) = choose([ticket(1, "fr", priority, NOW - after)], [busy, helper], NOW, POLICY)
    assert (made.agent, made.reason) == (2, Reason.ASSIST)


def test_others_may_help_at_once_when_nobody_there_holds_language_and_certificate():
    speaks_only = agent(1, "fr", load=1)
    away = agent(3, "fr", certificates=["kyc"], is_accepting=False)
    helper = agent(2, "en", assists=["fr"], certificates=["kyc"])
    assert pairs([ticket(1, "fr", skill="kyc")], [speaks_only, helper, away]) == [(1, 2)]


def test_the_guard_serves_who_is_latest_against_the_target():
    late = ticket(1, priority="low", created=NOW - 28_800 * 2)
    later = ticket(2, priority="high", created=NOW - 3600 * 3)
    waiting = [late, later, ticket(3, priority="urgent")]
    (made,) = choose(waiting, [agent(picks=7)], NOW, POLICY)
    assert (made.ticket, made.reason) == (2, Reason.GUARD)
    assert pairs(waiting, [agent(picks=6)]) == [(3, 1)]


def test_the_guard_leaves_alone_who_is_not_twice_as_late():
    waiting = [ticket(1, priority="low", created=NOW - 28_800 * 2 + 1), ticket(3, priority="urgent")]
    assert pairs(waiting, [agent(picks=7)]) == [(3, 1)]


def test_lateness_on_office_hours_counts_from_the_due_moment():
    """Created on Friday, due on Monday: the weekend is no wait."""
    over_the_weekend = ticket(1, priority="low", created=NOW - 200_000, due=NOW + 60)
    assert rules.lateness(over_the_weekend, NOW, POLICY) < 1
    assert rules.lateness(replace(over_the_weekend, due=None), NOW, POLICY) == pytest.approx(200_000 / 28_800)


def test_a_ticket_that_is_given_back_keeps_its_age():
    returned = ticket(1, created=NOW - 500, declined={1: NOW + 1800})
    assert pairs([returned, ticket(2, created=NOW - 400)], [agent(2)]) == [(1, 2)]


# Who gets a ticket


def test_the_least_flexible_goes_first():
    polyglot = agent(1, "en", "ko")
    certified = agent(2, "en", certificates=["kyc"])
    assert pairs([ticket()], [polyglot, certified, agent(3)]) == [(1, 3)]


def test_a_certificate_that_has_expired_is_no_flexibility():
    once = AgentState(1, {"en": "native"}, {("kyc", ""): NOW})
    assert pairs([ticket()], [once, agent(2)]) == [(1, 1)]


def test_then_the_one_with_more_room_then_the_longest_idle_then_the_lowest_number():
    assert pairs([ticket()], [agent(1, capacity=4, load=2), agent(2, capacity=4, load=1)]) == [(1, 2)]
    assert pairs([ticket()], [agent(1, idle_since=9), agent(2, idle_since=8)]) == [(1, 2)]
    assert pairs([ticket()], [agent(2), agent(1)]) == [(1, 1)]


def test_who_answered_last_goes_before_the_least_flexible():
    (made,) = choose([ticket(sticky=1)], [agent(1, "en", "ko"), agent(2)], NOW, POLICY)
    assert (made.agent, made.reason) == (1, Reason.STICKY)


def test_a_ticket_is_kept_for_who_answered_last_for_a_while():
    kept = ticket(sticky=1, sticky_until=NOW + 60)
    busy = agent(1, load=1)
    assert pairs([kept], [busy, agent(2)]) == []
    assert pairs([kept], [busy, agent(2)], NOW + 60) == [(1, 2)]
    assert pairs([kept], [replace(busy, is_accepting=False), agent(2)]) == []  # away, and may be back in time


@pytest.mark.parametrize(
    ("keeper", "more"),
    [
        (None, {}),
        (agent(1, "ko"), {}),
        (agent(1), {"skill": "kyc"}),
        (agent(1), {"declined": {1: NOW + 60}}),
        (agent(1), {"only": frozenset({2})}),
    ],
    ids=["gone", "language", "certificate", "declined", "department"],
)
def test_a_ticket_is_not_kept_for_who_could_not_take_it(keeper, more):
    kept = ticket(sticky=1, sticky_until=NOW + 60, **more)
    others = [agent(2, certificates=["kyc"])]
    assert pairs([kept], [*others, keeper] if keeper else others) == [(1, 2)]


def test_a_certificate_counts_until_it_expires():
    holder = AgentState(1, {"ko": "native"}, {("kyc", ""): NOW})
    assert pairs([ticket(1, "ko", skill="kyc")], [holder], NOW - 1) == [(1, 1)]
    assert pairs([ticket(1, "ko", skill="kyc")], [holder], NOW) == []


def test_what_was_offered_is_refused_when_the_certificate_expired_meanwhile():
    holder = AgentState(1, {"ko": "native"}, {("kyc", ""): NOW + 5})
    router, wanted = Router(POLICY), ticket(1, "ko", skill="kyc")
    router.meet(holder)
    router.put(wanted, NOW)
    assert router.proposal(NOW).agent == holder
    assert refusals(wanted, holder, router.moment(NOW + 5)) == (Refusal.CERTIFICATE,)
    assert router.proposal(NOW + 5) is None


def test_a_certificate_of_one_language_counts_in_that_language():
    holder = AgentState(1, {"ko": "native", "en": "native"}, {("kyc", "ko"): math.inf}, capacity=2)
    assert pairs([ticket(1, "ko", skill="kyc"), ticket(2, "en", skill="kyc")], [holder]) == [(1, 1)]


def test_the_wait_never_relaxes_a_certificate():
    assert pairs([ticket(skill="kyc", priority="urgent", created=0)], [agent(1), agent(2, picks=7)]) == []


# Why


@pytest.mark.parametrize(
    ("refused", "waiting", "asked"),
    [
        (Refusal.OFFLINE, ticket(), agent(is_accepting=False)),
        (Refusal.FULL, ticket(weight=2), agent(capacity=3, load=2)),
        (Refusal.CERTIFICATE, ticket(skill="api"), agent(certificates=["kyc"])),
        (Refusal.LANGUAGE, ticket(language="fr"), agent(1, "ko")),
        (Refusal.ASSIST_LATER, ticket(language="ko"), agent(assists=["ko"])),
        (Refusal.DECLINED, ticket(declined={1: NOW + 1}), agent()),
        (Refusal.DEPARTMENT, ticket(only=frozenset({2})), agent()),
        (Refusal.KEPT, ticket(language="ko", sticky=2, sticky_until=NOW + 1), agent(1, "ko")),
    ],
)
def test_each_refusal_is_told(refused, waiting, asked):
    korean = agent(2, "ko", load=1)
    assert explain(waiting, [korean, asked], NOW, POLICY)[0].refusals == (refused,)


def test_every_reason_is_told_and_who_may_is_told_with_the_key():
    nobody, somebody = explain(ticket(skill="kyc"), [agent(2, certificates=["kyc"]), agent(1, "ko")], NOW, POLICY)
    assert (nobody.agent, nobody.refusals, nobody.key) == (1, (Refusal.CERTIFICATE, Refusal.LANGUAGE), None)
    assert (somebody.agent, somebody.refusals, somebody.key) == (2, (), (2, 0, NOW + 14_400, 1))


def test_an_assignment_tells_how_everybody_stood_just_before_it():
    first, second = choose([ticket(1), ticket(2)], [agent(1), agent(2)], NOW, POLICY)
    assert [candidate.refusals for candidate in first.candidates] == [(), ()]
    assert [candidate.refusals for candidate in second.candidates] == [(Refusal.FULL,), ()]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("targets", {"urgent": 900}),
        ("targets", {"urgent": 0, "high": 1, "normal": 1, "low": 1}),
        ("assist_after", {"urgent": -1, "high": 1, "normal": 1, "low": 1}),
        ("assist_after", {}),
        ("head_starts", {"pro": 1}),
        ("missed_start", 1),
        ("guard_every", 1),
        ("guard_ratio", 0.9),
    ],
)
def test_a_policy_that_cannot_work_is_refused_with_its_field(field, value):
    with pytest.raises(InvalidInput) as caught:
        RoutingPolicy(**{field: value})
    assert caught.value.field == field
