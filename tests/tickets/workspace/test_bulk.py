"""One thing done to several tickets: each by the same action, each with its own result."""

import pytest

from tests.tickets.factories import TicketFactory
from tickets.actions import assigning
from tickets.enums import Status
from tickets.models import Tag, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(trader, topic):
    return [TicketFactory(by=trader, topic=topic, subject=f"Ticket {n}") for n in range(3)]


@pytest.fixture
def do(desk):
    def post(tickets, client=desk, **values):
        return client.post("/desk/bulk/?view=all", {"ticket": [ticket.public_id for ticket in tickets], **values})

    return post


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def words(response):
    return [(result.is_done, result.words) for result in response.context["results"]]


def test_each_of_several_tickets_is_taken(do, three, agent):
    assert words(do(three, what="take")) == [(True, "Yours now.")] * 3
    assert all(now(ticket).assignee == agent for ticket in three)


def test_one_that_is_refused_does_not_stop_the_others(do, three, other_agent, agent):
    assigning.take(three[1], by=other_agent)
    results = words(do(three, what="take"))
    assert [is_done for is_done, _ in results] == [True, False, True]
    assert "Mina Sato has just taken" in results[1][1]


def test_assigning_to_a_colleague_by_name(do, three, other_agent):
    do(three, what="assign", to="mina sato")
    assert all(now(ticket).assignee == other_agent for ticket in three)


def test_priority_and_tag(do, three):
    three[0].tags.add(Tag.objects.create(name="old"))
    do(three, what="priority", priority="urgent")
    do(three, what="tag", value="Incident")
    assert {now(ticket).priority for ticket in three} == {"urgent"}
    assert [tag.name for tag in three[0].tags.all()] == ["incident", "old"]


def test_merging_into_one_of_them(do, three):
    response = do(three, what="merge", value=three[0].reference)
    assert [is_done for is_done, _ in words(response)] == [True] * 3
    assert [now(ticket).status for ticket in three] == [Status.NEW, Status.MERGED, Status.MERGED]


def test_solving_what_waits_for_an_answer_is_refused_in_words(do, three):
    assert not any(is_done for is_done, _ in words(do(three, what="solve")))
    assert {now(ticket).status for ticket in three} == {Status.NEW}


def test_spam_of_a_customer_with_an_account_is_for_a_lead(do, three, lead_desk):
    assert not any(is_done for is_done, _ in words(do(three, what="spam")))
    assert all(is_done for is_done, _ in words(do(three, client=lead_desk, what="spam")))


def test_what_somebody_may_not_see_is_left_alone(do, three, department):
    Ticket.objects.filter(pk=three[0].pk).update(department=department)
    assert len(words(do(three, what="take"))) == 2
    assert now(three[0]).assignee is None


@pytest.mark.parametrize(
    "values", [{"what": "assign", "to": ""}, {"what": "assign", "to": "Nobody"}, {"what": "tag"}, {"what": "x"}, {}]
)
def test_what_is_missing_is_asked_for(do, three, values):
    response = do(three, **values)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert '<a class="back" href="/desk/?view=all">' in page
    assert {now(ticket).version for ticket in three} == {ticket.version for ticket in three}


def test_nothing_chosen_is_told(do):
    assert do([], what="take").status_code == 302


def test_what_is_asked_for_wrongly_is_asked_again_with_the_same_tickets(do, three, other_agent):
    answer = do(three[:2], what="assign", to="Nobody At All")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody of the desk, or more than one, is called" in page
    assert [f'value="{ticket.public_id}" checked' in page for ticket in three] == [True, True, False]
    assert 'value="Nobody At All"' in page
    assert '<option value="assign" selected>' in page
