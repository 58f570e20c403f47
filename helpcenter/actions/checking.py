"""Whether a text is fit to be public, beyond its words: troubleshooters lead somewhere."""

from django.utils.translation import gettext

from helpcenter.actions import drafting
from helpcenter.content import markdown
from helpcenter.content.faults import Problem, check
from helpcenter.errors import NotPublishable
from helpcenter.models import Article, Revision

MOST_NAMED = 5


def problems_of(article: Article, revision: Revision) -> list[Problem]:
    """What is wrong with the graph of a troubleshooter, by line; nothing for other kinds of articles."""
    return problems_as_troubleshooter(article, revision) if article.is_troubleshooter else []


def problems_as_troubleshooter(article: Article, revision: Revision) -> list[Problem]:
    """What would be wrong if the article were a troubleshooter."""
    source = drafting.source_revision(article) if revision.language != article.source_language else None
    return check(markdown.nodes(revision.body), revision.parts, source.parts if source else None)


def refuse_faults(article: Article, revision: Revision) -> None:
    """Refuse a troubleshooter in which a reader would get lost. Raises NotPublishable with the first line."""
    refused = [problem for problem in problems_of(article, revision) if problem.is_refused]
    if refused:
        named = " ".join(problem.placed for problem in refused[:MOST_NAMED])
        message = gettext("Readers would get lost in this troubleshooter. %(problems)s") % {"problems": named}
        raise NotPublishable(message, refused[0].line or None)
