"""Whether a translation that is kept says what its source says: texts and words out of the database."""

from collections.abc import Sequence

from helpcenter import freshness
from helpcenter.actions import drafting
from helpcenter.content import parity
from helpcenter.content.parity import Difference, Document, Term
from helpcenter.glossary import lines
from helpcenter.models import GlossaryTerm, Revision
from supportdesk.ui.languages import column


def differences_of(revision: Revision) -> list[Difference]:
    """What a translation says otherwise than the text that it was made from, else than the source's newest public
    one; nothing for a source, and where there is none. Writes nothing."""
    source = None if revision.is_source else revision.based_on or drafting.source_revision(revision.article)
    if source is None:
        return []
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
