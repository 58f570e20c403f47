"""What the demo's leads find: an incident that can be answered at once, and an article that was put right."""

import pytest
import yaml
from django.conf import settings

from helpcenter.models import Article
from supportdesk import guard
from supportdesk.accounts.models import Notice, User
from supportdesk.management import demo_cast, demo_incident
from supportdesk.management.commands import demo
from supportdesk.outbox.models import Outbox
from tests.helpcenter.factories import ArticleFactory
from tests.tickets import some_rows
from tests.tickets.test_shipped_rows import holds, rejected
from tickets.actions import bulk_planning, guarding
from tickets.models import ArticleChange, Incident, OldAnswer

FIXTURES = settings.BASE_DIR / "fixtures"
FILE, TEXTS = FIXTURES / "desk" / "incident.yaml", FIXTURES / "demo" / "crash_texts.yaml"
SOURCE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
GUIDE = "## 保持连接 {#keep-alive}\n\n1. 每20秒发送一次ping。\n"


@pytest.fixture
def article(db):
    return ArticleFactory(slug=SOURCE["correction"]["article"], texts={"en": "Send a ping.", "zh-hans": GUIDE})


@pytest.fixture
def loaded(article):
    some_rows.add_shipped_rows(FIXTURES / "desk")
    demo.Command().create_people()
    demo_cast.prepared(yaml.safe_load((FIXTURES / "desk" / "tickets.yaml").read_text(encoding="utf-8")))
    Outbox.objects.all().delete()
    assert demo_incident.load(FILE, TEXTS)


def test_an_incident_waits_to_be_answered_and_an_article_was_put_right(loaded, article):
    incident = Incident.objects.get()
    wave = sum(SOURCE["incident"]["wave"].values())
    left = SOURCE["incident"]["left"]
    assert (incident.members.linked().count(), incident.members.candidates().count()) == (wave - left, left)
    lead = User.objects.get(email="desk-lead@northgate.example")
    counts = bulk_planning.dry_run(incident, by=lead).counts
    assert set(counts["languages"]) == {"en", "zh-hans"}
    assert "ja" in counts["missing"]  # written, and nobody has approved it

    assert OldAnswer.objects.open().count() == len(SOURCE["correction"]["tickets"])
    assert ArticleChange.objects.get().part_titles == ["保持连接"]
    text = Article.objects.reading(["zh-hans"]).get().states.get(language="zh-hans").published.body
    assert text.strip() == GUIDE.strip()  # the article is as it was
    assert list(Notice.objects.filter(person=lead).values_list("kind", flat=True)) == ["article_changed"]

    assert not Outbox.objects.exists()
    assert not demo_incident.load(FILE, TEXTS)


def test_its_texts_are_fit_to_be_sent():
    answers = SOURCE["incident"]["answers"]
    asked = [(SOURCE["correction"]["language"], " ".join(row)) for row in SOURCE["correction"]["tickets"]]
    for language, text in [*((code, row["body"]) for code, row in answers.items()), *asked]:
        assert guard.findings(text) == ()
        assert guarding.outgoing(text)
        assert [word for code, word in rejected() if code == language and holds(text, word)] == []
