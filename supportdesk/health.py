"""Is it alive, is it ready: JSON by part, for load balancers and people on call."""

import dataclasses
import logging
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.base import HealthCheck
from health_check.exceptions import HealthCheckException, ServiceUnavailable, ServiceWarning

from helpcenter.search import indexing
from supportdesk.outbox.models import Outbox

logger = logging.getLogger(__name__)
OLDEST_DELIVERY = 300  # seconds until the queue counts as stuck


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing behind it is asked."""
    return JsonResponse({"ok": True})


@dataclasses.dataclass
class Database(HealthCheck):
    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")


@dataclasses.dataclass
class Cache(HealthCheck):
    def run(self) -> None:
        caches["default"].set("health", "ok", 10)
        if caches["default"].get("health") != "ok":
            raise ServiceUnavailable("the shared cache does not keep what it is given")


@dataclasses.dataclass
class Search(HealthCheck):
    def run(self) -> None:
        missing = [alias for alias in indexing.aliases() if indexing.lag(alias)]
        if missing:
            raise ServiceWarning(f"behind: {', '.join(missing)}")


@dataclasses.dataclass
class QueueAge(HealthCheck):
    def run(self) -> None:
        oldest = Outbox.objects.due(timezone.now()).order_by("next_at").values_list("next_at", flat=True).first()
        if oldest and (age := (timezone.now() - oldest).total_seconds()) > OLDEST_DELIVERY:
            raise ServiceUnavailable(f"the oldest delivery waits for {age:.0f} s")


@dataclasses.dataclass
class Mail(HealthCheck):
    def run(self) -> None:
        _warn("mail")


@dataclasses.dataclass
class FailedMail(HealthCheck):
    def run(self) -> None:
        _warn("failed_mail")


def _warn(part: str) -> None:
    """The channels are an app that can be switched off: then there is nothing to tell."""
    if apps.is_installed("tickets.channels") and (sentence := import_string(f"tickets.channels.health.{part}")()):
        raise ServiceWarning(sentence)


# Part -> check; a part that no app has built yet is null. Search is no reason to take a node out of service.
PARTS: dict[str, type[HealthCheck] | None] = {
    "database": Database,
    "cache": Cache,
    "search": Search,
    "mail": Mail,
    "queue_age": QueueAge,
    "failed_mail": FailedMail,
    "purge_overdue": None,
}


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Each part in turn, in the thread of the request: a thread of its own would keep a connection to the database
    after every probe."""
    errors = {name: _error(check()) for name, check in PARTS.items() if check}
    parts = {name: _report(errors[name]) if check else None for name, check in PARTS.items()}
    down = any(error and not isinstance(error, ServiceWarning) for error in errors.values())
    return JsonResponse({"ok": not down, "parts": parts}, status=503 if down else 200)


def _error(check: HealthCheck) -> HealthCheckException | None:
    try:
        check.run()
    except HealthCheckException as error:
        return error
    except Exception:
        logger.exception("The check %r broke", check)
        return HealthCheckException("unknown error")  # the reason may hold an address or a password: log only
    return None


def _report(error: HealthCheckException | None) -> dict[str, Any]:
    return {"ok": True} if error is None else {"ok": False, "error": str(error)}
