"""Coverage is measured on tests of one thing each. What goes through a whole library proves more than lines and takes
half as long again while they are counted: it is marked `unmeasured`, and the bar of coverage holds without it."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage


@contextmanager
def unmeasured() -> Iterator[None]:
    """Lines that run inside do not count as covered; nothing happens where nobody counts."""
    measuring = coverage.Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()
