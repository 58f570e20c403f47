"""Incidents and tickets as the comparison of texts takes them."""

from collections.abc import Sequence
from datetime import datetime

from helpcenter import freshness
from helpcenter.content import terms
from helpcenter.enums import Subject
from helpcenter.models import GlossaryTerm
from helpcenter.search import concepts
from supportdesk.ui.languages import content_languages
from tickets import profiles, similarity
from tickets.enums import Membership, MessageKind
from tickets.models import Incident, Message, Ticket

MOST_EXAMPLES = 40  # confirmed tickets that an incident is compared by, the newest


def texts_of(tickets: Sequence[Ticket], *, is_subject_known: bool = False) -> dict[int, str]:
    """What the customers wrote first, by the number of the ticket; the subject and the answers to the form's questions
    before it unless `is_subject_known`."""
    rows = Message.objects.filter(ticket__in=[ticket.pk for ticket in tickets], kind=MessageKind.CUSTOMER)
    first: dict[int, str] = {}
    for number, body in rows.order_by("ticket_id", "created_at", "pk").values_list("ticket_id", "body"):
        first.setdefault(number, body)
    if is_subject_known:
        return {ticket.pk: f"{ticket.subject}\n{first.get(ticket.pk, '')}" for ticket in tickets}
    return {ticket.pk: "\n".join(_all_words(ticket, first.get(ticket.pk, ""))) for ticket in tickets}


def _all_words(ticket: Ticket, body: str) -> list[str]:
    return [ticket.subject, *(str(value) for value in ticket.details.values()), body]


def profile_of(incident: Incident, until: datetime | None = None) -> profiles.Profile:
    """The incident in the words of who wrote about it: its reference, and the tickets that people have confirmed; by
    `until` (UTC) where that is told."""
    members = incident.members.filter(state=Membership.LINKED, by__isnull=False).select_related("ticket__topic")
    if until is not None:
        members = members.filter(at__lte=until)
    confirmed = [member.ticket for member in members.order_by("-at")[:MOST_EXAMPLES]]
    texts = texts_of(confirmed)
    examples = [profiles.Text(ticket.language, texts[ticket.pk], ticket.topic.key) for ticket in confirmed]
    language = incident.reference_language or "en"
    known = profiles.Known(
        title=profiles.Text(language, incident.title),
        reference=profiles.Text(language, incident.reference),
        keywords=incident.keywords,
        examples=examples,
        topics=frozenset(incident.topics.values_list("key", flat=True)),
        started_at=incident.started_at.timestamp(),
    )
    return profiles.profile(known, vocabulary())


def likeness(profile: profiles.Profile, ticket: Ticket, text: str) -> similarity.Match:
    asked = profiles.Text(ticket.language, text, ticket.topic.key, ticket.created_at.timestamp())
    return similarity.compare(profile, asked)


def vocabulary() -> concepts.Vocabulary:
    """The thoughts of the product with the words of the glossary, as they are now."""
    return freshness.remembered("incident vocabulary", _vocabulary)


def _vocabulary() -> concepts.Vocabulary:
    rows = GlossaryTerm.objects.rewrite(False).filter(is_searched=True).exclude(subject=Subject.SUPPORT)
    return concepts.with_terms({term.key: _words(term) for term in rows})


def _words(term: GlossaryTerm) -> dict[str, list[str]]:
    """How a word of the glossary is written, by language."""
    return {
        code: [
            spelling
            for name in ("term", "also", "rejected")
            for line in term.text(name, code).splitlines()
            for spelling in terms.spellings(line)
            if len(spelling) > 1
        ]
        for code in content_languages()
    }
