"""Parts of thousands of blocks that are all alike: what differs is found, and no block is tried with each other one."""

from typing import Any

import pytest

from helpcenter.content.parity import Document, aligning, differences
from helpcenter.content.parity.kinds import Check

SAME = "Fee 1\n\n"


def compared(source: str, translation: str) -> list[tuple[Check, str, str]]:
    found = differences(Document("en", "T", "", source), Document("ja", "T", "", translation))
    return [(one.check, one.expected, one.found) for one in found]


@pytest.mark.parametrize("number", [50, 1_200])
def test_what_differs_among_many_blocks_is_found(number: int) -> None:
    source = f"{SAME * number}Limit 2\n\n{SAME * 50}"
    assert compared(source, f"{SAME * number}Limit 3\n\nNew 5\n\n{SAME * 50}") == [
        (Check.NUMBER, "2", "3"),
        (Check.NUMBER, "", "5"),
    ]


@pytest.mark.parametrize(("number", "is_too_much"), [(50, False), (1_200, True)])
def test_many_blocks_that_are_alike_are_no_landmarks(
    monkeypatch: pytest.MonkeyPatch, number: int, is_too_much: bool
) -> None:
    asked: list[bool] = []

    class Counted(aligning.SequenceMatcher):
        def __init__(self, *parts: Any, autojunk: bool) -> None:
            asked.append(autojunk)
            super().__init__(*parts, autojunk=autojunk)

    monkeypatch.setattr(aligning, "SequenceMatcher", Counted)
    compared(SAME * number, f"{SAME * number}New 5")
    assert asked == [is_too_much]
