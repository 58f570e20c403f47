"""A percentage is written as the reader's language writes it."""

import pytest
from django.utils.translation import override

from supportdesk.ui.templatetags.ui import percent


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "72%"), ("fr", "72\u202f%"), ("tr", "%72"), ("ar", "72%"), ("zh-hans", "72%")],
)
def test_a_percentage_is_written_as_its_language_writes_it(language, written):
    with override(language):
        assert percent(72).replace("\u00a0", "\u202f") == written
