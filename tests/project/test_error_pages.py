"""What somebody of the staff reads at the desk and in the admin where something is not there, not allowed, out of date
or broken: their own screen with a way back. Everybody else reads what they read elsewhere."""

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.utils.translation import gettext, override

from tests.helpcenter.dom import Page

pytestmark = pytest.mark.django_db

ADMIN = f"/{settings.ADMIN_PATH}"


def said(language, message):
    with override(language):
        return gettext(message)


@pytest.fixture
def strict():
    """A client that has to show the token of a form, and is shown what breaks."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    def fails(*_args, **_values):
        raise DatabaseError("secret-of-the-inside")

    monkeypatch.setattr("tickets.workspace.views.me.page", fails)
    monkeypatch.setattr("supportdesk.ui.panels.shown", fails)


def shown(response, status):
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return Page(response.content.decode())


def links(page):
    return [link["href"] for link in page.main.all("a")]


@pytest.mark.parametrize("path", ["/desk/nothing/", "/desk/NOTHING2345/", "/desk/lead/", "/desk/incidents/gone/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_at_the_desk_a_missing_page_leads_back_to_the_inbox_in_ones_language(client, agent, path, language):
    agent.language = language
    agent.save()
    client.force_login(agent)
    page = shown(client.get(path), 404)
    assert page.one("h1").words == said(language, "Page not found")
    assert links(page) == ["/desk/"]
    assert said(language, "Support desk") in page.one("header").words


def test_an_agent_reads_the_same_of_what_is_for_leads_and_of_what_is_not_there(client, agent):
    client.force_login(agent)
    mains = {shown(client.get(path), 404).main.words for path in ("/desk/incidents/", "/desk/nothing/")}
    assert len(mains) == 1


@pytest.mark.parametrize("path", ["/desk/", "/desk/nothing/", "/desk/incidents/"])
def test_to_customers_the_desk_does_not_exist(client, trader, path):
    client.force_login(trader)
    page = shown(client.get(path), 404)
    assert "/desk/" not in page.html.replace(path, "")
    assert page.main.one("form", role="search")


def test_who_is_not_signed_in_reads_nothing_of_the_desk(client):
    page = shown(client.get("/desk/nothing/"), 404)
    assert page.main.one("form", role="search")


def test_in_the_admin_a_missing_page_leads_back_to_its_start(client, content_lead):
    client.force_login(content_lead)
    page = shown(client.get(f"{ADMIN}nothing/"), 404)
    assert page.one("h1").words == "Page not found"
    assert ADMIN in links(page)
    assert page.one("header", id="header")


def test_in_the_admin_what_is_not_allowed_leads_back_to_its_start(client, agent):
    client.force_login(agent)
    page = shown(client.get(f"{ADMIN}accounts/user/add/"), 403)
    assert page.one("h1").words == "This is not allowed"
    assert ADMIN in links(page)


def test_programs_that_ask_for_json_are_answered_in_json(client, agent):
    client.force_login(agent)
    response = client.get(f"{ADMIN}accounts/user/add/", headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert response.json()["ok"] is False


@pytest.mark.parametrize(("path", "home"), [("/desk/me/", "/desk/"), (f"{ADMIN}notices/read/", ADMIN)])
def test_a_form_without_its_token_leads_back_to_the_form_and_the_start(strict, agent, path, home):
    strict.force_login(agent)
    response = strict.post(path, {"x": "1"}, headers={"Referer": "http://testserver/desk/me/"})
    page = shown(response, 403)
    assert page.one("h1").words == "This page was open for too long"
    assert {"/desk/me/", home} <= set(links(page))


def test_a_form_of_somebody_signed_out_meanwhile_says_so_as_elsewhere(strict):
    page = shown(strict.post("/desk/me/", {}), 403)
    assert page.one("h1").words == "This page was open for too long"
    assert "/desk/" not in page.html


def test_what_breaks_at_the_desk_says_so_and_leads_back(strict, agent, broken):
    agent.language = "zh-hans"
    agent.save()
    strict.force_login(agent)
    page = shown(strict.get("/desk/me/"), 500)
    assert page.one("h1").words == said("zh-hans", "Something went wrong on our side")
    assert links(page) == ["/desk/"]
    assert "secret-of-the-inside" not in page.html


def test_what_breaks_in_the_admin_says_so_and_leads_back(strict, content_lead, broken):
    strict.force_login(content_lead)
    page = shown(strict.get(ADMIN), 500)
    assert page.one("h1").words == "Something went wrong on our side"
    assert ADMIN in links(page)


def test_where_the_page_for_it_breaks_too_there_is_the_one_for_everybody(strict, agent, broken, monkeypatch):
    def fails(*_args):
        raise RuntimeError("secret-of-the-inside")

    monkeypatch.setattr("tickets.workspace.views.errors.render", fails)
    strict.force_login(agent)
    page = shown(strict.get("/desk/me/"), 500)
    assert page.one("h1").words == "Something went wrong on our side"
    assert "/desk/" not in page.html
