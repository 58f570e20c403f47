"""Two texts side by side: as readers see them, and as they are written, with the facts of a moment filled in."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from helpcenter import factbook
from helpcenter.actions import publishing
from helpcenter.content import markdown, questions
from helpcenter.content.differences import Kind, Line, Run, lines, words
from helpcenter.content.rendered import Warned
from helpcenter.content.rendered_differences import rendered
from helpcenter.models import Article, Revision

_IMAGE = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')


@dataclass(frozen=True)
class Compared:
    """What leads from one text to another. `html` is rendered and sanitised; without a first text it has no marks."""

    before: Revision | None
    after: Revision
    title: list[Run]
    summary: list[Run]
    html: str
    source: list[Line]
    warnings: list[Warned] = field(default_factory=list)
    questions: list[Line] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(line.kind == Kind.ADDED for line in self.source)

    @property
    def removed(self) -> int:
        return sum(line.kind == Kind.REMOVED for line in self.source)


def compare(article: Article, before: Revision | None, after: Revision, stored: str = "") -> Compared:
    """Compare two revisions of a language; None for the first where there is nothing to compare with. `stored` is the
    first as it was drawn before, where that is known."""
    language = after.language
    html, warnings = drawn(article, after)
    if before is not None and before.pk != after.pk:
        html = rendered(_filled(stored, language) if stored else drawn(article, before)[0], html)
    first = before or after
    with override(language):
        old = factbook.in_markdown(before.body, language) if before else ""
        new = factbook.in_markdown(after.body, language)
    return Compared(
        before=before,
        after=after,
        title=words(first.title, after.title),
        summary=words(first.summary, after.summary),
        html=html,
        source=lines(old, new),
        warnings=warnings,
        questions=lines(
            questions.as_text(before.questions if before else ()), questions.as_text(after.questions), None
        ),
    )


def drawn(article: Article, revision: Revision, at: datetime | None = None) -> tuple[str, list[Warned]]:
    """A revision as its readers see it at a moment (UTC; now by default), and what was odd in drawing it."""
    language = revision.language
    with override(language):
        result = publishing.render_revision(article, revision)
    return _filled(result.html, language, at), result.warnings


def seen_by(compared: Compared, person: Any) -> Compared:
    return replace(compared, html=with_pictures(compared.html, compared.after.language, person))


def with_pictures(html: str, language: str, person: Any) -> str:
    """Drawn HTML in which those who write see the pictures of texts that are not public yet."""
    if not person.has_perm("helpcenter.change_article"):
        return html
    public, own = f"/{language}/pictures/", reverse("admin:helpcenter_article_pictures")
    return _IMAGE.sub(lambda image: image[0].replace(public, own), html)


def _filled(html: str, language: str, at: datetime | None = None) -> str:
    with override(language):
        return markdown.localise(factbook.fill(html, language, at=at), language)
