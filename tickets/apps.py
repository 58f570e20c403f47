from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Support desk")

    def ready(self) -> None:
        from supportdesk.accounts import scopes
        from supportdesk.accounts.scopes import Scope
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job

        delivery.register("release", ["reply_due"], "tickets.actions.replying.release_reply")
        JOBS["tickets_by_time"] = Job("tickets.tasks.move_by_time", timedelta(minutes=1))
        JOBS["forget_pending"] = Job("tickets.tasks.forget_pending", timedelta(hours=1))
        scopes.register(
            {
                "tickets:read": Scope(_("Read your own requests")),
                "tickets:write": Scope(_("Send requests and messages in your name")),
                "desk:read": Scope(_("Read the tickets that you see at the desk"), "tickets.work_ticket"),
                "desk:write": Scope(_("Answer and change tickets in your name"), "tickets.work_ticket"),
            }
        )
