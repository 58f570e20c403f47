"""Where the public page of an incident is: the help centre shows it as an announcement."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from helpcenter.models import Announcement
from tickets.models import Incident


@require_safe
def incident(request: HttpRequest, slug: str) -> HttpResponse:
    """On to the announcement; an incident without one is not there for readers."""
    page = Announcement.objects.published().filter(pk__in=Incident.objects.filter(slug=slug).values("announcement"))
    found = page.values_list("slug", flat=True).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("helpcenter:announcement", args=[found]))
