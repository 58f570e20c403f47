from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "supportdesk.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from supportdesk.outbox import delivery
        from supportdesk.outbox.tasks import JOBS, Job
        from supportdesk.ui import places

        delivery.register("mail", ["notice_mail"], "supportdesk.accounts.mailing.mail_notice")
        delivery.register("token_mail", ["token_made"], "supportdesk.accounts.mailing.mail_token_made")
        delivery.register("token_end_mail", ["tokens_ended"], "supportdesk.accounts.mailing.mail_tokens_ended")
        JOBS["forget_kept_keys"] = Job("supportdesk.accounts.tasks.forget_kept_keys", timedelta(hours=6))
        JOBS["forget_sessions"] = Job("supportdesk.accounts.tasks.forget_sessions", timedelta(hours=24))
        JOBS["digests"] = Job("supportdesk.accounts.tasks.digests", timedelta(minutes=15))
        self.hide_libraries()
        places.register("sign_in", "account_login")
        places.register("profile", "account_profile")
        places.register("account_menu", "account_menu")

    def hide_libraries(self) -> None:
        """What allauth puts into the admin holds the secrets of people, and nobody works with it there."""
        from django.contrib import admin

        for model in list(admin.site._registry):
            if model.__module__.startswith("allauth."):
                admin.site.unregister(model)
