"""What a reviewer should know of a text before deciding: what is odd in it, and what follows from publishing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from helpcenter import outline
from helpcenter.actions import checking, parity
from helpcenter.content import markdown
from helpcenter.content.rendered import Warned
from helpcenter.content.targets import Target
from helpcenter.models import Article, ArticleUse, Finding, Revision, TranslationState
from helpcenter.outline import Change, Outdated
from supportdesk.ui.languages import content_languages


@dataclass(frozen=True)
class Remark:
    """Something odd in a text; `line` counts from one, 0 where there is none. `finding` waits for a second person."""

    message: str
    line: int = 0
    finding: Finding | None = None


def remarks(
    article: Article, revision: Revision, warnings: Iterable[Warned], findings: Iterable[Finding]
) -> list[Remark]:
    """What is odd in a text, by line; `warnings` are those of its rendering, `findings` those that are open."""
    found = [
        *(Remark(str(finding), finding.line, finding) for finding in findings),
        *(Remark(warned.message, warned.line) for warned in warnings),
        *_unknown_articles(revision),
        *(Remark(problem.placed) for problem in checking.problems_of(article, revision)),
        *(Remark(str(difference.message), difference.line) for difference in parity.unaccepted(revision)),
    ]
    return sorted(found, key=lambda remark: remark.line)


def _unknown_articles(revision: Revision) -> Iterator[Remark]:
    """Links to articles that do not exist, or are archived."""
    named = {Target.of(r.href).article: r.line for r in reversed(markdown.references(revision.body))}
    named.pop("", None)
    if not named:
        return
    known = set(Article.objects.filter(slug__in=named, archived_at__isnull=True).values_list("slug", flat=True))
    for slug in sorted(set(named) - known):
        message = gettext("The link leads to “%(slug)s”, which is no article, or one that has been retired.")
        yield Remark(message % {"slug": slug}, named[slug])


@dataclass(frozen=True)
class Consequences:
    """What publishing a source makes of its translations: the languages that become outdated, each with its parts, and
    the places that use the article."""

    outdated: tuple[tuple[str, tuple[Outdated, ...]], ...]
    uses: tuple[ArticleUse, ...]

    @property
    def parts(self) -> list[str]:
        """Titles of the parts that become outdated in any language, each once."""
        found = {part.key: part.title or part.key for _code, parts in self.outdated for part in parts}
        return list(found.values())


def consequences(article: Article, revision: Revision, states: Iterable[TranslationState]) -> Consequences:
    """What publishing this revision changes elsewhere; `states` are the translation states of the article."""
    uses = tuple(ArticleUse.objects.filter(article=article).order_by("source_kind", "label"))
    if revision.language != article.source_language:
        return Consequences((), uses)
    others = [s for s in states if s.is_published and s.language in set(content_languages()) - {revision.language}]
    found = ((s.language, tuple(_newly_outdated(s, revision))) for s in sorted(others, key=lambda s: s.language))
    return Consequences(tuple((code, parts) for code, parts in found if parts), uses)


def _newly_outdated(state: TranslationState, revision: Revision) -> Iterator[Outdated]:
    assert state.published is not None  # noqa: S101 - asked for published ones
    then, known = state.published.based_on, {(part.key, part.change) for part in state.outdated_parts}
    titles = {part.key: part.title for part in revision.parts}
    found = outline.compare(state.published.parts, then.parts if then else [], revision.parts, state.published.outdated)
    for part in found:
        if (part.key, part.change) not in known:
            is_gone = part.change == Change.REMOVED
            yield part if is_gone else Outdated(part.key, part.change, titles.get(part.key, part.title))
