"""An article as Markdown: the public text with its front matter, for people and programs that want the words alone."""

from django.conf import settings
from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from helpcenter import factbook
from helpcenter.actions import exporting
from helpcenter.content.absolute import Addresses, document
from helpcenter.localization import Shown
from helpcenter.models import Article, ArticleTag, PictureUse, RelatedArticle, TranslationState
from helpcenter.views.articles import answer, texts_of
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import absolute, path_in
from supportdesk.ui import languages


@public_page()
def markdown(request: HttpRequest, slug: str) -> HttpResponse:
    articles = Article.objects.filter(slug=slug).annotate(category_slug=F("category__slug"))
    return answer(request, slug, articles.reading([]).first(), _document)


def _document(request: HttpRequest, item: Article) -> HttpResponse:
    shown = texts_of(item).shown_to()
    page = absolute(path_in(shown.language, reverse("helpcenter:article", args=[item.slug])))
    response = HttpResponse(_text(item, shown, page), content_type="text/markdown; charset=utf-8")
    response.headers["Content-Language"] = languages.tag(shown.language)
    response.headers["Link"] = f'<{page}>; rel="canonical"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _text(item: Article, shown: Shown, page: str) -> str:
    """The document as an export writes it, without what is not for readers: keys that the product does not know, words
    for the search, and related articles that they may not read."""
    states = TranslationState.objects.of(item).published().select_related("published")
    state = get_object_or_404(states, language=shown.language)
    revision = state.published
    assert revision is not None  # noqa: S101 - `published()` says so
    revision.extra, revision.questions = "", []
    revision.summary = factbook.in_words(revision.summary, shown.language)
    body = factbook.in_markdown(revision.body, shown.language)
    revision.body = _notice(shown) + document(body, _addresses(item, shown.language, page))
    related = RelatedArticle.objects.filter(to__in=Article.objects.public().published())
    rows = (
        ("tag_rows", ArticleTag.objects.select_related("tag")),
        ("related_rows", related.select_related("to").only("article", "position", "to__slug")),
    )
    prefetch_related_objects([item], *(Prefetch(name, queryset) for name, queryset in rows))
    return exporting.document(item, revision, [part.key for part in state.outdated_parts])


def _addresses(item: Article, language: str, page: str) -> Addresses:
    uses = PictureUse.objects.filter(article=item, language=language).select_related("file__picture")
    files = {use.file.picture.name: use.file for use in uses}

    def picture(name: str) -> str:
        return files[name].sources()[files[name].widths[-1]] if name in files else ""

    return Addresses(page, f"{settings.SITE_URL}/{language}/", picture)


def _notice(shown: Shown) -> str:
    """The first line of a text that is in another language than the reader's."""
    if not shown.is_fallback:
        return ""
    message = gettext("This article is not translated into %(wanted)s yet. You see it in %(shown)s.")
    names = {"wanted": languages.language(shown.asked).name, "shown": languages.language(shown.language).name}
    return f"> {message % names}\n\n"
