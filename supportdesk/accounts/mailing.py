"""Notices by mail: a sentence and a link, in the language of the person."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from supportdesk.accounts.models import Notice
from supportdesk.ui import mail_frame


def mail_notice(notice_id: int) -> None:
    """Send a notice to its person (consumer of the outbox). One that was mailed already, or is gone, stays as it is.

    Raises what the mail server's client raises; the outbox tries again.
    """
    notice = Notice.objects.select_related("person").filter(pk=notice_id, mailed_at=None).first()
    if notice is None or not notice.person.is_active:
        return
    _message(notice).send()
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())


def _message(notice: Notice) -> EmailMultiAlternatives:
    person, context = notice.person, {"notice": notice, "address": f"{settings.SITE_URL}{notice.link}"}
    return mail_frame.compose("accounts/mail/notice", context, to=person.email, language=person.language)
