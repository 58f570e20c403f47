"""`python -m supportdesk.web`: the web server, Granian with its own options. What it serves is the product.

Granian forks its workers. The product is loaded before that, once: a worker is a copy that shares the memory of what
it does not change, where it would else hold a product of its own. New code therefore needs a restart; a worker that is
started again (SIGHUP, a crash) runs what the server was started with.
"""

import gc
import importlib
import multiprocessing
import sys

from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils.translation import override
from granian.cli import entrypoint

from helpcenter.search.analyzers import simplified
from supportdesk.accounts.names import skeleton
from supportdesk.guard.seed_words import places
from tickets import names
from tickets.meanings import meanings

PRODUCT = "supportdesk.wsgi"


def main() -> None:
    if multiprocessing.get_start_method() == "fork":  # elsewhere a worker starts from nothing, and loads it itself
        load()
    sys.argv = ["granian", "--interface", "wsgi", "--no-ws", *sys.argv[1:], f"{PRODUCT}:application"]
    entrypoint()


def load() -> None:
    """Load the product, and what every worker makes of it sooner or later, so that processes may be forked off:
    nothing is open and no thread runs."""
    importlib.import_module(PRODUCT)
    with override(settings.LANGUAGE_CODE):
        reverse("index")  # the words and the addresses of the site's own language; the others take 3 MB each
    # Tables of the guard, of people's names, of the search, of triage.
    places(""), skeleton("a"), simplified(), names.tables(), meanings()
    connections.close_all()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
