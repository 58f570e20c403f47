"""Asking: the topic first, then what the topic needs to know. Works as a plain form; scripts only make it quicker."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext

from helpcenter.views.viewpoint import region_of
from supportdesk.ui.requests import come_back
from supportdesk.ui.uploads import keeps_what_fits
from tickets.attachments import LARGEST_FILE, MOST_FILES
from tickets.errors import TicketError, TooMany
from tickets.identifiers import new_public_id
from tickets.models import Topic
from tickets.portal import sending, sidebar
from tickets.portal.files import SentFiles
from tickets.portal.forms import CARRIED, TicketForm
from tickets.portal.frame import draw, private_page
from tickets.portal.words import name_of, said

KEPT = ("article", "path", "subject", "q", "region")  # what the address of the form may carry


@keeps_what_fits
@private_page("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        topic = sending.topic_named(request.POST.get("topic", "") or request.GET.get("topic", "")) or _any_topic()
        return _sent(request, topic) if topic else _topics(request)
    topic = sending.topic_named(request.GET.get("topic", ""))
    return _form_page(request, _fresh(request, topic)) if topic else _topics(request)


def _any_topic() -> Topic | None:
    """Where a request goes whose topic is not offered any more: what was typed counts for more than where it stands."""
    return sending.topic_named("other") or Topic.objects.offered().last()


def _topics(request: HttpRequest) -> HttpResponse:
    context = {
        "title": gettext("What is it about?"),
        "topics": [(row.key, name_of(row), said(row, "description")) for row in Topic.objects.offered()],
        "query": _back(request).replace("?", "&", 1),
        "issues": sidebar.known_issues(),
        "pinned": sidebar.pinned_now(),
        "about": sidebar.article_named(request.GET.get("article", "")),
    }
    return draw(request, "topics", context)


def _back(request: HttpRequest) -> str:
    found = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return f"?{urlencode(found)}" if found else ""


def _fresh(request: HttpRequest, topic: Topic) -> TicketForm:
    subject = request.GET.get("subject", "") or request.GET.get("q", "")
    initial = {"subject": subject.replace("\0", "")[:200]}
    return TicketForm(topic=topic, is_guest=not request.user.is_authenticated, initial=initial)


def _sent(request: HttpRequest, topic: Topic) -> HttpResponse:
    form = TicketForm(request.POST, topic=topic, is_guest=not request.user.is_authenticated)
    files = SentFiles(request)
    is_valid, status, again_at = form.is_valid(), 400, None
    if is_valid and not files.faults:
        try:
            return HttpResponseRedirect(sending.send(request, form, files))
        except TicketError as error:
            sending.put_into(form, error)
            status = 429 if isinstance(error, TooMany) else 400
            again_at = getattr(error, "again_at", None)
    files.keep(request)
    return come_back(_form_page(request, form, files, status), again_at)


def _form_page(
    request: HttpRequest, form: TicketForm, files: SentFiles | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    form.describe()
    source = form.data if form.is_bound else request.GET
    carried = {name: source.get(name, "") for name in CARRIED}
    context: dict[str, Any] = {
        "form": form,
        "topic": form.topic,
        "title": name_of(form.topic),
        "has_errors": bool(form.errors or (files and files.faults)),
        "back": _back(request),
        "files": files,
        "most_files": MOST_FILES,
        "largest_file": LARGEST_FILE,
        "carried": carried,
        "region": form.region if form.is_bound else region_of(request),
        "token": sending.token_of(request) or new_public_id(),
        "about": sidebar.article_named(carried["article"]),
    }
    question = str(source.get("subject", "") or source.get("q", ""))
    return draw(
        request, "new", context | sidebar.everything(request, form.topic, question, read=carried["article"]), status
    )
