"""When an index cannot be read: the database's own, slower and coarser, text search."""

from django.db.models import Case, IntegerField, Q, Value, When

from helpcenter.enums import Stage
from helpcenter.models import Article
from helpcenter.search.plan import plan
from helpcenter.search.queries import Answer, Result
from supportdesk.ui.languages import column

MOST = 50


def ask(text: str, language: str) -> Answer:
    """Articles whose published title, summary or text holds every word as it was typed; titles first."""
    asked = plan(text, language)
    words = text.split()[:12]
    if not words:
        return Answer([], Stage.NOTHING, asked)
    title, everything = column("title", language), [column(name, language) for name in ("title", "summary", "body")]
    wanted = Q()
    in_title = Q()
    for word in words:
        anywhere = Q()
        for name in everything:
            anywhere |= Q(**{f"{name}__icontains": word})
        wanted &= anywhere
        in_title |= Q(**{f"{title}__icontains": word})
    place = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    articles = Article.objects.public().published_in(language).reading([language], "title").filter(wanted)
    found = articles.annotate(place=place).order_by("place", "slug")[:MOST]
    results = [Result(article.pk, language, article.kind, article.category_id, 0.0) for article in found]
    return Answer(results, Stage.DATABASE, asked, languages=(language,))
