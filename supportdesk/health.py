"""Is it alive, is it ready: JSON by part, for load balancers and people on call."""

import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpcenter.search import indexing
from supportdesk.outbox.models import Outbox

logger = logging.getLogger(__name__)
OLDEST_DELIVERY = 300  # seconds until the queue counts as stuck


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing behind it is asked."""
    return JsonResponse({"ok": True})


class Down(Exception):
    """A part without which this node should get no requests; the sentence may be shown to anybody."""


class Behind(Exception):
    """A part that needs somebody's eye while the node goes on serving."""


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def cache() -> None:
    """Readers do without it: pages are rendered anew, and only who signs in is asked to come again."""
    if not _keeps():
        raise Behind("the shared cache does not keep what it is given: nobody can sign in")


def _keeps() -> bool:
    try:
        caches["default"].set("health", "ok", 10)
        return bool(caches["default"].get("health") == "ok")
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - Redis has errors of its own, and to load them takes 6 MB
        logger.warning("The shared cache does not answer (%s: %s).", type(error).__name__, error)
        return False


def search() -> None:
    missing = [alias for alias in indexing.aliases() if indexing.lag(alias)]
    if missing:
        raise Behind(f"behind: {', '.join(missing)}")


def queue_age() -> None:
    """The queue is that of all nodes: to take them out of service would keep readers out for the sake of a worker."""
    oldest = Outbox.objects.due(timezone.now()).order_by("next_at").values_list("next_at", flat=True).first()
    if oldest and (age := (timezone.now() - oldest).total_seconds()) > OLDEST_DELIVERY:
        raise Behind(f"the oldest delivery waits for {age:.0f} s: does a worker run?")


def mail() -> None:
    _warn("mail")


def failed_mail() -> None:
    _warn("failed_mail")


def _warn(part: str) -> None:
    """The channels are an app that can be switched off: then there is nothing to tell."""
    if apps.is_installed("tickets.channels") and (sentence := import_string(f"tickets.channels.health.{part}")()):
        raise Behind(sentence)


# Part -> check; a part that no app has built yet is null. Search is no reason to take a node out of service.
PARTS: dict[str, Callable[[], None] | None] = {
    "database": database,
    "cache": cache,
    "search": search,
    "mail": mail,
    "queue_age": queue_age,
    "failed_mail": failed_mail,
    "purge_overdue": None,
}


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Each part in turn, in the thread of the request: a thread of its own would keep a connection to the database
    after every probe."""
    errors = {name: _error(check) for name, check in PARTS.items() if check}
    parts = {name: _report(errors[name]) if check else None for name, check in PARTS.items()}
    down = any(isinstance(error, Down) for error in errors.values())
    return JsonResponse({"ok": not down, "parts": parts}, status=503 if down else 200)


def _error(check: Callable[[], None]) -> Exception | None:
    try:
        check()
    except (Down, Behind) as error:
        return error
    except DatabaseError as error:  # one line of each part: a probe comes every few seconds
        logger.warning("The database does not answer the check of %s: %s", check.__name__, error)
        return Down("the database does not answer")
    except Exception:
        logger.exception("The check of %s broke", check.__name__)
        return Down("unknown error")  # the reason may hold an address or a password: log only
    return None


def _report(error: Exception | None) -> dict[str, Any]:
    return {"ok": True} if error is None else {"ok": False, "error": str(error)}
