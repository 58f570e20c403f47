"""The lines of the log, without what opens something."""

import logging
import re

_MAILED = re.compile(r"(/[^/\s]+/t/)[^/\s]+")


class WithoutTokens(logging.Formatter):
    """Leaves the token of a mailed link out of every line, tracebacks too: for its time it does what the mail is for,
    and a log has more readers than the mail."""

    def format(self, record: logging.LogRecord) -> str:
        return _MAILED.sub(r"\1-", super().format(record))
