"""What the browser loads is small, comes from us alone, reads from both sides, and needs no inline exception."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "supportdesk" / "ui" / "static" / "ui"
SHEETS = sorted((ROOT / "supportdesk" / "ui" / "styles").glob("*.scss"))
TEMPLATES = sorted(
    file
    for app in ("helpcenter", "supportdesk")
    for file in (ROOT / app).rglob("*.html")
    if "node_modules" not in file.parts
)
OURS = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("img/*.svg")]
NAMESPACES = re.compile(
    r"http://www\.w3\.org/(?:2000/svg|1999/xlink|2005/Atom)|http://a9\.com/-/spec/opensearch/1\.1/|https://schema\.org/\w+"
)


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def packed(path: str) -> int:
    return len(gzip.compress((STATIC / path).read_bytes(), 9))


# Weight


@pytest.mark.parametrize("sheet", ["css/site.ltr.css", "css/site.rtl.css"])
def test_the_sheet_of_readers_has_at_most_15_kilobytes_on_the_wire(sheet):
    assert packed(sheet) <= 15 * 1024


def test_the_script_of_readers_has_at_most_5_kilobytes_on_the_wire():
    assert packed("js/help.js") <= 5 * 1024


def test_the_script_that_holds_up_the_first_paint_has_under_400_bytes():
    assert (STATIC / "js" / "theme.js").stat().st_size < 400


def test_no_fonts_are_loaded():
    assert not [file for file in OURS if "@font-face" in source(file)]
    assert not list(STATIC.rglob("*.woff*"))


# Both directions

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|"
    r"border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
PHYSICAL_CLASSES = re.compile(
    r"(?:^|\s)(?:[mp][lr]-\w+|text-(?:left|right)|float-(?:left|right)|(?:pull|align)-(?:left|right))(?:\s|$)"
)


def test_the_patterns_below_find_what_they_are_for():
    for rule in (
        "margin-left: 1px",
        "a { left: 0 }",
        "text-align: right",
        "{float:left}",
        "border-top-right-radius: 2px",
    ):
        assert PHYSICAL.search(rule)
    for rule in (
        "margin-inline-start: 0",
        "inset-inline-end: 0",
        "border-bottom: 0",
        "text-align: start",
        ".left-over { top: 0 }",
    ):
        assert not PHYSICAL.search(rule)
    assert PHYSICAL_CLASSES.search("btn ml-2")


@pytest.mark.parametrize("file", SHEETS, ids=name)
def test_our_styles_name_no_left_and_no_right(file):
    assert [line.strip() for line in source(file).splitlines() if PHYSICAL.search(line)] == []


def test_styles_that_differ_between_the_directions_differ_only_where_the_library_is_physical():
    """The sheet of right-to-left pages is the same sheet turned round, not another one."""
    left, right = (source(STATIC / "css" / f"site.{way}.css") for way in ("ltr", "rtl"))
    assert abs(len(left) - len(right)) < 500
    assert len(re.findall(r"\{", left)) == len(re.findall(r"\{", right))


# Templates


class Attributes(HTMLParser):
    """Attributes of the elements of a template, its tags taken out first."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", template, flags=re.S))

    def handle_starttag(self, tag, attrs):
        self.found += [(tag, attribute, value or "") for attribute, value in attrs]
        self.inside = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        self.scripts += [data] if self.inside and data.strip() else []


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 25


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_a_template_holds_no_style_no_script_and_no_handler(file):
    page = Attributes(source(file))
    assert [entry for entry in page.found if entry[1] == "style" or entry[1].startswith("on")] == []
    assert [script for script in page.scripts if '"@context"' not in script] == []
    assert [entry for entry in page.found if entry[2].strip().lower().startswith("javascript:")] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_a_template_uses_no_class_of_one_side(file):
    assert [
        entry for entry in Attributes(source(file)).found if entry[1] == "class" and PHYSICAL_CLASSES.search(entry[2])
    ] == []


@pytest.mark.parametrize("file", [*TEMPLATES, *OURS, *SHEETS], ids=name)
def test_nothing_is_loaded_from_another_host(file):
    text = NAMESPACES.sub("", re.sub(r"^\s*//.*$", "", source(file), flags=re.M))
    assert re.findall(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s\"')]*", text) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_pictures_of_a_template_have_a_size_and_a_text(file):
    """A picture without a size moves the page when it comes."""
    page = Attributes(source(file))
    pictures = {tag for tag, *_ in page.found if tag == "img"}
    names = {attribute for tag, attribute, _ in page.found if tag == "img"}
    assert not pictures or {"alt", "width", "height"} <= names


def test_the_script_sends_nothing_to_another_host_and_makes_no_markup_of_words():
    script = source(STATIC / "js" / "help.js")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script)


def test_styles_of_components_stay_out_of_the_way_of_forced_colours_reduced_motion_and_print():
    sheet = source(STATIC / "css" / "site.ltr.css")
    for query in ("prefers-color-scheme", "prefers-reduced-motion", "forced-colors", "@media print"):
        assert query in sheet
