"""Whether a translation that is kept says what its source says: texts and words out of the database."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import access, drafting, events
from helpcenter.content import parity
from helpcenter.content.parity import Difference, Document, Term
from helpcenter.enums import EventKind
from helpcenter.errors import NotAllowedNow, NotPublishable
from helpcenter.glossary import lines
from helpcenter.models import GlossaryTerm, ParityOverride, Revision
from supportdesk import guard
from supportdesk.ui import languages
from supportdesk.ui.languages import column

MOST_NAMED = 5
SHORTEST_REASON, LONGEST_REASON = 2, 300  # characters


def differences_of(revision: Revision) -> list[Difference]:
    """What a translation says otherwise than the text that it was made from, else than the source's newest public
    one; nothing for a source, and where there is none. Writes nothing."""
    source = None if revision.is_source else revision.based_on or drafting.source_revision(revision.article)
    if source is None:
        return []
    return differences_from(source, revision)


def differences_from(source: Revision, revision: Revision) -> list[Difference]:
    """What a translation says otherwise than a text of its source, be it newer than the one that it was made from."""
    return parity.differences(document(source), document(revision), terms_between(source.language, revision.language))


def document(revision: Revision) -> Document:
    return Document(revision.language, revision.title, revision.summary, revision.body)


def terms_between(source: str, target: str) -> Sequence[Term]:
    """The words of the glossary that two languages have, as the database has them now; one query for each generation
    of the content."""
    return freshness.remembered(f"parity terms:{source}:{target}", lambda: _read_terms(source, target))


def _read_terms(source: str, target: str) -> tuple[Term, ...]:
    names = [column(name, code) for code in (source, target) for name in ("term", "also")]
    rejected = column("rejected", target)
    rows = GlossaryTerm.objects.rewrite(False).values_list("key", "is_linked", rejected, *names)
    found = [
        parity.term(
            key,
            source=[term or "", *lines(also)],
            target=[translated or "", *lines(translated_also)],
            rejected=lines(avoided),
            is_everyday=not is_linked,
        )
        for key, is_linked, avoided, term, also, translated, translated_also in rows
    ]
    return tuple(term for term in found if term is not None)


@transaction.atomic
def accept_difference(revision: Revision, difference: Difference, *, by: Any, reason: str) -> ParityOverride:
    """Let a difference between a translation and its source stay, with the reason; it holds for later texts too.

    Raises PermissionDenied for whoever does not lead in the language, NotAllowedNow without a reason.
    """
    if not access.leads(by, revision.language):
        message = gettext("Only those who lead in %(language)s accept a difference.")
        raise PermissionDenied(message % {"language": languages.language(revision.language).name})
    reason = guard.clean(reason.strip(), door="review").text[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise NotAllowedNow(gettext("Say why the difference may stay, in a few words."))
    override, is_new = ParityOverride.objects.get_or_create(
        article=revision.article,
        language=revision.language,
        fingerprint=difference.fingerprint,
        defaults={
            "revision": revision,
            "difference": str(difference.message)[:400],
            "reason": reason,
            "by": by,
            "at": timezone.now(),
        },
    )
    if is_new:
        events.record(
            EventKind.DIFFERENCE_ACCEPTED,
            by=by,
            article=revision.article,
            language=revision.language,
            revision=revision,
        )
    return override


def unaccepted(revision: Revision) -> list[Difference]:
    """The differences of a translation that nobody has accepted. Parts that readers are told to be older than the
    source are left out: they differ because the source has moved on."""
    found = differences_of(revision)
    if not found:
        return []
    accepted = ParityOverride.objects.filter(article=revision.article_id, language=revision.language)
    known = set(accepted.values_list("fingerprint", flat=True))
    older = set(drafting.outdated_keys(revision, drafting.source_revision(revision.article)))
    return [one for one in found if one.fingerprint not in known and one.part not in older]


def refuse_differences(revision: Revision) -> None:
    """Refuse a translation that differs from its source. Raises NotPublishable with the first line."""
    found = unaccepted(revision)
    if found:
        named = " ".join(_placed(difference) for difference in found[:MOST_NAMED])
        message = gettext("The translation differs from its source. %(differences)s")
        raise NotPublishable(message % {"differences": named}, found[0].line or None)


def _placed(difference: Difference) -> str:
    if not difference.line:
        return str(difference.message)
    return gettext("Line %(line)d: %(problem)s") % {"line": difference.line, "problem": difference.message}
