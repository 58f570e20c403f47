"""A site whose worker and scheduler run as processes."""

from pathlib import Path

import pytest

from tests.own_site import OwnSite


@pytest.fixture
def site(tmp_path: Path) -> OwnSite:
    return OwnSite(tmp_path)
