"""`python -m supportdesk.web`: the web server, Granian with its own options. What it serves is the product.

Granian forks its workers. The product is loaded before that, once: a worker is a copy that shares the memory of what
it does not change, where it would else hold a product of its own. New code therefore needs a restart; a worker that is
started again (SIGHUP, a crash) runs what the server was started with.
"""

import importlib
import multiprocessing
import sys

from django.db import connections
from granian.cli import entrypoint

PRODUCT = "supportdesk.wsgi"


def main() -> None:
    if multiprocessing.get_start_method() == "fork":  # elsewhere a worker starts from nothing, and loads it itself
        load()
    sys.argv = ["granian", "--interface", "wsgi", "--no-ws", *sys.argv[1:], f"{PRODUCT}:application"]
    entrypoint()


def load() -> None:
    """Load the product, so that processes may be forked off: nothing is open and no thread runs."""
    importlib.import_module(PRODUCT)
    connections.close_all()


if __name__ == "__main__":
    main()
