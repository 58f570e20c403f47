"""A detector looks closely only where a part of a name stands; no name of the word lists lacks its part."""

import re
import tomllib

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from supportdesk.guard import near, pairs, passwords
from supportdesk.guard.folding import lowered
from supportdesk.guard.phrases import FOLDER

LANGUAGES = sorted(file.stem for file in FOLDER.glob("*.toml"))
STEMS = {"password": passwords.STEMS, "code": near.STEMS, "api_key": pairs.STEMS}
AHEAD = re.compile(r"\(\?[=!](?:[^()]|\([^()]*\))*\)")
REST = re.compile(r"~|\.\. ")  # what may stand there in a text, and need not


def entries(language, kind):
    """The names of a kind as regular expressions, in their shortest form."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    written = "\n".join(table[part].get(kind, "") for part in ("nouns", "names"))
    found = (entry.strip() for line in AHEAD.sub("", written).splitlines() for entry in line.split(";"))
    return [REST.sub("", entry) for entry in found if entry]


def forms(entry):
    """Ten names that a regular expression describes, the same ones in each run."""
    found = []

    @settings(max_examples=10, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(st.from_regex(entry, fullmatch=True))
    def keep(name):
        found.append(name)

    keep()
    return found


@pytest.mark.parametrize("kind", STEMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_lacks_a_part_that_is_looked_for(language, kind):
    names = [name for entry in entries(language, kind) for name in forms(entry)]
    assert len(names) > 10
    assert not [name for name in names if not STEMS[kind].search(lowered(name))]


@pytest.mark.parametrize("kind", STEMS)
def test_words_that_name_nothing_have_none(kind):
    assert not STEMS[kind].search("hello, here is a bit of news of june")
