"""Keys of front matter that the product does not know: what an export writes, an import reads."""

import pytest

from helpcenter.content import files

KEPT = [
    "author: Mia",
    "weight: 5\nauthor:\n  name: Mia\n  team: [a, b]",
    'note: "!important"',
    "# a remark\nauthor: Mia",
]
# What a release took that read tags and aliases, with the values that come back.
REFUSED = {
    "weight: !!int '5'": {"weight": "!!int '5'"},
    "author: Mia\nwhere: !secret place\nteam: A": {"author": "Mia", "where": "!secret place", "team": "A"},
    "place: !map\n  a: 1\n  b: 2\nauthor: Mia": {"place": "!map\n  a: 1\n  b: 2", "author": "Mia"},
    "first: &a Mia\nsecond: *a": {"first": "Mia", "second": "*a"},
    '"with: colon": !x y': None,
    "no: !x y": {"no": "!x y"},
    'letter: "\\uD800"': {"letter": '"\\uD800"'},
}


def written(unknown: str) -> str:
    return files.write({"title": "Fees", "slug": "fees"}, unknown, "Text.\n", files.ARTICLE_KEYS)


@pytest.mark.parametrize("unknown", KEPT)
def test_what_can_be_read_is_written_as_it_was(unknown: str) -> None:
    assert unknown in written(unknown)
    files.parse(written(unknown), files.ARTICLE_KEYS)


@pytest.mark.parametrize("unknown", REFUSED)
def test_what_is_refused_now_is_quoted_and_comes_back(unknown: str) -> None:
    document = files.parse(written(unknown), files.ARTICLE_KEYS)
    assert document.values["title"] == "Fees"
    assert document.body == "Text.\n"
    again = files.write({"title": "Fees", "slug": "fees"}, document.unknown, "Text.\n", files.ARTICLE_KEYS)
    assert again == written(unknown)
    if REFUSED[unknown] is not None:
        assert files._read_yaml(f"{document.unknown}\n")[1] == REFUSED[unknown]


@pytest.mark.parametrize("unknown", ["no mapping at all", "- a\n- !x b", "a: [", 'a: "\\UFFFFFFFF"', "a: !x 1\na: 2"])
def test_what_is_no_key_never_makes_a_file_that_cannot_be_read(unknown: str) -> None:
    document = files.parse(written(unknown), files.ARTICLE_KEYS)
    assert document.body == "Text.\n"
