"""Votes and reads: the two posts of pages that set no cookie."""

import re

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from helpcenter.actions import counting, walking
from helpcenter.actions.feedback import Vote, give_feedback
from helpcenter.errors import TooManyPosts
from helpcenter.forms import FeedbackForm
from helpcenter.models import Article
from helpcenter.views.articles import signer, stamp, texts_of
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import render_page
from supportdesk.ui.requests import address_hash, cookieless_post

NODE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
TOKEN = re.compile(r"[A-Za-z0-9]{0,16}")  # of a search; see `search.log`


@cookieless_post
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    article = _votable(slug)
    form = FeedbackForm(request.POST)
    language = _stamped_language(form, article)
    if not form.is_valid() or not language:
        return _refused(
            request, form, article, gettext("Something is missing. Look at the fields and send again."), 400
        )
    data = form.cleaned_data
    vote = Vote(data["helpful"], data["reason"], data["comment"], address_hash(request))
    try:
        give_feedback(article, language, vote)
    except TooManyPosts as error:
        return _refused(request, form, article, str(error), 429)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": True, "message": gettext("Thank you. We read every answer.")})
    return HttpResponseRedirect(reverse("helpcenter:thanks", args=[article.slug]))


def _votable(slug: str) -> Article:
    """An article that readers can read. Raises Http404."""
    article = Article.objects.public().published().reading([]).filter(slug=slug).first()
    if article is None:
        raise Http404
    return article


def _refused(request: HttpRequest, form: FeedbackForm, article: Article, message: str, status: int) -> HttpResponse:
    """The form again with everything that was typed, and what to do. Its language menu offers the article's languages,
    since the address of a post is no page."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": False, "message": message}, status=status)
    if not _stamped_language(form, article):
        form = form.with_stamp(stamp(article, texts_of(article).shown_to().language))
    path = article.path(get_language() or settings.LANGUAGE_CODE)
    context = {"form": form, "article": article, "message": message, "back": path}
    return render_page(request, "helpcenter/feedback.html", context, path=path, status=status)


@public_page("off")
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    back = _votable(slug).path(get_language() or settings.LANGUAGE_CODE)
    return render_page(request, "helpcenter/thanks.html", {"back": back})


@cookieless_post
def beacon(request: HttpRequest) -> HttpResponse:
    """One read of an article, or a step through it; what is not signed by its page counts nothing."""
    stamped = _stamped(request.POST.get("stamp", ""))
    if stamped is None:
        return HttpResponse(status=400)
    node, before = request.POST.get("node", ""), request.POST.get("before", "")
    if NODE.fullmatch(node):
        walking.count_step(
            article=stamped[0],
            language=stamped[1],
            node=node,
            before=before if NODE.fullmatch(before) else "",
            address_hash=address_hash(request),
        )
    if before:  # the first node was counted as reading the article
        return HttpResponse(status=204)
    token = request.POST.get("query", "")
    counting.count_read(
        article=stamped[0],
        language=stamped[1],
        query_token=token if TOKEN.fullmatch(token) else "",
        address_hash=address_hash(request),
    )
    return HttpResponse(status=204)


def _stamped_language(form: FeedbackForm, article: Article) -> str:
    """The language in which the article was read, as the form's stamp says; empty where the stamp is not ours."""
    stamped = _stamped(form.data.get("stamp", ""))
    return stamped[1] if stamped is not None and stamped[0] == article.pk else ""


def _stamped(signed: str) -> tuple[int, str] | None:
    """Article and language of a stamp that we signed; None for any other."""
    try:
        article, language, _ = signer.unsign(signed).split(":")
        return int(article), language
    except (BadSignature, ValueError):
        return None
