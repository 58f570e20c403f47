from collections.abc import Iterable
from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What time does: the tasks of `tickets.tasks`, and how often they run.
PERIODS = {
    "look_at_tables": timedelta(hours=1),
    "deliver_bulk": timedelta(seconds=5),
    "survey_desk": timedelta(seconds=20),
    "dispatch_waiting": timedelta(seconds=30),
    "move_by_time": timedelta(minutes=1),
    "tell_reminders": timedelta(minutes=1),
    "tell_of_candidates": timedelta(minutes=1),
    "follow_policies": timedelta(minutes=1),
    "warn_of_clocks": timedelta(minutes=1),
    "watch_arrivals": timedelta(minutes=1),
    "take_back_raises": timedelta(minutes=1),
    "look_ahead": timedelta(minutes=1),
    "find_candidates": timedelta(minutes=5),
    "settle_promises": timedelta(minutes=5),
    "state_usual": timedelta(minutes=5),
    "count_promises": timedelta(minutes=10),
    "measure_today": timedelta(minutes=10),
    "forget_pending": timedelta(hours=1),
    "forget_uploads": timedelta(hours=1),
    "fold_arrivals": timedelta(hours=6),
    "forget_decisions": timedelta(hours=6),
    "measure_again": timedelta(hours=12),
    "learn_wordings": timedelta(hours=24),
}


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Support desk")

    def ready(self) -> None:
        _register_consumers()
        _register_jobs()
        _register_scopes()
        _register_places()
        _register_kinds()


def _register_consumers() -> None:
    """What follows from an event; the order is that of delivery."""
    from supportdesk.accounts import kinds
    from supportdesk.outbox import delivery
    from tickets import notices, search
    from tickets.actions import attending, dispatching, replaying_crash

    register, actions = delivery.register, "tickets.actions"
    register("release", ["reply_due"], f"{actions}.replying.release_reply")
    register("surge_rules", ["ticket.created"], f"{actions}.surge_rules.raise_new")
    register("ticket_words", _of_tickets(search.CHANGING), "tickets.search.follow")
    register("ticket_notices", _of_tickets(notices.WHOM), "tickets.notices.tell")
    register("dispatch", _of_tickets(dispatching.TRIGGERS), f"{actions}.dispatching.follow_ticket")
    register("dispatch_presence", [attending.CHANGED], f"{actions}.dispatching.follow_presence")
    register("dispatch_skills", [dispatching.SKILLS], f"{actions}.dispatching.follow_skills")
    register("incidents", ["ticket.created"], f"{actions}.incidents.look_at_new")
    register("count_arrival", ["ticket.created"], f"{actions}.surging.count_arrival")
    register("promise", ["ticket.created"], f"{actions}.promising.promise_first")
    register("acknowledge", ["ticket.created"], f"{actions}.alerting.acknowledge")
    register("crash_replay", [replaying_crash.STEP], f"{actions}.replaying_crash.make_step")
    register("ticket_quotes", ["ticket.replied", "ticket.created"], f"{actions}.quoting.remember")
    register("old_answers", ["published"], f"{actions}.old_answers.look_at_change")
    register("old_answer_notices", ["article_change"], "tickets.notices.tell_of_change")
    kinds.register(notices.KINDS, "tickets.work_ticket")
    kinds.register(notices.LEAD_KINDS, "tickets.lead_ticket")


def _of_tickets(events: Iterable[str]) -> list[str]:
    return [f"ticket.{kind}" for kind in events]


def _register_jobs() -> None:
    from supportdesk.outbox.tasks import JOBS, Job

    for name, every in PERIODS.items():
        JOBS[name] = Job(f"tickets.tasks.{name}", every)


def _register_scopes() -> None:
    from supportdesk.accounts import scopes
    from supportdesk.accounts.scopes import Scope

    scopes.register(
        {
            "tickets:read": Scope(_("Read your own requests")),
            "tickets:write": Scope(_("Send requests and messages in your name")),
            "desk:read": Scope(_("Read the tickets that you see at the desk"), "tickets.work_ticket"),
            "desk:write": Scope(_("Answer and change tickets in your name"), "tickets.work_ticket"),
        }
    )


def _register_places() -> None:
    """Where other apps and mails lead to."""
    from supportdesk.ui import main_menu, places
    from supportdesk.ui.main_menu import Entry
    from tickets import links

    main_menu.register("inbox", Entry(_("Inbox"), "workspace:queue", "tickets.work_ticket"))
    main_menu.register("live", Entry(_("Live queue"), "workspace:lead", "tickets.lead_ticket", pages=("surge",)))
    main_menu.register("incidents", Entry(_("Incidents"), "workspace:incidents", "tickets.lead_ticket"))
    links.register(links.PROVE, timedelta(days=7), "tickets.portal.views.mailed.prove")
    links.register(links.STATUS, timedelta(days=180), "tickets.portal.views.mailed.status")
    links.register(links.RATE, timedelta(days=30), "tickets.portal.views.mailed.rate")
    places.register("contact", "portal:new")
    places.register("new_request", "portal:new")
    places.register("my_requests", "portal:tickets")


def _register_kinds() -> None:
    """What releases bring."""
    from supportdesk.releases import kinds

    kinds.register("tickets.actions.shipped_rows.kinds")
