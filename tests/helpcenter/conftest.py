"""What tests of the help centre share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from supportdesk.accounts.models import User
from tests.helpcenter import searching
from tests.helpcenter.admin_forms import signed_in


@pytest.fixture
def editor(content_editor: User) -> Client:
    """The window of a content editor; `other` is a second one's, `lead` that of a content lead."""
    return signed_in(content_editor)


@pytest.fixture
def other(other_editor: User) -> Client:
    return signed_in(other_editor)


@pytest.fixture
def lead(content_lead: User) -> Client:
    return signed_in(content_lead)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where articles are written to be imported; it is not there yet."""
    return tmp_path / "help"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A media folder of this test alone."""
    options = {"location": tmp_path / "media"}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}
    return tmp_path / "media"


@pytest.fixture
def empty_index(db: None) -> None:
    """No index at all, before anything is written."""
    searching.clear_indexes()


@pytest.fixture
def closed_engines() -> Iterator[None]:
    """What `searching.engine_at` opens in a test is closed after it."""
    yield
    searching.close_engines()
