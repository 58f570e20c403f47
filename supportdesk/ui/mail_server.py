"""Mails by SMTP, with patience for one at a time: a mail server that hangs must not hold everybody who signs in, nor
the worker, for the whole of its timeout again and again."""

import time
from collections.abc import Sequence
from typing import Any

from django.core.mail.backends import smtp

SLOW = 5.0  # seconds after which a failure counts as hanging
PAUSE = 30.0  # seconds in which a server that hung is not asked again


class MailServerHangs(OSError):
    """The mail server kept somebody waiting a moment ago, and is left alone."""


class EmailBackend(smtp.EmailBackend):
    """Django's own, which each process stops asking for half a minute after a mail failed slowly. Raises
    MailServerHangs at once then; else what Django's raises."""

    _left_alone_until = 0.0

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        begun = time.monotonic()
        if begun < EmailBackend._left_alone_until:
            raise MailServerHangs("The mail server did not answer in time a moment ago.")
        try:
            return super().send_messages(email_messages) or 0
        except OSError:
            ended = time.monotonic()
            if ended - begun > SLOW:
                EmailBackend._left_alone_until = ended + PAUSE
            raise
