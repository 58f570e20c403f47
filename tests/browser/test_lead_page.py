"""The live queue in a browser: its chart shows its table, updates leave alone what is in use, it fits a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_translator_journey import signed_in

PAGE = "/desk/lead/"
# How many columns of the canvas hold a point of the colour of the bars.
DRAWN = """() => {
  const canvas = document.querySelector('#lead_chart canvas');
  const pen = document.createElement('canvas').getContext('2d');
  pen.fillStyle = getComputedStyle(canvas).getPropertyValue('--accent').trim();
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const found = new Set();
  for (let i = 0; i < all.length; i += 4) {
    if (all[i] === r && all[i + 1] === g && all[i + 2] === b) found.add(i / 4 % canvas.width);
  }
  return found.size;
}"""
OTHER_FIGURES = """() => {
  const cells = [...document.querySelectorAll('#lead_arrivals [data-count]')];
  cells.forEach((cell, at) => { cell.dataset.count = at % 2 ? 9 : 0; });
  document.documentElement.setAttribute('data-bs-theme', 'dark');
}"""
# Whether the axis of the figures stands to the right of the columns.
MIRRORED = """() => {
  const [, axis] = document.querySelectorAll('#lead_chart .u-axis');
  const columns = document.querySelector('#lead_chart .u-over');
  return axis.getBoundingClientRect().left > columns.getBoundingClientRect().left;
}"""
MIRROR = """() => {
  document.documentElement.dir = 'rtl';
  document.documentElement.setAttribute('data-bs-theme', 'dark');
}"""


@pytest.fixture
def lead(window):
    def make(**options):
        return signed_in(lambda **more: window(**{**options, **more}), "desk-lead")

    return make


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_it_passes_axe_keeps_the_policy_and_fits(lead, width, theme):
    own = lead(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = own.open(PAGE)
    page.wait_for_selector("#lead_chart.drawn canvas")
    assert own.overflow <= 0
    assert own.troubles == []
    assert violations(page) == []


def test_the_chart_shows_what_the_table_says(lead):
    page = lead().open(PAGE)
    page.wait_for_selector("#lead_chart.drawn canvas")
    assert page.get_attribute("details[data-closes]", "open") is None
    figures = page.locator("#lead_arrivals [data-count]")
    assert figures.count() == 36
    assert [text.split()[0] for text in figures.all_text_contents()[1:]] == figures.evaluate_all(
        "cells => cells.slice(1).map(cell => cell.dataset.count)"
    )
    page.evaluate(OTHER_FIGURES)
    page.wait_for_function(f"({DRAWN})() > 18 * 5")  # eighteen columns of a width that one sees


def test_a_page_from_right_to_left_is_drawn_from_right_to_left(lead):
    page = lead().open(PAGE)
    page.wait_for_selector("#lead_chart.drawn canvas")
    assert not page.evaluate(MIRRORED)
    page.evaluate(MIRROR)
    page.wait_for_function(MIRRORED)


def test_an_update_takes_the_places_but_not_of_what_is_in_use(lead):
    own = lead()
    page = own.open(PAGE)
    page.wait_for_selector("#lead_chart.drawn canvas")
    page.mouse.move(0, 0)
    page.evaluate("for (const id of ['lead_figures', 'lead_risks']) document.getElementById(id).dataset.old = '1'")
    page.focus("#lead_risks a")
    with page.expect_response(re.compile("lead/updates/")) as answer:
        page.evaluate("htmx.trigger(document.getElementById('desk_poll'), 'desk:poll')")
    assert answer.value.headers["x-poll-after"] == "20"
    expect(page.locator("#lead_figures:not([data-old])")).to_have_count(1)
    expect(page.locator("#lead_risks[data-old].held .paused")).to_be_visible()
    assert page.evaluate("document.querySelector('#lead_risks').contains(document.activeElement)")
    page.evaluate("document.activeElement.blur()")
    with page.expect_response(re.compile("lead/updates/")):
        page.evaluate("htmx.trigger(document.getElementById('desk_poll'), 'desk:poll')")
    expect(page.locator("#lead_risks:not([data-old])")).to_have_count(1)
    assert own.troubles == []


def test_without_javascript_the_table_is_open(lead):
    page = lead(java_script_enabled=False).open(PAGE)
    assert page.locator("#lead_arrivals tbody tr").first.is_visible()
