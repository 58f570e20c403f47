"""Which public texts link to which articles: what an article is used by, and links that lead nowhere."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import Audience
from helpcenter.models.article import Article
from helpcenter.models.upkeep import SlugRedirect


class ArticleLinkQuerySet(models.QuerySet["ArticleLink"]):
    def to(self, article: Article) -> "ArticleLinkQuerySet":
        """Links to an article, also by an address that it had before."""
        old = SlugRedirect.objects.filter(article=article).values("slug")
        return self.filter(Q(slug=article.slug) | Q(slug__in=old))

    def public(self) -> "ArticleLinkQuerySet":
        return self.filter(article__archived_at__isnull=True)

    def broken(self) -> "ArticleLinkQuerySet":
        """Links to what the readers of their text cannot open: no such article, none published, an archived one; and
        from a text for everyone, one that is for agents."""
        published = Article.objects.rewrite(False).published()
        for_agents = ~Q(article__audience=Audience.PUBLIC) & _leads_to(published)
        return self.public().exclude(_leads_to(published.public()) | for_agents)

    def outdated(self) -> "ArticleLinkQuerySet":
        """Links that work by a redirect only."""
        return self.public().filter(Exists(SlugRedirect.objects.filter(slug=OuterRef("slug"))))


def _leads_to(articles: Any) -> Q:
    """Whether a link opens one of these articles, at its address or at one that it had before."""
    here = articles.filter(slug=OuterRef("slug"))
    moved = SlugRedirect.objects.filter(slug=OuterRef("slug"), article__in=articles.values("pk"))
    return Q(Exists(here)) | Q(Exists(moved))


class ArticleLink(models.Model):
    """A link of a public text to an article of the help centre, as it is written."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    slug = models.CharField(_("leads to"), max_length=120)
    anchor = models.CharField(_("place"), max_length=120, blank=True)
    line = models.PositiveIntegerField(_("line"), default=0)

    objects = ArticleLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to an article")
        verbose_name_plural = _("links to articles")
        ordering = ["article", "language", "line"]
        indexes = [models.Index(fields=["slug"], name="links_to_an_article")]

    def __str__(self) -> str:
        return f"{self.slug}#{self.anchor}" if self.anchor else self.slug
