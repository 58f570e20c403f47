"""Words that want to become markup, what a browser posts when every field of a form holds such words, and the reading
of an answer for anything that they made."""

import re
from html.parser import HTMLParser
from random import Random
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.helpcenter.samples import encoded

PAYLOADS = [
    "<script>evil()</script>",
    '"><img src=x onerror=evil()>',
    "'onmouseover='evil()' x='",
    '" autofocus onfocus=evil() x="',
    "<svg/onload=evil()>",
    "<svg><script>evil()</script></svg>",
    "</textarea><svg onload=evil()>",
    "</option></select><x-evil>",
    "</title><x-evil>",
    "--><x-evil>",
    "]]><x-evil>",
    "</script><x-evil>",
    '<iframe srcdoc="<script>evil()</script>">',
    "[x](javascript:evil())",
    "![x](javascript:evil())",
    "<javascript:evil()>",
    '<a href="jav&#x09;ascript:evil()">x</a>',
    '[x](data:text/html,<script>evil()</script> "t")',
    "[x]: javascript:evil()\n\n[x]",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=evil()&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=evil()>">',
    '<svg></p><style><a id="</style><img src=1 onerror=evil()>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=evil()>",
    ":::note <img src=x onerror=evil()>\nx\n:::",
    '## x {#a"onmouseover=evil()}',
    "```<x-evil>\n</code></pre><x-evil>\n```",
    "&lt;img src=x onerror=evil()&gt;<x-evil>",
]
LONG = 1000  # characters; a field that holds so many gets several at once

# What a field takes that asks for more than words.
PLAUSIBLE = {
    "slug": "evil-x",
    "key": "evil_x",
    "code": "xx",
    "host": "elsewhere.example",
    "subject": "btc",
    "symbol": "BTCUSDT",
    "base": "BTC",
    "quote": "USDT",
    "settle": "USDT",
    "name": "evil-x.png",
    "unit": "percent",
    "words": "evil, x",
    "fallbacks": '["en"]',
}


def words_for(field: forms.Field, random: Random) -> str:
    """Hostile words that fit into a field."""
    most = getattr(field, "max_length", None)
    if isinstance(field.widget, forms.Textarea) and (most is None or most >= LONG):
        return "\n\n".join(random.sample(PAYLOADS, 5))
    fitting = [payload for payload in PAYLOADS if most is None or len(payload) <= most]
    return random.choice(fitting) if fitting else "<b>"[:most]


def hostile_form(form: forms.BaseForm, random: Random, *, is_safe: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What a browser posts when each text field of a form holds hostile words, but those of `is_safe`."""
    data: dict[str, Any] = {}
    for bound in form:
        if isinstance(bound.field, forms.CharField) and bound.name not in is_safe:
            data[bound.html_name] = words_for(bound.field, random)
        else:
            data |= _plausible(bound)
    return data


def _plausible(bound: forms.BoundField) -> dict[str, Any]:
    field, name, value = bound.field, bound.html_name, bound.value()
    if isinstance(field, forms.FileField):
        return {name: SimpleUploadedFile("<img src=x onerror=evil()>.png", encoded("PNG"))}
    if isinstance(field, forms.SplitDateTimeField):
        wants = field.required or bound.name in ("published_at", "effective_from")
        return {f"{name}_0": "2026-01-01" if wants else "", f"{name}_1": "08:00" if wants else ""}
    if isinstance(field, forms.BooleanField):
        return {name: "on"} if value else {}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) and not value and field.required:
        return {name: next(str(getattr(key, "value", key)) for key, _ in field.choices if key)}
    if isinstance(field, forms.CharField):
        return {name: PLAUSIBLE.get(bound.name, value or "x")}
    return {name: "1" if value is None and field.required else ("" if value is None else value)}


def fill_in(client: Client, url: str, random: Random, **values: Any) -> list[str]:
    """Open a form of the admin, post it with hostile words in all its text fields, then again with what is asked for in
    those that refused them. `values` are posted as they are. Returns the pages that answered.

    Raises AssertionError where it is not stored in the end.
    """
    page = client.get(url)
    form = page.context["adminform"].form
    lists = {key: value for formset in _formsets(page) for key, value in _empty(formset, random).items()}
    pages, wrong = [page.content.decode()], frozenset[str]()
    for _ in range(3):  # some refuse what others let pass
        answer = client.post(url, {**hostile_form(form, random, is_safe=wrong), **lists, **values})
        if answer.status_code == 302:
            return pages
        pages.append(answer.content.decode())
        wrong |= frozenset(answer.context["adminform"].form.errors)
    raise AssertionError((url, wrong, answer.context["errors"]))


def _formsets(page: Any) -> list[Any]:
    return [inline.formset for inline in page.context.get("inline_admin_formsets") or ()]


def _empty(formset: Any, random: Random) -> dict[str, Any]:
    """A list below a form: left empty, but for a fact, which has one value with a hostile source and note."""
    prefix = formset.prefix
    data = {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    if prefix == "values":
        row = type(formset.empty_form)(prefix=f"{prefix}-0", empty_permitted=True, use_required_attribute=False)
        own = hostile_form(row, random, is_safe=frozenset({"value"}))
        data |= {**own, f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-0-value": "5"}
    return data


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.harm: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        runs = tag == "script" and given.get("type", "module") in ("module", "text/javascript", "")
        self.inside = "script" if runs else (tag if tag == "style" else "")
        if tag in ("x-evil", "math", "mglyph", "noscript") or "srcdoc" in given:
            self._found(tag, given)
        for name, value in given.items():
            is_address = name in ("href", "src", "action", "formaction", "xlink:href", "data", "poster")
            leads = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or (is_address and re.match("javascript:|vbscript:|data:text", leads)):
                self._found(tag, given)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and "evil" in data:
            self.harm.append(f"<{self.inside}>{data[:80]}")

    def _found(self, tag: str, attrs: dict[str, str]) -> None:
        self.harm.append(f"<{tag} {attrs}>"[:200])


def harm_in(page: str) -> list[str]:
    """What hostile words have become on a page: elements of theirs, handlers of events, addresses that run."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.harm
