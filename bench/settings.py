"""Production settings, and only what a benchmark has to change. Addresses, databases and folders of each run come from
the environment (`bench/sites.py`), as an operator would set them."""

from supportdesk.settings.prod import *  # noqa: F403
from supportdesk.settings.prod import CACHES, VAR_DIR, env

# Its own collected files: a benchmark must not replace those of a site that runs from the same checkout.
STATIC_ROOT = VAR_DIR / "bench" / "static"

# Rows 1 and 3 ask what a page costs when nothing is kept.
if env("BENCH_PAGE_CACHE", default="on") == "off":
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
