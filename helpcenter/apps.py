from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpcenterConfig(AppConfig):
    name = "helpcenter"
    verbose_name = _("Help centre")

    def ready(self) -> None:
        from helpcenter import checks, notices  # noqa: F401 - `checks` registers the system checks
        from helpcenter.enums import EventKind
        from supportdesk.accounts import kinds
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from supportdesk.releases.kinds import register as bring_kinds
        from supportdesk.ui import language_menu, panels, places

        delivery.register("freshness", [EventKind.INSTANT], "helpcenter.freshness.instant_reached")
        delivery.register("glossary", [EventKind.GLOSSARY], "helpcenter.tasks.draw_words_again")
        delivery.register("fact_findings", [EventKind.FACT_CHANGED], "helpcenter.actions.fact_uses.fact_changed")
        delivery.register("schedule", [EventKind.DUE], "helpcenter.actions.scheduling.moment_reached")
        public = [EventKind.PUBLISHED, EventKind.UNPUBLISHED, EventKind.ARCHIVED, EventKind.CHANGED]
        delivery.register("memory", public, "helpcenter.actions.remembering.remember")
        delivery.register("notices", notices.WHOM, "helpcenter.notices.tell")
        kinds.register(notices.KINDS, "helpcenter.change_article")
        bring_kinds("helpcenter.actions.shipped_synonyms.kinds")
        bring_kinds("helpcenter.actions.shipped_glossary.kinds")
        panels.register("desk", "admin/helpcenter/desk/dashboard.html", "helpcenter.admin.dashboard.panel")
        language_menu.register("helpcenter.views.pages.menu_of")
        self.name_places()
        JOBS["remind_of_checks"] = Job("helpcenter.tasks.remind_of_checks", timedelta(days=1))
        JOBS["compare_translations"] = Job("helpcenter.tasks.compare_translations", timedelta(minutes=1))
        JOBS["forget_traces_of_readers"] = Job("helpcenter.tasks.forget_traces_of_readers", timedelta(hours=1))
        JOBS["forget_pictures"] = Job("helpcenter.tasks.forget_pictures", timedelta(days=1))
        places.register("home", "helpcenter:home")
        places.register("announcements", "helpcenter:announcements")
        places.register("feed", "helpcenter:feed")
        places.register("glossary", "helpcenter:glossary")
        places.register("search", "helpcenter:search")

    def name_places(self) -> None:
        """What stands in the header of the signed-in screens."""
        from supportdesk.ui.main_menu import Entry, register

        writes, board = "helpcenter.change_article", "admin:helpcenter_translationstate_changelist"
        translating = ("helpcenter_article_translate", "helpcenter_article_exchange", "helpcenter_teammember_mine")
        review = ("helpcenter_article_review",)
        register("desk", Entry(_("Dashboard"), "admin:index", writes, is_alone=True))
        register("articles", Entry(_("Articles"), "admin:helpcenter_article_changelist", writes))
        register("translations", Entry(_("Translations"), board, "helpcenter.view_translationstate", translating))
        register("review", Entry(_("Review"), "admin:helpcenter_article_waiting", writes, review))
        register("calendar", Entry(_("Calendar"), "admin:helpcenter_article_calendar", writes))
