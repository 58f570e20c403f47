"""Who got the old answer: the changes of articles, and the tickets of each, as a page and as a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpcenter.content import tables
from supportdesk.ui import languages
from tickets.actions import correcting
from tickets.errors import TicketError
from tickets.models import ArticleChange
from tickets.workspace import old_answers
from tickets.workspace.doors import DeskRequest, desk, lead_desk
from tickets.workspace.forms import number_of
from tickets.workspace.old_answers import OPEN, STATES, Asked
from tickets.workspace.views.pages import page


@require_safe
@desk
def index(request: DeskRequest) -> HttpResponse:
    """Changes of articles after which customers have an old answer, the newest first."""
    lines, following = old_answers.changes(request.access, number_of(request.GET.get("after", "")))
    return page(request, "old_answers", {"lines": lines, "following": following})


@require_safe
@desk
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """Who was given the text that a change replaced; `format=csv` gives the same as a file."""
    change, asked = _change(request, pk), _asked(request.GET)
    if request.GET.get("format") == "csv":
        return _as_file(request, change, asked)
    rows, following = old_answers.rows(change, asked, request.access)
    states, codes = old_answers.places(change, asked, request.access)
    context = {
        "change": change,
        "asked": asked,
        "rows": rows,
        "following": following,
        "states": states,
        "languages": codes,
        "parts": old_answers.part_texts(change),
        "macros": old_answers.macros_of(change, request.access),
        "article_address": old_answers.public_address(change),
        "comparison": old_answers.comparison_address(change, request.access.user),
        "language_name": languages.language(change.language).name,
        "waits": states[0].count,
        "leads": request.access.leads,
    }
    return page(request, "old_answer", context)


@require_POST
@lead_desk
def tell(request: DeskRequest, pk: int) -> HttpResponse:
    """Hand the tickets over to one answer to many, and go on there: it is written, looked at and sent on its page."""
    change = _change(request, pk)
    try:
        incident, number = correcting.tell_them(change, by=request.access.user)
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("workspace:old-answer", args=[pk]))
    said = ngettext(
        "%(number)d ticket is part of the answer to many. Write the text in each language, then send it.",
        "%(number)d tickets are part of the answer to many. Write the text in each language, then send it.",
        number,
    )
    messages.success(request, said % {"number": number})
    return HttpResponseRedirect(reverse("workspace:incident", args=[incident.slug]))


def _change(request: DeskRequest, pk: int) -> ArticleChange:
    found = old_answers.find(request.access, pk)
    if found is None:
        raise Http404
    return found


def _asked(query: QueryDict) -> Asked:
    """What makes no sense is left out."""
    state, code = query.get("state", ""), query.get("language", "")
    return Asked(
        state=state if state in STATES else OPEN,
        language=code if languages.is_known(code) else "",
        after=number_of(query.get("after", "")),
    )


def _as_file(request: DeskRequest, change: ArticleChange, asked: Asked) -> HttpResponse:
    form = tables.Format.CSV_FOR_EXCEL
    found = old_answers.all_rows(change, asked, request.access)
    content = tables.write(old_answers.columns(), map(old_answers.cells, found), form)
    response = HttpResponse(content, content_type=tables.CONTENT_TYPES[form])
    name = f"old-answers-{change.article.slug}-{change.language}-{change.at:%Y-%m-%d}-{asked.state}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
