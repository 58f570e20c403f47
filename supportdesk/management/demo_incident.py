"""What the leads of the demo's desk find, from `fixtures/desk/incident.yaml`: an incident that waits to be answered,
and tickets that were sent an article before it was put right. Told like the other tickets: by the desk's actions, then
moved into the past."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from helpcenter.actions import drafting, publishing
from helpcenter.enums import Significance
from helpcenter.models import Article, ContentEvent, TranslationState
from supportdesk.accounts.models import User
from supportdesk.accounts.requesters import person_of
from supportdesk.management.demo_tickets import MINUTE, STORED, let_pass
from supportdesk.outbox import delivery
from tickets import crash_trace, notices, search
from tickets.actions import (
    assigning,
    incident_texts,
    incidents,
    moving,
    old_answers,
    opening,
    quoting,
    replying,
)
from tickets.crash_trace import Asking
from tickets.enums import UNDO, IncidentKind, Status
from tickets.models import ArticleChange, Incident, Message, Quote, Ticket, Topic

MARK = "demo-lead:"  # begins the token of every ticket that comes from here
DEPOSIT = "deposits"


@transaction.atomic
def load(file: Path, crash_texts: Path) -> bool:
    """Make both, once; False where they are there already. Nothing is owed to anybody because of them."""
    if Ticket.objects.filter(submission_token__startswith=MARK).exists():
        return False
    source = yaml.safe_load(file.read_text(encoding="utf-8"))
    texts = yaml.safe_load(crash_texts.read_text(encoding="utf-8"))
    lead, second = (User.objects.get(email=f"{who}@northgate.example") for who in ("desk-lead", "admin"))
    with delivery.owing_nothing():
        load_incident(source["incident"], texts, lead, second)
        correct_article(source["correction"], lead)
    search.keep(Ticket.objects.filter(submission_token__startswith=MARK).values_list("pk", flat=True))
    return True


# The incident


def load_incident(source: Mapping[str, Any], texts: Mapping[str, Any], lead: User, second: User) -> Incident:
    topics = list(Topic.objects.filter(key__in=source["topics"]))
    tell_wave(source, texts, topics[0])
    incident = incidents.open_incident(
        source["title"],
        by=lead,
        started_at=timezone.now() - source["minutes"] * MINUTE,
        kind=IncidentKind(source["kind"]),
        topics=topics,
        description=source["description"],
        reference=source["reference"],
        reference_language="en",
        keywords=source["keywords"],
    )
    members = incident.members.candidates().best_first().select_related("ticket")
    incidents.link_tickets(incident, [one.ticket for one in members[: members.count() - source["left"]]], by=lead)
    for language, text in source["answers"].items():
        answer = incident_texts.write_answer(incident, language, text["body"], by=lead, title=text["title"])
        if text["is_approved"]:
            incident_texts.approve_answer(answer, by=second)
    notices.tell_of_candidates()
    return incident


def tell_wave(source: Mapping[str, Any], texts: Mapping[str, Any], topic: Topic) -> None:
    """Tickets that came in one after another since it began."""
    askers = list(askings(source["wave"]))
    gap = (source["minutes"] - 6) * MINUTE / len(askers)
    for place, asking in enumerate(askers):
        ticket = ask(asking, place, texts, topic)
        let_pass((len(askers) - place) * gap, [ticket], STORED)


def askings(wave: Mapping[str, int]) -> Iterator[Asking]:
    """The languages take turns."""
    turns = sorted((turn / count, code) for code, count in wave.items() for turn in range(count))
    for number, (_, code) in enumerate(turns):
        yield Asking(str(number), timedelta(0), code, DEPOSIT, tier="", is_same=True)


def ask(asking: Asking, place: int, texts: Mapping[str, Any], topic: Topic) -> Ticket:
    words = crash_trace.written(texts["topics"][DEPOSIT], asking, place, timezone.now())
    names = texts["people"][asking.language]
    asker = person_of(f"wave-{place}@example.com", language=asking.language, name=names[place % len(names)])
    return opened(topic, words.subject, words.body, asking.language, f"wave-{place}", asker)


def opened(topic: Topic, subject: str, body: str, language: str, token: str, by: User) -> Ticket:
    request = opening.Request(topic=topic, subject=subject, body=body, language=language, token=f"{MARK}{token}")
    return opening.open_ticket(request, by=by)


# The old answer


def correct_article(source: Mapping[str, Any], lead: User) -> ArticleChange | None:
    """Publish the wrong text, answer with it, publish the right one: that leaves the article as it was. None where the
    site has no such text."""
    article = Article.objects.reading([]).filter(slug=source["article"]).first()
    states = TranslationState.objects.select_related("published").filter(article=article, language=source["language"])
    public = next((state.published for state in states), None)
    if article is None or public is None:
        return None
    right = drafting.Text(public.title, public.body, public.summary, public.extra)
    wrong = drafting.Text(right.title, right.body.replace(source["right"], source["wrong"]), right.summary, right.extra)
    published(article, source["language"], wrong)
    tickets = [answered(source, lead, number, *words) for number, words in enumerate(source["tickets"])]
    event = published(article, source["language"], right)
    old_answers.look_at_change(event.pk)
    change = ArticleChange.objects.get(event=event)
    let_pass(timedelta(days=source["days"]), tickets, {**STORED, Quote: "message__ticket"})
    notices.tell_of_change(change.pk)
    return change


def published(article: Article, language: str, text: drafting.Text) -> ContentEvent:
    """The event of a publication that changes what readers do."""
    revision = drafting.save_revision(article, language, text, by=None, significance=Significance.MAJOR)
    publishing.publish(revision, by=None)
    return ContentEvent.objects.filter(revision=revision).latest("pk")


def answered(source: Mapping[str, Any], lead: User, number: int, subject: str, body: str) -> Ticket:
    """A ticket that was answered with a link to the text as it is now."""
    language = source["language"]
    asker = person_of(f"socket-{number}@example.com", language=language, name=f"{subject[:2]}{number + 1}")
    topic = Topic.objects.get(key=source["topic"])
    ticket = opened(topic, subject, body, language, f"old-{number}", asker)
    agent = User.objects.get(email=source["agent"])
    assigning.assign(ticket, agent, by=lead)
    link = f"{settings.SITE_URL}/{language}/articles/{source['article']}/#{source['anchor']}"
    message = replying.reply(ticket, source["answer"].format(link=link), by=agent, then=Status.PENDING)
    let_pass(UNDO, [ticket], STORED)
    replying.release_reply(message.pk)
    quoting.remember_quotes(Message.objects.get(pk=message.pk), at=timezone.now())
    ticket.refresh_from_db()
    if number == 0:
        moving.solve(ticket, by=agent)
    return ticket
