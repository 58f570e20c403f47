"""A text that is not saved, as its readers would see it, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language, gettext, override

from helpcenter import factbook, outline
from helpcenter.actions import announcing, checking, drafting, fact_uses, publishing
from helpcenter.content import markdown
from helpcenter.enums import ArticleKind
from helpcenter.errors import InvalidText
from helpcenter.models import Article, Revision

_IMAGE = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')


@dataclass(frozen=True)
class Notice:
    """Something to look at; `line` counts from one within the text, 0 where no line is to blame."""

    line: int
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Preview:
    """HTML as it is put into a page, and what was found on the way, in the order of the lines."""

    html: str
    notices: list[Notice]


def of_article(article: Article, language: str, text: drafting.Text, pictures: str) -> Preview:
    """`pictures` is the address below which pictures of texts that are not public lie; it ends with a slash."""

    def draw(words_in: str) -> tuple[Revision, markdown.Rendered]:
        named = {"title": text.title, "summary": text.summary, "body": text.body}
        revision = Revision(article=article, language=words_in, number=0, **named)
        return revision, publishing.render_revision(article, revision)

    revision, rendered = draw(language)
    revision.outline = outline.dump(rendered.parts)
    faults = [Notice(problem.line, str(problem)) for problem in checking.problems_of(article, revision)]
    html = _IMAGE.sub(lambda image: image[0].replace("/_/pictures/", pictures), rendered.html)
    return _preview(html, language, [*_warnings(rendered, language, lambda code: draw(code)[1]), *faults], text)


def of_announcement(language: str, text: drafting.Text) -> Preview:
    def draw(words_in: str) -> markdown.Rendered:
        return markdown.render(text.body, language=words_in, title=text.title)

    rendered = draw(language)
    dead = [Notice(line, message) for line, message in announcing.dead_links(text.body)]
    return _preview(rendered.html, language, [*_warnings(rendered, language, draw), *dead], text)


def unsaved(article: Article | None, language: str, kind: str) -> Article:
    """The article that a text is tried for, of the kind that the form says; a new one has a key that no row has."""
    tried = article or Article(pk=0, source_language=language)
    tried.kind = kind if kind in ArticleKind.values else tried.kind
    return tried


def refusals(text: drafting.Text) -> list[Notice]:
    """Why a text could not be saved; nothing of it is drawn before."""
    try:
        drafting.refuse_unfit(text)
        markdown.outline(text.body)
    except InvalidText as error:
        return [Notice(error.line or 0, str(error))]
    return []


def _warnings(rendered: markdown.Rendered, language: str, draw: Callable[[str], markdown.Rendered]) -> list[Notice]:
    """What the renderer says, in the language of the person who writes: it speaks the one of the text."""
    own = get_language() or language
    told = rendered.warnings if own == language or not rendered.warnings else draw(own).warnings
    return [Notice(warning.line, warning.message) for warning in told]


def _preview(html: str, language: str, notices: list[Notice], text: drafting.Text) -> Preview:
    found = sorted([*notices, *_notices(text)], key=lambda notice: notice.line)
    with override(language):
        return Preview(markdown.localise(factbook.fill(html, language), language), found)


def _notices(text: drafting.Text) -> Iterator[Notice]:
    """Facts without a value, and what looks like a secret."""
    for problem in fact_uses.problems(fact_uses.references(text.body, text.summary)):
        yield Notice(problem.reference.line, str(problem))
    for kind, line in drafting.secrets_in(text):
        yield Notice(line, gettext("The text seems to hold a secret (%(kind)s). Take it out.") % {"kind": kind.value})
