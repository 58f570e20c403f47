"""The lines of the log, without what opens something."""

import logging
import re

_MAILED = re.compile(r"(/[^/\s]+/t/)[^/\s]+")
_INSIDE = r"""[^\s@<>"'(){}\[\],;:=/]"""
# Begun only where a word begins: a line of 200,000 letters without a blank took a minute else.
_MAIL_BOX = re.compile(rf"(?<!{_INSIDE}){_INSIDE}++@(?={_INSIDE}*[\w\]])")


class WithoutTokens(logging.Formatter):
    """Leaves the token of a mailed link out of every line, tracebacks too: for its time it does what the mail is for,
    and a log has more readers than the mail. Of an e-mail address only the domain stays: mail servers repeat addresses
    in what they say, and databases in what they refuse."""

    def format(self, record: logging.LogRecord) -> str:
        return _MAIL_BOX.sub("-@", _MAILED.sub(r"\1-", super().format(record)))


class FromLevel(logging.Filter):
    """Lets lines of a level and above through. For loggers whose own level a command of somebody else sets: the worker
    would write two lines about each task, or none at all, not even about one that failed."""

    def __init__(self, level: str) -> None:
        super().__init__()
        self.level = logging.getLevelNamesMapping()[level]

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self.level
