"""What surrounds the field of a Markdown text: its tools, and the addresses that they ask.

Without JavaScript the field is a plain one, and everything can be typed into it (docs/markdown.md).
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from helpcenter.actions import drafting, picturing
from helpcenter.admin import picking, previewing
from helpcenter.admin.choosing import is_key
from helpcenter.content import pictures, reordering, snippets
from helpcenter.errors import ContentError, InvalidText, PictureRejected
from helpcenter.models import Article, PictureFile
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages

LONGEST_DESCRIPTION = 250  # characters; a screen reader says it in one breath
LONGEST_QUESTION = 100


class MarkdownEditor(forms.Textarea):
    """A text area with tools; `addresses` are those that it asks, none where it is only a text area."""

    template_name = "admin/helpcenter/editing/editor.html"
    addresses: dict[str, str] | None = None

    class Media:
        js = (Script("ui/js/editor.js", defer=""),)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "sd-body", "spellcheck": "true", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        limits = {"longest_description": LONGEST_DESCRIPTION, "longest_title": drafting.LONGEST_TITLE}
        return {**super().get_context(name, value, attrs), "addresses": self.addresses, **limits}


class EditingAdmin(admin.ModelAdmin):
    """Serves the tools of the field `text_body` to those who may write."""

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, self._address_name
        own = [
            path("editing/links/", guard(require_GET(self.find_links)), name=name("links")),
            path("editing/facts/", guard(require_GET(self.find_facts)), name=name("facts")),
            path("editing/parts/", guard(require_POST(self.arrange_parts)), name=name("parts")),
            path("editing/preview/", guard(require_POST(self.preview_text)), name=name("try")),
        ]
        return own + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> HttpResponse:
        field = context["adminform"].form.fields.get("text_body")
        if field is not None and isinstance(field.widget, MarkdownEditor):
            field.widget.addresses = self.tool_addresses(request)
        return super().render_change_form(request, context, *args, **more)

    def tool_addresses(self, request: HttpRequest) -> dict[str, str]:
        return {tool: self._address(tool) for tool in ("links", "facts", "parts", "try")}

    def find_links(self, request: HttpRequest) -> HttpResponse:
        """Articles by words, or the parts of one; drafts among them."""
        self._refuse_readers(request)
        if not any(request.user.has_perm(f"helpcenter.{verb}_article") for verb in ("view", "change")):
            raise PermissionDenied
        language, slug = _language(request.GET), request.GET.get("article", "")
        if slug:
            return JsonResponse({"results": picking.parts(slug, language)})
        return JsonResponse({"results": picking.articles(_question(request), language)})

    def find_facts(self, request: HttpRequest) -> HttpResponse:
        self._refuse_readers(request)
        return JsonResponse({"results": picking.facts(_question(request), _language(request.GET))})

    def arrange_parts(self, request: HttpRequest) -> HttpResponse:
        """The parts of a text, after a move or a new step where one is asked for. Nothing is stored."""
        self._refuse_readers(request)
        try:
            text = _body(request)
            changed, index = _arranged(request, text)
        except InvalidText as error:
            return _refusal(error)
        found = reordering.parts(changed)
        answer: dict[str, Any] = {"parts": [_part(part) for part in found], "index": index}
        if changed != text:
            answer |= {"text": changed, "message": _told(found[index])}
        return JsonResponse(answer)

    def preview_text(self, request: HttpRequest) -> HttpResponse:
        """The text as it stands in the form, drawn by the real renderer. Nothing is stored."""
        self._refuse_readers(request)
        language = _language(request.POST)
        body, summary = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("body", "summary"))
        text = drafting.Text(_title(request), body, summary)
        refused = previewing.refusals(text)
        shown = None if refused else self.draw_preview(request, language, text)
        notices = refused if shown is None else shown.notices
        answer: dict[str, Any] = {"notices": [notice.as_json() for notice in notices]}
        if shown is not None:
            answer["page"] = _page(request, language, text.title, shown.html)
        return JsonResponse(answer)

    def draw_preview(self, request: HttpRequest, language: str, text: drafting.Text) -> previewing.Preview:
        return previewing.of_announcement(language, text)

    def _refuse_readers(self, request: HttpRequest) -> None:
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied

    def _address_name(self, tool: str) -> str:
        return f"helpcenter_{self.opts.model_name}_{tool}"

    def _address(self, tool: str) -> str:
        return reverse(f"admin:{self._address_name(tool)}")


class PicturingAdmin(EditingAdmin):
    """Texts that show pictures: takes them in, and shows those that are not public to those who write."""

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, self._address_name
        shown = "editing/pictures/<slug:digest>-<int:width>.webp"
        own = [
            path("editing/pictures/", guard(require_POST(self.take_picture)), name=name("pictures")),
            path(shown, guard(require_GET(self.show_picture)), name=name("picture")),
        ]
        return own + super().get_urls()

    def tool_addresses(self, request: HttpRequest) -> dict[str, str]:
        found = super().tool_addresses(request)
        if request.user.has_perm("helpcenter.add_picture"):
            found["pictures"] = self._address("pictures")
        return found

    def take_picture(self, request: HttpRequest) -> HttpResponse:
        """Take in one picture, and answer with the line of Markdown that shows it."""
        self._refuse_readers(request)
        if not request.user.has_perm("helpcenter.add_picture"):
            raise PermissionDenied
        try:
            description = _description(request)
            sent, name = _uploaded(request), request.POST.get("name", "").strip()[: snippets.LONGEST_STEM]
            named = {"description": description, "given": sent.name or "", "name": name}
            file = picturing.add_picture(sent.read(), _language(request.POST), by=request.user, **named)
        except ContentError as error:
            return _refusal(error)
        told = gettext("The picture is kept as “%(name)s”.") % {"name": file.picture.name}
        line = snippets.picture_line(description, file.picture.name)
        return JsonResponse({"markdown": line, "name": file.picture.name, "message": told}, status=201)

    def show_picture(self, request: HttpRequest, digest: str, width: int) -> HttpResponse:
        """A width of any picture, public or not, for a preview."""
        self._refuse_readers(request)
        file = PictureFile.objects.filter(digest=digest).first()
        if file is None or width not in file.widths:
            raise Http404
        response = HttpResponse(picturing.sized(file, width), content_type="image/webp")
        response.headers["Cache-Control"] = "private, max-age=300"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def draw_preview(self, request: HttpRequest, language: str, text: drafting.Text) -> previewing.Preview:
        key = request.POST.get("article", "")
        article = Article.objects.reading([]).filter(pk=key).first() if is_key(key) else None
        tried = previewing.unsaved(article, language, request.POST.get("kind", ""))
        return previewing.of_article(tried, language, text, self._address("pictures"))


def _language(given: Any) -> str:
    """The language of the text that a tool works for."""
    code: str = given.get("language", "")
    return code if code in content_languages() else "en"


def _question(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:LONGEST_QUESTION]


def _title(request: HttpRequest) -> str:
    """A text without a title yet can be looked at all the same."""
    return request.POST.get("title", "").strip() or gettext("(no title yet)")


def _body(request: HttpRequest) -> str:
    """Raises InvalidText where the text is longer than any that can be saved."""
    body: str = request.POST.get("body", "").replace("\r\n", "\n")
    drafting.refuse_unfit(drafting.Text("-", body))
    return body


def _arranged(request: HttpRequest, text: str) -> tuple[str, int]:
    """The text after what is asked for, and the index of the part that it was done to; -1 for none.

    Raises InvalidText.
    """
    index = _number(request.POST.get("index", ""))
    if "place" in request.POST:
        moved = reordering.move(text, index, _number(request.POST["place"]))
        return moved, _index_after(text, moved, index, _number(request.POST["place"]))
    if "title" in request.POST:
        longer, line = reordering.add_step(text, request.POST["title"][: drafting.LONGEST_TITLE], after=index)
        return longer, next(part.index for part in reordering.parts(longer) if part.line == line)
    return text, -1


def _index_after(text: str, moved: str, index: int, place: int) -> int:
    """Where a part is found after its move to a place among its siblings."""
    own = reordering.parts(text)[index]
    siblings = [part for part in reordering.parts(moved) if (part.parent, part.depth) == (own.parent, own.depth)]
    return siblings[max(0, min(place, len(own.siblings) - 1))].index


def _number(written: str) -> int:
    """A small number as it is posted; -1 for anything else."""
    return int(written) if written.isdecimal() and len(written) <= 5 else -1


def _part(part: reordering.Movable) -> dict[str, Any]:
    return {
        "index": part.index,
        "parent": part.parent,
        "line": part.line,
        "title": part.title,
        "step": part.is_step,
        "place": part.place,
        "siblings": len(part.siblings),
    }


def _told(part: reordering.Movable) -> str:
    """What a screen reader says after a part has found its place."""
    told = {"title": part.title, "place": part.place + 1, "number": len(part.siblings)}
    return gettext("“%(title)s” is now %(place)d of %(number)d.") % told


def _description(request: HttpRequest) -> str:
    """Raises PictureRejected where nobody says what the picture shows."""
    description = " ".join(request.POST.get("description", "").split())
    if not description:
        raise PictureRejected(gettext("Say what the picture shows, for people who cannot see it."))
    if len(description) > LONGEST_DESCRIPTION:
        message = gettext("The description has %(length)d characters; at most %(limit)d fit.")
        raise PictureRejected(message % {"length": len(description), "limit": LONGEST_DESCRIPTION})
    return description


def _uploaded(request: HttpRequest) -> UploadedFile:
    """The file, its size looked at before anything of it is read. Raises PictureRejected."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or file.size is None:
        raise PictureRejected(gettext("No file has arrived. Choose the picture again."))
    pictures.refuse_size(file.size)
    return file


def _refusal(error: ContentError) -> JsonResponse:
    return JsonResponse({"error": str(error), "line": getattr(error, "line", None) or 0}, status=400)


def _page(request: HttpRequest, language: str, title: str, html: str) -> str:
    """A whole page, in the direction of its language unless another one is asked for."""
    own, asked = languages.language(language), request.POST.get("direction")
    shown = asked if asked in ("ltr", "rtl") else own.direction
    context = {"title": title, "html": html, "own": own, "direction": shown}
    return render_to_string("admin/helpcenter/editing/page.html", context)
