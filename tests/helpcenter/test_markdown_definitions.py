"""`[label]: address`: any number of them costs no more than as much text, and each is found."""

import pytest
from markdown_it import rules_block
from markdown_it.rules_block import StateBlock

from helpcenter.content import markdown


def definitions(number: int) -> str:
    return "".join(f"[l{i}]: https://example.com/{i}\n" for i in range(number))


def test_each_of_many_definitions_is_used() -> None:
    html = markdown.render(f"See [one][l0] and [last][l199].\n\n{definitions(200)}", language="en").html
    assert 'href="https://example.com/0"' in html
    assert 'href="https://example.com/199"' in html
    assert "[l1]" not in html


def test_a_definition_may_go_over_several_lines() -> None:
    text = "See [one][a].\n\n[a]:\n  https://example.com/a\n  'A title\n  of three\n  lines'\nAnd [more][b].\n"
    html = markdown.render(text, language="en").html
    assert 'href="https://example.com/a"' in html
    assert "And [more][b]" in html


@pytest.mark.parametrize("quoted", ["", "> "])
def test_twice_as_many_cost_twice_as_much(monkeypatch: pytest.MonkeyPatch, quoted: str) -> None:
    """Counted in the lines that are asked whether they end the paragraph."""
    looked = 0
    is_empty = StateBlock.isEmpty

    def count(state: StateBlock, line: int) -> bool:
        nonlocal looked
        looked += 1
        return is_empty(state, line)

    monkeypatch.setattr(rules_block.StateBlock, "isEmpty", count)
    costs = []
    for number in (100, 200):
        looked = 0
        markdown.parser().parse("".join(f"{quoted}{line}\n" for line in definitions(number).splitlines()), {})
        costs.append(looked)
    assert costs[1] < 2.5 * costs[0]
