"""What all tests share: the cast, a clean memory before each test, the pseudo-locale."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

from supportdesk.accounts.models import User
from tests import own_site, pseudo, restored_rows
from tests.module_rows import module_rows
from tests.people import make_person

__all__ = ["module_rows"]

# No test is timed: how long an example takes says how busy the machine is.
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")


def pytest_configure() -> None:
    gc.set_threshold(100_000, 50, 100)  # sixteen thousand tests are made now, and none of them is garbage
    source = settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    pseudo.write_locale(source, settings.SCRATCH / "locale" / "xx" / "LC_MESSAGES" / "django.mo")
    call_command("compile_translations")


def pytest_collection_finish() -> None:
    """What is here now stays to the end: collecting garbage need not look at it again and again. Looking for new
    garbage less often saves as much; what a test leaves open is closed by hand or by `gc.collect()`."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lies here is for all processes of this run of the tests."""
    root = tmp_path_factory.getbasetemp()
    own_site.run_folder = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    return own_site.run_folder


@pytest.fixture(scope="session")
def demo(folder_of_the_run: Path) -> Path:
    """The folder of a site with the demo content, made once in a run of all processes. Copy it; nobody changes it."""
    return own_site.made_once(folder_of_the_run, "demo", _load_demo)


def _load_demo(folder: Path) -> None:
    site = own_site.OwnSite(folder, DEBUG="0")
    site.manage("demo")
    site.settle()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, folder_of_the_run: Path) -> None:
    """SQLite begins with a copy of a migrated database, and `migrate` finds nothing left to do."""
    if connection.vendor == "sqlite":
        shutil.copy(own_site.migrated_database(), connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    from supportdesk.accounts import roles

    with django_db_blocker.unblock():
        roles.write_groups()
        restored_rows.restore_after_commits()


@pytest.fixture(autouse=True)
def clean_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process remembers pages, trees, synonyms and statistics between requests, and a thread the language of the
    last one; tests must not share them."""
    from helpcenter import freshness, tree
    from helpcenter.actions import counting, walking
    from helpcenter.search import asking
    from supportdesk.ui import drawn
    from tickets import editions

    monkeypatch.setattr(counting, "EVERY", 3600.0)  # no timer writes into the database of a later test
    drawn.forget()
    freshness.reset()
    tree.forget()
    asking.forget()
    editions.forget()
    for alias in ("default", "pages"):
        caches[alias].clear()
    translation.deactivate()
    yield
    for buffer in (counting.searches, counting.reads, walking.steps):
        buffer.drop()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person: `person("Content editors", name="Clara")`."""
    return make_person


@pytest.fixture
def trader(person: Callable[..., User]) -> User:
    return person(name="Toma Trader", email="toma@example.com")


@pytest.fixture
def agent(person: Callable[..., User]) -> User:
    return person("Agents", name="Rui Tavares")


@pytest.fixture
def onlooker(person: Callable[..., User]) -> User:
    """Somebody whom an administrator lets look at articles, and nothing more."""
    user = person(name="Otis Onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    return user


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
