"""Which articles a public text links to. Written when it is published, so that whoever changes an article sees what
links to it."""

from collections.abc import Iterator

from django.db import transaction

from helpcenter import outline
from helpcenter.content import markdown
from helpcenter.content.targets import Target
from helpcenter.models import Article, ArticleLink, Revision, TranslationState
from helpcenter.models.article import published_columns

LONGEST = 120  # characters of a slug or an anchor


def record(article: Article, revision: Revision) -> None:
    """Note the links of the text that is public now, in place of what was noted before."""
    ArticleLink.objects.filter(article=article, language=revision.language).delete()
    ArticleLink.objects.bulk_create(_links(article, revision))


def forget(article: Article, language: str) -> None:
    ArticleLink.objects.filter(article=article, language=language).delete()


@transaction.atomic
def record_all() -> int:
    """Note the links of every public text, for a site that was filled before links were noted; returns how many texts
    were read. Where any link is known, nothing is done."""
    if ArticleLink.objects.exists():
        return 0
    states = TranslationState.objects.published().select_related("published").order_by("pk")
    for state in states.iterator():
        assert state.published is not None  # noqa: S101 - `published()` says so
        ArticleLink.objects.bulk_create(_links(Article(pk=state.article_id), state.published))
    return states.count()


def _links(article: Article, revision: Revision) -> Iterator[ArticleLink]:
    for reference in markdown.references(revision.body):
        target = Target.of(reference.href)
        if target.article and not reference.is_picture:
            anchor = target.href.partition("#")[2]
            yield ArticleLink(
                article=article,
                language=revision.language,
                slug=target.article[:LONGEST],
                anchor=anchor[:LONGEST],
                line=reference.line,
            )


def without_place() -> list[ArticleLink]:
    """Links to a place of an article that neither its text in the link's language nor its source has."""
    links = ArticleLink.objects.public().exclude(anchor="").select_related("article").defer(*_texts("article"))
    found = list(links)
    places = _places({link.slug for link in found})
    return [link for link in found if link.slug in places and link.anchor not in places[link.slug]]


def _places(slugs: set[str]) -> dict[str, set[str]]:
    """The anchors of public articles, over all their languages: a page stands in for one that its text lacks."""
    states = TranslationState.objects.published().filter(article__slug__in=slugs)
    places: dict[str, set[str]] = {}
    for slug, stored in states.values_list("article__slug", "published__outline"):
        places.setdefault(slug, set()).update(part.anchor for part in outline.load(stored))
    return places


def _texts(prefix: str) -> list[str]:
    return [f"{prefix}__{name}" for name in published_columns()]
