"""What the tests of the Markdown dialect share: a text as readers get it, what is warned of, and one guide of every
kind of part."""

from collections.abc import Callable, Iterable

from helpcenter.content import markdown
from helpcenter.content.markdown import ShownPicture
from tests.helpcenter.dom import Element, Page

Pictures = Callable[[str], ShownPicture | None]
FIVE = ["en", "zh-hans", "ja", "ko", "ar"]
DIGEST = "0123456789abcdef0123456789abcdef"


def shown(name: str) -> ShownPicture:
    """A picture of 960 x 540 under any name."""
    return ShownPicture({480: f"pictures/{DIGEST}-480.webp", 960: f"pictures/{DIGEST}-960.webp"}, 960, 540)


def page(text: str, language: str = "en", pictures: Pictures = shown) -> Page:
    return Page(markdown.render(text, language=language, pictures=pictures).html)


def warned_lines(text: str, pictures: Pictures = shown) -> list[int]:
    return [warned.line for warned in markdown.render(text, language="en", pictures=pictures).warnings]


def words_of(elements: Iterable[Element]) -> list[str]:
    return [element.words for element in elements]


GUIDE = """Before you begin.

## Do it {#do}

### Open the page {step:open}

Click **Account**.

#### On a phone

Tap the row.

### Confirm {step:confirm}

Enter the code.

## Afterwards {#after}

Wait.
"""
