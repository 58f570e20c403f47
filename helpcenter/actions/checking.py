"""Whether a text is fit to be public, beyond its words: troubleshooters lead somewhere."""

from django.utils.translation import gettext

from helpcenter.actions import drafting
from helpcenter.content import markdown
from helpcenter.content.faults import Problem, check
from helpcenter.errors import NotPublishable
from helpcenter.models import Article, Region, Revision

MOST_NAMED = 5


def problems_of(article: Article, revision: Revision) -> list[Problem]:
    """What is wrong with the graph of a troubleshooter, by line; nothing for other kinds of articles."""
    return problems_as_troubleshooter(article, revision) if article.is_troubleshooter else []


def problems_as_troubleshooter(article: Article, revision: Revision) -> list[Problem]:
    """What would be wrong if the article were a troubleshooter."""
    source = drafting.source_revision(article) if revision.language != article.source_language else None
    return check(markdown.nodes(revision.body), revision.parts, source.parts if source else None)


def refuse_faults(article: Article, revision: Revision) -> None:
    """Refuse a troubleshooter in which a reader would get lost, and a part that is for no region that there is. Raises
    NotPublishable with the first line."""
    refuse_unknown_regions(revision.body)
    refused = [problem for problem in problems_of(article, revision) if problem.is_refused]
    if refused:
        named = " ".join(problem.placed for problem in refused[:MOST_NAMED])
        message = gettext("Readers would get lost in this troubleshooter. %(problems)s") % {"problems": named}
        raise NotPublishable(message, refused[0].line or None)


def refuse_unknown_regions(body: str) -> None:
    """Raises NotPublishable for a part for a region that does not exist: no reader would ever be shown it."""
    named = markdown.regions_named(body)
    if not named:
        return
    known = list(Region.objects.values_list("code", flat=True))
    for codes, line in named:
        unknown = [code for code in codes if code not in known]
        if unknown:
            message = gettext("There is no region “%(code)s”. Name one of these, or add it first: %(known)s.")
            raise NotPublishable(message % {"code": unknown[0][:20], "known": ", ".join(known) or "–"}, line)
