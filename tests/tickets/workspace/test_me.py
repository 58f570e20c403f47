"""One's own: presence with a reason, name and signature, shortcuts."""

import pytest

from tickets.models import Agent

pytestmark = pytest.mark.django_db


def agent_of(person):
    return Agent.objects.get(person=person)


def test_being_away_needs_a_reason(desk, agent):
    desk.post("/desk/me/presence/", {"presence": "away", "reason": ""})
    assert agent_of(agent).presence == "offline"
    desk.post("/desk/me/presence/", {"presence": "away", "reason": "Lunch"})
    assert (agent_of(agent).presence, agent_of(agent).presence_reason) == ("away", "Lunch")


def test_an_unknown_presence_is_refused(desk):
    assert desk.post("/desk/me/presence/", {"presence": "asleep"}, follow=True).status_code == 200


def test_name_and_signature(desk, agent):
    desk.post("/desk/me/", {"public_name": "Rui", "signature": "Rui, Northgate", "has_shortcuts": "on"})
    assert (agent_of(agent).public_name, agent_of(agent).signature) == ("Rui", "Rui, Northgate")


def test_a_signature_that_asks_for_a_secret_is_refused_with_its_text(desk, agent):
    response = desk.post("/desk/me/", {"signature": "Please send us your password."})
    assert response.status_code == 422
    assert "Please send us your password." in response.content.decode()
    assert agent_of(agent).signature == ""


def test_shortcuts_can_be_switched_off(desk, agent, ticket, thread_of):
    assert 'data-keys="on"' in desk.get(thread_of(ticket)).content.decode()
    desk.post("/desk/me/", {"public_name": "", "signature": ""})
    assert 'data-keys="off"' in desk.get(thread_of(ticket)).content.decode()


def test_the_switch_alone_is_drawn_anew_where_the_script_asks_for_it(desk, agent):
    back = "/desk/tickets/abc/write/?view=mine"
    values = {"presence": "available", "back": back}
    answer = desk.post("/desk/me/presence/", values, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().count(f'name="back" value="{back}"') == 3
    assert 'value="available" aria-pressed="true"' in answer.content.decode()
    assert "You are" not in desk.get("/desk/").content.decode()
    assert agent_of(agent).presence == "available"


def test_the_switch_says_what_is_wrong_in_its_place(desk, agent):
    answer = desk.post("/desk/me/presence/", {"presence": "away", "reason": ""}, headers={"HX-Request": "true"})
    assert 'role="alert"' in answer.content.decode()
    assert agent_of(agent).presence == "offline"


def test_on_the_page_of_a_refused_reply_the_switch_leads_back_to_its_text(desk, ticket, thread_of):
    write = thread_of(ticket, "write")
    refused = desk.post(write, {"kind": "reply", "body": "Please send us your password.", "then": "pending"})
    assert f'name="back" value="{write}"' in refused.content.decode()
    answer = desk.post("/desk/me/presence/", {"presence": "available", "back": write}, follow=True)
    assert answer.request["PATH_INFO"] == thread_of(ticket)
    assert "Please send us your password." in answer.content.decode()
