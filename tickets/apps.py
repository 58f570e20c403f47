from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Support desk")

    def ready(self) -> None:
        from supportdesk.accounts import kinds, scopes
        from supportdesk.accounts.scopes import Scope
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from supportdesk.ui import main_menu, places
        from tickets import links, notices, search
        from tickets.actions import attending, dispatching, rehearsing

        delivery.register("release", ["reply_due"], "tickets.actions.replying.release_reply")
        delivery.register("ticket_words", [f"ticket.{kind}" for kind in search.CHANGING], "tickets.search.follow")
        delivery.register("ticket_notices", [f"ticket.{kind}" for kind in notices.WHOM], "tickets.notices.tell")
        delivery.register(
            "dispatch", [f"ticket.{kind}" for kind in dispatching.TRIGGERS], "tickets.actions.dispatching.follow_ticket"
        )
        delivery.register("dispatch_presence", [attending.CHANGED], "tickets.actions.dispatching.follow_presence")
        delivery.register("dispatch_skills", [dispatching.SKILLS], "tickets.actions.dispatching.follow_skills")
        delivery.register("incidents", ["ticket.created"], "tickets.actions.incidents.look_at_new")
        delivery.register("count_arrival", ["ticket.created"], "tickets.actions.surging.count_arrival")
        delivery.register("promise", ["ticket.created"], "tickets.actions.promising.promise_first")
        delivery.register("acknowledge", ["ticket.created"], "tickets.actions.alerting.acknowledge")
        delivery.register("crash_replay", [rehearsing.STEP], "tickets.actions.rehearsing.make_step")
        delivery.register("ticket_quotes", ["ticket.replied", "ticket.created"], "tickets.actions.quoting.remember")
        delivery.register("old_answers", ["published"], "tickets.actions.old_answers.look_at_change")
        delivery.register("old_answer_notices", ["article_change"], "tickets.notices.tell_of_change")
        kinds.register(notices.KINDS)
        main_menu.register("inbox", main_menu.Entry(_("Inbox"), "workspace:queue", "tickets.work_ticket"))
        main_menu.register("live", main_menu.Entry(_("Live queue"), "workspace:lead", "tickets.lead_ticket"))
        main_menu.register("incidents", main_menu.Entry(_("Incidents"), "workspace:incidents", "tickets.lead_ticket"))
        JOBS["tickets_by_time"] = Job("tickets.tasks.move_by_time", timedelta(minutes=1))
        JOBS["watch_arrivals"] = Job("tickets.tasks.watch_arrivals", timedelta(minutes=1))
        JOBS["look_ahead"] = Job("tickets.tasks.look_ahead", timedelta(minutes=1))
        JOBS["settle_promises"] = Job("tickets.tasks.settle_promises", timedelta(minutes=5))
        JOBS["count_promises"] = Job("tickets.tasks.count_promises", timedelta(minutes=10))
        JOBS["fold_arrivals"] = Job("tickets.tasks.fold_arrivals", timedelta(hours=6))
        JOBS["tell_reminders"] = Job("tickets.tasks.tell_reminders", timedelta(minutes=1))
        JOBS["dispatch_waiting"] = Job("tickets.tasks.dispatch_waiting", timedelta(seconds=30))
        JOBS["forget_decisions"] = Job("tickets.tasks.forget_decisions", timedelta(hours=6))
        JOBS["follow_policies"] = Job("tickets.tasks.follow_policies", timedelta(minutes=1))
        JOBS["warn_of_clocks"] = Job("tickets.tasks.warn_of_clocks", timedelta(minutes=1))
        JOBS["forget_pending"] = Job("tickets.tasks.forget_pending", timedelta(hours=1))
        JOBS["find_candidates"] = Job("tickets.tasks.find_candidates", timedelta(minutes=5))
        JOBS["deliver_bulk"] = Job("tickets.tasks.deliver_bulk", timedelta(seconds=5))
        scopes.register(
            {
                "tickets:read": Scope(_("Read your own requests")),
                "tickets:write": Scope(_("Send requests and messages in your name")),
                "desk:read": Scope(_("Read the tickets that you see at the desk"), "tickets.work_ticket"),
                "desk:write": Scope(_("Answer and change tickets in your name"), "tickets.work_ticket"),
            }
        )
        JOBS["survey_desk"] = Job("tickets.tasks.survey_desk", timedelta(seconds=20))
        JOBS["state_usual"] = Job("tickets.tasks.state_usual", timedelta(minutes=5))
        JOBS["measure_today"] = Job("tickets.tasks.measure_today", timedelta(minutes=10))
        JOBS["measure_again"] = Job("tickets.tasks.measure_again", timedelta(hours=12))
        JOBS["forget_uploads"] = Job("tickets.tasks.forget_uploads", timedelta(hours=1))
        links.register(links.PROVE, timedelta(days=7), "tickets.portal.views.mailed.prove")
        links.register(links.STATUS, timedelta(days=180), "tickets.portal.views.mailed.status")
        links.register(links.RATE, timedelta(days=30), "tickets.portal.views.mailed.rate")
        places.register("contact", "portal:new")
        places.register("new_request", "portal:new")
        places.register("my_requests", "portal:tickets")
