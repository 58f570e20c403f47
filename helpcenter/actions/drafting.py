"""Saving texts: every save is a revision, nothing that somebody wrote is overwritten."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import outline
from helpcenter.actions import access, editing_locks, events, fact_uses
from helpcenter.content import fact_marks, markdown, questions
from helpcenter.enums import EventKind, FindingKind, Significance, Standing
from helpcenter.errors import InvalidText, StaleDraft
from helpcenter.models import Article, Finding, LinkHost, Revision, TranslationState
from supportdesk import guard

LONGEST_TITLE = 200
LONGEST_SUMMARY = 300
LONGEST_BODY = 400_000  # characters; the longest real article of the corpus has 76,000


@dataclass(frozen=True)
class Text:
    """What a writer hands in. `extra` holds the lines of front matter that the product does not know; `outdated` names
    the parts of a translation that are known to be older than the source. None where the writer does not say: then a
    part that was outdated stays so until somebody touches it. `is_compared` says that the writer looked at each part
    beside the source: no other part is outdated then. `questions` are how readers ask for the page, None where the
    writer does not say: then they stay as they are."""

    title: str
    body: str
    summary: str = ""
    extra: str = ""
    outdated: tuple[str, ...] | None = None
    is_compared: bool = False
    questions: tuple[str, ...] | None = None


@transaction.atomic
def save_revision(
    article: Article,
    language: str,
    text: Text,
    *,
    by: Any,
    note: str = "",
    significance: Significance = Significance.MAJOR,
    seen: int | None = None,
    again: Revision | None = None,
) -> Revision:
    """Save a text as the newest revision of a language; the same text again gives the revision that is there.

    `seen` is the number of the newest revision that the writer saw (0 for none); `again` is an earlier revision whose
    text this is. Raises PermissionDenied, InvalidText, StaleDraft when somebody saved in between, and LockedByOther
    while somebody else is editing.
    """
    refuse_unfit(text)
    article, state = _locked(article, language, seen)
    access.require_writing(by, article, language)
    editing_locks.refuse_held(article, language, by=by)
    latest = state.latest
    text = _with_questions(text, latest)
    source = source_revision(article) if language != article.source_language else None
    if latest is not None and _is_same(text, latest, source):
        return latest
    revision = _appended(text, _Place(article, language, latest, source), by, note, significance, again)
    withdrawn = state.standing == Standing.IN_REVIEW
    TranslationState.objects.filter(pk=state.pk).update(latest=revision, standing=Standing.DRAFT)
    _record_findings(revision, latest)
    events.record(EventKind.DRAFTED, by=by, article=article, language=language, revision=revision)
    if withdrawn:
        events.record(EventKind.WITHDRAWN, by=by, article=article, language=language, revision=latest)
    return revision


@dataclass(frozen=True)
class _Place:
    """Where a text is saved: after the newest of its language, and beside the source that it is translated from."""

    article: Article
    language: str
    latest: Revision | None
    source: Revision | None


def _appended(
    text: Text, place: _Place, by: Any, note: str, significance: Significance, again: Revision | None
) -> Revision:
    """The text as the next revision in its place, with its outline."""
    outdated = list(again.outdated) if again else _outdated(text, place.source, place.latest)
    parts = _again(text, again) if again else _parts(text, place.source, place.latest, significance, outdated)
    return Revision.objects.create(
        article=place.article,
        language=place.language,
        number=place.latest.number + 1 if place.latest else 1,
        title=text.title,
        summary=text.summary,
        body=text.body,
        extra=text.extra,
        questions=list(text.questions or ()),
        outdated=outdated,
        outline=outline.dump(parts),
        based_on=again.based_on if again else place.source,
        significance=significance,
        note=note,
        created_by=by,
        created_at=timezone.now(),
    )


def _with_questions(text: Text, latest: Revision | None) -> Text:
    """The text with the questions that it has, as they are stored."""
    asked = (latest.questions if latest else []) if text.questions is None else text.questions
    return replace(text, questions=questions.tidied(asked))


def _locked(article: Article, language: str, seen: int | None) -> tuple[Article, TranslationState]:
    """The article, locked, and where its text of a language stands. Raises StaleDraft."""
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    state, _ = TranslationState.objects.select_related("latest").get_or_create(article=article, language=language)
    if seen is not None and seen != (state.latest.number if state.latest else 0):
        raise StaleDraft(stale_draft())
    return article, state


def stale_draft() -> str:
    return gettext("Somebody else saved this text while you wrote. Compare both, then save again. Your text is kept.")


def source_revision(article: Article) -> Revision | None:
    """The text that translators work from: the one that is ready for them, else the public one of the source
    language, else its newest."""
    state = (
        TranslationState.objects.select_related("ready", "published", "latest")
        .filter(article=article, language=article.source_language)
        .first()
    )
    return (state.ready or state.published or state.latest) if state else None


def _is_same(text: Text, latest: Revision, source: Revision | None) -> bool:
    """Whether a text says nothing new: neither in its words, nor about which of its parts are outdated.

    An export names every part that is outdated at that time; such a list tells as little as the list of the revision.
    """
    if not latest.same_text_as(text.title, text.summary, text.body, text.questions or ()) or latest.extra != text.extra:
        return False
    if text.is_compared:
        return set(text.outdated or ()) == _open_keys(latest, source)
    if text.outdated is None or set(text.outdated) == set(latest.outdated):
        return True
    return set(text.outdated) == set(outdated_keys(latest, source))


def outdated_keys(revision: Revision, source: Revision | None) -> list[str]:
    """Keys of the parts of a translation that are older than the source, as an export names them."""
    if source is None or revision.language == source.language:
        return list(revision.outdated)
    then = revision.based_on.parts if revision.based_on else []
    found = outline.compare(revision.parts, then, source.parts, revision.outdated)
    return outline.keys_to_translate(revision.outdated, found)


def _open_keys(revision: Revision, source: Revision | None) -> set[str]:
    """Keys of the parts that somebody has to look at: outdated ones (`outdated_keys`), and those that the source no
    longer has."""
    then = revision.based_on.parts if revision.based_on else []
    found = outline.compare(revision.parts, then, source.parts if source else [], revision.outdated)
    return {*revision.outdated, *(part.key for part in found)}


def refuse_unfit(text: Text) -> None:
    """Refuse a text that cannot be stored. Raises InvalidText."""
    limits = (
        (gettext("The title"), text.title, LONGEST_TITLE),
        (gettext("The summary"), text.summary, LONGEST_SUMMARY),
        (gettext("The text"), text.body, LONGEST_BODY),
    )
    if not text.title.strip():
        raise InvalidText(gettext("The title is missing."))
    if fact_marks.has_mark(text.title):
        raise InvalidText(gettext("The title cannot hold a fact: name it in the summary or in the text."))
    for name, value, limit in limits:
        if len(value) > limit:
            message = gettext("%(what)s has %(length)d characters; at most %(limit)d fit.")
            raise InvalidText(message % {"what": name, "length": len(value), "limit": limit})
        if "\0" in value:
            line = value[: value.index("\0")].count("\n") + 1
            raise InvalidText(gettext("%(what)s holds a null character.") % {"what": name}, line)
    refuse_questions(text.questions or ())


def refuse_questions(lines: Sequence[str]) -> None:
    """Raises InvalidText for more questions, or longer ones, than a text may have."""
    if len(lines) > questions.MOST:
        message = gettext("There are %(count)d questions of readers; at most %(limit)d fit.")
        raise InvalidText(message % {"count": len(lines), "limit": questions.MOST})
    for line in lines:
        if len(line) > questions.LONGEST:
            message = gettext("The question “%(question)s …” has %(length)d characters; at most %(limit)d fit.")
            shown = {"question": line[:40], "length": len(line), "limit": questions.LONGEST}
            raise InvalidText(message % shown)
        if "\0" in line:
            raise InvalidText(gettext("A question of readers holds a null character."))


def _outdated(text: Text, source: Revision | None, latest: Revision | None) -> list[str]:
    """Keys of the parts that stay older than the source."""
    if text.outdated is not None:
        return list(text.outdated)
    if source is None or latest is None:
        return []
    parts = markdown.outline(text.body, title=text.title, summary=text.summary)
    return outline.untouched(outdated_keys(latest, source), parts, latest.parts)


def _parts(
    text: Text, source: Revision | None, latest: Revision | None, significance: Significance, outdated: Sequence[str]
) -> list[outline.Part]:
    """The parts of a text. Those of a translation know what they were translated from; those of a source keep their
    meaning where they are as they were, or where the writer says that nothing but the wording has changed."""
    parts = markdown.outline(text.body, title=text.title, summary=text.summary)
    before = latest.parts if latest else []
    if source is not None:
        return outline.translated_from(parts, source.parts, outdated, before)
    return (outline.keeping_meanings if significance == Significance.MAJOR else outline.meaning_the_same)(parts, before)


def _again(text: Text, earlier: Revision) -> list[outline.Part]:
    """The parts of a text that stood before: translations that were made from it are true again."""
    return outline.as_before(markdown.outline(text.body, title=text.title, summary=text.summary), earlier.parts)


def _record_findings(revision: Revision, before: Revision | None) -> None:
    """Write down what a second person has to look at; what was accepted for the revision before stays accepted."""
    found = [*_secrets(revision), *_unknown_hosts(revision), *fact_uses.findings(revision)]
    if not found:
        return
    accepted = {}
    if before is not None:
        accepted = {(f.kind, f.detail): f for f in before.findings.exclude(accepted_at__isnull=True)}
    for finding in found:
        earlier = accepted.get((finding.kind, finding.detail))
        if earlier is not None and finding.kind == FindingKind.LINK_HOST:
            finding.accepted_by = earlier.accepted_by
            finding.accepted_at, finding.reason = earlier.accepted_at, earlier.reason
    Finding.objects.bulk_create(found)


def secrets_in(text: Text) -> Iterator[tuple[guard.Kind, int]]:
    """The secrets in a text, each with its line in the body; 0 in the title, the summary or the questions."""
    whole = "\n".join((text.title, *(text.questions or ()), text.summary, text.body))
    start = len(whole) - len(text.body)
    for secret in guard.findings(whole):
        yield secret.kind, whole.count("\n", start, secret.start) + 1 if secret.start >= start else 0


def text_of(revision: Revision) -> Text:
    """A text as its writer handed it in."""
    return Text(revision.title, revision.body, revision.summary, revision.extra, questions=tuple(revision.questions))


def _secrets(revision: Revision) -> Iterator[Finding]:
    for kind, line in secrets_in(text_of(revision)):
        yield Finding(revision=revision, kind=FindingKind.SECRET, detail=kind.value, line=line)


def _unknown_hosts(revision: Revision) -> Iterator[Finding]:
    links = markdown.links(revision.body)
    if not links:
        return
    allowed = set(LinkHost.objects.values_list("host", flat=True))
    for link in _once(links):
        if not _is_allowed(link.host, allowed):
            yield Finding(revision=revision, kind=FindingKind.LINK_HOST, detail=link.host[:200], line=link.line)


def _once(links: Iterable[markdown.Link]) -> list[markdown.Link]:
    return list({link.host: link for link in reversed(list(links))}.values())


def _is_allowed(host: str, allowed: set[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in allowed)
