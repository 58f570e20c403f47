"""Questions to departments: asked from the ticket, answered in their own thread, seen by who is concerned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supportdesk.accounts.models import User
from tickets.access import Access
from tickets.actions import assigning, consulting
from tickets.enums import Status
from tickets.models import Department, SideConversation, Ticket
from tickets.workspace.display import moment
from tickets.workspace.views.pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(ticket, department, agent):
    return consulting.ask_department(
        ticket, department, by=agent, subject="Is it on our wallet?", body="Please look.", holds=True
    )


def test_asking_with_what_was_said(desk, ticket, department, thread_of):
    values = {"department": department.pk, "subject": "On our wallet?", "body": "Please look.", "holds": "on"}
    desk.post(thread_of(ticket, "act", "ask"), {**values, "excerpts": [ticket.messages.get().pk]})
    asked = SideConversation.objects.get()
    assert asked.excerpts.get() == ticket.messages.get()
    assert Ticket.objects.get(pk=ticket.pk).status == Status.ON_HOLD


def test_the_department_sees_the_question_and_answers(at_desk, risk_agent, question, ticket):
    client = at_desk(risk_agent)
    assert "Is it on our wallet?" in client.get("/desk/questions/").content.decode()
    client.post(f"/desk/questions/{question.pk}/", {"body": "Yes, it is."})
    question.refresh_from_db()
    assert question.answered_at is not None
    assert Ticket.objects.get(pk=ticket.pk).status == Status.OPEN
    assert "Yes, it is." in client.get(f"/desk/questions/{question.pk}/").content.decode()


def test_other_agents_have_no_such_question(at_desk, other_agent, question, ticket, department):
    Ticket.objects.filter(pk=ticket.pk).update(department=department)
    client = at_desk(other_agent)
    assert "Is it on our wallet?" not in client.get("/desk/questions/").content.decode()
    assert client.get(f"/desk/questions/{question.pk}/").status_code == 404
    assert client.post(f"/desk/questions/{question.pk}/end/").status_code == 404


def test_a_lead_sees_all_questions(lead_desk, question):
    assert "Is it on our wallet?" in lead_desk.get("/desk/questions/").content.decode()


def test_late_ones_say_so(desk, question):
    SideConversation.objects.update(due_at=timezone.now() - timedelta(minutes=9))
    assert "overdue 9 min" in desk.get("/desk/questions/").content.decode()


def test_an_ended_question_takes_no_answer_and_keeps_the_text(desk, question):
    desk.post(f"/desk/questions/{question.pk}/end/")
    question.refresh_from_db()
    assert question.ended_at is not None
    response = desk.post(f"/desk/questions/{question.pk}/", {"body": "Too late"})
    assert response.status_code == 422


def test_who_neither_asked_nor_belongs_there_ends_nothing(at_desk, other_agent, question):
    at_desk(other_agent).post(f"/desk/questions/{question.pk}/end/")
    question.refresh_from_db()
    assert question.ended_at is None


def test_only_who_is_asked_answers(desk, at_desk, risk_agent, question):
    asked = at_desk(risk_agent).get(f"/desk/questions/{question.pk}/").content.decode()
    assert "Your answer</label>" in asked
    own = desk.get(f"/desk/questions/{question.pk}/").content.decode()
    assert "Message</label>" in own
    assert "Your answer" not in own


def test_the_ticket_shows_its_questions(desk, question, ticket, thread_of):
    assert "Is it on our wallet?" in desk.get(thread_of(ticket, "side")).content.decode()


def test_the_history_leads_to_the_answer(desk, question, ticket, risk_agent, thread_of):
    consulting.write_in_conversation(question, "Yes, it is.", by=risk_agent)
    page = desk.get(thread_of(ticket)).content.decode()
    line = page[page.index("Anton Risk answered for the department") :]
    assert f'href="/desk/questions/{question.pk}/"' in line[: line.index("</p>")]
    assert "Yes, it is." in desk.get(f"/desk/questions/{question.pk}/").content.decode()


def test_what_came_of_ending_a_question_stands_above_it(desk, question):
    page = desk.post(f"/desk/questions/{question.pk}/end/", follow=True).content.decode()
    assert page.count("The question has ended.") == 1
    assert page.index("The question has ended.") < page.index("Is it on our wallet?</h1>")
    again = desk.get(f"/desk/questions/{question.pk}/").content.decode()
    assert "The question has ended." not in again
    assert "QuerySet" not in page + again


def test_a_page_takes_no_name_of_the_frame(rf, agent):
    request = rf.get("/desk/")
    request.user, request.access, request._messages = agent, Access.of_staff(agent), []
    assert page(request, "questions", {"questions": []}).status_code == 200
    with pytest.raises(ValueError, match="bell, said"):
        page(request, "questions", {"questions": [], "said": "", "bell": ""})


# Their names


@pytest.fixture
def in_chinese(team_lead, department):
    """The lead reads Chinese, and the department has a name in it."""
    User.objects.filter(pk=team_lead.pk).update(language="zh-hans")
    Department.objects.filter(pk=department.pk).update(name_zh_hans="风控", public_name_zh_hans="风控团队")


@pytest.fixture
def said_by(lead_desk, team_lead, ticket, department, question, thread_of):
    """What each page of the desk says; the ticket is with the department."""
    assigning.transfer(ticket, department, by=team_lead)
    pages = {
        "queue": f"/desk/?view=all&department={department.pk}",
        "timeline": thread_of(ticket),
        "side": thread_of(ticket, "side"),
        "questions": "/desk/questions/",
        "question": f"/desk/questions/{question.pk}/",
        "move": thread_of(ticket, "act", "transfer"),
    }
    return lambda name: lead_desk.get(pages[name]).content.decode()


@pytest.mark.parametrize("name", ["queue", "timeline", "side", "questions", "question", "move"])
def test_staff_read_its_name_in_their_own_language(in_chinese, said_by, name):
    page = said_by(name)
    assert "风控" in page
    assert "Risk" not in page.replace("Anton Risk", "")


def test_a_name_that_is_not_translated_is_read_in_english(team_lead, said_by):
    User.objects.filter(pk=team_lead.pk).update(language="ja")
    for name in ("queue", "timeline", "side", "question"):
        assert "Risk" in said_by(name)


def test_the_queue_names_a_department_on_each_row(in_chinese, lead_desk, team_lead, ticket, department):
    assigning.transfer(ticket, department, by=team_lead)
    assert [row.department for row in lead_desk.get("/desk/?view=all").context["rows"]] == ["风控"]


def test_a_trader_reads_the_public_name_in_their_own_language(
    in_chinese, client, trader, team_lead, ticket, department
):
    assigning.transfer(ticket, department, by=team_lead)
    client.force_login(trader)
    for language, name in (("zh-hans", "风控团队"), ("en", "the risk team"), ("ja", "専門チーム")):
        page = client.get(f"/{language}/tickets/{ticket.public_id}/").content.decode()
        assert name in page, language
        assert ">Risk<" not in page


def test_a_question_says_who_said_what(at_desk, risk_agent, desk, ticket, department, thread_of):
    values = {"department": department.pk, "subject": "On our wallet?", "body": "Please look."}
    desk.post(thread_of(ticket, "act", "ask"), {**values, "excerpts": [ticket.messages.get().pk]})
    page = at_desk(risk_agent).get(f"/desk/questions/{SideConversation.objects.get().pk}/").content.decode()
    assert '<p class="who"><b>Customer</b>' in page
    assert '<div class="av" aria-hidden="true">RT</div>' in page


def test_messages_are_offered_with_who_wrote_them(desk, ticket, thread_of):
    message = ticket.messages.get()
    message.body = "A long story about a deposit. " * 20
    message.save()
    page = desk.get(thread_of(ticket, "act", "ask")).content.decode()
    assert f"Toma Trader, {moment(message.created_at)}: A long story about a deposit." in page
    assert message.body[:200] not in page
