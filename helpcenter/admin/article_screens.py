"""Screens of an article besides its form: the preview, and what takes it away from readers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, override

from helpcenter import factbook
from helpcenter.actions import checking, fact_uses, publishing
from helpcenter.admin.article_form import ArchiveForm, latest_revision
from helpcenter.admin.compared import with_pictures
from helpcenter.admin.languages import with_language
from helpcenter.content import markdown
from helpcenter.errors import ContentError
from helpcenter.models import Article
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages


class ArticleScreens(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "helpcenter_article"
        own = [
            path("<int:pk>/preview/<str:language>/", guard(self.preview), name=f"{name}_preview"),
            path("<int:pk>/unpublish/<str:language>/", guard(self.unpublish), name=f"{name}_unpublish"),
            path("<int:pk>/archive/", guard(self.archive), name=f"{name}_archive"),
        ]
        return own + super().get_urls()

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("helpcenter.publish_article")

    def preview(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The newest text of a language, drawn by the real renderer."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        latest = latest_revision(article, language)
        if latest is None:
            raise Http404
        with override(language):
            rendered = publishing.render_revision(article, latest)
            context = {"revision": latest, "language": languages.language(language), "warnings": rendered.warnings}
            context["problems"] = checking.problems_of(article, latest)
            html = markdown.localise(factbook.fill(rendered.html, language), language)
            context["html"] = with_pictures(html, language, request.user)
            context["facts"] = fact_uses.problems(fact_uses.references(latest.body, latest.summary))
            return TemplateResponse(request, "admin/helpcenter/article/preview.html", context).render()

    def unpublish(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Ask, then take the public text of a language back."""
        article = self._to_take_away(request, pk)
        if language not in content_languages():
            raise Http404
        named = languages.language(language)
        if request.method != "POST":
            return self._ask(request, "unpublish", article, {"language": named})
        try:
            publishing.unpublish(article, language, by=request.user)
            self.message_user(request, gettext("No longer public in %(language)s.") % {"language": named.name})
        except ContentError as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(with_language(_form_of(article), language))

    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Retire an article, name another one as its successor, or bring it back."""
        article = self._to_take_away(request, pk)
        form = ArchiveForm(article, self.admin_site, request.POST if request.method == "POST" else None)
        if "_restore" in request.POST:
            publishing.restore(article, by=request.user)
        elif form.is_valid():
            publishing.archive(article, by=request.user, successor=form.cleaned_data["successor"])
        else:
            return self._ask(request, "archive", article, {"form": form, "media": self.media + form.media})
        return HttpResponseRedirect(_form_of(article))

    def _to_take_away(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        return article

    def _ask(self, request: HttpRequest, screen: str, article: Article, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "article": article, "title": article.slug, "opts": self.opts}
        return TemplateResponse(request, f"admin/helpcenter/article/{screen}.html", page | context)


def _form_of(article: Article) -> str:
    return reverse("admin:helpcenter_article_change", args=[article.pk])
