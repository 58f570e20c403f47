"""Two processes share the tests: what belongs together stays together, and what takes longest begins first."""

import pytest
from django.conf import settings

from tests import scheduling
from tests.__main__ import marked_both
from tests.own_site import made_once


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("tests/ui/test_places.py::test_a", "tests/ui/test_places.py"),
        ("tests/ui/test_places.py::test_a[tests/browser/::b]", "tests/ui/test_places.py"),
        ("tests/browser/test_reading.py::test_a", "tests/browser/"),
        ("tests/browser/test_sharing.py::test_b[en]", "tests/browser/"),
    ],
)
def test_a_file_stays_whole_and_so_do_the_browser_tests(test, unit):
    assert scheduling.unit(test) == unit


def test_the_longest_begin_first_and_the_others_keep_their_order():
    last, first = (f"{scheduling.LONGEST[place]}::test" for place in (-1, 0))
    others = ["tests/ui/test_places.py::test", "tests/guard/test_guard.py::test"]
    assert sorted([others[0], last, others[1], first], key=scheduling.turn) == [first, last, *others]


@pytest.mark.parametrize("unit", scheduling.LONGEST)
def test_what_begins_first_is_there(unit):
    assert (settings.BASE_DIR / unit).exists()


def test_no_test_relies_on_a_mark_that_nobody_sees():
    mark = "_".join(("mark.xdist", "group"))
    files = (settings.BASE_DIR / "tests").rglob("*.py")
    assert [str(file) for file in files if mark in file.read_text(encoding="utf-8")] == []


def test_what_also_holds_on_postgresql_is_found_by_its_mark(request):
    """Only the files that are named there are read for it."""
    own = {item.nodeid.partition("::")[0] for item in request.session.items if item.get_closest_marker("both")}
    assert own <= set(marked_both())
    assert "tests/tickets/test_at_once.py" in marked_both()


# What they share


def test_what_is_made_once_is_made_by_the_first_who_wants_it(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "file").touch()

    assert made_once(tmp_path, "site", make) == made_once(tmp_path, "site", make) == tmp_path / "site"
    assert len(made) == 1
    assert (tmp_path / "site" / "file").exists()


def test_what_could_not_be_made_is_made_by_the_next(tmp_path):
    def fail(folder):
        (folder / "half").touch()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        made_once(tmp_path, "site", fail)
    assert list(made_once(tmp_path, "site", lambda folder: None).iterdir()) == []
