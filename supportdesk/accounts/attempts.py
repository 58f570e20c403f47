"""Rate limits of signing in: what pages answer to whoever used up their attempts, and while nothing can be counted."""

import logging
import math
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import addresses
from supportdesk.ui import zones

logger = logging.getLogger(__name__)

APP = "allauth.account"
TOO_MANY = _("Too many attempts. Wait a few minutes, then try again.")
WAIT = 300  # seconds of `Retry-After` where the true time is not known
FEW_MINUTES = 600  # seconds; for longer waits the page names the time
CODE_TRIES, CODE_LASTS = 3, 600  # as the settings of allauth have it; seconds
USED_UP = "too_many_login_attempts"  # allauth's name of the error
# What allauth counts at the pages that answer with a page of their own once it is used up.
COUNTED = {
    "account_login": "login",
    "account_signup": "signup",
    "account_reset_password": "reset_password",
    "account_complete_password_reset": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_reauthenticate": "reauthenticate",
}


def _lost_cache() -> type[Exception]:
    """What Redis raises when it is away. Asked only once something was raised: Redis takes 6 MB."""
    from redis.exceptions import RedisError

    return RedisError


def counted(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Where the shared cache is away nobody counts attempts, so nobody gets in; they are asked to try again. Programs
    are told by the status that somebody has used up their attempts; people read it in the form."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **known: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **known)
        except _lost_cache() as error:
            logger.warning("The shared cache does not answer (%s); sign-ins are refused.", type(error).__name__)
            return render(request, "account/away.html", status=503)
        if _is_used_up(response):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(getattr(request, "again_in", WAIT)))
        return response

    return answer


def refused(request: HttpRequest, action: str, key: str) -> ValidationError:
    """What somebody is told who has used up their attempts, for an hour or a day with the time at which they are let
    in again; the answer to the request names it too."""
    wait = again_in(request, action, key)
    request.again_in = wait  # type: ignore[attr-defined]
    return ValidationError(_until(wait) or TOO_MANY, code=USED_UP)


def may_try_code(request: HttpRequest, code: str) -> bool:
    """Use up a try of a code of this browser. Each takes a place of its own, since to add what is not there is the one
    thing that every cache does in a single step."""
    name = salted_hmac("code-try", f"{request.session.session_key}/{code}", algorithm="sha256").hexdigest()
    return any(cache.add(f"code-try:{name}:{place}", True, CODE_LASTS) for place in range(CODE_TRIES))


def count_spelling(request: HttpRequest, action: str, email: str) -> None:
    """Count another address of a mail box (`name+shop@`) for the box as well: allauth counts each for itself. Raises
    ValidationError where the box has used up its attempts."""
    box = addresses.mailbox_of(email)
    if box != addresses.canonical(email) and not ratelimit.consume(
        request, app=APP, action=action, key=box, limit_get=True
    ):
        raise refused(request, action, box)


def too_many(request: HttpRequest) -> HttpResponse:
    """The page of who has used up their attempts where no form tells it; the answer names when they are let in again,
    and so does the page where that is later than in a few minutes."""
    name = request.resolver_match.url_name if request.resolver_match else None
    wait = again_in(request, COUNTED.get(name or "", ""), addresses.canonical(request.POST.get("email", "")))
    request.again_in = wait  # type: ignore[attr-defined]
    return render(request, "429.html", {"until": _until(wait)}, status=HTTPStatus.TOO_MANY_REQUESTS)


def _until(wait: int) -> str:
    """When somebody is let in again; empty where they can as well wait for it."""
    if wait <= FEW_MINUTES:
        return ""
    at = timezone.now() + timedelta(seconds=wait + 60)  # the minute that is named has begun then
    values = {"time": date_format(timezone.localtime(at), "DATETIME_FORMAT"), "zone": zones.called(at)}
    return gettext("Too many attempts. You can try again at %(time)s (%(zone)s).") % values


def again_in(request: HttpRequest, action: str, key: str) -> int:
    """Seconds until each of allauth's rates of an action lets in another attempt; it keeps the moments of attempts in
    the cache, the newest first. `WAIT` where none is used up any more."""
    now, waits = time.time(), [0.0]
    for rate in ratelimit.get_rates(app=APP, action=action):
        kept = cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
        counted_still = [at for at in kept if at > now - rate.duration]
        if len(counted_still) >= rate.amount:
            waits.append(counted_still[rate.amount - 1] + rate.duration - now)
    return math.ceil(max(waits)) or WAIT


def _is_used_up(response: HttpResponseBase) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return form is not None and any(
        error.code == USED_UP for errors in form.errors.as_data().values() for error in errors
    )
