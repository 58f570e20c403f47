"""A few lines of YAML that stand for billions of values, or that say what a value is, are refused where they stand, at
every door."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.utils import translation

from helpcenter.actions import categorising, fact_naming
from helpcenter.content import files, glossary_files, yaml_text
from helpcenter.content.files import BadFile

NESTED = "x:\n  - &a [one, two]\n  - &b [*a, *a]\n"
MERGED = "x: &a {one: 1}\ny:\n  <<: [*a, *a]\n"
DIGITS = "9" * 5000
SIXTIES = "1" + ":59" * 2000
TAGGED = {
    "a number without digits": '!!int ""',
    "no date": "!!timestamp x",
    "neither yes nor no": "!!bool x",
    "a number beyond all": f"!!float 1{':1' * 400}",
    "a number of a day's work": f"!!int 1{':1' * 20_000}",
    "a word": "!!str 12",
    "a tag that leaves it open": "! 12",
    "a tag of somebody's own": "!Important notice",
    "a tag in full": '!<tag:yaml.org,2002:int> ""',
    "a list": "!!set [a]",
    "a mapping": "!!map {a: b}",
    "a value in a list": "[a, !!int '']",
    "an anchor before it": '&a !!int ""',
}
NO_CHARACTERS = ["\\UFFFFFFFF", "\\U00110000", "\\ud800"]


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
@pytest.mark.parametrize("value", TAGGED.values(), ids=TAGGED)
def test_a_tag_is_refused_with_its_line(read: Callable[[str], Any], value: str) -> None:
    with pytest.raises(BadFile, match="tag") as refused:
        read(f"y: z\nx: {value}\n")
    first = {of_article: 3, of_categories: 2, of_facts: 2}[read]
    assert refused.value.line == first + 1


@pytest.mark.parametrize("name", ["ja.yaml", "uses.yaml"])
@pytest.mark.parametrize("value", TAGGED.values(), ids=TAGGED)
def test_a_tag_in_a_glossary_is_a_problem_with_its_line(name: str, value: str) -> None:
    found = glossary_files.read(name, f"hidden:\n  - a\nx: {value}\n".encode(), ["en", "ja"])
    assert not found.given
    assert [(problem.line, "tag" in problem.message) for problem in found.problems] == [(3, True)]


@pytest.mark.parametrize("text", ["!!str x: y\n", "? !!int ''\n: y\n", "!!map\nx: y\n"])
def test_a_tag_on_a_key_or_on_the_document_is_refused(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError, match="tag"):
        yaml_text.load(text)


def test_an_exclamation_mark_within_a_value_is_no_tag() -> None:
    assert yaml_text.load("a: Stop!\nb: '!!int 1'\nc: [no !x, \"!\"]") == {
        "a": "Stop!",
        "b": "!!int 1",
        "c": ["no !x", "!"],
    }


@pytest.mark.parametrize("read", [of_article, of_categories, of_facts])
@pytest.mark.parametrize("escape", NO_CHARACTERS)
def test_the_number_of_no_character_is_refused_with_its_line(read: Callable[[str], Any], escape: str) -> None:
    with pytest.raises(BadFile, match="character") as refused:
        read(f'y: z\nx: "{escape}"\n')
    first = {of_article: 3, of_categories: 2, of_facts: 2}[read]
    assert refused.value.line == first + 1


@pytest.mark.parametrize("escape", NO_CHARACTERS)
def test_the_number_of_no_character_in_a_glossary_is_a_problem_with_its_line(escape: str) -> None:
    found = glossary_files.read("ja.yaml", f'a:\n  definition: "{escape}"\n'.encode(), ["en", "ja"])
    assert [problem.line for problem in found.problems] == [2]


@pytest.mark.parametrize("text", ["x: *a\n", "x: !!int ''\n", f'x: "{NO_CHARACTERS[0]}"\n'])
def test_a_refusal_is_told_in_the_language_of_whom_it_is_told(text: str) -> None:
    told = set()
    for language in ("en", "fr", "ja"):
        with translation.override(language), pytest.raises(yaml.MarkedYAMLError) as refused:
            yaml_text.load(text)
        told.add(refused.value.problem)
    assert len(told) == 3


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
