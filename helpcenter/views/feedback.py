"""Votes and reads: the two posts of pages that set no cookie."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from helpcenter.actions import counting
from helpcenter.actions.feedback import Vote, give_feedback
from helpcenter.errors import TooManyPosts
from helpcenter.forms import FeedbackForm
from helpcenter.models import Article
from helpcenter.views.articles import signer
from helpcenter.views.pages import public_page, render_page
from supportdesk.ui.requests import address_hash, cookieless_post


@cookieless_post
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    article = Article.objects.public().published().reading([]).filter(slug=slug).first()
    if article is None:
        raise Http404
    form = FeedbackForm(request.POST)
    stamped = _stamped(form.data.get("stamp", ""))
    if not form.is_valid() or stamped is None or stamped[0] != article.pk:
        return _refused(
            request, form, article, gettext("Something is missing. Look at the fields and send again."), 400
        )
    data = form.cleaned_data
    vote = Vote(data["helpful"], data["reason"], data["comment"], address_hash(request))
    try:
        give_feedback(article, stamped[1], vote)
    except TooManyPosts as error:
        return _refused(request, form, article, str(error), 429)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": True, "message": gettext("Thank you. We read every answer.")})
    return HttpResponseRedirect(reverse("helpcenter:thanks", args=[article.slug]))


def _refused(request: HttpRequest, form: FeedbackForm, article: Article, message: str, status: int) -> HttpResponse:
    """The form again with everything that was typed, and what to do."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": False, "message": message}, status=status)
    context = {"form": form, "article": article, "message": message}
    return render_page(request, "helpcenter/feedback.html", context, status=status)


@public_page("off")
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render_page(request, "helpcenter/thanks.html", {"slug": slug})


@cookieless_post
def beacon(request: HttpRequest) -> HttpResponse:
    """One read of an article; what is not signed by its page counts nothing."""
    stamped = _stamped(request.POST.get("stamp", ""))
    if stamped is None:
        return HttpResponse(status=400)
    token = request.POST.get("query", "")[:16]
    counting.count_read(article=stamped[0], language=stamped[1], query_token=token, address_hash=address_hash(request))
    return HttpResponse(status=204)


def _stamped(stamp: str) -> tuple[int, str] | None:
    """Article and language of a stamp that we signed; None for any other."""
    try:
        article, language, _ = signer.unsign(stamp).split(":")
        return int(article), language
    except (BadSignature, ValueError):
        return None
