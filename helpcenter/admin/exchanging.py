"""Files for translators: giving articles out, and taking them in after a report."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import access, exchanging
from helpcenter.actions.exchanging import Format, Plan
from helpcenter.admin.choosing import is_key
from helpcenter.admin.languages import language_choices
from helpcenter.errors import ContentError, StalePlan
from helpcenter.localization import Progress
from helpcenter.models import Article, Revision

MOST_ARTICLES = 200
KEPT = 3600  # seconds in which a report can be acted on
SCREEN = "admin:helpcenter_article_exchange"
SOURCE = "en"  # the language of most sources: nobody asks for files of it first


class ExportForm(forms.Form):
    articles = forms.CharField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language"))
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, initial=Format.XLIFF)
    everything = forms.ChoiceField(
        label=_("What"),
        choices=[("", _("Only what is missing or out of date")), ("1", _("Everything"))],
        required=False,
    )

    def __init__(self, *args: Any, by: Any, **options: Any) -> None:
        """The languages that the person writes in; one that is translated into stands first."""
        super().__init__(*args, **options)
        own = set(access.written_languages(by))
        choices = [(code, name) for code, name in language_choices() if code in own]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
        self.fields["language"].initial = next((code for code, _name in choices if code != SOURCE), None)

    def clean_articles(self) -> list[int]:
        keys = [int(key) for key in self.cleaned_data["articles"].split(",") if is_key(key)]
        if not keys or len(keys) > MOST_ARTICLES:
            raise forms.ValidationError(_("Choose at least one article, and at most 200."))
        return keys


class TakeInForm(forms.Form):
    file = forms.FileField(label=_("File"), required=False, help_text=_("XLIFF 1.2, PO, or a ZIP of them, up to 5 MB."))
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ExchangeScreen(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        screen = self.admin_site.admin_view(self.exchange)
        return [path("exchange/", screen, name="helpcenter_article_exchange"), *super().get_urls()]

    @admin.action(description=_("Files for translators (XLIFF, PO)"), permissions=["change"])
    def give_out(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse:
        keys = ",".join(str(pk) for pk in queryset.order_by("slug").values_list("pk", flat=True)[: MOST_ARTICLES + 1])
        return HttpResponseRedirect(f"{reverse(SCREEN)}?articles={keys}")

    def exchange(self, request: HttpRequest) -> HttpResponse:
        """Give articles out as files, or take files in: first a report, then what it says."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if "_export" in request.POST:
                return self._given_out(request)
            return self._taken_in(request)
        return self._exchange_page(request)

    def _given_out(self, request: HttpRequest) -> HttpResponse:
        form = ExportForm(request.POST, by=request.user)
        if form.is_valid():
            data = form.cleaned_data
            articles = Article.objects.reading([]).filter(pk__in=data["articles"]).order_by("slug")
            kind, is_all = Format(data["format"]), bool(data["everything"])
            try:
                packed = exchanging.export(articles, data["language"], kind, is_all=is_all, by=request.user)
            except ContentError as error:
                form.add_error(None, str(error))
            else:
                answer = HttpResponse(packed, content_type="application/zip")
                answer.headers["Content-Disposition"] = f'attachment; filename="{data["language"]}-{kind.value}.zip"'
                return answer
        return self._exchange_page(request, export=form)

    def _taken_in(self, request: HttpRequest) -> HttpResponse:
        form, plan = TakeInForm(request.POST, request.FILES), None
        name, data = _file(request, form)
        if form.is_valid() and not data:
            form.add_error("file", gettext("Choose the file. A report can be acted on for an hour."))
        elif form.is_valid():
            try:
                if "_apply" in request.POST:
                    return self._applied(request, name, data, form.cleaned_data["digest"])
                plan = exchanging.plan(name, data, by=request.user)
            except StalePlan as error:
                self.message_user(request, str(error), messages.WARNING)
                plan = exchanging.plan(name, data, by=request.user)
            except ContentError as error:
                form.add_error("file", str(error))
        return self._exchange_page(request, take_in=form, plan=plan, kept=(name, data))

    def _applied(self, request: HttpRequest, name: str, data: bytes, digest: str) -> HttpResponse:
        saved = exchanging.apply(name, data, by=request.user, digest=digest)
        told = gettext("Saved as drafts: %(count)d. Nothing is public yet.") % {"count": len(saved)}
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(_where_to_go_on(saved))

    def _exchange_page(
        self,
        request: HttpRequest,
        export: ExportForm | None = None,
        take_in: TakeInForm | None = None,
        plan: Plan | None = None,
        kept: tuple[str, bytes] = ("", b""),
    ) -> HttpResponse:
        if plan is not None:
            take_in = TakeInForm(initial={"token": _keep(request, *kept), "digest": plan.digest})
        asked = {name: value for name in ("articles", "language") if (value := request.GET.get(name, ""))}
        context: dict[str, Any] = {**self.admin_site.each_context(request), "opts": self.opts, "plan": plan}
        context |= {"export": export or ExportForm(initial=asked, by=request.user), "take_in": take_in or TakeInForm()}
        context |= {
            "title": capfirst(gettext("files for translators")),
            "is_chosen": bool(export or asked.get("articles")),
        }
        return TemplateResponse(request, "admin/helpcenter/translate/exchange.html", context)


def _where_to_go_on(saved: list[Revision]) -> str:
    """To the sheet of the one draft, else to the drafts of the language."""
    if len(saved) == 1:
        return reverse("admin:helpcenter_article_translate", args=[saved[0].article_id, saved[0].language])
    named = {revision.language for revision in saved}
    narrowed = f"?language={named.pop()}&state={Progress.DRAFT}" if len(named) == 1 else ""
    return reverse("admin:helpcenter_translationstate_changelist") + narrowed


def _keep(request: HttpRequest, name: str, data: bytes) -> str:
    """Keep a file for the second act; nothing of it is stored with the content before."""
    token = secrets.token_urlsafe(16)
    cache.set(_place(request, token), (name, data), KEPT)
    return token


def _file(request: HttpRequest, form: forms.Form) -> tuple[str, bytes]:
    """The file that was sent, else the one that a report was made of."""
    sent = request.FILES.get("file")
    if sent is not None and "_apply" not in request.POST:
        return str(sent.name), sent.read(exchanging.LARGEST_FILE + 1)
    name, data = cache.get(_place(request, str(form.data.get("token", ""))[:60])) or ("", b"")
    return name, data


def _place(request: HttpRequest, token: str) -> str:
    return f"exchange:{request.user.pk}:{token if token.isascii() and token.replace('-', '_').isidentifier() else 'x'}"
