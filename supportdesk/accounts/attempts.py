"""Pages that count attempts: what they answer where somebody has used up theirs, and where nobody can count."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

logger = logging.getLogger(__name__)

WAIT = 300  # seconds after which another attempt is worth while, as the pages say in words
USED_UP = "too_many_login_attempts"  # allauth's name of the error


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
            response.headers.setdefault("Retry-After", str(WAIT))
        return response

    return answer


def _is_used_up(response: HttpResponseBase) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return form is not None and any(
        error.code == USED_UP for errors in form.errors.as_data().values() for error in errors
    )
