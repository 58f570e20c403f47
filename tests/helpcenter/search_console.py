"""A process of the site for tests: reads orders from stdin, one JSON object a line, and answers each with a line.

An order names a verb, which is a function below, and its arguments.
"""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402

from helpcenter import freshness  # noqa: E402
from helpcenter.actions import drafting, publishing  # noqa: E402
from helpcenter.models import Article, Category  # noqa: E402
from helpcenter.search import indexing  # noqa: E402
from helpcenter.search.plan import plan  # noqa: E402
from tests.helpcenter.searching import row  # noqa: E402

client = Client(SERVER_NAME="localhost")


def publish(slug: str, language: str, title: str, body: str = "") -> None:
    category, _ = Category.objects.get_or_create(slug="topic", defaults={"name_en": "Topic"})
    article, _ = Article.objects.get_or_create(slug=slug, defaults={"category": category})
    publishing.publish(drafting.save_revision(article, language, drafting.Text(title, body), by=None), by=None)


def unpublish(slug: str, language: str) -> None:
    publishing.unpublish(Article.objects.get(slug=slug), language, by=None)


def edits(prefix: str, language: str, count: int) -> None:
    """Publish article after article, and put each into the index at once, as an editor's node does."""
    for number in range(count):
        publish(f"{prefix}-{number}", language, f"Common title {number}", f"Written by {prefix}.")
        indexing.sync(language)


def sync(language: str) -> None:
    for alias in indexing.aliases(language):
        indexing.sync(alias)


def search(language: str, query: str) -> dict[str, Any]:
    """A page of results with the status of the answer."""
    response = client.get(f"/{language}/search/", {"q": query, "format": "json"})
    return {"status": response.status_code, **(response.json() if response.status_code == 200 else {})}


def sync_all() -> None:
    for alias in indexing.aliases():
        indexing.sync(alias)


def get(path: str) -> Any:
    """The JSON of any address."""
    return client.get(path).json()


def find(alias: str, query: str) -> list[int]:
    """What the index alone finds; no database is asked."""
    asked = plan(query, alias.partition(".")[0])
    return sorted(hit.article for hit in indexing.backend(alias).find(asked, all_words=False))


def _slow_rows(first: int, count: int) -> Any:
    for pk in range(first, first + count):
        yield row(pk, f"Half written {pk}", "<p>Written before the power went.</p>")
    print(json.dumps("writing"), flush=True)
    time.sleep(600)


def write_and_wait(alias: str, first: int, count: int) -> None:
    indexing.write(indexing.backend(alias), _slow_rows(first, count), [])


def build_and_wait(alias: str, first: int, count: int) -> None:
    indexing.build(indexing.backend(alias), _slow_rows(first, count))


WORDS = (publish, unpublish, edits, sync, sync_all, search, get, find, write_and_wait, build_and_wait)
VERBS = {verb.__name__: verb for verb in WORDS}

if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        freshness.forget()
        print(json.dumps(VERBS[order.pop("verb")](**order)), flush=True)
