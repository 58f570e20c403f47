"""How much of a form is taken in: files up to a bound for all of them, the words whatever the files weigh."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import ResolverMatch
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.ui.uploads import InMemoryUpTo, keeps_what_fits, left_out

MOST = 5000  # bytes of all files of a form
weights = st.lists(st.integers(1, 7000), max_size=6)


@keeps_what_fits
def telling(request: HttpRequest) -> None: ...


def silent(request: HttpRequest) -> None: ...


def posted(sizes: list[int], view=telling, *, largest: int = 10**9) -> HttpRequest:
    files = [SimpleUploadedFile(f"{number}.txt", b"x" * size) for number, size in enumerate(sizes)]
    request = RequestFactory().post("/", {"body": "Words before", "files": files, "after": "and behind"})
    request.resolver_match = ResolverMatch(view, (), {})
    request.upload_handlers = [InMemoryUpTo(request, most=MOST, largest=largest)]
    return request


@given(weights)
@settings(max_examples=60)
def test_words_arrive_and_files_up_to_the_bound(sizes: list[int]) -> None:
    request = posted(sizes)
    missing = left_out(request)
    kept = {str(file.name): file.read() for file in request.FILES.getlist("files")}
    assert (request.POST["body"], request.POST["after"]) == ("Words before", "and behind")
    assert sum(len(data) for data in kept.values()) <= MOST
    assert sorted([*kept, *missing]) == [f"{number}.txt" for number in range(len(sizes))]
    for number, size in enumerate(sizes):
        before = sum(sizes[one] for one in range(number) if f"{one}.txt" in kept)
        assert (f"{number}.txt" in kept) == (before + size <= MOST)


def test_a_form_whose_view_says_nothing_of_files_left_out_is_refused() -> None:
    assert posted([4000], silent).POST["body"] == "Words before"
    with pytest.raises(RequestDataTooBig):
        _ = posted([6000], silent).POST


def test_what_is_too_large_to_be_read_is_not_read() -> None:
    request = posted([6000], largest=5999)
    with pytest.raises(RequestDataTooBig):
        _ = request.POST
    assert request.read(9)  # nothing was taken from the stream
