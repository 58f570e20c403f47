"""Making texts public, and taking them back. `publish` alone writes the published columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter import freshness, glossary, outline
from helpcenter.actions import access, checking, events, fact_uses, linking, parity, upkeep
from helpcenter.actions.access import require
from helpcenter.cards import Card
from helpcenter.content import markdown, regions, text
from helpcenter.enums import EventKind, Significance, Standing
from helpcenter.errors import NotPublishable
from helpcenter.models import (
    Article,
    FactUse,
    Finding,
    GlossaryTerm,
    PictureFile,
    PictureUse,
    Revision,
    TermUse,
    TranslationState,
)
from supportdesk.ui.languages import content_languages

BATCH = 50  # texts that are drawn again in one transaction
NOTHING: dict[str, Any] = {"title": "", "summary": "", "body": "", "html": "", "outline": None}


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: Any,
    at: datetime | None = None,
    despite_findings: bool = False,
    is_ready: bool = True,
) -> TranslationState:
    """Make an approved revision the public text of its language, and mark what it makes outdated in others. A lead
    needs no approval before. `is_ready` hands a source over to its translators at once.

    Raises PermissionDenied, and NotPublishable for a text that nobody has approved, an archived article, a
    troubleshooter in which readers would get lost, a fact that has no value yet, a secret that nobody has accepted
    (`despite_findings` is for imports, whose findings are recorded for review), or a person's translation that differs
    from its source.
    """
    article = _locked(revision.article_id)
    access.require_publishing(by, article, revision.language)
    state = TranslationState.objects.get(article=article, language=revision.language)
    _refuse_unfit(article, state, revision, by=by, despite_findings=despite_findings)
    moment = at or timezone.now()
    rendered = _write(article, revision)
    linking.record(article, revision)
    state.published, state.published_at = revision, moment
    _stand(state, revision, by)
    if revision.language == article.source_language and (is_ready or revision.significance == Significance.TYPO):
        state.ready, state.ready_at = revision, moment
    state.minutes = text.minutes(text.plain(rendered.html), revision.language)
    state.steps = sum(part.is_step for part in rendered.parts)
    state.outdated_parts = _outdated(article, revision)
    state.save()
    _after(article, revision.language)
    upkeep.published(article, revision.language, by=by)
    events.record(EventKind.PUBLISHED, by=by, at=moment, article=article, language=revision.language, revision=revision)
    return state


def _refuse_unfit(
    article: Article, state: TranslationState, revision: Revision, *, by: Any, despite_findings: bool
) -> None:
    """Raises what `publish` says of a text that must not be public."""
    if article.archived_at is not None:
        raise NotPublishable(gettext("The article is archived. Restore it first."))
    _refuse_unapproved(state, revision, by)
    if not despite_findings and revision.findings.blocking().exists():
        raise NotPublishable(
            gettext("The text seems to hold a secret. Remove it, or have a second person accept the finding.")
        )
    checking.refuse_faults(article, revision)
    _refuse_unknown_facts(revision)
    if by is not None:  # imports bring what was checked elsewhere; the scheduler brings what was checked at approval
        parity.refuse_differences(revision)


@transaction.atomic
def unpublish(article: Article, language: str, *, by: Any) -> TranslationState:
    """Take the public text of a language back; its revisions stay. Raises PermissionDenied, NotPublishable."""
    article = _locked(article.pk)
    access.require_publishing(by, article, language)
    state = TranslationState.objects.filter(article=article, language=language).published().first()
    if state is None:
        raise NotPublishable(gettext("There is no public text in this language."))
    Article.objects.filter(pk=article.pk).write_published(language, NOTHING)
    PictureUse.objects.filter(article=article, language=language).delete()
    TermUse.objects.filter(article=article, language=language).delete()
    FactUse.objects.filter(article=article, language=language).delete()
    linking.forget(article, language)
    state.published, state.published_at, state.outdated, state.unpublish_at = None, None, [], None
    if state.standing == Standing.PUBLISHED:
        state.standing = Standing.APPROVED
    state.save()
    _after(article, language)
    events.record(EventKind.UNPUBLISHED, by=by, article=article, language=language)
    return state


@transaction.atomic
def archive(article: Article, *, by: Any, successor: Article | None = None) -> Article:
    """Retire an article: readers are told so, and led to its successor, which may be named later.

    Raises PermissionDenied.
    """
    require(by, "helpcenter.publish_article")
    article = _locked(article.pk)
    article.archived_at, article.successor = article.archived_at or timezone.now(), successor
    article.save(update_fields={"archived_at", "successor"})
    freshness.bump()
    events.record(EventKind.ARCHIVED, by=by, article=article)
    return article


@transaction.atomic
def restore(article: Article, *, by: Any) -> Article:
    """Bring an archived article back as it was. Raises PermissionDenied."""
    require(by, "helpcenter.publish_article")
    article = _locked(article.pk)
    article.archived_at = article.successor = None
    article.save(update_fields={"archived_at", "successor"})
    freshness.bump()
    events.record(EventKind.CHANGED, by=by, article=article)
    return article


@transaction.atomic
def draw_again(article: Article, languages: Iterable[str]) -> None:
    """Render the public texts of these languages anew, after a picture or the renderer changed."""
    states = TranslationState.objects.select_related("published").published()
    for state in states.filter(article=article, language__in=list(languages)):
        assert state.published is not None  # noqa: S101 - `published()` says so
        _write(article, state.published)
    _deal_cards(article)
    freshness.bump()


def draw_words_again(language: str) -> int:
    """Render the public texts of a language anew where words of the glossary make a difference, a batch in each
    transaction; returns how many were written. Doing it twice changes nothing."""
    states = TranslationState.objects.published().filter(language=language)
    keys = list(states.order_by("article").values_list("article", flat=True))
    return sum(_draw_batch(language, keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


@transaction.atomic
def _draw_batch(language: str, keys: list[int]) -> int:
    locked = Article.objects.select_for_update(of=("self",)).reading([language], "html")
    written = sum(_draw_if_different(article, language) for article in locked.filter(pk__in=keys).order_by("pk"))
    if written:
        freshness.bump()
    return written


def _draw_if_different(article: Article, language: str) -> bool:
    """Draw the text of a locked article anew; what is public is read behind the lock, or a newer text would be lost."""
    state = TranslationState.objects.select_related("published").published()
    revision = next((s.published for s in state.filter(article=article, language=language)), None)
    if revision is None:
        return False
    drawn = _render(article, revision)
    uses = TermUse.objects.filter(article=article, language=language).values_list("term__key", flat=True)
    is_different = drawn.rendered.html != article.published_text("html", language) or set(uses) != set(drawn.words)
    if is_different:
        _store(article, revision, drawn)
    return is_different


def rebuild_columns() -> int:
    """Write published columns that do not hold what their revision says, and cards that do not say it: after a
    migration remade the table, or for a language that was added. Returns how many were written."""
    written = 0
    states = TranslationState.objects.published().filter(language__in=content_languages())  # one may have been removed
    for state in states.select_related("published").iterator():
        assert state.published is not None  # noqa: S101 - `published()` says so
        stored = Article.objects.reading([state.language], "title", "body", "html").get(pk=state.article_id)
        have = (stored.published_text("title", state.language), stored.published_text("body", state.language))
        if have != (state.published.title, state.published.body) or not stored.published_text("html", state.language):
            draw_again(stored, [state.language])
            written += 1
    return written + sum(_deal_cards(article) for article in Article.objects.reading([]).iterator())


@transaction.atomic
def accept_finding(finding: Finding, *, by: Any, reason: str) -> Finding:
    """A second person takes the responsibility for a finding. Raises PermissionDenied, NotPublishable."""
    require(by, "helpcenter.accept_finding")
    if by is not None and finding.revision.created_by_id == by.pk:
        raise NotPublishable(gettext("Somebody else has to accept what you wrote yourself."))
    if len(reason.strip()) < 2:
        raise NotPublishable(gettext("Say why it may stay, in a few words."))
    finding.accepted_by, finding.accepted_at, finding.reason = by, timezone.now(), reason.strip()
    finding.save()
    events.record(EventKind.FINDING_ACCEPTED, by=by, article=finding.revision.article, revision=finding.revision)
    return finding


def _refuse_unapproved(state: TranslationState, revision: Revision, by: Any) -> None:
    """Raises NotPublishable where somebody else has to read the text first."""
    if revision.pk in (state.approved_id, state.published_id) or access.leads(by, state.language):
        return
    raise NotPublishable(gettext("Nobody has approved this text yet. Send it for review first."))


def _stand(state: TranslationState, revision: Revision, by: Any) -> None:
    """Update the standing of a text that became public; a newer draft keeps its own."""
    if state.approved_id != revision.pk:
        state.approved, state.approved_by = revision, by
    state.publish_at = None
    if state.latest_id == revision.pk:
        state.standing = Standing.PUBLISHED


def _refuse_unknown_facts(revision: Revision) -> None:
    """A page never has a hole where a number should be. Raises NotPublishable."""
    found = fact_uses.problems(fact_uses.references(revision.body, revision.summary))
    unknown = next((problem for problem in found if problem.is_unknown), None)
    if unknown is not None:
        raise NotPublishable(str(unknown), unknown.reference.line)


def _locked(pk: int) -> Article:
    return Article.objects.select_for_update(of=("self",)).reading([]).get(pk=pk)


def render_revision(article: Article, revision: Revision) -> markdown.Rendered:
    """The revision as readers would see it, with the pictures and the words of the glossary of its language."""
    return _render(article, revision).rendered


@dataclass(frozen=True)
class _Drawn:
    """A rendered revision, the picture files that it shows, and the keys of the words that it links to, each once."""

    rendered: markdown.Rendered
    files: list[PictureFile]
    words: list[str]


def _render(article: Article, revision: Revision) -> _Drawn:
    files: dict[int, PictureFile] = {}

    def find(name: str) -> markdown.ShownPicture | None:
        file = picture_file(name, (revision.language, article.source_language))
        if file is None:
            return None
        files[file.pk] = file
        return markdown.ShownPicture(file.sources(), file.width, file.height)

    rendered = markdown.render(
        revision.body, language=revision.language, title=revision.title, summary=revision.summary, pictures=find
    )
    explained_here = GlossaryTerm.objects.filter(article=article).values_list("key", flat=True)
    rendered.html, words = glossary.linker(revision.language).link(rendered.html, set(explained_here))
    return _Drawn(rendered, list(files.values()), words)


def _write(article: Article, revision: Revision) -> markdown.Rendered:
    """Render a revision into the columns of its language, and note which picture files and words it shows."""
    drawn = _render(article, revision)
    _store(article, revision, drawn)
    return drawn.rendered


def _store(article: Article, revision: Revision, drawn: _Drawn) -> None:
    rendered = drawn.rendered
    values = {
        "title": revision.title,
        "summary": revision.summary or text.lead(regions.without(rendered.html)),
        "body": revision.body,
        "html": rendered.html,
        "outline": revision.outline,
    }
    Article.objects.filter(pk=article.pk).write_published(revision.language, values)
    PictureUse.objects.filter(article=article, language=revision.language).delete()
    own = {"article": article, "language": revision.language}
    PictureUse.objects.bulk_create(PictureUse(file=file, **own) for file in drawn.files)
    TermUse.objects.filter(**own).delete()
    linked = GlossaryTerm.objects.filter(key__in=drawn.words).values_list("pk", flat=True) if drawn.words else []
    TermUse.objects.bulk_create(TermUse(term_id=pk, **own) for pk in linked)
    fact_uses.record(fact_uses.references(revision.body, revision.summary), revision.language, article=article)


def picture_file(name: str, languages: Iterable[str]) -> PictureFile | None:
    """The file of a picture in the first of these languages that has one, else in any."""
    files = {file.language: file for file in PictureFile.objects.filter(picture__name=name).select_related("picture")}
    return next((files[code] for code in languages if code in files), next(iter(files.values()), None))


def _outdated(article: Article, revision: Revision) -> list[outline.Outdated]:
    if revision.language == article.source_language:
        return []
    source = (
        TranslationState.objects.select_related("published")
        .filter(article=article, language=article.source_language)
        .published()
        .first()
    )
    now = source.published if source else None
    then = revision.based_on
    if now is None:
        return []
    return outline.compare(revision.parts, then.parts if then else [], now.parts, revision.outdated)


def _after(article: Article, language: str) -> None:
    """What follows from a change of the public text of a language."""
    if language == article.source_language:
        TranslationState.objects.of(article).update(compared=None)  # their source has moved on
        translations = TranslationState.objects.select_related("published__based_on").published()
        for state in translations.filter(article=article).exclude(language=language):
            assert state.published is not None  # noqa: S101 - `published()` says so
            state.outdated_parts = _outdated(article, state.published)
            state.save(update_fields=["outdated"])
    _deal_cards(article)
    freshness.bump()


def _deal_cards(article: Article) -> bool:
    """Write what lists say of the article in each language; False where they say it already."""
    texts = Article.objects.reading(content_languages()).get(pk=article.pk)
    states = TranslationState.objects.filter(article=article, language__in=content_languages()).published()
    cards = {state.language: _card(texts, state).as_json() for state in states.order_by("language")}
    if texts.cards == cards:
        return False
    Article.objects.filter(pk=article.pk).update(cards=cards, languages_published=len(cards))
    return True


def _card(texts: Article, state: TranslationState) -> Card:
    return Card(
        title=texts.published_text("title", state.language),
        summary=texts.published_text("summary", state.language),
        published_at=state.published_at,
        minutes=state.minutes,
        steps=state.steps,
        outdated=tuple(state.outdated_parts),
    )
