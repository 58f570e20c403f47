"""Lists come in pages, and no number in an address breaks them."""

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.models import SiteLanguage
from supportdesk.ui.pagination import LAST_PAGE, page_number, paginate

NUMBERS = [
    ("", 1),
    ("1", 1),
    ("7", 7),
    ("007", 7),
    ("1000", 1000),
    ("1001", LAST_PAGE),
    ("99999", LAST_PAGE),
    ("100000", 1),
    ("9" * 400, 1),
    ("0", 1),
    ("-1", 1),
    ("+2", 1),
    (" 2", 1),
    ("2.0", 1),
    ("1e3", 1),
    ("0x10", 1),
    ("last", 1),
    ("२", 1),
    ("٣", 1),
    ("３", 1),
    ("²", 1),
    ("二", 1),
    ("2\0", 1),
    ("2;3", 1),
]


@pytest.mark.parametrize(("typed", "number"), NUMBERS)
def test_only_a_plain_number_chooses_a_page(typed, number):
    assert page_number(RequestFactory().get("/", {"page": typed})) == number


def test_without_a_number_the_first_page_is_shown():
    assert page_number(RequestFactory().get("/")) == 1


# Rows, page asked for, size -> first and last shown, page, pages
PAGES = [
    (0, 1, 10, (0, 0, 1, 1)),
    (1, 1, 10, (1, 1, 1, 1)),
    (10, 1, 10, (1, 10, 1, 1)),
    (11, 1, 10, (1, 10, 1, 2)),
    (11, 2, 10, (11, 11, 2, 2)),
    (11, 3, 10, (11, 11, 2, 2)),
    (11, 1000, 10, (11, 11, 2, 2)),
    (25, 2, 10, (11, 20, 2, 3)),
]


@pytest.mark.parametrize(("rows", "number", "size", "expected"), PAGES)
def test_a_page_says_which_rows_it_shows(rows, number, size, expected):
    page = paginate(list(range(1, rows + 1)), number, size)
    assert (page.first, page.last, page.number, page.pages) == expected
    assert (page.total, len(page.items)) == (rows, expected[1] - expected[0] + bool(rows))


@pytest.mark.parametrize(("number", "previous", "following"), [(1, None, 2), (2, 1, 3), (3, 2, None)])
def test_a_page_knows_its_neighbours(number, previous, following):
    page = paginate(list(range(25)), number, 10)
    assert (page.previous, page.next) == (previous, following)


def test_an_only_page_has_no_neighbours():
    page = paginate([1], 1, 10)
    assert (page.previous, page.next) == (None, None)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 200), st.integers(1, 30))
def test_the_pages_of_a_list_together_are_the_list(rows, size):
    items = list(range(rows))
    pages = [paginate(items, number, size) for number in range(1, paginate(items, 1, size).pages + 1)]
    assert [item for page in pages for item in page.items] == items


class Counted(list):
    """A list that cannot be counted, as a search that counted already."""

    def __len__(self) -> int:
        raise AssertionError("counted twice")


def test_a_known_total_saves_the_count():
    page = paginate(Counted(range(10)), 1, 10, total=42)
    assert (page.total, page.pages, page.items) == (42, 5, list(range(10)))


@pytest.mark.django_db
def test_a_page_of_rows_takes_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        page = paginate(SiteLanguage.objects.all(), 2, 5)
    assert (page.first, page.last, page.total) == (6, 10, 12)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/announcements/", "/zh-hans/search/?q=fee", "/ar/announcements/"])
@pytest.mark.parametrize("typed", ["0", "-1", "9" * 400, "二", "٣", "1%00", "'"])
def test_real_lists_answer_any_page(client, path, typed):
    separator = "&" if "?" in path else "?"
    assert client.get(f"{path}{separator}page={typed}").status_code == 200
