"""Prepared replies: in the customer's language, filled in, with what they set."""

import pytest
from django.utils import timezone

from helpcenter.enums import Stage
from tests.tickets.factories import DepartmentFactory, MacroFactory, TicketFactory
from tickets.actions import drafting, personal
from tickets.errors import SecretFound
from tickets.models import Macro, Message, Tag, Ticket
from tickets.workspace import macros

pytestmark = pytest.mark.django_db


def rendered(macro, ticket, person):
    return macros.render(macro, ticket, drafting.agent_of(person))


def test_variables_are_filled_in(ticket, agent):
    macro = MacroFactory(body_en="Dear {{ customer }}, {{reference}} is mine. {{ agent }}")
    assert rendered(macro, ticket, agent).text == f"Dear Toma Trader, {ticket.reference} is mine. Rui"


def test_the_customers_language_comes_first_and_a_fallback_is_named(desk, agent, topic, thread_of):
    macro = MacroFactory(body_en="Hello", body_ja="こんにちは")
    japanese, korean = TicketFactory(topic=topic, language="ja"), TicketFactory(topic=topic, language="ko")
    assert rendered(macro, japanese, agent).text == "こんにちは"
    assert rendered(macro, korean, agent).is_fallback
    answer = desk.get(thread_of(korean, "macro-text", macro.pk)).json()
    assert "English" in answer["hint"]
    assert "한국어" in answer["hint"]


def test_what_nobody_knows_stays_as_it_is_and_is_named(ticket, agent):
    found = rendered(MacroFactory(body_en="{{ weather }} {{ article:none }} {{ fact:none.at.all }}"), ticket, agent)
    assert found.text == "{{ weather }} {{ article:none }} {{ fact:none.at.all }}"
    assert found.unknown == ("{{ weather }}", "{{ article:none }}", "{{ fact:none.at.all }}")


def test_a_customers_name_is_no_variable(agent, topic):
    from tests.tickets.factories import PersonFactory

    ticket = TicketFactory(by=PersonFactory(name="{{ agent }}"), topic=topic)
    assert rendered(MacroFactory(body_en="Dear {{ customer }}"), ticket, agent).text == "Dear {{ agent }}"


def test_an_article_becomes_its_address_in_the_customers_language(ticket, agent, settings):
    from tests.helpcenter.factories import ArticleFactory

    article = ArticleFactory(slug="deposit-confirmations", title_en="Confirmations")
    type(article).objects.filter(pk=article.pk).update(languages_published=1)
    text = rendered(MacroFactory(body_en="{{ article:deposit-confirmations }}"), ticket, agent).text
    assert text == f"{settings.SITE_URL}/en/articles/deposit-confirmations/"


def test_a_macro_can_be_chosen_without_a_script(desk, ticket, thread_of):
    macro = MacroFactory(body_en="Hello {{ customer }}", set_status="solved")
    assert f"macro={macro.pk}" in desk.get(thread_of(ticket, "macros")).content.decode()
    box = desk.get(thread_of(ticket), {"macro": macro.pk}).context["box"]
    assert (box.body, box.then, box.macro) == ("Hello Toma Trader", "solved", str(macro.pk))


def test_macros_of_others_are_not_offered(desk, ticket, other_agent, thread_of):
    macro = MacroFactory(name="Private", owner=other_agent)
    assert "Private" not in desk.get(thread_of(ticket, "macros")).content.decode()
    assert desk.get(thread_of(ticket, "macro-text", macro.pk)).status_code == 404
    assert desk.get(thread_of(ticket), {"macro": macro.pk}).context["box"].body == ""


def test_macros_of_the_topic_come_first(desk, ticket, topic, thread_of):
    MacroFactory(name="Aaa")
    MacroFactory(name="Zzz", topic=topic)
    page = desk.get(thread_of(ticket, "macros")).content.decode()
    assert page.index("Zzz") < page.index("Aaa")
    assert "Aaa" not in desk.get(thread_of(ticket, "macros"), {"q": "zz"}).content.decode()


def test_what_it_sets_comes_with_the_reply(desk, ticket, thread_of, team_lead):
    department = DepartmentFactory()
    macro = MacroFactory(set_priority="urgent", set_department=department)
    macro.add_tags.add(Tag.objects.create(name="macro"))
    sent = {"kind": "reply", "body": "Hello", "then": "open", "macro": macro.pk, "seen": ticket.version}
    desk.post(thread_of(ticket, "write"), sent)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.priority, ticket.department) == ("urgent", department)
    assert [tag.name for tag in ticket.tags.all()] == ["macro"]
    assert Message.objects.filter(kind="reply").count() == 1
    assert Macro.objects.get(pk=macro.pk).uses == 1


def test_a_personal_macro_that_asks_for_a_secret_is_not_kept(agent):
    with pytest.raises(SecretFound):
        personal.save_macro(Macro(), by=agent, name="Bad", language="en", body="Please send us your password.")


def test_personal_macros_are_written_and_removed(desk, agent):
    desk.post("/desk/me/macros/new/", {"name": "Hello", "language": "ja", "body": "こんにちは", "set_status": ""})
    macro = Macro.objects.get(owner=agent)
    assert macro.body_ja == "こんにちは"
    desk.post(f"/desk/me/macros/{macro.pk}/drop/")
    assert not Macro.objects.filter(pk=macro.pk).exists()


def test_nobody_edits_macros_of_others(desk, other_agent):
    macro = MacroFactory(owner=other_agent)
    assert desk.get(f"/desk/me/macros/{macro.pk}/").status_code == 404
    assert desk.post(f"/desk/me/macros/{macro.pk}/drop/").status_code == 404


def test_articles_in_another_language_say_so(desk, topic, thread_of, monkeypatch):
    from helpcenter.search import asking
    from helpcenter.search.queries import Answer, Result
    from tests.helpcenter.factories import ArticleFactory

    article = ArticleFactory(slug="minimum-deposit")
    card = {"title": "Minimum deposit", "summary": "", "published_at": timezone.now().isoformat()}
    card |= {"minutes": 1, "steps": 0, "outdated": []}
    type(article).objects.filter(pk=article.pk).update(languages_published=1, cards={"en": card})
    found = Answer([Result(article.pk, "en", "faq", 1, 1.0)], Stage.ALL_WORDS, None)
    monkeypatch.setattr(asking, "ask", lambda *args, **values: found)
    ticket = TicketFactory(topic=topic, language="ko")
    assert "EN only" in desk.get(thread_of(ticket, "articles")).content.decode()
    assert "Minimum deposit" in desk.get(thread_of(ticket), {"article": article.pk}).context["box"].body
