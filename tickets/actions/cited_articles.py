"""The articles that links and macros name."""

from collections.abc import Iterable

from helpcenter.models import Article, SlugRedirect
from tickets.quotes import Link


def articles_of(links: Iterable[Link]) -> dict[str, Article]:
    """Public articles by the slugs that were written, also by those that they had before."""
    slugs = {link.slug for link in links}
    if not slugs:
        return {}
    rows = {article.slug: article for article in Article.objects.public().filter(slug__in=slugs).reading([])}
    moved = dict(SlugRedirect.objects.filter(slug__in=slugs - set(rows)).values_list("slug", "article"))
    known = {row.pk: row for row in Article.objects.public().filter(pk__in=moved.values()).reading([])} if moved else {}
    return rows | {slug: known[pk] for slug, pk in moved.items() if pk in known}
