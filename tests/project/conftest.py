"""A site whose worker and scheduler run as processes."""

from pathlib import Path

import pytest

from tests.project.running import Site, prepared_site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return prepared_site(tmp_path)
