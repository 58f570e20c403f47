"""Questions to departments: asked from the ticket, answered in their own thread, seen by who is concerned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets.actions import consulting
from tickets.enums import Status
from tickets.models import SideConversation, Ticket

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


def test_the_ticket_shows_its_questions(desk, question, ticket, thread_of):
    assert "Is it on our wallet?" in desk.get(thread_of(ticket, "side")).content.decode()
