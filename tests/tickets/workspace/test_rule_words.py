"""What the rules of triage say beside a ticket is said in the agent's language, as far as it ships."""

import pytest
import yaml
from django.utils import timezone
from django.utils.translation import override

from tickets.access import Access
from tickets.actions.shipped_rows import FOLDER
from tickets.models import TicketTriage, TopicField, TriageRule
from tickets.workspace import panels
from tickets.workspace.rule_words import SHIPPED, said

NO_SCORE = {"score": 0.0, "margin": 0.0}


def test_all_that_rules_of_urgency_say_is_known():
    rules = yaml.safe_load((FOLDER / "triage.yaml").read_text(encoding="utf-8"))["triage"]
    urgent = [rule for rule in rules if rule["kind"] == "urgency"]
    assert set(SHIPPED) == {rule[name] for rule in urgent for name in ("name", "advice") if rule.get(name)}


def test_what_staff_have_written_is_shown_as_it_is():
    with override("ar"):
        assert [said(words) for words in ("", "Text", "Our own rule")] == ["", "Text", "Our own rule"]


@pytest.mark.django_db
def test_the_reason_of_a_priority_is_told_in_the_language_of_the_agent(ticket, agent):
    rule = TriageRule.objects.create(key="large", kind="urgency", name="A large amount is missing", priority="urgent")
    TopicField.objects.create(topic=ticket.topic, key="sum", kind="amount", label_en="Amount", label_ar="المبلغ")
    found = [{"rule": rule.key, "words": "", "field": name} for name in ("topic", "sum", "gone")]
    TicketTriage.objects.update_or_create(
        ticket=ticket, defaults={"deciding": [rule.key], "signals": found, **NO_SCORE}
    )
    with override("ar"):
        told = panels.side(ticket, access=Access(user=agent), now=timezone.now())["triaged"]
    assert [(reason.name, reason.words) for reason in told.reasons] == [
        ("مبلغ كبير لم يصل", ("الموضوع", "المبلغ", "gone"))
    ]
