"""`python -m bench.statements ARTICLES LANGUAGE …`: SQL statements per page of one site, as JSON, counted in process.

Every count is that of a process that has to look for a newer content generation, as each does every two seconds;
"first" are the searches that also read what a process remembers of a generation: categories, synonyms by language.
"""

import json
import os
import sys
from itertools import islice
from urllib.parse import urlencode

import django

from bench import queries, texts

PAGES = 24


def main() -> None:
    articles, languages = int(sys.argv[1]), sys.argv[2:]
    django.setup()
    slugs = [texts.slug(number) for number in range(0, articles, max(1, articles // PAGES))]
    reading = [f"/{code}/articles/{slug}/" for slug in slugs for code in languages]
    browsing = [f"/{code}/categories/{slug}/" for slug in texts.category_slugs()[:PAGES] for code in languages]
    searching = _searches(articles, round_number=0)
    counts = {
        "first": [_count(path) for path in _searches(articles, round_number=1)],
        "article": [_cold(path) for path in reading],
        "category": [_cold(path) for path in browsing],
        "search": [_count(path) for path in searching],
        "warm": [_warm(path) for path in reading],
        "304": [_not_modified(path) for path in reading],
    }
    json.dump(counts, sys.stdout)


def _searches(articles: int, round_number: int) -> list[str]:
    asked = islice(queries.stream(articles, round_number), queries.MIX)
    return [f"/{queries.LANGUAGE}/search/?{urlencode({'q': query})}" for query in asked]


def _cold(path: str) -> int:
    from django.core.cache import caches

    from helpcenter import tree

    caches["pages"].clear()
    tree.forget()
    return _count(path)


def _warm(path: str) -> int:
    """A page that is kept, by a process that has just looked."""
    _count(path)
    return _count(path, look=False)


def _not_modified(path: str) -> int:
    """A page that the reader has, by a process that has to look."""
    from django.test import Client

    etag = Client(headers={"host": "127.0.0.1"}).get(path).headers["ETag"]
    return _count(path, status=304, if_none_match=etag)


def _count(path: str, *, status: int = 200, look: bool = True, **headers: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from helpcenter import freshness

    if look:
        freshness.forget()
    with CaptureQueriesContext(connection) as captured:
        response = Client(headers={"host": "127.0.0.1", **headers}).get(path)
    if response.status_code != status:
        raise SystemExit(f"{path} answered {response.status_code} instead of {status}.")
    return len(captured)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main()
