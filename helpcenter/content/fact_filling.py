"""Values into stored HTML: every language's text gets them from the one book, in its own way of writing numbers. Pure.

A text keeps the language that it is written in, also where it is shown in place of a missing one; so do the numbers in
it. What has no value at the moment that is asked for is a dash: that happens only to those who look at the past.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, override

from helpcenter import units
from helpcenter.content import fact_marks, markdown
from helpcenter.facts import ALL_KINDS, EVERYWHERE, Book, DatedFact, DatedValue

NOTHING = "–"

_PLACE = re.compile(
    r'<data class="fact" data-fact="(?P<key>[^"]*)"></data>'
    r'|<div class="facts" data-facts="(?P<subject>[^"]*)" data-kinds="(?P<kinds>[^"]*)" data-table="(?P<number>\d*)">'
    r"</div>"
)


@dataclass(frozen=True)
class Reading:
    """From where a reader looks at the facts: the language of the text, the moment (UTC), the region."""

    language: str
    at: datetime
    region: str = EVERYWHERE


def has_facts(html: str) -> bool:
    return ' data-fact="' in html or ' data-facts="' in html


def fill(html: str, book: Book, reading: Reading) -> str:
    """Stored HTML with the values that hold for a reader."""

    def value(place: re.Match[str]) -> str:
        if place["key"] is not None:
            return _inline(place["key"], book, reading)
        return _table(book.of_subject(place["subject"], place["kinds"].split()), place["number"], reading)

    if not has_facts(html):
        return html
    with override(reading.language):
        return _PLACE.sub(value, html)


def in_words(text: str, book: Book, reading: Reading) -> str:
    """Words that name facts as `{fact:KEY}`, with the values that hold for a reader."""

    def value(key: str) -> str:
        fact = book.facts.get(key)
        held = fact.at(reading.at, reading.region) if fact else None
        return fact.unit.draw(held.text, reading.language) if fact and held else NOTHING

    return fact_marks.replace_marks(text, value) if fact_marks.has_mark(text) else text


def in_markdown(text: str, book: Book, reading: Reading) -> str:
    """A document that names facts, with the values that hold for a reader; tables of facts become Markdown's own."""
    if not fact_marks.has_mark(text) and "facts" not in text:
        return text
    lines = text.split("\n")
    with override(reading.language):
        for block in reversed(markdown.blocks(text, fact_marks.BLOCK)):
            subject, kinds = fact_marks.table_of(lines[block.start : block.end])
            lines[block.start : block.end] = _markdown_table(book.of_subject(subject, kinds), reading)
    return in_words("\n".join(lines), book, reading)


def _markdown_table(facts: Iterable[DatedFact], reading: Reading) -> list[str]:
    held = [(fact, value) for fact in facts if (value := fact.at(reading.at, reading.region))]
    if not held:
        return [gettext("No values were set at that time.")]
    rows = [
        (fact.name(reading.language), fact.unit.draw(value.text, reading.language), units.draw_date(value.since))
        for fact, value in held
    ]
    head = (gettext("What"), gettext("Value"), gettext("In force since"))
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def keys_in(html: str) -> set[str]:
    """The keys of the facts in stored HTML; `<subject>.*` where it is all of a subject."""
    found: set[str] = set()
    for place in _PLACE.finditer(html):
        if place["key"] is not None:
            found.add(unescape(place["key"]))
        else:
            found |= {f"{place['subject']}.{kind}" for kind in place["kinds"].split() or [ALL_KINDS]}
    return found


def facts_in(html: str, book: Book) -> list[DatedFact]:
    """The facts in stored HTML, each once."""
    named = {fact.key: fact for key in sorted(keys_in(html)) for fact in book.named(key)}
    return list(named.values())


def _inline(key: str, book: Book, reading: Reading) -> str:
    fact = book.facts.get(unescape(key))
    held = fact.at(reading.at, reading.region) if fact else None
    if fact is None or held is None:
        return f'<data class="fact">{NOTHING}</data>'
    return _value(fact, held, reading)


def _value(fact: DatedFact, held: DatedValue, reading: Reading) -> str:
    """A value that keeps its own direction in a right-to-left text."""
    direction = fact.unit.direction(reading.language)
    return format_html(
        '<data class="fact" data-fact="{}" value="{}"{}>{}</data>',
        fact.key,
        held.text,
        format_html(' dir="{}"', direction) if direction else "",
        fact.unit.draw(held.text, reading.language),
    )


def _table(facts: Iterable[DatedFact], number: str, reading: Reading) -> str:
    held = [(fact, value) for fact in facts if (value := fact.at(reading.at, reading.region))]
    if not held:
        return format_html("<p>{}</p>", gettext("No values were set at that time."))
    rows = format_html_join("", "{}", ((_row(fact, value, reading),) for fact, value in held))
    return format_html(
        '<div class="scroll-x" tabindex="0" role="region" aria-label="{}"><table class="facts"><thead><tr>'
        '<th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr></thead>'
        "<tbody>{}</tbody></table></div>",
        gettext("Table %(number)d") % {"number": int(number or 1)},
        gettext("What"),
        gettext("Value"),
        gettext("In force since"),
        rows,
    )


def _row(fact: DatedFact, held: DatedValue, reading: Reading) -> str:
    return format_html(
        '<tr><th scope="row">{}</th><td>{}</td><td>{}{}</td></tr>',
        fact.name(reading.language),
        _value(fact, held, reading),
        _time(held.since),
        _change(fact, held, reading),
    )


def _change(fact: DatedFact, held: DatedValue, reading: Reading) -> str:
    """The change that is announced, else the one that led to this value."""
    coming = fact.coming(reading.at, reading.region)
    before = fact.before(held)
    if coming is not None:
        moment, value = coming
        words = gettext("from %(date)s: %(value)s")
        return _told("change", words, {"date": _time(moment), "value": _value(fact, value, reading)})
    if before is not None:
        return _told("was", gettext("before: %(value)s"), {"value": _value(fact, before, reading)})
    return ""


def _told(kind: str, words: str, values: dict[str, str]) -> str:
    """A line of a sentence whose values are markup of ours; the sentence itself is text."""
    return format_html(' <small class="{}">{}</small>', kind, _filled_in(words, values))


def _filled_in(words: str, values: dict[str, str]) -> str:
    template = escape(words)
    for name in values:
        template = template.replace(f"%({name})s", f"{{{name}}}")
    return format_html(template, **values)


def _time(moment: datetime) -> str:
    return format_html('<time datetime="{}">{}</time>', units.write_moment(moment), units.draw_date(moment))
