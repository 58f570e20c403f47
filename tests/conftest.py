"""What all tests share: the cast, a clean memory before each test, the pseudo-locale."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import translation

from supportdesk.accounts.models import User
from tests import pseudo
from tests.measuring import unmeasured
from tests.own_site import OwnSite, made_once


def pytest_configure() -> None:
    source = settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    pseudo.write_locale(source, settings.SCRATCH / "locale" / "xx" / "LC_MESSAGES" / "django.mo")
    call_command("compile_translations")


def pytest_collection_finish() -> None:
    """What is here now stays to the end: collecting garbage need not look at it again and again. Looking for new
    garbage less often saves as much; what a test leaves open is closed by hand or by `gc.collect()`."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """A test that is marked so is not measured, nor is what it and others share."""
    with unmeasured() if item.get_closest_marker("unmeasured") else nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with the demo content, made once in a run of all processes. Copy it; nobody changes it."""
    root = tmp_path_factory.getbasetemp()
    return made_once(root.parent if "PYTEST_XDIST_WORKER" in os.environ else root, "demo", _load_demo)


def _load_demo(folder: Path) -> None:
    site = OwnSite(folder, DEBUG="0")
    site.manage("demo")
    site.settle()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    from supportdesk.accounts import roles

    with django_db_blocker.unblock():
        roles.write_groups()


@pytest.fixture(autouse=True)
def clean_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process remembers pages, trees, synonyms and statistics between requests, and a thread the language of the
    last one; tests must not share them."""
    from helpcenter import freshness, tree
    from helpcenter.actions import counting, walking
    from helpcenter.search import asking

    monkeypatch.setattr(counting, "EVERY", 3600.0)  # no timer writes into the database of a later test
    freshness.reset()
    tree.forget()
    asking.forget()
    for alias in ("default", "pages"):
        caches[alias].clear()
    translation.deactivate()
    yield
    for buffer in (counting.searches, counting.reads, walking.steps):
        buffer.drop()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person: `person("Content editors", name="Clara")`."""

    def make(*groups: str, **fields: Any) -> User:
        number = User.objects.count()
        staff = bool(groups) or fields.get("is_superuser", False)
        fields = {"email": f"person{number}@example.com", "is_staff": staff, **fields}
        user = User.objects.create_user(password="correct horse battery", **fields)
        user.groups.set(_groups(groups))
        return user

    return make


def _groups(names: tuple[str, ...]) -> QuerySet[Group]:
    """The groups of these names; a test of transactions leaves none behind."""
    from supportdesk.accounts import roles

    found = Group.objects.filter(name__in=names)
    if found.count() < len(names):
        roles.write_groups()
    return found.all()


@pytest.fixture
def trader(person: Callable[..., User]) -> User:
    return person(name="Toma Trader", email="toma@example.com")


@pytest.fixture
def agent(person: Callable[..., User]) -> User:
    return person("Agents", name="Rui Tavares")


@pytest.fixture
def content_editor(person: Callable[..., User]) -> User:
    return person("Content editors", name="Clara Weiss")


@pytest.fixture
def content_lead(person: Callable[..., User]) -> User:
    return person("Content leads", name="Lena Brandt")


@pytest.fixture
def other_editor(person: Callable[..., User]) -> User:
    return person("Content editors", name="Omar Haddad")


@pytest.fixture
def translator(person: Callable[..., User]) -> User:
    return person("Translators", name="Lin Yu")


@pytest.fixture
def administrator(person: Callable[..., User]) -> User:
    return person(name="Ada Admin", is_superuser=True)
