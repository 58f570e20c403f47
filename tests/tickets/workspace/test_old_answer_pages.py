"""The pages of old answers: which changes and tickets somebody sees there, as a page, as a file and beside a ticket."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpcenter.enums import EventKind
from helpcenter.models import ContentEvent
from supportdesk.accounts.models import Notice
from tests.helpcenter.factories import ArticleFactory, publish_text
from tests.tickets.factories import MacroFactory, TicketFactory, answered
from tickets import notices
from tickets.actions import correcting, macro_uses, moving, old_answers, quoting, replying
from tickets.actions.change import changing
from tickets.models import ArticleChange, Incident, OldAnswer, Quote, Ticket

pytestmark = pytest.mark.django_db
LIST = reverse("workspace:old-answers")
BODY = "Wait.\n\n## Send it {#send}\n\nWrite to us.\n"
CHANGED = BODY.replace("us", "us with the amount")


@pytest.fixture
def article():
    return ArticleFactory(slug="fees", texts={"en": BODY})


@pytest.fixture
def given(article, agent, topic):
    """Tickets that were sent a part of the article, by the way of the tables alone."""
    text = ContentEvent.objects.get(article=article, kind=EventKind.PUBLISHED).revision

    def send(number=1, key="section:send", **values):
        tickets = [answered(TicketFactory(topic=topic, **values), by=agent) for _ in range(number)]
        for ticket in tickets:
            values = {"article": article, "language": "en", "step_key": key, "revision": text, "at": timezone.now()}
            Quote.objects.create(message=ticket.messages.get(kind="reply"), **values)
        return tickets

    return send


def changed(article, body=CHANGED):
    publish_text(article, "en", body)
    event = ContentEvent.objects.filter(article=article, kind=EventKind.PUBLISHED).latest("pk")
    old_answers.look_at_change(event.pk)
    return ArticleChange.objects.get(event=event)


def page_of(change):
    return reverse("workspace:old-answer", args=[change.pk])


def test_the_list_counts_who_is_to_be_told(lead_desk, given, article):
    given(2)
    done = given()[0]
    Ticket.objects.filter(pk=done.pk).update(status="closed")
    changed(article)
    line = lead_desk.get(LIST).context["lines"][0]
    assert (line.open, line.told, line.closed, line.parts) == (2, 0, 1, ["Send it"])


def test_without_a_change_the_list_is_empty(desk, given):
    given()
    assert "No customer was given a text" in desk.get(LIST).content.decode()


def test_the_page_names_the_tickets_and_what_changed(lead_desk, given, article):
    ticket = given()[0]
    page = lead_desk.get(page_of(changed(article))).content.decode()
    assert ticket.reference in page
    assert "<ins> with the amount</ins>" in page
    assert "Rui" in page


def test_customers_are_told_apart_by_language_and_state(lead_desk, given, article):
    english, japanese = given()[0], given(language="ja")[0]
    change = changed(article)
    OldAnswer.objects.filter(quote__message__ticket=english).update(told_at=timezone.now())

    def found(**asked):
        return [row.ticket.pk for row in lead_desk.get(page_of(change), asked).context["rows"]]

    assert found() == [japanese.pk]
    assert found(state="told") == [english.pk]
    assert found(language="ja") == [japanese.pk]
    assert found(language="ko") == []
    assert found(state="nonsense", language="%", after="x") == [japanese.pk]


def test_spam_is_nobodys(lead_desk, given, article, team_lead):
    moving.mark_spam(given()[0], by=team_lead)
    changed(article)
    assert lead_desk.get(LIST).context["lines"] == []


def test_an_agent_sees_the_tickets_that_they_may_see(desk, lead_desk, given, article, department):
    own, other = given()[0], given()[0]
    Ticket.objects.filter(pk=other.pk).update(department=department, assignee=None)
    change = changed(article)
    assert [row.ticket.pk for row in desk.get(page_of(change)).context["rows"]] == [own.pk]
    assert desk.get(LIST).context["lines"][0].open == 1
    assert lead_desk.get(LIST).context["lines"][0].open == 2


def test_a_trader_does_not_find_it(at_desk, trader, given, article):
    given()
    change = changed(article)
    assert {at_desk(trader).get(place).status_code for place in (LIST, page_of(change))} == {404}


def test_the_same_as_a_file(lead_desk, given, article):
    ticket = given()[0]
    response = lead_desk.get(page_of(changed(article)), {"format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][:5] == [ticket.reference, "en", "Open", "Send it", "Rui Tavares"]
    assert len(rows) == 2


def test_macros_that_use_the_part_are_named_the_personal_ones_of_others_to_leads_alone(
    desk, lead_desk, given, article, other_agent
):
    for name, owner in (("Of the team", None), ("Of Mina", other_agent)):
        macro_uses.note_macro(MacroFactory(name=name, owner=owner, body_en="{{ article:fees#send }}"))
    change = changed(article)
    assert [use.label for use in lead_desk.get(page_of(change)).context["macros"]] == ["Of Mina", "Of the team"]
    assert [use.label for use in desk.get(page_of(change)).context["macros"]] == ["Of the team"]
    assert desk.get(LIST).context["lines"][0].macros == 1


def test_beside_the_ticket_it_says_so_until_the_customer_is_told(desk, given, article, thread_of):
    ticket = given()[0]
    assert "older version" not in desk.get(thread_of(ticket, "side")).content.decode()
    change = changed(article)
    page = desk.get(thread_of(ticket, "side")).content.decode()
    assert "This customer got an older version of “Fees (en)”: “Send it” changed on" in page
    change.old_answers.update(told_at=timezone.now())
    assert "older version" not in desk.get(thread_of(ticket, "side")).content.decode()


def test_leads_are_told_once_and_agents_are_not(given, article, agent, team_lead):
    given()
    change = changed(article)
    notices.tell_of_change(change.pk)
    notices.tell_of_change(change.pk)
    notice = Notice.objects.get()
    assert (notice.person, notice.link) == (team_lead, page_of(change))


def test_of_a_change_that_nobody_was_sent_nobody_is_told(article, team_lead):
    notices.tell_of_change(changed(article).pk)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("place", ["list", "page"])
def test_many_cost_as_many_questions_as_few(lead_desk, given, article, place):
    given(3)
    change = changed(article)
    few = questions(lead_desk, LIST if place == "list" else page_of(change))
    tickets = given(27)
    OldAnswer.objects.bulk_create(
        OldAnswer(change=change, quote=t.messages.get(kind="reply").quotes.get()) for t in tickets
    )
    if place == "list":
        for number in range(29):
            changed(article, f"Wait.\n\n## Send it {{#send}}\n\nWrite {'more ' * number}.\n")
    assert questions(lead_desk, LIST if place == "list" else page_of(change)) == few


def questions(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_go_on_where_the_last_one_ended(lead_desk, given, article, monkeypatch):
    monkeypatch.setattr("tickets.workspace.old_answers.ON_A_PAGE", 2)
    tickets = given(3)
    change = changed(article)
    first = lead_desk.get(page_of(change)).context
    second = lead_desk.get(page_of(change), {"after": first["following"]}).context
    found = [row.ticket.pk for row in [*first["rows"], *second["rows"]]]
    assert found == [ticket.pk for ticket in reversed(tickets)]
    assert second["following"] is None


# One answer to all of them


def tell(client, change):
    return client.post(reverse("workspace:tell-old-answer", args=[change.pk]))


def test_a_lead_hands_them_over_to_one_answer_with_one_click(lead_desk, given, article, team_lead):
    tickets = given(2)
    closed = given()[0]
    Ticket.objects.filter(pk=closed.pk).update(status="closed")
    change = changed(article)
    response = tell(lead_desk, change)
    incident = Incident.objects.get()
    assert response.url == reverse("workspace:incident", args=[incident.slug])
    assert {member.ticket_id for member in incident.members.linked()} == {ticket.pk for ticket in tickets}
    assert not incident.joins_late
    change.refresh_from_db()
    assert (change.handed_to, change.handed_by) == (response.url, team_lead)


def test_a_second_click_adds_those_that_are_missing_and_then_says_that_nobody_is(
    lead_desk, given, article, monkeypatch
):
    monkeypatch.setattr(correcting, "MOST_AT_ONCE", 2)
    given(3)
    change = changed(article)
    for _ in range(2):
        tell(lead_desk, change)
    assert Incident.objects.get().members.linked().count() == 3
    assert "are part of the answer to many" in lead_desk.get(tell(lead_desk, change).url).content.decode()
    assert Incident.objects.count() == 1


def test_who_got_the_answer_to_many_has_been_told(given, article, team_lead):
    first, second = given(2)
    change = changed(article)
    incident, _number = correcting.tell_them(change, by=team_lead)
    with changing(first, by=team_lead) as change_of_ticket:
        values = {"language": "en", "key": "bulk:1", "then": "open", "incident": incident.pk}
        replying.answer_many(change_of_ticket, "The amount is needed as well.", **values)
    quoting.remember(first.events.filter(kind="replied").latest("pk").pk)
    assert [old.quote.message.ticket_id for old in OldAnswer.objects.open()] == [second.pk]


def test_an_agent_does_not_hand_over(desk, given, article, agent):
    given()
    change = changed(article)
    assert tell(desk, change).status_code == 404
    with pytest.raises(PermissionDenied):
        correcting.tell_them(change, by=agent)
    assert not Incident.objects.exists()
    assert "Tell them all" not in desk.get(page_of(change)).content.decode()


def test_a_ticket_in_a_language_that_the_site_does_not_have_is_listed(lead_desk, given, article):
    [ticket] = given()
    Ticket.objects.filter(pk=ticket.pk).update(language="tlh")
    assert lead_desk.get(page_of(changed(article))).status_code == 200
