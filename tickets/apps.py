from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Support desk")

    def ready(self) -> None:
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from tickets import links

        delivery.register("release", ["reply_due"], "tickets.actions.replying.release_reply")
        JOBS["tickets_by_time"] = Job("tickets.tasks.move_by_time", timedelta(minutes=1))
        JOBS["forget_pending"] = Job("tickets.tasks.forget_pending", timedelta(hours=1))
        links.register(links.PROVE, timedelta(days=7), "tickets.portal.views.mailed.prove")
        links.register(links.STATUS, timedelta(days=180), "tickets.portal.views.mailed.status")
        links.register(links.RATE, timedelta(days=30), "tickets.portal.views.mailed.rate")
