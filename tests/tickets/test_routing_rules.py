"""What holds for any tickets and any agents: nobody is passed over, overloaded or given what they may not have."""

import random
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tickets.queued import (
    LANGUAGES,
    NOW,
    POLICY,
    SKILLS,
    agent,
    asked_one_by_one,
    desks,
    plain,
    steps,
    ticket,
    tickets,
)
from tickets.enums import Priority
from tickets.routing import AgentState, Moment, Reason, Router, RoutingPolicy, Waiting, choose, key, refusals, rules

MANY = settings(max_examples=100, deadline=None)


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
