"""The demo's support desk: tickets at every stage, from `fixtures/desk/tickets.yaml`.

Everything happens by the actions of the desk, which know one time only: now. So what has happened on a ticket is moved
into the past before the next thing happens (`let_pass`); the clocks see the same distances as they would have in life.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageDraw

from supportdesk.accounts.models import User
from supportdesk.management import demo_cast
from supportdesk.management.demo_cast import Desk
from supportdesk.outbox import delivery
from tickets import notices, search
from tickets.actions import assigning, consulting, detailing, merging, moving, opening, replying
from tickets.actions import rating as rating_actions
from tickets.attachments import Examined, examine
from tickets.enums import FAR, REOPEN_FOR, UNDO, EventKind, Priority, Status
from tickets.models import (
    Attachment,
    Clock,
    Mention,
    Message,
    Rating,
    SideConversation,
    SideMessage,
    Ticket,
    TicketEvent,
)

MARK = "demo:"  # begins the token of every ticket that comes from here
UNTOUCHED = ("new", "soon", "late")
ANSWERED = ("pending", "back", "back_late", "solved", "closed")
OVERDUE = ("late", "back_late")
ENDED = ("solved", "closed")
TOLD = (EventKind.MENTIONED, EventKind.CONSULTED, EventKind.CONSULT_ANSWERED)
MINUTE = timedelta(minutes=1)
# Minutes until the first answer, by priority: most within the promise, some after it
FIRST_ANSWER = {Priority.URGENT: (3, 17), Priority.HIGH: (8, 66), Priority.NORMAL: (20, 200), Priority.LOW: (30, 420)}
# Where moments of a ticket are stored, and how each table finds the ticket; those below only where the file has it so
STORED: dict[type[models.Model], str] = {Ticket: "pk", Message: "ticket", TicketEvent: "ticket", Clock: "ticket"}
SELDOM: dict[str, dict[type[models.Model], str]] = {
    "picture": {Attachment: "ticket"},
    "mention": {Mention: "ticket"},
    "question": {SideConversation: "ticket", SideMessage: "conversation__ticket"},
}
RATED: dict[type[models.Model], str] = {Rating: "ticket"}


@dataclass(frozen=True)
class Part:
    """One ticket that a conversation becomes; `number` counts within it."""

    said: Mapping[str, Any]
    course: str
    subject: str
    number: int
    place: int  # of the conversation in the file

    @property
    def token(self) -> str:
        return f"{MARK}{self.place}:{self.number}"

    @property
    def stored(self) -> dict[type[models.Model], str]:
        """The tables that this ticket gets into."""
        found = STORED | (RATED if self.course in ENDED else {})
        for key, tables in SELDOM.items():
            found |= tables if key in self.said else {}
        return found


@dataclass
class Story:
    """A ticket on its way, with those that move through time together with it."""

    part: Part
    dice: Random
    ticket: Ticket
    customer: User
    agent: Any
    words: Mapping[str, str]
    tickets: list[Ticket]

    def text(self, place: int) -> str:
        return filled(self.part.said["says"][place], self.words)

    def between(self, least: float, most: float) -> timedelta:
        """A number of minutes, in whole seconds: clocks count no parts of one."""
        return timedelta(seconds=round(self.dice.uniform(least, most) * 60))

    def wait(self, gap: timedelta) -> None:
        let_pass(gap, self.tickets, self.part.stored)
        self.ticket.refresh_from_db()


@transaction.atomic
def load(file: Path, *, only: Callable[[Part], bool] = lambda part: True) -> int:
    """Fill the support desk, once; returns how many conversations were told. People and topics are there already.
    Nothing is owed to anybody afterwards: no mail goes out because of the demo."""
    if Ticket.objects.filter(submission_token__startswith=MARK).exists():
        return 0
    source: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    chosen = [part for part in parts(source["conversations"]) if only(part)]
    with delivery.owing_nothing():
        desk = demo_cast.prepared(source)
        for part in chosen:
            tell(part, desk)
        ring_bells()
    search.keep(Ticket.objects.values_list("pk", flat=True))
    return len(chosen)


def parts(conversations: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    """The tickets of each conversation; every second one has a past that happened twice."""
    for place, said in enumerate(conversations):
        rows = [(str(course), str(subject)) for course, subject in said["subjects"]]
        rows += [row for row in rows if row[0] == "closed" and place % 2]
        for number, (course, subject) in enumerate(rows):
            yield Part(said, course, subject, number, place)


# What happens on a ticket


def tell(part: Part, desk: Desk) -> Story:
    """Open a ticket and bring it as far as its course says; then it gets its age."""
    story = begun(part, desk)
    if part.course == "spam":
        moving.mark_spam(story.ticket, by=desk.lead)
    elif part.course not in UNTOUCHED:
        work_on(story, desk)
    story.wait(last_gap(story))
    return story


def begun(part: Part, desk: Desk) -> Story:
    dice = Random(part.token)  # noqa: S311 - the same desk every time
    said, language = part.said, part.said["language"]
    names = desk.people[language]
    asker = desk.trader if is_first(part, said.get("trader")) else names[(part.place + part.number) % len(names)]
    words = words_of(dice, timezone.now())
    request = opening.Request(
        topic=desk.topics[said["topic"]],
        subject=filled(part.subject, words),
        body=filled(said["says"][0], words),
        language=language,
        details={key: filled(value, words) for key, value in said["details"].items()},
        token=part.token,
        files=[picture(said["picture"])] if part.number == 0 and "picture" in said else (),
    )
    ticket = opening.open_ticket(request, by=asker)
    return Story(part, dice, ticket, asker, desk.works_on(ticket), words, [ticket])


def is_first(part: Part, course: str | None) -> bool:
    """Whether a ticket is the first of its conversation that took this course."""
    courses = [row[0] for row in part.said["subjects"]]
    return course in courses and part.number == courses.index(course)


def work_on(story: Story, desk: Desk) -> None:
    story.wait(story.between(*FIRST_ANSWER[Priority(story.ticket.priority)]) / 2)
    assigning.take(story.ticket, by=story.agent)
    if tags := story.part.said.get("tags"):
        detailing.tag_ticket(story.ticket, tags, by=story.agent)
    if "note" in story.part.said and story.part.number == first_touched(story.part):
        note(story)
    if story.part.course == "taken" and "again" in story.part.said:
        merge_again(story)
    if story.part.course in ("held", "consulted"):
        ask(story, desk)
    if story.part.course in ANSWERED:
        answer(story)


def first_touched(part: Part) -> int:
    return next(number for number, row in enumerate(part.said["subjects"]) if row[0] not in UNTOUCHED)


def note(story: Story) -> None:
    called = User.objects.filter(email=story.part.said.get("mention"))
    replying.write_note(story.ticket, story.part.said["note"], by=story.agent, mentions=called)
    story.wait(story.between(1, 3))


def merge_again(story: Story) -> None:
    """The same person writes a second time, and an agent brings the two together."""
    subject, body = (filled(text, story.words) for text in story.part.said["again"])
    request = opening.Request(
        topic=story.ticket.topic,
        subject=subject,
        body=body,
        language=story.ticket.language,
        token=f"{story.part.token}:again",
    )
    second = opening.open_ticket(request, by=story.customer)
    story.tickets.append(second)
    story.wait(story.between(2, 4))
    merging.merge(second, story.ticket, by=story.agent)


def ask(story: Story, desk: Desk) -> None:
    """A question to a department, which has answered or not."""
    asked = story.part.said["question"]
    department = desk.departments[asked["department"]]
    conversation = consulting.ask_department(
        story.ticket,
        department,
        by=story.agent,
        subject=asked["subject"],
        body=asked["body"],
        excerpts=story.ticket.messages.all(),
        holds=True,
    )
    if story.part.course == "consulted":
        story.wait(story.between(8, 25))
        conversation.refresh_from_db()
        colleague = desk.colleague(department, but=story.agent)
        consulting.write_in_conversation(conversation, asked["answer"], by=colleague)
        story.ticket.refresh_from_db()


def answer(story: Story) -> None:
    """The desk answers, and where it asked something the customer answers, as far as the course goes."""
    story.wait(story.between(*FIRST_ANSWER[Priority(story.ticket.priority)]) / 2)
    asks = len(story.part.said["says"]) > 2
    say(story, story.text(1), then=Status.PENDING if asks else Status.SOLVED)
    if asks and story.part.course != "pending":
        story.wait(story.between(5, 600))
        replying.write_to_ticket(story.ticket, story.text(2), by=story.customer)
    if story.part.course in ENDED:
        if asks:
            story.wait(story.between(6, 110))
            say(story, story.text(3), then=Status.SOLVED)
        end(story)


def say(story: Story, body: str, *, then: Status) -> None:
    """A reply that has gone out."""
    message = replying.reply(story.ticket, body, by=story.agent, then=then)
    story.wait(UNDO)
    replying.release_reply(message.pk)
    story.ticket.refresh_from_db()


def end(story: Story) -> None:
    """Rated by some, and closed after a week."""
    rating_actions.ask_rating(story.ticket)
    story.wait(story.between(20, 300))
    score, comment = rated(story)
    if score:
        rating_actions.rate(story.ticket, score, by=story.customer, comment=comment)
    if story.part.course == "closed":
        story.wait(REOPEN_FOR)
        moving.close_solved()
        story.ticket.refresh_from_db()
        come_back(story)


def rated(story: Story) -> tuple[int, str]:
    """The score and the comment of the file for the first that is solved, mostly good scores for some others."""
    if is_first(story.part, "solved") and "rating" in story.part.said:
        score, comment = story.part.said["rating"]
        return score, comment
    return (story.dice.choice((3, 4, 4, 5, 5, 5)) if story.dice.random() < 0.5 else 0), ""


def come_back(story: Story) -> None:
    """A closed ticket is followed by a new one when its customer writes again."""
    if "afterwards" in story.part.said and is_first(story.part, "closed"):
        message = replying.write_to_ticket(story.ticket, story.part.said["afterwards"], by=story.customer)
        story.tickets.append(message.ticket)


def last_gap(story: Story) -> timedelta:
    """How long ago the last event is to be, so that the ticket is as near to its due time as its story says."""
    course, left = story.part.course, story.ticket.next_due_at - timezone.now()
    if len(story.tickets) > 1:
        return story.between(10, 25)
    if course in OVERDUE:
        return whole(left) + story.between(6, 200)
    if course == "soon":
        return max(whole(left) - story.between(4, 27), MINUTE)
    hours = {"pending": (1, 40), "solved": (1, 140), "closed": (2, 900), "spam": (2, 200)}.get(course)
    if hours:
        return story.between(hours[0] * 60, hours[1] * 60)
    return max(whole(left * story.dice.uniform(0.08, 0.45)), MINUTE)


def whole(span: timedelta) -> timedelta:
    return timedelta(seconds=int(span.total_seconds()))


def let_pass(gap: timedelta, tickets: Sequence[Ticket], tables: Mapping[type[models.Model], str]) -> None:
    """Move all that is stored of tickets into the past by one distance, so that as much time has gone by for them. The
    one place where the demo touches times; a due time that never comes stays where it is."""
    gap, numbers = whole(gap), [ticket.pk for ticket in tickets]
    for model, way in tables.items():
        rows = model._default_manager.filter(**{f"{way}__in": numbers})
        moments = [row.name for row in model._meta.concrete_fields if isinstance(row, models.DateTimeField)]
        # Events are append-only for everybody else, so their own `update` refuses.
        models.QuerySet.update(rows, **{name: F(name) - gap for name in moments})
    Ticket.objects.filter(pk__in=numbers, next_due_at__gt=FAR - timedelta(days=3650)).update(next_due_at=FAR)


def ring_bells() -> None:
    """Tell the agents in the product itself who was called and asked, as the outbox would have."""
    for event in TicketEvent.objects.filter(kind__in=TOLD, ticket__submission_token__startswith=MARK):
        notices.tell(event.pk)


# What differs from ticket to ticket


def words_of(dice: Random, now: datetime) -> dict[str, str]:
    """Amount, order and transaction of a ticket, and a time some hours ago."""
    return {
        "amount": str(dice.choice((180, 240, 350, 480, 620, 900, 1250, 1800, 2500, 3200, 4700, 6400))),
        "order": str(dice.randrange(48_000_000, 49_999_999)),
        "tx": f"{dice.getrandbits(256):064x}",
        "time": f"{now - timedelta(minutes=dice.randrange(200, 420)):%H:%M}",
    }


def filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def picture(name: str) -> Examined:
    """A screenshot as somebody would attach it: a page with lines that nobody can read."""
    page = Image.new("RGB", (640, 300), "#f6f7f9")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 640, 44), fill="#1d3557")
    for row in range(6):
        pen.rectangle((28, 70 + row * 36, 28 + 140 + row % 3 * 40, 82 + row * 36), fill="#c5cbd5")
        pen.rectangle((300, 70 + row * 36, 300 + 290 - row % 4 * 50, 82 + row * 36), fill="#8d99ae")
    data = BytesIO()
    page.save(data, "PNG")
    return examine(name, data.getvalue(), "image/png")
