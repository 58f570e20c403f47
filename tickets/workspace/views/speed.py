"""How fast people were answered: for team leads, as a page and as a file."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpcenter.content import tables
from tickets.workspace import speed
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.views.pages import page


@require_safe
@desk
def show(request: DeskRequest) -> HttpResponse:
    """First, next and resolution times, split and narrowed down as asked; `format=csv` gives the same as a file."""
    if not request.access.leads:
        raise Http404
    names = speed.topics()
    form = speed.SpeedForm(request.GET, topics=names)
    asked = form.asked(timezone.now().date())
    lines = speed.table(asked, names)
    if request.GET.get("format") == "csv":
        return _as_file(asked, lines)
    query = request.GET.copy()
    query["format"] = "csv"
    context = {
        "form": form,
        "asked": asked,
        "lines": lines,
        "measures": speed.MEASURES.values(),
        "file": query.urlencode(),
    }
    return page(request, "speed", context)


def _as_file(asked: speed.Asked, lines: list[speed.Line]) -> HttpResponse:
    form = tables.Format.CSV_FOR_EXCEL
    content = tables.write(speed.columns(asked), map(speed.cells, lines), form)
    response = HttpResponse(content, content_type=tables.CONTENT_TYPES[form])
    name = f"response-times-{asked.first:%Y-%m-%d}-{asked.last:%Y-%m-%d}-{asked.by}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
