"""Two people at the same time: each acts in a thread of their own, over a connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

OVERLAP = 0.3  # seconds; how long the first one leaves a transaction open for the second to run into it

Act = Callable[[], Any]


def at_once(*acts: Act) -> list[Any]:
    """Begin all at the same moment; what each gave, or the error that it raised, in their order."""
    begin = threading.Barrier(len(acts))

    def wait_for_all(act: Act) -> Act:
        def run() -> Any:
            begin.wait()
            return act()

        return run

    return _outcomes([wait_for_all(act) for act in acts])


def overlapping(first: Act, second: Act) -> list[Any]:
    """Begin the second while what the first one did is not committed yet; what each gave, or its error."""
    is_done, is_over = threading.Event(), threading.Event()

    def hold() -> Any:
        try:
            with transaction.atomic():
                given = first()
                is_done.set()
                is_over.wait(OVERLAP)  # where the second waits for the first, this runs out
            return given
        finally:
            is_done.set()

    def follow() -> Any:
        is_done.wait()
        try:
            return second()
        finally:
            is_over.set()

    return _outcomes([hold, follow])


def _outcomes(acts: list[Act]) -> list[Any]:
    found: dict[int, Any] = {}

    def run(number: int, act: Act) -> None:
        try:
            found[number] = act()
        except Exception as error:  # noqa: BLE001 - it is the outcome
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(acts))]
