"""Triage on tickets: what a request begins with, why, and what becomes of it when an agent knows better."""

import pytest
from django.test import Client

from tests.tickets import some_rows
from tests.tickets.channels import raw
from tests.tickets.factories import DepartmentFactory, TicketFactory, TopicFactory, request
from tickets.actions import detailing, opening, redacting, triaging
from tickets.channels.actions.receiving import Envelope, receive
from tickets.enums import Channel, Priority
from tickets.models import TicketTriage, TriageLabel, TriagePhrases, TriageRule

pytestmark = pytest.mark.django_db


def add_rule(key, lines, **values):
    rule = TriageRule.objects.create(key=key, name=key.title(), **{"kind": "urgency", **values})
    for language, text in lines.items():
        TriagePhrases.objects.create(rule=rule, language=language, lines=text)
    triaging.rules_changed()
    return rule


@pytest.fixture
def rules(topic):
    """A small set: deposits by their words, break-ins urgent, courts to compliance, questions low."""
    security = TopicFactory(key="security", name_en="Security", priority=Priority.URGENT)
    TopicFactory(key="other", name_en="Something else")
    compliance = DepartmentFactory(key="compliance", name="Compliance", is_discreet=True)
    add_rule("deposits", {"en": "3: deposit*", "ko": "3: 입금"}, kind="topic", topic=topic)
    add_rule(
        "break-in", {"en": "hacked", "form": "incident=order"}, priority="urgent", topic=security, advice="Freeze."
    )
    add_rule("court", {"en": "lawyer"}, priority="high", department=compliance)
    add_rule("how-to", {"en": "how_do … deposit"}, priority="low")


def opened(trader, topic, **values):
    return opening.open_ticket(request(topic, **values), by=trader)


def test_urgency_raises_the_topics_priority(rules, trader, topic):
    ticket = opened(trader, topic, body="My account was hacked.")
    assert (ticket.topic, ticket.priority) == (topic, Priority.URGENT)
    found = ticket.triage
    assert (found.chosen_topic, found.priority, found.deciding) == ("deposits", "urgent", ["break-in"])
    signal = next(one for one in found.signals if one["rule"] == "break-in")
    said = f"{ticket.subject}\n{ticket.messages.get().body}"
    assert said[signal["start"] : signal["end"]] == signal["words"] == "hacked"


def test_answers_of_the_form_count(rules, trader, topic):
    assert opened(trader, topic, details={"incident": "order"}).priority == Priority.URGENT
    assert opened(trader, topic, details={"incident": "none"}, token="2").priority == topic.priority


def test_a_question_is_low_and_courts_go_to_compliance(rules, trader, topic):
    assert opened(trader, topic, subject="Q", body="How do I deposit?").priority == Priority.LOW
    ticket = opened(trader, topic, body="My lawyer knows. How do I deposit?", token="2")
    assert (ticket.priority, ticket.department.key) == (Priority.HIGH, "compliance")
    assert ticket.department_since == ticket.created_at


def test_a_desk_without_rules_works_as_before(trader, topic):
    ticket = opened(trader, topic, body="hacked")
    assert ticket.priority == topic.priority
    assert not TicketTriage.objects.exists()


def test_another_script_than_the_forms_is_the_tickets_language(rules, trader, topic):
    assert opened(trader, topic, subject="입금", body="입금이 안 들어왔어요").language == "ko"
    assert opened(trader, topic, subject="Bonjour", body="Je ne suis pas arrivé à le faire", token="2").language == "en"
    hant = opened(trader, topic, subject="问题", body="请问这是为什么", language="zh-hant", token="3")
    assert (hant.language, hant.triage.language) == ("zh-hant", "zh-hans")


def test_a_guests_request_is_triaged_when_the_address_is_proven(rules, topic):
    pending = opening.hold_request(request(topic, body="I was hacked."), email="new@example.com")
    assert opening.prove_address(pending).priority == Priority.URGENT


def test_two_statements_more_than_without(rules, trader, topic, django_assert_max_num_queries):
    opened(trader, topic, token="warm")
    with django_assert_max_num_queries(10):  # the state of the rules before it, the findings in it
        opened(trader, topic, token="counted")


# Mail


def mail(trader, **values):
    values = {"sender": f"Toma <{trader.email}>", **values}
    row = receive(raw.mail(**values), envelope=Envelope(trader.email, ("help@support.example",)))
    return row.ticket


def test_a_mail_gets_the_topic_that_its_words_are_clear_about(rules, trader, topic):
    ticket = mail(trader, subject="Question", text="My deposit is late, please look.")
    assert (ticket.channel, ticket.topic, ticket.triage.needs_person) == (Channel.EMAIL, topic, False)


def test_a_mail_that_is_not_clear_is_left_to_a_person(rules, trader, agent, topic):
    ticket = mail(trader, subject="Hello", text="Please call me.")
    assert (ticket.topic.key, ticket.triage.needs_person) == ("other", True)
    detailing.change_details(ticket, by=agent, topic=topic)
    assert not TicketTriage.objects.get(ticket=ticket).needs_person


def test_a_mail_has_the_language_of_its_words(rules, trader):
    ticket = mail(trader, subject="입금 문의", text="입금이 아직 안 들어왔습니다.")
    assert (ticket.language, ticket.messages.get().language) == ("ko", "ko")


# What an agent makes of it


def test_a_correction_becomes_a_label(rules, ticket, trader, agent):
    fees = TopicFactory(key="fees")
    found = opened(trader, ticket.topic, body="My deposit", token="label")
    detailing.change_details(found, by=agent, topic=fees, priority=Priority.LOW, language="ja", subject="Other")
    labels = TriageLabel.objects.filter(ticket=found).order_by("field").values_list("field", "proposed", "chosen", "by")
    assert list(labels) == [
        ("language", "en", "ja", agent.pk),
        ("priority", found.triage.priority, "low", agent.pk),
        ("topic", "deposits", "fees", agent.pk),
    ]


def test_what_was_not_triaged_leaves_no_label(ticket, agent):
    detailing.change_details(ticket, by=agent, priority=Priority.LOW)
    assert not TriageLabel.objects.exists()


def test_a_redacted_word_leaves_the_findings_too(rules, trader, agent, topic):
    add_rule("gap", {"en": "key … lost"}, priority="high")
    ticket = opened(trader, topic, body="My key abcd1234 is lost")
    redacting.redact_message(ticket.messages.get(), ["abcd1234"], by=agent)
    assert "abcd1234" not in str(TicketTriage.objects.get(ticket=ticket).signals)


def test_agents_read_why(rules, trader, agent, topic):
    ticket = opened(trader, topic, body="My account was <i>hacked</i>")
    client = Client()
    client.force_login(agent)
    text = client.get(f"/desk/tickets/{ticket.public_id}/side/").content.decode()
    assert "Why this priority" in text
    assert '<mark class="xs" dir="auto">hacked</mark>' in text
    assert "Freeze." in text


def test_the_shipped_rules_fit_the_shipped_topics(settings, trader):
    folder = settings.BASE_DIR / "fixtures" / "desk"
    some_rows.add_shipped_rows(folder)
    some_rows.add_shipped_triage(folder)
    ticket = mail(trader, subject="提币", text="我的账户被盗了，有人提走了我的币，请马上冻结。")
    assert (ticket.topic.key, ticket.priority, ticket.department.key) == ("security", Priority.URGENT, "security")
    assert ticket.language == "zh-hans"


def test_triage_costs_a_list_nothing(rules, trader, agent, topic, django_assert_max_num_queries):
    for number in range(30):
        TicketFactory(by=trader, topic=topic, token=str(number), body="hacked")
    client = Client()
    client.force_login(agent)
    client.get("/desk/")
    with django_assert_max_num_queries(14):
        client.get("/desk/")
