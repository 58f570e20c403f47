"""What people are told by mail, in their own language: notices, a sentence and a link each, and what happens to the
tokens of their account, so that they see what a stranger does in it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from supportdesk.accounts import tokens
from supportdesk.accounts.models import ApiToken, Notice
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


def mail_token_made(token_id: int) -> None:
    """Tell a person of a new token of theirs (consumer of the outbox), whoever made it. Never the name that it was
    given: a stranger in the account could write in it to its owner, and we would send it."""
    _mail_tokens("accounts/mail/token_made", token_id)


def mail_tokens_ended(token_id: int) -> None:
    """Tell a person which tokens of theirs ended together with this one (consumer of the outbox)."""
    _mail_tokens("accounts/mail/tokens_ended", token_id)


def _mail_tokens(template: str, token_id: int) -> None:
    token = ApiToken.objects.select_related("person").filter(pk=token_id).first()
    if token is None or not token.person.is_active:
        return
    person, ended = token.person, tokens.ended_with(token) if token.revoked_at else ()
    context = {"token": token, "ended": ended, "person": person}
    mail_frame.compose(template, context, to=person.email, language=person.language, time_zone=person.time_zone).send()
