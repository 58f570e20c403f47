"""Notices by mail: a sentence and a link, in the language of the person."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from supportdesk.accounts.models import Notice
from supportdesk.ui import languages


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
    code = notice.person.language if languages.is_known(notice.person.language) else settings.LANGUAGE_CODE
    with override(code):
        context = {
            "notice": notice,
            "address": f"{settings.SITE_URL}{notice.link}",
            "site_name": settings.SITE_NAME,
            "language": languages.language(code),
        }
        subject = " ".join(notice.sentence.split())  # a line break would end the header
        message = EmailMultiAlternatives(subject, render_to_string("accounts/mail/notice.txt", context))
        message.to = [notice.person.email]
        message.attach_alternative(render_to_string("accounts/mail/notice.html", context), "text/html")
    return message
