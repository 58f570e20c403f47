from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "supportdesk.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from supportdesk.outbox import delivery

        delivery.register("mail", ["notice_mail"], "supportdesk.accounts.mailing.mail_notice")
