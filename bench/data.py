"""`python -m bench.data NAME ARTICLES [LANGUAGE …]`: the content of one site, through the product's own actions.

Runs with the environment of the site. What is there already is kept as long as the code that made it is the same.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import django

from bench import texts
from bench.sites import DEMO, ROOT, Site

# When these change, the content is made anew. Making 13,000 articles takes a quarter of an hour, so a change of the
# renderer alone does not count for them; `python -m bench --fresh` does.
SOURCES = ("bench/texts.py", "bench/vocabulary.py", "helpcenter/migrations")
DEMO_SOURCES = ("bench/data.py", "helpcenter/migrations", "helpcenter/content", "fixtures")
INDEX_SOURCES = ("helpcenter/search/analyzers.py", "helpcenter/search/backend.py", "helpcenter/search/indexing.py")
SAY_EVERY = 10.0  # seconds
# Two articles of the demo site for what its content does not have: a page that is a fallback in every language but
# one, and an address that is gone.
FALLBACK, GONE = "only-in-english", "retired-product"


def main() -> None:
    name, articles, *languages = sys.argv[1:]
    site = Site(name, int(articles), tuple(languages))
    django.setup()
    with _once(site.folder / "READY", DEMO_SOURCES if site == DEMO else SOURCES) as is_missing:
        if is_missing:
            shutil.rmtree(site.folder, ignore_errors=True)
            site.folder.mkdir(parents=True)
            _fill(site)
    with _once(site.folder / "INDEXED", INDEX_SOURCES) as is_missing:
        if is_missing:
            shutil.rmtree(site.folder / "search", ignore_errors=True)
        _index(site)


@contextmanager
def _once(stamp: Path, sources: tuple[str, ...]) -> Iterator[bool]:
    """Whether something has to be made, because it is not there or its sources have changed; then it is there."""
    wanted = _fingerprint(sources)
    yield not stamp.exists() or stamp.read_text() != wanted
    stamp.write_text(wanted)


def _fill(site: Site) -> None:
    from django.core.management import call_command

    started = time.monotonic()
    print(f"{site.name}: making the content (once)")
    call_command("set_up", verbosity=0)
    if site == DEMO:
        _load_demo()
    else:
        _import_generated(site)
    print(f"{site.name}: done in {time.monotonic() - started:.0f} s")


def _import_generated(site: Site) -> None:
    from helpcenter.actions.folder_import import FolderImport

    folder = site.folder / "markdown"
    texts.write_folder(folder, site.articles, site.languages)
    report = FolderImport(folder, publish=True).run(_progress("published"))
    if report.errors:
        raise SystemExit(f"The generated folder was not imported whole: {report.errors[0]}")
    shutil.rmtree(folder)


def _load_demo() -> None:
    from django.core.management import call_command

    call_command("demo", verbosity=0, stdout=StringIO())
    _publish(FALLBACK, "Only in English", "## What this is {#what}\n\nA text that nobody has translated yet.\n")
    _publish(GONE, "A retired product", "## What it was {#what}\n\nIt is gone.\n", archived=True)


def _publish(slug: str, title: str, body: str, *, archived: bool = False) -> None:
    from helpcenter.actions import drafting, publishing
    from helpcenter.models import Article, Category

    article = Article.objects.create(slug=slug, category=Category.objects.get(slug="about"))
    revision = drafting.save_revision(article, "en", drafting.Text(title=title, body=body), by=None)
    publishing.publish(revision, by=None)
    if archived:
        publishing.archive(article, by=None)


def _index(site: Site) -> None:
    from helpcenter.search import indexing

    for alias in indexing.aliases():
        step = _progress(f"indexed ({alias})")
        total = len(indexing.wanted(alias))
        done = 0

        def count(more: int, step: Callable[[int, int], None] = step, total: int = total) -> None:
            nonlocal done
            done += more
            step(done, total)

        indexing.sync(alias, count)


def _progress(what: str) -> Callable[[int, int], None]:
    """Prints now and then, in the middle of what takes long."""
    said = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            print(f"  {what}: {done} of {total}", flush=True)

    return say


def _fingerprint(sources: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        for path in _files(ROOT / source):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main()
