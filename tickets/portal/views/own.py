"""Everything that somebody has asked."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from supportdesk.ui.pagination import page_number, paginate
from tickets.models import Ticket
from tickets.portal.doors import access_of
from tickets.portal.frame import draw, private_page
from tickets.portal.words import name_of

PAGE = 20


@private_page("GET")
def tickets(request: HttpRequest) -> HttpResponse:
    access = access_of(request)
    if access.user is None and not access.ticket_ids:
        return draw(request, "no_tickets", {"title": gettext("My requests")})
    rows = Ticket.objects.visible_to(access).select_related("topic").order_by("-created_at", "-pk")
    is_open = request.GET.get("show") == "open"
    page = paginate(rows.unsolved() if is_open else rows, page_number(request), PAGE)
    context = {
        "title": gettext("My requests"),
        "page": page,
        "rows": [{"ticket": row, "topic": name_of(row.topic)} for row in page.items],
        "is_open": is_open,
        "page_query": "show=open&" if is_open else "",
    }
    return draw(request, "tickets", context)
