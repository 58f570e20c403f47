"""What the tests of the index share: what it holds, what it finds, and the folder of its newest build."""

from pathlib import Path

from helpcenter.search import asking, indexing
from helpcenter.search.folders import Folder
from tests.helpcenter import searching


def indexed(alias: str = "en") -> dict[int, str]:
    """What the index itself holds: article -> fingerprint."""
    engine = indexing.backend(alias)
    engine.look_again()
    return engine.fingerprints()


def slugs(question: str, language: str = "en") -> list[str]:
    """What the index of a language finds, asked alone, as it is on the disk now."""
    indexing.backend(language).look_again()
    return searching.slugs(asking._public.ask(question, language))


def build_of(folder: Folder) -> Path:
    return next(folder.path.glob("build-*"))
