"""What the tests of the search share: empty indexes, questions as readers put them, and other processes of the site."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from helpcenter import freshness, outline
from helpcenter.actions import drafting, publishing
from helpcenter.content import markdown
from helpcenter.models import Article, Category, Revision, Synonym, TranslationState
from helpcenter.search import analyzers, asking, indexing
from helpcenter.search.backend import HelpSearchBackend
from helpcenter.search.lexicon import Lexicon
from supportdesk.ui.languages import column
from tests.helpcenter.factories import ArticleFactory, index_all

CONSOLE = Path(__file__).with_name("search_console.py")


def add_synonyms(language: str, *groups: str) -> None:
    """Groups of synonyms as somebody in the admin adds them, of one language or (empty) of all."""
    Synonym.objects.bulk_create(Synonym(language=language, words=words) for words in groups)
    freshness.bump()


def lexicon_of(frequencies: dict[str, int]) -> Lexicon:
    """Words with the number of documents that hold them, in any order."""
    return Lexicon(sorted((word.encode(), count) for word, count in frequencies.items()))


def clear_indexes() -> None:
    """No index at all, as on a node that has just been set up: tests share a folder and number their rows alike."""
    engines = [indexing.backend(alias) for alias in (*indexing.aliases(), "default")]
    for engine in engines:
        engine.close()
    shutil.rmtree(settings.SEARCH_INDEX_PATH, ignore_errors=True)
    for engine in engines:
        engine.look_again()


class Kept:
    """The rows of the help centre and all indexes as they are now. To put them back before each test of a module is
    quicker than to publish and index the same texts again."""

    def __init__(self, folder: Path) -> None:
        self.folder = shutil.copytree(settings.SEARCH_INDEX_PATH, folder)
        tables = [name for name in connection.introspection.table_names() if name.startswith("helpcenter_")]
        with connection.cursor() as cursor:
            self.rows = {table: list(cursor.execute(f"SELECT * FROM {table}")) for table in tables}  # noqa: S608 - ours

    def put_back(self) -> None:
        clear_indexes()
        shutil.copytree(self.folder, settings.SEARCH_INDEX_PATH)
        with transaction.atomic(), connection.cursor() as cursor:  # rows of one table may point to those of a later one
            for table, rows in self.rows.items():
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
                if rows:
                    places = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - ours
        freshness.reset()
        asking.forget()


def write(slug: str, **bodies: str) -> Article:
    """An article published in each language named (`zh_hans` for zh-hans), its first line the title."""
    texts = {}
    for code, text in bodies.items():
        title, _, body = text.partition("\n")
        texts[code.replace("_", "-")] = drafting.Text(title, body.strip())
    return ArticleFactory(slug=slug, texts=texts)


FILLER = {"en": "Zzz", "zh-hans": "别的", "zh-hant": "別的", "ja": "別の話", "ko": "다른 것", "ar": "شيء", "ru": "иное"}


def fill(*languages: str) -> None:
    """Something else in these languages, so that their indexes hold an article."""
    write("filler", **{language.replace("-", "_"): f"{FILLER[language]}\n-" for language in languages})


def publish_folder(folder: Path) -> int:
    """Publish all texts of a folder (`<language>/<slug>.md`) as an import would, without what happens around it, which
    would take minutes for thousands of texts; returns how many."""
    articles: dict[str, Article] = {}
    revisions = [_read(file, articles) for file in sorted(folder.glob("*/*.md"))]
    for article in articles.values():
        article.languages_published = sum(revision.article is article for revision in revisions)
    Article.objects.bulk_create(articles.values())
    for revision in revisions:
        revision.article_id = revision.article.pk  # which has its number now
    Revision.objects.bulk_create(revisions)
    now = timezone.now()
    TranslationState.objects.bulk_create(
        TranslationState(
            article=revision.article, language=revision.language, latest=revision, published=revision, published_at=now
        )
        for revision in revisions
    )
    publishing.rebuild_columns()
    freshness.bump()
    return len(revisions)


def _read(file: Path, articles: dict[str, Article]) -> Revision:
    """The revision of a file; its published text goes into the columns of its article, which is not saved yet."""
    language, (_, front, body) = file.parent.name, file.read_text(encoding="utf-8").split("---\n", 2)
    known = yaml.safe_load(front)
    if known["slug"] not in articles:
        category, _ = Category.objects.get_or_create(slug=known["category"], defaults={"name_en": known["category"]})
        articles[known["slug"]] = Article(slug=known["slug"], category=category, kind=known.get("type", "faq"))
    article, title, summary = articles[known["slug"]], known["title"], known.get("summary", "")
    rendered = markdown.render(body, language=language, title=title, summary=summary, pictures=lambda name: None)
    published = {"title": title, "summary": summary, "body": body, "html": rendered.html}
    parts = outline.dump(rendered.parts)
    for name, value in {**published, "outline": parts}.items():
        setattr(article, column(name, language), value)
    own = {"title": title, "summary": summary, "body": body, "questions": known.get("questions", [])}
    return Revision(article=article, language=language, number=1, outline=parts, **own)


def refresh(*languages: str) -> None:
    """Bring indexes in step and forget what this process remembers, as a minute later."""
    index_all(*languages)
    freshness.reset()
    asking.forget()


def slugs(answer: Any) -> list[str]:
    """The slugs of what `asking.ask` or `asking.suggest` found, in order."""
    results = getattr(answer, "results", answer)
    names = dict(Article.objects.values_list("pk", "slug"))
    return [names[result.article] for result in results]


def search_json(client: Any, language: str, query: str, code: str = "", **more: str) -> dict[str, Any]:
    """A page of results as scripts get it; `code` narrows it to one language."""
    if code:
        more["language"] = code
    response = client.get(f"/{language}/search/", {"q": query, "format": "json", **more})
    assert response.status_code == 200
    return response.json()


def found(client: Any, language: str, query: str, **more: str) -> list[str]:
    """The slugs on a page of results."""
    return [row["slug"] for row in search_json(client, language, query, **more)["results"]]


def ask(question: str, language: str, **options: Any) -> tuple[list[str], str]:
    """The slugs that a question finds, in order, and the stage at which it found them."""
    answer = asking.ask(question, language, **options)
    return slugs(answer), answer.stage


def suggested(client: Any, language: str, query: str) -> list[str]:
    """The slugs that are suggested for what has been typed so far."""
    response = client.get(f"/{language}/suggest/", {"q": query})
    assert response.status_code == 200
    return [row["url"].split("/")[-2] for row in response.json()["results"]]


# An index without a database


_opened: list[HelpSearchBackend] = []


def engine_at(path: Path, language: str = "en") -> HelpSearchBackend:
    """An engine over a folder; whoever asks for one calls `close_engines` in the end."""
    engine = HelpSearchBackend(language, PATH=str(path))
    _opened.append(engine)
    return engine


def close_engines() -> None:
    while _opened:
        _opened.pop().close()


def row(pk: int, title: str, body: str = "", *, headings: str = "", language: str = "en") -> dict[str, Any]:
    """What the index holds of a text, through the same code as for an article."""
    article = Article(pk=pk, kind="faq", category_id=1)
    setattr(article, column("title", language), title)
    setattr(article, column("html", language), body)
    document = indexing.document(article, language, f"{pk}")
    assert {ID, DJANGO_CT, DJANGO_ID} <= document.keys()
    heads = [title, *headings.split("\n")] if headings else [title]
    folded = [" ".join(analyzers.text_words(head, language)) for head in heads]
    return {**document, "headings": headings, "heads": folded}


# Other processes


def database_file() -> str:
    """The file of the test database, whose committed rows other connections see."""
    if connection.vendor != "sqlite":
        pytest.skip("needs a database that can be copied as a file")
    return str(connection.settings_dict["NAME"])


@contextmanager
def kept_database(other: Path | None = None) -> Iterator[None]:
    """The test database as it was before, whatever is committed meanwhile; `other` is read instead of it so long."""
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(sqlite3.connect(database_file())) as source:
            source.backup(copy)
        try:
            if other is not None:
                with closing(sqlite3.connect(other)) as source:
                    _replace_database(source)
            yield
        finally:
            _replace_database(copy)


def _replace_database(source: sqlite3.Connection) -> None:
    connection.close()
    with closing(sqlite3.connect(database_file(), timeout=20)) as target:
        source.backup(target)


class Site:
    """A site of its own for real processes: a copy of the empty test database, and an index folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "search"
        with closing(sqlite3.connect(database_file())) as source, closing(self.database()) as copy:
            source.backup(copy)
        self.processes: list[subprocess.Popen[str]] = []

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "site.sqlite3", timeout=20)

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": "supportdesk.settings.dev",
            "DATABASE_URL": f"sqlite:///{self.folder / 'site.sqlite3'}",
            "SEARCH_INDEX_PATH": str(self.index),
            "MEDIA_PATH": str(self.folder / "media"),
            "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONWARNINGS": "ignore",
        }
        return {**os.environ, **own}

    def start(self, *command: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.processes.append(process)
        return process

    def follow_index(self) -> "subprocess.Popen[str]":
        return self.start("manage.py", "follow_index", "--verbosity", "0")

    def console(self) -> "Console":
        return Console(self.start(str(CONSOLE)))

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


class Console:
    """Another process of the site that does what it is told (see `search_console.py`)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def tell(self, verb: str, **arguments: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"verb": verb, **arguments}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"the process ended with {self.process.wait()}")
        return json.loads(line)

    def do(self, verb: str, **arguments: Any) -> Any:
        self.tell(verb, **arguments)
        return self.answer()


def wait_until(check: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until it holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.05)
    return check()
