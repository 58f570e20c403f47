from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "tickets.webhooks"
    label = "tickets_webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from tickets.webhooks.models import TOLD

        delivery.register("webhooks", [f"ticket.{kind}" for kind in TOLD], "tickets.webhooks.actions.hear")
        JOBS["send_webhooks"] = Job("tickets.webhooks.tasks.send_webhooks", timedelta(seconds=5))
        JOBS["forget_webhooks"] = Job("tickets.webhooks.tasks.forget_webhooks", timedelta(hours=6))
