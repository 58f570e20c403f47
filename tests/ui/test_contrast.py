"""Words can be read and the edges of inputs seen in both themes: ratios of WCAG 2.2 from the tokens themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR, "supportdesk", "ui", "styles")
BUILT = Path(settings.BASE_DIR, "supportdesk", "ui", "static", "ui", "css")
TEXT, EDGE = 4.5, 3.0

# Colour of the words, what lies under them, at least. The surfaces are those that components put words on.
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink2", "mute", "accent") for ground in ("bg", "sub", "raise")),
    *((ink, "accent-bg", TEXT) for ink in ("ink", "ink2", "mute", "accent")),
    ("accent-ink", "accent", TEXT),
    ("ok", "ok-bg", TEXT),
    ("ok", "bg", TEXT),
    *((ink, "warn-bg", TEXT) for ink in ("warn", "ink", "ink2")),
    *((ink, "bad-bg", TEXT) for ink in ("bad", "ink", "ink2")),
    ("bad", "bg", TEXT),
    ("bad", "sub", TEXT),
    ("warn", "bg", TEXT),
    ("mt", "mt-bg", TEXT),
    *((ink, "note", TEXT) for ink in ("warn", "ink", "ink2", "mute")),
    ("ink", "mark", TEXT),
    *(("edge", ground, EDGE) for ground in ("bg", "sub", "raise")),
    *(("focus", ground, EDGE) for ground in ("bg", "sub", "raise", "accent-bg", "warn-bg", "bad-bg")),
    ("accent", "bg", EDGE),
    ("bad", "bg", EDGE),
]


def tokens(theme: str) -> dict[str, str]:
    source = (STYLES / "_tokens.scss").read_text(encoding="utf-8")
    body = re.search(rf"@mixin {theme} \{{(.*?)\n\}}", source, re.S)
    assert body is not None
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", body.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "known"), [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#f00", "#fff", 4.0)]
)
def test_ratios_are_computed_as_the_standard_says(one, other, known):
    assert ratio(one, other) == pytest.approx(known, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"), PAIRS, ids=[f"{ink} on {ground} {least}" for ink, ground, least in PAIRS]
)
def test_a_colour_stands_out_from_what_lies_under_it(theme, ink, ground, least):
    colours = tokens(theme)
    assert ratio(colours[ink], colours[ground]) >= least


def test_both_themes_name_the_same_colours():
    light, dark = tokens("light"), tokens("dark")
    assert set(light) == set(dark)
    assert len(light) >= 25


@pytest.mark.parametrize("name", ["site.ltr.css", "site.rtl.css", "admin.css"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheets_that_are_served_hold_these_colours(theme, name):
    sheet = (BUILT / name).read_text(encoding="utf-8")
    missing = [token for token, colour in tokens(theme).items() if not re.search(rf"--{token}:\s*{colour}\b", sheet)]
    assert missing == []


def test_no_colour_is_written_outside_the_tokens():
    """A colour of its own would escape the dark theme. Masks are black by nature."""
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))|\brgba?\(|\bhsl")
    found = {}
    for file in STYLES.glob("*.scss"):
        if file.name == "_tokens.scss":
            continue
        source = re.sub(r'url\("data:[^"]*"\)|//[^\n]*', "", file.read_text(encoding="utf-8"))
        rules = [line.strip() for line in source.splitlines() if literal.search(line.split("{")[-1])]
        found |= {file.name: rules} if rules else {}
    assert found == {}
