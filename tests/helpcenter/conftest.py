"""What tests of the help centre share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpcenter import searching


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
