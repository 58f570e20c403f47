"""In the pseudo-locale every word of the interface stands in brackets; what does not is written in the code."""

import re

import pytest

from tests.browser.test_accessibility import PAGES

# Words that are no interface: content in its own language (marked by lang), names, symbols, what the reader typed.
HARD_CODED = """
() => {
  const ours = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (ours.nextNode()) {
    const text = ours.currentNode.textContent.trim(), parent = ours.currentNode.parentElement;
    if (!/[A-Za-z]{2,}/.test(text) || parent.closest('[lang]:not(html), script, style, [data-content]')) continue;
    if (!parent.checkVisibility() || parent.closest('.brand') && !parent.matches('span')) continue;
    if (!/^⟦[^]*⟧$/.test(text)) found.push(text.slice(0, 80));
  }
  return found;
}
"""
# The pseudo-locale writes dates as English does.
ALLOWED = re.compile(r"Northgate Exchange|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+\.? \d{1,2}, \d{4}")


@pytest.mark.parametrize("name", PAGES)
def test_no_word_is_hard_coded(look, name):
    page = look(f"/xx/{PAGES[name]}")
    assert [text for text in page.evaluate(HARD_CODED) if not ALLOWED.fullmatch(text)] == []


def test_titles_and_labels_are_messages_too(look):
    page = look("/xx/")
    assert page.get_attribute("#page_q", "placeholder").startswith("⟦")
    assert all(
        label.startswith("⟦")
        for label in page.eval_on_selector_all("[aria-label]", "nodes => nodes.map(n => n.ariaLabel)")
    )
