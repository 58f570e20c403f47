"""The support desk of the demo: what its file says in twelve languages, and the desk that comes of it."""

import re
from io import StringIO
from string import Formatter

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from supportdesk import guard
from supportdesk.accounts.models import User
from supportdesk.management import demo_tickets
from supportdesk.management.commands import demo
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox
from supportdesk.ui.languages import content_languages
from tests.tickets import some_rows
from tests.tickets.test_shipped_rows import holds, rejected
from tickets.access import Access
from tickets.actions import guarding
from tickets.enums import FAR, UNSOLVED, Delivery, FieldKind, Status
from tickets.models import (
    Agent,
    Attachment,
    Message,
    Rating,
    SavedView,
    SideConversation,
    Ticket,
    TicketEvent,
)
from tickets.models.mention import Mention

FIXTURES = settings.BASE_DIR / "fixtures"
FILE = FIXTURES / "desk" / "tickets.yaml"
SOURCE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CONVERSATIONS = SOURCE["conversations"]
PARTS = list(demo_tickets.parts(CONVERSATIONS))
COURSES = {
    "new", "soon", "late", "taken", "pending", "back", "back_late", "held", "consulted", "solved", "closed", "spam",
}  # fmt: skip
SHIPPED = yaml.safe_load((FIXTURES / "desk" / "topics.yaml").read_text(encoding="utf-8"))
each = pytest.mark.parametrize("said", CONVERSATIONS, ids=lambda said: f"{said['language']}-{said['topic']}")
WORDS = {"amount": "2500", "order": "48123456", "tx": "5" * 64, "time": "21:40"}


def texts(said):
    """What a customer and the desk say to one another."""
    extra = [*said.get("again", ()), said.get("afterwards", "")]
    return [*said["says"], *(subject for _, subject in said["subjects"]), *filter(None, extra)]


def staff_texts(said):
    asked = said.get("question", {})
    return [text for text in (said.get("note"), asked.get("subject"), asked.get("body"), asked.get("answer")) if text]


# The file


def test_every_language_and_every_topic_is_there():
    assert {said["language"] for said in CONVERSATIONS} == set(content_languages()) == set(SOURCE["people"])
    assert {said["topic"] for said in CONVERSATIONS} == {topic["key"] for topic in SHIPPED["topics"]}
    assert {part.course for part in PARTS} == COURSES
    assert 55 <= len(CONVERSATIONS) <= 70
    assert 180 <= len(PARTS) <= 220


def test_every_language_has_more_than_one_topic():
    for language in content_languages():
        assert len({said["topic"] for said in CONVERSATIONS if said["language"] == language}) >= 4, language


@each
def test_a_conversation_can_be_told_as_far_as_its_subjects_say(said):
    courses = {course for course, _ in said["subjects"]}
    assert len(said["says"]) in (1, 2, 4)
    assert len(said["says"]) == 4 or not courses & {"pending", "back", "back_late"}
    assert len(said["says"]) > 1 or courses <= {"new", "spam"}
    assert "question" in said or not courses & {"held", "consulted"}
    assert said.get("trader", "new") in courses | {"new"}
    assert "again" not in said or "taken" in courses
    assert "afterwards" not in said or "closed" in courses


@each
def test_an_answer_that_waits_for_the_customer_asks_something(said):
    assert len(said["says"]) < 4 or re.search("[?？؟]", said["says"][1])


@each
def test_texts_are_of_a_length_that_people_write(said):
    for text in said["says"]:
        assert 15 <= len(text) <= 700, text
    for _, subject in said["subjects"]:
        assert 4 <= len(subject) <= 90, subject


@each
def test_gaps_in_texts_are_known_and_filled(said):
    for text in [*texts(said), *said["details"].values()]:
        assert {name for _, name, _, _ in Formatter().parse(text) if name is not None} <= set(WORDS), text
        assert "{" not in demo_tickets.filled(text, WORDS)


@each
def test_details_answer_fields_of_the_topic(said):
    topic = next(row for row in SHIPPED["topics"] if row["key"] == said["topic"])
    fields = {SHIPPED["fields"][name].get("key", name): SHIPPED["fields"][name] for name in topic["fields"]}
    assert set(said["details"]) <= set(fields)
    for key, value in said["details"].items():
        if fields[key]["kind"] == FieldKind.CHOICE:
            choices = [choice["value"] if isinstance(choice, dict) else choice for choice in fields[key]["choices"]]
            assert value in choices, (key, value)


@each
def test_the_guard_finds_nothing(said):
    for text in [*texts(said), *staff_texts(said), *said["details"].values()]:
        assert guard.findings(demo_tickets.filled(text, WORDS)) == (), text
    for text in said["says"][1::2]:
        assert guarding.outgoing(demo_tickets.filled(text, WORDS))
        assert not guard.asks_document(text), text


@each
def test_no_variant_that_the_glossary_rejects(said):
    words = [word for code, word in rejected() if code == said["language"]]
    assert [(word, text) for text in texts(said) for word in words if holds(text, word)] == []


def test_who_is_called_and_asked_is_there():
    known = {email for email, *_ in demo.CAST}
    agents = {row["email"] for row in SOURCE["agents"]}
    assert agents | {SOURCE["lead"], SOURCE["trader"]} <= known
    assert len(agents) == 6
    assert {said["mention"] for said in CONVERSATIONS if "mention" in said} <= agents
    assert {key for row in SOURCE["agents"] for key in row["departments"]} == {
        "payments", "risk", "engineering", "compliance", "security",
    }  # fmt: skip


# The desk


def is_told(part):
    """A part of the file that has every course, and all that is seldom."""
    return part.said["language"] == "en" or part.course in ("back_late", "soon")


@pytest.fixture
def cast(db):
    some_rows.add_shipped_rows(FIXTURES / "desk")
    demo.Command().create_people()


@pytest.fixture
def told(cast):
    return demo_tickets.load(FILE, only=is_told)


def test_a_desk_at_work(told):
    now = timezone.now()
    assert told == len([part for part in PARTS if is_told(part)])
    assert {ticket.status for ticket in Ticket.objects.all()} == set(Status)
    unsolved = Ticket.objects.unsolved()
    assert unsolved.overdue(now).count() >= 4
    assert unsolved.filter(next_due_at__gt=now, next_due_at__lt=now + 30 * demo_tickets.MINUTE).count() >= 4
    assert_clocks_fit(now)
    assert_all_is_past(now)
    assert_the_seldom_is_there()
    assert_nothing_is_owed()
    assert_the_trader_has_four()
    assert demo_tickets.load(FILE, only=is_told) == 0


def assert_clocks_fit(now):
    for ticket in Ticket.objects.prefetch_related("clocks"):
        running = [clock.due_at for clock in ticket.clocks.all() if is_running(clock)]
        assert ticket.next_due_at == min(running, default=FAR), ticket
        assert ticket.status in UNSOLVED or not running, ticket
        for clock in ticket.clocks.all():
            assert clock.started_at <= (clock.satisfied_at or now), clock


def is_running(clock):
    return clock.satisfied_at is None and not clock.void_reason and clock.running_since is not None


def assert_all_is_past(now):
    """What has happened did so in its order, and before now."""
    for ticket in Ticket.objects.prefetch_related("events", "messages"):
        events = sorted(ticket.events.all(), key=lambda event: event.pk)
        assert [event.at for event in events] == sorted(event.at for event in events), ticket
        assert events[-1].at <= now
        assert abs((ticket.created_at - events[0].at).total_seconds()) < 1
        messages = list(ticket.messages.all())
        assert all(ticket.created_at - demo_tickets.MINUTE * 60 <= message.created_at <= now for message in messages)
        assert ticket.revisit_at is None or ticket.revisit_at > now
    for rating in Rating.objects.select_related("ticket"):
        assert rating.ticket.solved_at <= rating.asked_at <= (rating.rated_at or now)


def assert_the_seldom_is_there():
    assert Message.objects.held().count() == 0
    assert not Message.objects.exclude(delivery=Delivery.SENT).exists()
    assert Attachment.objects.count() == 2
    assert Mention.objects.count() == 1
    assert Ticket.objects.filter(merged_into__isnull=False).count() == 1
    assert Ticket.objects.filter(follows__isnull=False).count() == 1
    assert Rating.objects.filter(score__isnull=False).exclude(comment="").exists()
    assert {asked.answered_at is None for asked in SideConversation.objects.all()} == {True, False}
    assert SavedView.objects.filter(owner=None).count() == 3
    assert Agent.objects.exclude(languages=None).count() == 6
    assert Ticket.objects.filter(tags__name="phishing").exists()


def assert_nothing_is_owed():
    assert not Outbox.objects.exists()
    assert TicketEvent.objects.exists()


def assert_the_trader_has_four():
    trader = User.objects.get(email="trader@northgate.example")
    own = Ticket.objects.visible_to(Access.of_trader(trader))
    assert {ticket.status for ticket in own} == {Status.NEW, Status.ON_HOLD, Status.PENDING, Status.SOLVED}
    assert own.count() == 4
    assert not trader.is_staff
    assert trader.check_password(demo.PASSWORD)


def test_the_same_desk_every_time():
    def said():
        dice = [demo_tickets.Random(part.token) for part in PARTS[:20]]
        return [demo_tickets.words_of(die, timezone.now())["tx"] for die in dice]

    assert said() == said()
    assert len(set(said())) == 20


def test_afterwards_deliveries_are_owed_again(db):
    with delivery.owing_nothing():
        delivery.post("reply_due", 1)
    assert not Outbox.objects.exists()
    delivery.post("reply_due", 1)
    assert Outbox.objects.get().event_id == 1


def test_the_desk_and_its_trader_are_named(db):
    out = StringIO()
    demo.Command(stdout=out).print_addresses(8123)
    assert "http://127.0.0.1:8123/desk/ " in out.getvalue()
    assert "http://127.0.0.1:8123/en/tickets/ " in out.getvalue()
    assert "Sam Whitfield, a trader" in out.getvalue()
    assert "Noor Lindqvist, Team leads" in out.getvalue()


def test_a_site_with_a_public_address_gets_no_demo(settings):
    settings.SITE_URL = "https://help.example.com"
    with pytest.raises(demo.CommandError, match="public address"):
        call_command("demo")
