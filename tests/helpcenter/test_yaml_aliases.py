"""A few lines of YAML that stand for billions of values are refused where they stand, at every door."""

from collections.abc import Callable
from typing import Any

import pytest

from helpcenter.actions import categorising, fact_naming
from helpcenter.content import files, glossary_files, yaml_text
from helpcenter.content.files import BadFile

NESTED = "x:\n  - &a [one, two]\n  - &b [*a, *a]\n"
MERGED = "x: &a {one: 1}\ny:\n  <<: [*a, *a]\n"
DIGITS = "9" * 5000
SIXTIES = "1" + ":59" * 2000


def of_article(text: str) -> Any:
    return files.parse(f"---\ntitle: A\n{text}---\n\nText.\n", files.ARTICLE_KEYS)


def of_categories(text: str) -> Any:
    return categorising.read_categories("- slug: a\n" + "".join(f"  {line}\n" for line in text.splitlines()))


def of_facts(text: str) -> Any:
    return list(fact_naming._entries("a:\n" + "".join(f"  {line}\n" for line in text.splitlines())))


@pytest.mark.parametrize("read", [of_article, of_categories, of_facts])
@pytest.mark.parametrize(("text", "below"), [(NESTED, 2), (MERGED, 2)])
def test_an_alias_is_refused_with_its_line(read: Callable[[str], Any], text: str, below: int) -> None:
    with pytest.raises(BadFile, match="alias") as refused:
        read(text)
    first = {of_article: 3, of_categories: 2, of_facts: 2}[read]
    assert refused.value.line == first + below


@pytest.mark.parametrize("name", ["ja.yaml", "uses.yaml"])
def test_an_alias_in_a_glossary_is_a_problem_with_its_line(name: str) -> None:
    found = glossary_files.read(name, f"hidden:\n  - a\n{NESTED}".encode(), ["en", "ja"])
    assert not found.given
    assert [(problem.line, "alias" in problem.message) for problem in found.problems] == [(5, True)]


@pytest.mark.parametrize("read", [of_article, of_categories, of_facts])
@pytest.mark.parametrize("number", [DIGITS, SIXTIES, f"{SIXTIES}.5", f"-0x{'f' * 5000}"])
def test_a_number_that_nobody_counts_is_a_word(read: Callable[[str], Any], number: str) -> None:
    read(f"x: {number}\n")
    assert yaml_text.load(f"x: {number}") == {"x": number}


def test_numbers_dates_and_answers_are_read_as_ever() -> None:
    text = "a: 12\nb: 1.5\nc: yes\nd: 2026-11-23\ne: ~\nf: [x, 0x1F]"
    found = yaml_text.load(text)
    assert (found["a"], found["b"], found["c"], found["e"], found["f"]) == (12, 1.5, True, None, ["x", 31])
    assert found["d"].isoformat() == "2026-11-23"
