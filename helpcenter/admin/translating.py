"""The translation screen: a source and its translation side by side, part by part."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery, Sum, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from helpcenter.actions import access, parity, remembering, reviewing, sheets
from helpcenter.actions import differing as differing_parts
from helpcenter.actions.sheets import Handed, Sheet
from helpcenter.admin.translation_rows import Check, ShownRow, shown
from helpcenter.content import questions, segments, sheet
from helpcenter.content.sheet import Status, Words
from helpcenter.errors import ContentError, NotAllowedNow, StaleDraft
from helpcenter.models import Article, ParityOverride, ReadCount, TranslationState
from supportdesk.accounts.models import User
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages

HEADING, TEXT = "heading:", "text:"
A_MONTH = timedelta(days=30)
MOST_NAMED = 4


@dataclass
class Typed:
    """What the fields of the screen hold, besides what is stored."""

    words: dict[str, Words]
    confirmed: Collection[str] = ()
    theirs: dict[str, Words] | None = None
    earlier: tuple[int, ...] = ()
    error: str = ""
    questions: tuple[str, ...] | None = None


class TranslationScreen(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        screen = self.admin_site.admin_view(self.translate)
        own = path("<int:pk>/translate/<str:language>/", screen, name="helpcenter_article_translate")
        return [own, *super().get_urls()]

    def translate(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Show a translation beside its source, and take it in."""
        article = get_object_or_404(self.get_queryset(request).annotate(month_reads=_reads()), pk=pk)
        prefetch_related_objects([cast(User, request.user)], "language_teams")
        if language not in content_languages() or language == article.source_language:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        try:
            if request.method == "POST":
                access.require_writing(request.user, article, language)
                return self._act(request, article, language)
            return self._sheet_shown(request, sheets.read(article, language), Typed({}))
        except NotAllowedNow as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:helpcenter_article_change", args=[pk]))

    def _act(self, request: HttpRequest, article: Article, language: str) -> HttpResponse:
        handed = _handed(request)
        if "_fill" in request.POST:
            return self._filled(request, article, language, handed)
        if "_accept" in request.POST:
            return self._accepted(request, article, language, handed)
        try:
            revision = sheets.save(article, language, handed, by=request.user)
        except StaleDraft as error:
            merged = sheets.merge(article, language, handed)
            earlier = (*handed.earlier, handed.seen)
            typed = Typed(merged.words, handed.confirmed, merged.theirs, earlier, str(error), merged.questions)
            return self._sheet_shown(request, merged.sheet, typed)
        except NotAllowedNow:
            raise
        except ContentError as error:
            return self._shown_again(request, article, language, handed, str(error))
        self._tell(request, article, language, handed, revision)
        return HttpResponseRedirect(request.path)

    def _tell(self, request: HttpRequest, article: Article, language: str, handed: Handed, revision: Any) -> None:
        """Say what became of a text that was saved, and send it for review where that was asked for."""
        found = sheets.read(article, language)
        for heading in sheets.lost_parts(revision, found, handed.words):
            message = gettext("“%(heading)s” is no part of the saved text: look for “:::” or “```” that does not end.")
            self.message_user(request, message % {"heading": heading}, messages.WARNING)
        if "_submit" not in request.POST:
            self.message_user(request, gettext("Saved as text %(number)d.") % {"number": revision.number})
            return
        try:
            reviewing.submit(revision, by=request.user)
        except ContentError as error:
            told = gettext("Saved, but not sent for review: %(why)s") % {"why": error}
            self.message_user(request, told, messages.ERROR)
        else:
            self.message_user(request, gettext("Sent for review."))

    def _filled(self, request: HttpRequest, article: Article, language: str, handed: Handed) -> HttpResponse:
        """Fill empty parts with what the memory has for each of their segments; nothing is stored."""
        found = sheets.seen_by(sheets.read(article, language, handed.earlier), handed)
        filled = sheets.fill_exact(found, _exact_matches(found))
        taken = {name: words for name, words in filled.items() if not handed.words.get(name)}
        told = gettext("Filled from the memory: %(count)d. Read them before you save.") % {"count": len(taken)}
        self.message_user(request, told)
        words = {**sheets.typed(found, handed), **taken}
        return self._sheet_shown(
            request,
            found,
            Typed(words, handed.confirmed, earlier=handed.earlier, questions=handed.questions),
            seen=handed.seen,
        )

    def _accepted(self, request: HttpRequest, article: Article, language: str, handed: Handed) -> HttpResponse:
        """A language lead lets a difference stay; what is typed in the fields stays too."""
        fingerprint = request.POST["_accept"]
        found = sheets.read(article, language, handed.earlier)
        differing = parity.differences_from(found.source, found.latest) if found.latest else []
        difference = next((one for one in differing if one.fingerprint == fingerprint), None)
        error = ""
        if found.latest and difference:
            reason = request.POST.get(f"reason:{fingerprint}", "")
            try:
                parity.accept_difference(found.latest, difference, by=request.user, reason=reason)
                differing_parts.note(article, language)
                self.message_user(request, gettext("Accepted. The reason is kept."))
            except ContentError as refused:
                error = str(refused)
        return self._shown_again(request, article, language, handed, error)

    def _shown_again(
        self, request: HttpRequest, article: Article, language: str, handed: Handed, error: str = ""
    ) -> HttpResponse:
        found = sheets.seen_by(sheets.read(article, language, handed.earlier), handed)
        words = sheets.typed(found, handed)
        typed = Typed(words, handed.confirmed, earlier=handed.earlier, error=error, questions=handed.questions)
        return self._sheet_shown(request, found, typed, seen=handed.seen)

    def _sheet_shown(self, request: HttpRequest, found: Sheet, typed: Typed, seen: int | None = None) -> HttpResponse:
        checks = _checks(found)
        rows = shown(found, typed.words, confirmed=typed.confirmed, theirs=typed.theirs, checks=checks)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "article": found.article}
        context |= {
            "is_nav_sidebar_enabled": False,
            "title": found.source.title,
            "sheet": found,
            "rows": rows,
            "typed": typed,
        }
        context |= _head(found, rows)
        context |= {"seen": found.seen if seen is None else seen, "source_seen": found.source.number}
        context["elsewhere"] = [check for check in checks if check.difference.part not in found.statuses]
        context["questions"] = _questions_shown(found, typed)
        context["waits_for_source"] = _waits_for_source(found.article)
        context["failing"] = sum(not check.reason for check in checks)
        context["failing_row"] = next((row.number for row in rows if row.failing), None)
        context["may_write"] = access.may_write(request.user, found.article, found.language)
        context["may_accept"] = bool(checks) and access.leads(request.user, found.language)
        return TemplateResponse(request, "admin/helpcenter/translate/sheet.html", context)


def _handed(request: HttpRequest) -> Handed:
    """What the form holds."""
    names = dict.fromkeys(
        name.partition(":")[2] for name in request.POST if name.startswith((HEADING, TEXT))
    )  # fmt: skip
    words = {
        name: sheet.tidied(Words(request.POST.get(HEADING + name, ""), request.POST.get(TEXT + name, "")))
        for name in names
    }
    earlier = tuple(_numbers(request.POST.get("earlier", "").split(",")))
    source, seen = (next(iter(_numbers([request.POST.get(name, "")])), 0) for name in ("source", "seen"))
    asked = questions.of_text(request.POST["questions"]) if "questions" in request.POST else None
    return Handed(words, request.POST.getlist("confirmed"), source, seen, earlier, questions=asked)


def _questions_shown(found: Sheet, typed: Typed) -> str:
    """The field of the questions: what was typed, else what is stored."""
    stored = found.latest.questions if found.latest else ()
    return questions.as_text(stored if typed.questions is None else typed.questions)


def _numbers(written: Iterable[str]) -> list[int]:
    return [int(number) for number in written if number.isascii() and number.isdigit() and len(number) < 10]


def _exact_matches(found: Sheet) -> dict[str, str]:
    """The best translation of each segment of the source that the memory has word for word."""
    own = segments.split(found.source.title, found.source.summary, found.source.body)
    offers = remembering.offers(found.article, found.language, [remembering.Wanted(s, is_fuzzy=False) for s in own])
    bare = {segment.key: segment.text for segment in own if not remembering.says_something(segment.text)}
    return bare | {key: matches[0].entry.target for key, matches in offers.items() if matches}


def _checks(found: Sheet) -> list[Check]:
    """How the newest text differs from the source as it is now, with what was accepted of it."""
    differing = parity.differences_from(found.source, found.latest) if found.latest else []
    if not differing:
        return []
    accepted = ParityOverride.objects.filter(article=found.article, language=found.language)
    reasons = dict(accepted.values_list("fingerprint", "reason"))
    return [Check(difference, reasons.get(difference.fingerprint, "")) for difference in differing]


def _reads() -> Subquery:
    """How often an article was read in the last thirty days, in all languages."""
    own = ReadCount.objects.filter(article=OuterRef("pk"), hour__gte=timezone.now() - A_MONTH)
    return Subquery(own.order_by().values("article").annotate(total=Sum("count")).values("total"))


def _head(found: Sheet, rows: Sequence[ShownRow]) -> dict[str, Any]:
    """The line below the title, and the counts at the foot."""
    counted = [row for row in rows if not row.row.is_continued]
    return {
        "source_language": languages.language(found.article.source_language),
        "language": languages.language(found.language),
        "reads": getattr(found.article, "month_reads", None) or 0,
        "changed": _named(counted, Status.CHANGED, Status.REMOVED),
        "new": _named(counted, Status.NEW),
        "parts": len(counted),
        "parts_done": sum(not row.is_open for row in counted),
        "warnings": sum(bool(hit.found) for row in rows for hit in row.hits),
    }


def _named(rows: Iterable[ShownRow], *wanted: Status) -> str:
    """`Step 2, Step 4`; of many the first, and how many more."""
    labels = [row.label for row in rows if row.status in wanted]
    between = languages.BETWEEN_WORDS.get(get_language() or "en", ", ")
    more = f" +{len(labels) - MOST_NAMED}" if len(labels) > MOST_NAMED else ""
    return between.join(labels[:MOST_NAMED]) + more


def _waits_for_source(article: Article) -> bool:
    source = TranslationState.objects.filter(article=article, language=article.source_language).first()
    return source is not None and source.is_ahead_of_translators
