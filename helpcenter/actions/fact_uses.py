"""Which texts name which facts: what keeps a text from going public, and what an editor is told afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from helpcenter.content import fact_marks, markdown
from helpcenter.content.rendered import FactReference
from helpcenter.enums import FindingKind
from helpcenter.facts import ALL_KINDS
from helpcenter.models import (
    Announcement,
    Article,
    ContentEvent,
    Fact,
    FactUse,
    FactValue,
    Finding,
    Revision,
    TranslationState,
)


@dataclass(frozen=True)
class Problem:
    """A reference that has no value; `is_unknown`: there is no such fact, and no text that names it may go public."""

    reference: FactReference
    is_unknown: bool

    @property
    def kind(self) -> FindingKind:
        return FindingKind.UNKNOWN_FACT if self.is_unknown else FindingKind.OUTDATED_FACT

    def __str__(self) -> str:
        line = self.reference.line
        place = gettext("line %(line)d") % {"line": line} if line else gettext("in the summary")
        if self.is_unknown:
            message = gettext("There is no fact “%(key)s” with a value that has begun (%(place)s).")
        else:
            message = gettext("The fact “%(key)s” has no value today; the last one is shown (%(place)s).")
        return message % {"key": self.reference.key[:120], "place": place}


def references(body: str, summary: str = "") -> list[FactReference]:
    """The facts that a text names, in its summary (line 0) and in its body."""
    return [*(FactReference(key, 0) for key in fact_marks.keys_in(summary)), *markdown.facts(body)]


def named(found: Sequence[FactReference]) -> list[Fact]:
    """The facts that these references mean."""
    if not found:
        return []
    subjects = {key.key.partition(".")[0] for key in found if key.key.endswith(f".{ALL_KINDS}")}
    own = Fact.objects.keyed(reference.key for reference in found).values("pk")
    return list(Fact.objects.select_related("kind").filter(Q(pk__in=own) | Q(subject__in=subjects)))


def problems(found: Sequence[FactReference], at: datetime | None = None) -> list[Problem]:
    """The references that have no value at a moment (UTC; now by default)."""
    facts = named(found)
    if not facts:
        return [Problem(reference, is_unknown=True) for reference in found]
    everywhere = FactValue.objects.filter(fact__in=facts, region=None)
    begun = set(everywhere.begun(at).values_list("fact_id", flat=True))
    held = set(everywhere.in_force(at).values_list("fact_id", flat=True))
    return list(_problems(found, facts, begun, held))


def _problems(
    found: Iterable[FactReference], facts: Sequence[Fact], begun: set[int], held: set[int]
) -> Iterator[Problem]:
    for reference in found:
        own = [fact for fact in facts if _means(reference, fact)]
        if not any(fact.pk in begun for fact in own):
            yield Problem(reference, is_unknown=True)
        elif not all(fact.pk in held for fact in own if fact.pk in begun):
            yield Problem(reference, is_unknown=False)


def _means(reference: FactReference, fact: Fact) -> bool:
    return reference.key in (fact.key, f"{fact.subject}.{ALL_KINDS}")


def record(
    found: Sequence[FactReference],
    language: str,
    *,
    article: Article | None = None,
    announcement: Announcement | None = None,
) -> None:
    """Note which facts the public text of a language names, in place of what was noted before."""
    FactUse.objects.filter(article=article, announcement=announcement, language=language).delete()
    FactUse.objects.bulk_create(
        FactUse(article=article, announcement=announcement, language=language, fact=fact) for fact in named(found)
    )


def findings(revision: Revision) -> Iterator[Finding]:
    """What an editor has to know of the facts that a revision names, each once."""
    found = {(p.kind, p.reference.key): p for p in reversed(problems(references(revision.body, revision.summary)))}
    for problem in found.values():
        reference = problem.reference
        yield Finding(revision=revision, kind=problem.kind, detail=reference.key[:200], line=reference.line)


def tell_editors(facts: Iterable[Fact]) -> None:
    """Bring the open findings in step: texts that name these facts, the newest of a language and the public one."""
    texts = _texts_naming(list(facts))
    kinds = (FindingKind.UNKNOWN_FACT, FindingKind.OUTDATED_FACT)
    for revision in texts:
        wanted = {(finding.kind, finding.detail): finding for finding in findings(revision)}
        for old in revision.findings.open().filter(kind__in=kinds):
            if wanted.pop((old.kind, old.detail), None) is None:
                old.delete()
        Finding.objects.bulk_create(wanted.values())


def _texts_naming(facts: list[Fact]) -> list[Revision]:
    """Revisions that use these facts in public, that have drafts beside them, or that miss one of them."""
    used = FactUse.objects.filter(fact__in=facts, article__isnull=False)
    states = TranslationState.objects.filter(article__in=used.values("article"), language__in=used.values("language"))
    pks = {pk for pair in states.values_list("latest", "published") for pk in pair if pk}
    keys = {key for fact in facts for key in (fact.key, f"{fact.subject}.{ALL_KINDS}")}
    missing = Finding.objects.open().filter(kind=FindingKind.UNKNOWN_FACT, detail__in=keys)
    return list(Revision.objects.filter(Q(pk__in=pks) | Q(pk__in=missing.values("revision"))))


def fact_changed(event_id: int) -> None:
    """A fact has another value from now on, or none any more (consumer of the outbox)."""
    event = ContentEvent.objects.select_related("fact__kind").filter(pk=event_id, fact__isnull=False).first()
    if event is not None and event.fact is not None:
        with transaction.atomic():
            tell_editors([event.fact])
