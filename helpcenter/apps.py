from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpcenterConfig(AppConfig):
    name = "helpcenter"
    verbose_name = _("Help centre")

    def ready(self) -> None:
        from helpcenter import checks  # noqa: F401 - registers the system checks
        from helpcenter.enums import EventKind
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from supportdesk.ui import places

        delivery.register("freshness", [EventKind.INSTANT], "helpcenter.freshness.instant_reached")
        delivery.register("glossary", [EventKind.GLOSSARY], "helpcenter.tasks.draw_words_again")
        delivery.register("fact_findings", [EventKind.FACT_CHANGED], "helpcenter.actions.fact_uses.fact_changed")
        delivery.register("schedule", [EventKind.DUE], "helpcenter.actions.scheduling.moment_reached")
        public = [EventKind.PUBLISHED, EventKind.UNPUBLISHED, EventKind.ARCHIVED, EventKind.CHANGED]
        delivery.register("memory", public, "helpcenter.actions.remembering.remember")
        JOBS["forget_addresses"] = Job("helpcenter.tasks.forget_addresses", timedelta(hours=1))
        places.register("home", "helpcenter:home")
        places.register("announcements", "helpcenter:announcements")
        places.register("feed", "helpcenter:feed")
        places.register("glossary", "helpcenter:glossary")
        places.register("search", "helpcenter:search")
