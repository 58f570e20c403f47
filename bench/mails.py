"""Row 13: reading hostile mails, in milliseconds of CPU of this process. How many calls that takes is held by a test;
what happens inside a call, as in a regular expression, is seen here."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from bench.figures import Figure
from bench.rows import Plan
from bench.servers import Servers
from tests.tickets.channels import recipes
from tickets.channels.mail import reading
from tickets.channels.mail.errors import Unreadable

# The largest of the sizes are below the limits of the product, where it reads to the end, or beyond all of them.
SIZES = (0.02, 0.25, 1.0, 4.0)
ROUNDS = 5
TIMES = 4
LEAST = 0.005  # seconds, below which clock and caches say more than the mail


def hostile(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """CPU of reading hostile mails"""
    rounds = 2 if plan.is_quick else ROUNDS
    slowest, steepest = (0.0, ""), (0.0, "")
    for made in recipes.hostile():
        name = " ".join(str(made[key]).strip() for key in ("recipe", "word") if key in made)
        slowest = max(slowest, (_seconds(made, rounds), name))
        for size in SIZES:
            one, four = (_seconds(recipes.grown(made, size * times), rounds) for times in (1, TIMES))
            steepest = max(steepest, (four / max(one, LEAST), f"{name} x {size:g}"))
    note = f"{slowest[1]}; the specification asks 2 s"
    yield Figure(13, "the slowest hostile mail: CPU", 1000 * slowest[0], "ms", 500, note=note)
    yield Figure(13, f"{TIMES} times as much hostile mail", steepest[0], "x CPU", 1.75 * TIMES, note=steepest[1])


def _seconds(made: dict[str, Any], rounds: int) -> float:
    """The least of some rounds: what other processes add is no work of ours."""
    raw, took = recipes.generate(**made), []
    for _ in range(rounds):
        before = time.process_time()
        with suppress(Unreadable):
            reading.read(raw)
        took.append(time.process_time() - before)
    return min(took)
