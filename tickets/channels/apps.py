from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "tickets.channels"
    label = "tickets_channels"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from supportdesk.accounts import reach
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from tickets import links
        from tickets.channels import checks, letters
        from tickets.channels.actions import reaching
        from tickets.channels.enums import KEPT

        told = ("created", "replied", "moved", "reminded", "rating_asked", "merged_into", "apologised")
        delivery.register("mail_ticket", [f"ticket.{kind}" for kind in told], f"{_SENDING}.mail_event")
        delivery.register("mail_pending", ["pending_request"], f"{_SENDING}.mail_pending")
        delivery.register("mail_again", ["pending_again"], f"{_SENDING}.mail_again")
        delivery.register("mail_held", ["mail_held"], f"{_SENDING}.mail_held")
        JOBS["ask_ratings"] = Job("tickets.channels.tasks.ask_ratings", timedelta(minutes=5))
        JOBS["forget_mail"] = Job("tickets.channels.tasks.forget_mail", timedelta(hours=1))
        links.register(letters.WAS_IT_YOU, KEPT, "tickets.channels.views.was_it_you")
        reach.register(reaching.lost_since, reaching.try_again)
        checks.register()


_SENDING = "tickets.channels.actions.sending"
