"""How often promises of the wait came true: for team leads, as a page and as a file."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpcenter.content import tables
from tickets.models import PromiseDay
from tickets.workspace import calibration
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.views.pages import page


@require_safe
@desk
def show(request: DeskRequest) -> HttpResponse:
    """Promised and kept over four weeks; `format=csv` gives every day as a file."""
    if not request.access.leads:
        raise Http404
    found = calibration.rows(timezone.now().date())
    if request.GET.get("format") == "csv":
        return _as_file(found)
    context = {"tables": calibration.tables(found) if found else [], "few": calibration.FEW}
    return page(request, "promises", context)


def _as_file(found: Iterable[PromiseDay]) -> HttpResponse:
    form = tables.Format.CSV_FOR_EXCEL
    content = tables.write(calibration.COLUMNS, map(calibration.cells, found), form)
    response = HttpResponse(content, content_type=tables.CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = 'attachment; filename="promises.csv"'
    return response
