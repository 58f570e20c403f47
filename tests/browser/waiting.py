"""Wait until a page says so. `Page.wait_for_function` asks a second time by `eval`, which our policy refuses."""

import time

from playwright.sync_api import Page


def until(page: Page, expression: str, *, seconds: float = 10) -> None:
    """Return as soon as the JavaScript `expression` is true; AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"after {seconds} s still false: {expression}"
        page.wait_for_timeout(50)
