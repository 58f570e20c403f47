"""Is it alive, is it ready: JSON by part, for load balancers and people on call."""

import dataclasses
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning
from health_check.views import HealthCheckView

from helpcenter.search import indexing
from supportdesk.outbox.models import Outbox

OLDEST_DELIVERY = 300  # seconds until the queue counts as stuck


@never_cache
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


# Part -> check; a part that no app has built yet is null. Search is no reason to take a node out of service.
PARTS: dict[str, type[HealthCheck] | None] = {
    "database": Database,
    "cache": Cache,
    "search": Search,
    "mail": None,
    "queue_age": QueueAge,
    "failed_mail": None,
    "purge_overdue": None,
}


class HealthView(HealthCheckView):
    checks = [part for part in PARTS.values() if part]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.META["HTTP_ACCEPT"] = "application/json"
        return super().get(request, *args, **kwargs)

    def render_to_response_json(self, status: int) -> JsonResponse:
        errors = {type(result.check): result.error for result in self.results}
        parts: dict[str, Any] = {}
        for name, check in PARTS.items():
            error = errors.get(check) if check else None
            parts[name] = None if check is None else {"ok": error is None, **({"error": str(error)} if error else {})}
        down = any(error and not isinstance(error, ServiceWarning) for error in errors.values())
        return JsonResponse({"ok": not down, "parts": parts}, status=503 if down else 200)
