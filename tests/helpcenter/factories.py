"""Content for tests, made through the same actions as the product's own."""

from string import ascii_lowercase
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from helpcenter import units
from helpcenter.actions import drafting, publishing, saving_facts
from helpcenter.models import Announcement, Article, Category, Fact, FactKind, FactValue, Region
from helpcenter.search import indexing
from supportdesk.ui.languages import column


def in_letters(number: int) -> str:
    """A number without digits: a title is made of the slug, and its figures would have to be in every translation."""
    return "".join(ascii_lowercase[int(digit)] for digit in str(number))


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name_en = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").title())


class ArticleFactory(DjangoModelFactory):
    """An article; `ArticleFactory(texts={"en": "## A\\n\\nText"})` publishes a text in each language named.

    A value may be a body, or a `drafting.Text`. The title defaults to the slug in words and the language.
    """

    class Meta:
        model = Article
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"article-{in_letters(n)}")
    category = factory.SubFactory(CategoryFactory)

    class Params:
        guide = factory.Trait(kind="guide")
        agents_only = factory.Trait(audience="agents")

    @factory.post_generation
    def texts(self, create: bool, extracted: dict[str, Any] | None, **kwargs: Any) -> None:
        for language, text in (extracted or {}).items():
            publish_text(self, language, text)


def text_of(article: Article, language: str, value: Any) -> drafting.Text:
    if isinstance(value, drafting.Text):
        return value
    return drafting.Text(title=f"{article.slug.replace('-', ' ').capitalize()} ({language})", body=value)


def save_text(article: Article, language: str, value: Any, *, by: Any = None) -> Any:
    return drafting.save_revision(article, language, text_of(article, language, value), by=by)


def publish_text(article: Article, language: str, value: Any, *, by: Any = None) -> Any:
    return publishing.publish(save_text(article, language, value, by=by), by=by)


class AnnouncementFactory(DjangoModelFactory):
    class Meta:
        model = Announcement

    slug = factory.Sequence(lambda n: f"news-{n}")
    title_en = factory.LazyAttribute(lambda o: f"News about {o.slug}")
    summary_en = "What happened, in one sentence."
    html_en = "<p>What happened.</p>"
    approved_at = factory.LazyFunction(timezone.now)


def value(text: str, since: str = "2026-01-01", until: str = "", region: str = "", **more: str) -> FactValue:
    """A value of a fact, not stored yet; its region is created where it is not known."""
    place = Region.objects.get_or_create(code=region, defaults={"name_en": region.upper()})[0] if region else None
    ends = units.read_moment(until) if until else None
    return FactValue(value=text, effective_from=units.read_moment(since), effective_until=ends, region=place, **more)


def keep_fact(key: str, *values: FactValue | str, unit: str = "percent", **names: str) -> Fact:
    """Store a fact with these values; its kind is created where it is not known, with names by language."""
    subject, _, slug = key.partition(".")
    texts = {column("name", code.replace("_", "-")): name for code, name in names.items()}
    kind, _ = FactKind.objects.get_or_create(slug=slug, defaults={"unit": unit, **texts})
    fact = Fact.objects.filter(subject=subject, kind=kind).first() or Fact(subject=subject, kind=kind, unit=unit)
    return saving_facts.save_fact(fact, changed=[value(v) if isinstance(v, str) else v for v in values], by=None)


def index_all(*languages: str) -> None:
    """Bring the search indexes of this process in step with the database of this test."""
    for language in languages or (None,):
        for alias in indexing.aliases(language):
            indexing.sync(alias)


def stored(article: Article, name: str, language: str) -> Any:
    """A published field as the database has it now."""
    return Article.objects.rewrite(False).values_list(column(name, language), flat=True).get(pk=article.pk)
