"""`manage.py follow_index`: keeps this node's indexes in step with what is published."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from helpcenter import freshness
from helpcenter.search import indexing

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.4  # seconds between two looks at the content generation
TRY_AGAIN = 5.0  # seconds after an index that could not be written: a full disk stays full, and each try fills the log
COMPARE_EVERY = 60.0  # seconds after which the indexes are compared even if nothing seems to have changed
LEARN_EVERY = 3600.0  # seconds after which each language looks for new translations of its words


class Command(BaseCommand):
    help = "Follow what is published until stopped; heals missing and damaged indexes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="compare once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.to_learn, self.learned_at = list[str](), float("-inf")
        seen, compared_at, not_before = -1, float("-inf"), float("-inf")
        while not self.stopping:
            generation = self.generation()
            due = time.monotonic() - compared_at > COMPARE_EVERY
            is_wanted = generation != seen or due or self.any_damaged()
            if generation is not None and is_wanted and time.monotonic() >= not_before:
                is_complete = self.compare(verbosity=options["verbosity"])
                compared_at = time.monotonic()
                if is_complete:
                    seen = generation
                else:
                    not_before = compared_at + TRY_AGAIN
            self.learn()
            if options["once"]:
                break
            time.sleep(LOOK_EVERY)
        while options["once"] and self.to_learn and not self.stopping:
            self.learn()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def generation(self) -> int | None:
        close_old_connections()
        try:
            return freshness.stored_number()
        except DatabaseError as error:
            logger.warning("The content generation cannot be read: %s", error)
            return None

    def any_damaged(self) -> bool:
        return any(indexing.backend(alias).folder.is_damaged() for alias in indexing.aliases())

    def compare(self, verbosity: int) -> bool:
        """Bring every index in step; whether all of them are."""
        complete = True
        for alias in indexing.aliases():
            if self.stopping:
                return False
            try:
                synced = indexing.sync(alias)
            except (indexing.IndexBusy, DatabaseError, OSError) as error:
                logger.warning("Index %s is behind: %s", alias, error)
                complete = False
                continue
            if synced.changed and verbosity > 0:
                self.stdout.write(f"{alias}: {synced.written} written, {synced.removed} removed")
        return complete

    def learn(self) -> None:
        """Let one language look for new translations of its words: readers wait for a change of the others no longer
        than that takes."""
        if time.monotonic() - self.learned_at > LEARN_EVERY:
            self.to_learn, self.learned_at = indexing.aliases(), time.monotonic()
        if self.to_learn and not self.stopping:
            alias = self.to_learn.pop()
            try:
                indexing.learn(alias)
            except (DatabaseError, OSError) as error:
                logger.warning("The words of %s are behind: %s", alias, error)
