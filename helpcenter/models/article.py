"""Articles: what they are about, for whom, and the text that is public in each language."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

from helpcenter.cards import Card
from helpcenter.enums import ArticleKind, Audience
from helpcenter.models.category import Category
from supportdesk.ui.languages import column, content_languages

# What `publish` writes, once per language. Nothing else may.
PUBLISHED_FIELDS = ("title", "summary", "body", "html", "outline")
# What follows from the published texts of all languages; written with them.
DERIVED = ("languages_published", "cards")


def article_path(kind: str, slug: str, language: str) -> str:
    """Where readers find an article of a kind, in a language."""
    folder = "troubleshoot" if kind == ArticleKind.TROUBLESHOOTER else "articles"
    return f"/{language}/{folder}/{slug}/"


class Tag(models.Model):
    slug = models.SlugField(_("slug"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class ArticleQuerySet(models.QuerySet["Article"]):
    rewrite: Any  # modeltranslation adds it: False takes field names as they stand

    def visible_to(self, user: Any) -> "ArticleQuerySet":
        """Articles that a person may read: public ones, and those for agents where they have that right."""
        if user is not None and user.is_authenticated and user.has_perm("helpcenter.read_agents_articles"):
            return self.all()
        return self.public()

    def public(self) -> "ArticleQuerySet":
        return self.filter(audience=Audience.PUBLIC)

    def published(self) -> "ArticleQuerySet":
        """Published in at least one language, and not archived."""
        return self.filter(archived_at__isnull=True, languages_published__gt=0)

    def published_in(self, language: str) -> "ArticleQuerySet":
        return self.filter(archived_at__isnull=True).exclude(_empty("title", language))

    def of_contracts(self) -> "ArticleQuerySet":
        return self.filter(kind=ArticleKind.CONTRACT)

    def troubleshooters(self) -> "ArticleQuerySet":
        return self.filter(kind=ArticleKind.TROUBLESHOOTER)

    def due_for_check(self, by: date) -> "ArticleQuerySet":
        """Public texts that somebody wanted to look at again by a day, those that have waited longest first."""
        return self.published().filter(review_by__lte=by).order_by("review_by", "slug")

    def promoted(self) -> "ArticleQuerySet":
        return self.filter(is_promoted=True)

    def reading(self, languages: Iterable[str], *fields: str, also: Iterable[str] = ()) -> "ArticleQuerySet":
        """Load the named published fields (default: title and summary) of these languages, nothing of others, and
        `also` what is named there.

        The plain name of a translated field would load it in all languages.
        """
        translated = [column(name, code) for code in languages for name in fields or ("title", "summary")]
        return self.rewrite(False).only(*self._own_fields(), *translated, *also)

    def columns(self, languages: Iterable[str], *fields: str) -> Any:
        """What `reading` loads, as rows that `Article.of_columns` makes articles of."""
        wanted = {field.attname for field in self.model.own_fields()}
        wanted |= {column(name, code) for code in languages for name in fields}
        known = [field.attname for field in self.model._meta.concrete_fields]
        return self.rewrite(False).values(*(name for name in known if name in wanted))

    def update(self, **values: Any) -> int:
        _refuse_published_fields(values)
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        _refuse_published_fields(fields)
        return super().bulk_update(objs, fields, batch_size)

    def write_published(self, language: str, values: dict[str, Any]) -> int:
        """The one door to the translated columns; called by `actions.publishing` alone."""
        columns = {column(name, language): value for name, value in values.items()}
        return models.QuerySet.update(self.rewrite(False), **columns)

    def _own_fields(self) -> list[str]:
        return [field.name for field in self.model.own_fields()]


def _empty(name: str, language: str) -> Q:
    field = column(name, language)
    return Q(**{field: ""}) | Q(**{f"{field}__isnull": True})


def published_columns() -> frozenset[str]:
    """Names of all fields that hold published text."""
    codes = content_languages()
    return frozenset(PUBLISHED_FIELDS) | {column(name, code) for name in PUBLISHED_FIELDS for code in codes}


def _refuse_published_fields(names: Iterable[str]) -> None:
    refused = sorted(set(names) & published_columns())
    if refused:
        raise PermissionError(f"Only publishing writes {', '.join(refused)}; save a draft and publish it.")


class Article(models.Model):
    """What is the same in every language. Truth about texts is in `Revision` and `TranslationState`."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind.choices, default=ArticleKind.FAQ)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    source_language = models.CharField(_("source language"), max_length=12, default="en")
    is_promoted = models.BooleanField(_("on the home page"), default=False)
    tags = models.ManyToManyField(Tag, through="ArticleTag", blank=True, verbose_name=_("tags"))
    related = models.ManyToManyField(
        "self", through="RelatedArticle", symmetrical=False, blank=True, verbose_name=_("related articles")
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    review_by = models.DateField(_("check again by"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last found to be true"), null=True, blank=True)
    languages_published = models.PositiveSmallIntegerField(_("languages published"), default=0, editable=False)
    # Language -> what lists say of the article there (see cards.py); the languages are those that are published.
    cards = models.JSONField(_("cards"), default=dict, blank=True, editable=False)

    # Published text, a column per language (see translation.py).
    title = models.CharField(_("title"), max_length=200, blank=True, default="", editable=False)
    summary = models.CharField(_("summary"), max_length=400, blank=True, default="", editable=False)
    body = models.TextField(_("text"), blank=True, default="", editable=False)
    html = models.TextField(_("rendered text"), blank=True, default="", editable=False)
    outline = models.JSONField(_("outline"), null=True, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["slug"]
        permissions = [
            ("publish_article", _("Can publish and unpublish articles")),
            ("review_article", _("Can review the texts of others")),
            ("lead_article", _("Can publish without a review, and accept differences of translations")),
            ("read_agents_articles", _("Can read articles for agents")),
        ]
        indexes = [
            models.Index(fields=["category", "slug"], name="article_by_category"),
            models.Index(fields=["review_by"], name="article_by_check"),
        ]

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the untranslated fields only: published text and the count of its languages belong to `publish`."""
        if self.pk is not None and not self._state.adding:
            asked = kwargs.get("update_fields")
            own = {field.name for field in self.own_fields() if not field.primary_key} - set(DERIVED)
            _refuse_published_fields(asked or ())
            kwargs["update_fields"] = own if asked is None else set(asked)
        super().save(*args, **kwargs)

    @classmethod
    def own_fields(cls) -> list[models.Field[Any, Any]]:
        """Concrete fields that are the same in every language."""
        translated = published_columns()
        return [field for field in cls._meta.concrete_fields if field.name not in translated]

    @classmethod
    def of_columns(cls, row: dict[str, Any]) -> "Article":
        """The article of a row that `columns` gives; what is not in it is loaded when it is asked for."""
        article = cls.__new__(cls)  # as `from_db`, without going through all the columns that are not loaded
        article._state = ModelState()
        article._state.adding, article._state.db = False, DEFAULT_DB_ALIAS
        article.__dict__.update(row)
        return article

    @property
    def is_troubleshooter(self) -> bool:
        return self.kind == ArticleKind.TROUBLESHOOTER

    def path(self, language: str) -> str:
        """Where readers of a language find it."""
        return article_path(self.kind, self.slug, language)

    def published_text(self, name: str, language: str) -> Any:
        """A published field in a language, empty where that language is not published."""
        return getattr(self, column(name, language), None) or ""

    def is_published_in(self, language: str) -> bool:
        return language in self.cards

    def card(self, language: str) -> Card:
        """What lists say of the article in a language. Raises KeyError where it is not published."""
        return Card.of(self.cards[language])


class ArticleTag(models.Model):
    """A tag of an article, in the order of its front matter."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="tag_rows")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="article_rows")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("tag of an article")
        verbose_name_plural = _("tags of articles")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "tag"], name="one_tag_once")]

    def __str__(self) -> str:
        return f"{self.article} #{self.tag}"


class RelatedArticle(models.Model):
    """A related article, in the order that the editors chose."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_rows")
    to = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_from", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "to"], name="one_relation_once")]

    def __str__(self) -> str:
        return f"{self.article} -> {self.to}"
