"""Linked data (JSON-LD) of a page, in the words of schema.org, from what the page shows. Pure.

Which properties a type has to have is written in the documentation of schema.org (https://schema.org/FAQPage and so
on) and of Google (https://developers.google.com/search/docs/appearance/structured-data/search-gallery); the tests hold
both as a table. Addresses are absolute, languages are tags of BCP 47, moments are UTC.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Node = dict[str, Any]
CONTEXT = "https://schema.org"
QUESTION_MARKS = ("?", "？", "؟")

# What could end the element that the data stands in, or a line of a script, is written as an escape.
_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Place:
    """A line of the bread crumbs."""

    name: str
    url: str


@dataclass(frozen=True)
class Text:
    """The text of a page; `url` is its canonical address, `image` the address of a picture, where there is one."""

    title: str
    url: str
    language: str
    published: datetime | None = None
    updated: datetime | None = None
    image: str = ""


@dataclass(frozen=True)
class Said:
    """A part of a text: a step, or a question with its answer. `words` are plain."""

    title: str
    words: str
    url: str
    image: str = ""


@dataclass(frozen=True)
class Publisher:
    """Who runs the site; `logo` is the address of a picture."""

    name: str
    url: str
    logo: str


def written(nodes: Sequence[Node]) -> str:
    """The nodes as one JSON document that is safe inside a `<script>`, whatever words it holds."""
    data = {"@context": CONTEXT, "@graph": list(nodes)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():  # ten times as fast as `translate`
        text = text.replace(character, escape)
    return text


def is_question(title: str) -> bool:
    return title.rstrip().endswith(QUESTION_MARKS)


def breadcrumbs(places: Sequence[Place]) -> Node:
    items = [
        {"@type": "ListItem", "position": position, "name": place.name, "item": place.url}
        for position, place in enumerate(places, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def questions(text: Text, answered: Sequence[Said]) -> Node:
    """Questions with their answers; the first of them is the text's own."""
    return {"@type": "FAQPage", **_about(text), "mainEntity": [_question(said) for said in answered]}


def _question(said: Said) -> Node:
    answer = {"@type": "Answer", "text": said.words, "url": said.url}
    return {"@type": "Question", "name": said.title, "acceptedAnswer": answer}


def guide(text: Text, steps: Sequence[Said]) -> Node:
    return {"@type": "HowTo", **_about(text), "step": [_step(number, said) for number, said in enumerate(steps, 1)]}


def _step(number: int, said: Said) -> Node:
    image = {"image": said.image} if said.image else {}
    # A step whose words are all in its heading is told by its heading.
    return {
        "@type": "HowToStep",
        "position": number,
        "name": said.title,
        "text": said.words or said.title,
        "url": said.url,
        **image,
    }


def article(text: Text, publisher: Publisher, *, is_news: bool = False) -> Node:
    who = {"@type": "Organization", "name": publisher.name, "url": publisher.url}
    kind = "NewsArticle" if is_news else "Article"
    return {"@type": kind, "headline": text.title, **_about(text), "author": who, "publisher": who}


def site(publisher: Publisher, *, url: str, name: str, language: str, search: str) -> list[Node]:
    """The site and who runs it; `search` is the address of the search with `{search_term_string}` in it."""
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": search},
        "query-input": "required name=search_term_string",
    }
    who = {"@type": "Organization", "name": publisher.name, "url": publisher.url, "logo": publisher.logo}
    return [who, {"@type": "WebSite", "name": name, "url": url, "inLanguage": language, "potentialAction": action}]


def _about(text: Text) -> Node:
    """What every text says of itself; what is not known is left out."""
    about = {
        "name": text.title,
        "url": text.url,
        "inLanguage": text.language,
        "datePublished": text.published and text.published.isoformat(timespec="seconds"),
        "dateModified": text.updated and text.updated.isoformat(timespec="seconds"),
        "image": text.image,
    }
    return {name: value for name, value in about.items() if value}
