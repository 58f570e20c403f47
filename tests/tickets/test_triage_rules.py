"""Rules of triage as rows: what is shipped comes once and stays as staff left it, what cannot be looked for is refused
with its line, each change counts at once, and a text can be tried without being kept."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.tickets import some_rows
from tests.tickets.factories import TopicFactory
from tests.tickets.shipped_rules import FILE, entries
from tickets.actions import triaging
from tickets.enums import Priority, RuleKind
from tickets.errors import InvalidInput
from tickets.models import TriageGeneration, TriagePhrases, TriageRule
from tickets.triage import classify

pytestmark = pytest.mark.django_db
TRY = reverse("admin:tickets_triagerule_try")


@pytest.fixture
def rule(topic):
    made = TriageRule.objects.create(key="deposits", name="Deposit", topic=topic, weight=3)
    TriagePhrases.objects.create(rule=made, language="en", lines="deposit*")
    triaging.rules_changed()
    return made


@pytest.fixture
def lead(team_lead):
    client = Client()
    client.force_login(team_lead)
    return client


def best_topic(text):
    return classify(text, "en", {}, triaging.rules()).best_topic


def test_what_is_shipped_comes_once_and_stays_as_staff_left_it():
    some_rows.add_shipped_rows(FILE.parent)
    assert some_rows.add_shipped_triage(FILE.parent) == len(entries())
    TriageRule.objects.filter(key="how_to").update(name="Asks")
    TriageRule.objects.get(key="legal").delete()
    assert some_rows.add_shipped_triage(FILE.parent) == 0
    assert TriageRule.objects.get(key="how_to").name == "Asks"
    assert not TriageRule.objects.filter(key="legal").exists()
    assert best_topic("My withdrawal has not arrived") == "withdrawals"


def test_a_fault_of_the_file_names_its_place(tmp_path, topic):
    (tmp_path / "triage.yaml").write_text(
        "triage:\n  - {key: x, kind: topic, name: X, topic: deposits, phrases: {en: 'deposit … '}}\n"
    )
    with pytest.raises(InvalidInput, match=r"triage\.yaml, x, phrases.*Line 1"):
        some_rows.add_shipped_triage(tmp_path)
    assert not TriageRule.objects.exists()


def test_rules_are_prepared_once_for_each_state(rule, django_assert_num_queries):
    triaging.rules()
    with django_assert_num_queries(1):
        assert triaging.rules().by_key
    before = TriageGeneration.objects.get().mark
    triaging.rules_changed()
    assert TriageGeneration.objects.get().mark != before


def test_a_rule_that_is_not_in_use_finds_nothing(rule):
    assert best_topic("deposit") == "deposits"
    TriageRule.objects.update(is_active=False)
    triaging.rules_changed()
    assert best_topic("deposit") == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": RuleKind.TOPIC}, "topic"),
        ({"kind": RuleKind.URGENCY}, "priority"),
        ({"kind": RuleKind.HINT, "needs": "nobody"}, "needs"),
        ({"kind": RuleKind.HINT, "needs": "x"}, "needs"),  # itself
        ({"kind": RuleKind.HINT, "weight": 21}, "weight"),
    ],
)
def test_a_rule_without_what_it_needs_is_refused(values, field):
    with pytest.raises(ValidationError) as refused:
        TriageRule(key="x", name="X", **values).full_clean()
    assert field in refused.value.message_dict


# In the admin


def form_of(rule, lines):
    return {
        "key": rule.key,
        "name": rule.name,
        "kind": rule.kind,
        "topic": rule.topic_id,
        "weight": 3,
        "order": 0,
        "is_active": "on",
        "phrases-TOTAL_FORMS": 1,
        "phrases-INITIAL_FORMS": 1,
        "phrases-0-id": rule.phrases.get().pk,
        "phrases-0-rule": rule.pk,
        "phrases-0-language": "en",
        "phrases-0-lines": lines,
    }


def test_a_change_in_the_admin_counts_at_once(rule, lead):
    assert best_topic("top-up") == ""
    page = lead.post(reverse("admin:tickets_triagerule_change", args=[rule.pk]), form_of(rule, "deposit*\ntop-up"))
    assert page.status_code == 302
    assert best_topic("top-up") == "deposits"


def test_a_line_that_cannot_be_looked_for_is_named_and_kept(rule, lead):
    address = reverse("admin:tickets_triagerule_change", args=[rule.pk])
    page = lead.post(address, form_of(rule, "deposit*\n… late"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Line 2, “… late”" in text
    assert "… late</textarea>" in text
    assert rule.phrases.get().lines == "deposit*"


@pytest.mark.parametrize("together", [True, False])
def test_a_removed_rule_finds_nothing_any_more(rule, lead, together):
    assert best_topic("deposit") == "deposits"
    if together:
        chosen = {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"}
        lead.post(reverse("admin:tickets_triagerule_changelist"), chosen)
    else:
        lead.post(reverse("admin:tickets_triagerule_delete", args=[rule.pk]), {"post": "yes"})
    assert best_topic("deposit") == ""


def test_a_text_is_tried_and_not_kept(rule, lead):
    TriageRule.objects.create(key="x", name="Raises", kind=RuleKind.URGENCY, priority=Priority.URGENT)
    TriagePhrases.objects.create(rule=TriageRule.objects.get(key="x"), language="en", lines="gone")
    triaging.rules_changed()
    text = lead.post(TRY, {"text": "My <b>deposit</b> is gone", "language": "en", "topic": ""}).content.decode()
    assert "&lt;b&gt;<mark>deposit</mark>&lt;/b&gt;" in text
    assert "<mark>gone</mark>" in text
    assert "Urgent · <bdi>Raises</bdi>" in text
    assert "My deposit has not arrived" in text  # the topic's name


@pytest.mark.parametrize("values", [{}, {"text": "x", "language": "xx"}, {"text": "x" * 8001, "language": "en"}])
def test_what_cannot_be_tried_is_said(rule, lead, values):
    page = lead.post(TRY, values)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()


def test_the_page_to_try_a_text_is_for_leads(agent, person):
    for user in (agent, person("Content editors")):
        client = Client()
        client.force_login(user)
        assert client.get(TRY).status_code == 403
    assert Client().get(TRY).status_code == 302


def test_a_topic_with_a_rule_can_be_removed_with_it(rule):
    other = TopicFactory(key="gone")
    TriageRule.objects.create(key="gone", name="Gone", topic=other)
    other.delete()
    assert list(TriageRule.objects.values_list("key", flat=True)) == ["deposits"]
