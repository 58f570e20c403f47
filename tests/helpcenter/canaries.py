"""Canaries: words that occur nowhere else, one for each place of each text. Those of public texts have to be found;
those of all others must never be seen by readers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image

from helpcenter import freshness
from helpcenter.actions import (
    addressing,
    announcing,
    drafting,
    feedback,
    picturing,
    publishing,
    reviewing,
    scheduling,
    upkeep,
    working_drafts,
)
from helpcenter.models import Announcement, Article, ArticleTag, ContentTask, RelatedArticle, SiteLanguage, Tag
from supportdesk.accounts.models import User
from tests.helpcenter.contracts import PERPETUAL, make_contract, rows_of, write_facts
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, keep_fact, value
from tests.helpcenter.samples import encoded
from tests.helpcenter.words import word

# Sixteen letters without a vowel and without "s": no language has such a word, and its stem is the word itself.
LETTERS = "bcdfghjklmnpqrtw"
SHORTENED = 10  # so many letters of a word give it away
SIZES = (SHORTENED, 6)  # a word of Chinese is shorter
RUNS = re.compile(f"[{LETTERS}]{{{SHORTENED},}}|[\u9000-\u90ff]{{6,}}|[0-9a-f]{{32}}")
EMPHASIS = re.compile(r"</?(?:mark|b|em|strong|wbr)\b[^>]*>")
COMMON = "lodestar"  # stands in every text, hidden or not
DAY = timedelta(days=1)


@dataclass
class Canaries:
    """The canaries of one kind, each with where it belongs; the same at every run."""

    name: str
    places: dict[str, str] = field(default_factory=dict)

    def __call__(self, *where: str, language: str = "en") -> str:
        digest = sha256("/".join((self.name, *where)).encode()).hexdigest()
        found = "".join(LETTERS[int(digit, 16)] for digit in digest[:16])
        if language == "zh-hans":
            found = "".join(chr(0x9000 + int(digest[i : i + 2], 16)) for i in range(0, 12, 2))
        return self.add(found, *where)

    def add(self, canary: str, *where: str) -> str:
        """Something that gives as much away, such as the digest of a picture."""
        self.places[canary] = ", ".join(where)
        return canary

    def inside(self, text: str, *, asked: str = "") -> set[str]:
        """The places of the canaries in a text, but for those that were asked for by name."""
        text, asked = EMPHASIS.sub("", text).casefold(), unquote(asked).casefold()
        text = f"{text} {unquote(text)}" if "%" in text else text
        known = {canary[:SHORTENED]: place for canary, place in self.places.items()}
        found = {run[i : i + size] for run in RUNS.findall(text) for size in SIZES for i in range(len(run) - size + 1)}
        return {known[start] for start in found if start in known and start not in asked}


@dataclass
class Site:
    """What was made, by the name of its state."""

    shown: Canaries = field(default_factory=lambda: Canaries("shown"))
    hidden: Canaries = field(default_factory=lambda: Canaries("hidden"))
    articles: dict[str, Article] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    topic: Any = None
    tags: dict[str, str] = field(default_factory=dict)

    def canaries_of(self, state: str) -> Canaries:
        return self.shown if state in PUBLIC else self.hidden

    def slugs(self, *states: str) -> Iterator[str]:
        """The addresses that articles in these states have, and had."""
        for state in states:
            yield from (self.articles[state].slug, self.canaries_of(state)(state, "old slug"))


PUBLIC = ("public", "its neighbour", "questions", "contract", "with a public translation")
NEVER_PUBLIC = ("draft", "in review", "changes asked", "rejected", "scheduled", "retired draft", "questions in draft")
TAKEN_BACK = ("unpublished", "for agents", "contract taken back")
ARCHIVED = ("archived", "succeeded")
ALIKE = NEVER_PUBLIC + TAKEN_BACK  # to readers these do not exist
NEWS = ("news in draft", "future news", "alert that waits", "alert for risk that waits", "news taken back")


def document(
    site: Site, state: str, language: str = "en", more: str = "", canaries: Canaries | None = None
) -> drafting.Text:
    """A text with a canary in every place that a document has; some of them are for nobody's eyes in any text."""
    c = partial(canaries or site.canaries_of(state), state, language=language)
    key = partial(canaries or site.canaries_of(state), state)
    aside = partial(site.hidden, state)
    body = f"""{c("body")} {COMMON}. {more}

<!-- {aside("remark")} -->

## {c("section")} {{#{key("key of a section")}}}

Ask **{c("strong words")}** and `{c("code")}`.

### {c("step")} {{step:{key("key of a step")}}}

{c("words of a step")}

![{c("alternative text")}](pictures/{aside("picture name")}.png "{c("caption")}")

:::warning {c("title of a callout")}
{c("callout")}
:::

| {c("cell")} |
|---|
| {c("other cell")} |

[{aside("unused definition")}]: https://northgate.example/{aside("unused address")}
"""
    extra = f"reviewer: {aside('front matter')}\n"
    return drafting.Text(c("title"), body, summary=f"{c('summary')} in short.", extra=extra)


QUESTIONS = """{body} lodestar.

## {question} {{node:start}}

- [{answer}](#node-one) {remark}
- [{other}](#node-two)

## {end} {{node:one}}

{words}

## {second} {{node:two}}

Nothing.
"""


def questions(site: Site, state: str) -> drafting.Text:
    canaries = site.canaries_of(state)
    places = ("body", "question", "answer", "remark", "other", "end", "words", "second")
    body = QUESTIONS.format(**{place: canaries(state, place) for place in places})
    return drafting.Text(canaries(state, "title"), body, summary=f"{canaries(state, 'summary')} in short.")


def new(site: Site, state: str, **fields: Any) -> Article:
    """An article that has moved once, with a tag and a picture of its own; a hidden one has its own topic too."""
    canaries = site.canaries_of(state)
    topic = site.topic
    if canaries is site.hidden:
        own = {
            "slug": canaries(state, "slug of the topic"),
            "description_en": canaries(state, "description of the topic"),
        }
        topic = CategoryFactory(name_en=canaries(state, "name of the topic"), parent=site.topic, **own)
    values = {
        "slug": canaries(state, "old slug"),
        "category": topic,
        "owner": site.people["editor"],
        "kind": "guide",
    }
    article = ArticleFactory(**{**values, "is_promoted": True, **fields})
    for position, slug in enumerate((canaries(state, "tag"), "common")):
        ArticleTag.objects.create(article=article, tag=Tag.objects.get_or_create(slug=slug)[0], position=position)
    picture(site, state)
    site.articles[state] = article
    if "slug" not in fields:
        site.articles[state] = addressing.move_article(article, canaries(state, "slug"), by=None)
    return site.articles[state]


def picture(site: Site, state: str) -> None:
    name = site.hidden(state, "picture name")
    color = tuple(sha256(state.encode()).digest()[:3])
    file = picturing.save_picture(f"{name}.png", "en", encoded("PNG", Image.new("RGB", (40, 30), color)), by=None)
    site.canaries_of(state).add(file.digest, state, "digest of a picture")
    site.pictures[state] = list(file.sources().values())


def save(site: Site, state: str, text: drafting.Text | None = None, language: str = "en", article: Any = None) -> Any:
    text, note = text or document(site, state, language), site.hidden(state, language, "note")
    by = site.people["editor"]
    return drafting.save_revision(article or site.articles[state], language, text, by=by, note=note)


def publish(site: Site, state: str, text: drafting.Text | None = None, language: str = "en", **at: Any) -> Any:
    article = at.pop("article", None)
    return publishing.publish(save(site, state, text, language, article), by=None, **at)


def submitted(site: Site, state: str) -> Any:
    new(site, state)
    revision = save(site, state)
    reviewing.submit(revision, by=site.people["editor"], note=site.hidden(state, "note to the reviewer"))
    return revision


# What readers see, at first also what is going to be taken back


def make_public(site: Site) -> None:
    for name in ("editor", "reviewer"):
        email = f"{site.hidden(name, 'e-mail')}@example.com"
        person = User.objects.create_user(email, name=site.hidden(name, "name"), is_staff=True)
        person.groups.set(Group.objects.filter(name="Content editors"))
        site.people[name] = person
    site.topic = CategoryFactory(slug=site.shown("topic", "slug"), name_en=site.shown("topic", "name"))
    write_facts(*rows_of("btcusdt-perp", PERPETUAL))
    _make_facts(site)
    _make_words(site)
    _make_articles(site)
    _make_news(site)
    for state in ("unpublished", "for agents", *ARCHIVED):
        new(site, state)
        publish(site, state)
        publish(site, state, language="zh-hans")
    for row, state in enumerate((*TAKEN_BACK, *ARCHIVED)):
        if state in site.articles:
            RelatedArticle.objects.create(article=site.articles["public"], to=site.articles[state], position=row)


def _make_articles(site: Site) -> None:
    new(site, "its neighbour")
    publish(site, "its neighbour")
    public = new(site, "public")
    # Words that were public once: they are taken back by the next publication.
    picture(site, "replaced")
    publish(site, "replaced", article=public, at=timezone.now() - 3 * DAY)
    more = f"{{fact:{site.shown('fact', 'subject')}.mark}} {site.shown('word', 'term')}"
    publish(site, "public", document(site, "public", more=more))
    publish(site, "public", document(site, "public", "zh-hans", more), "zh-hans")
    publish(site, "translation taken back", language="ja", article=public)
    publish(site, "language switched off", language="tr", article=public)
    new(site, "with a public translation")
    publish(site, "source taken back", article=site.articles["with a public translation"])
    publish(site, "with a public translation", language="zh-hans")
    new(site, "questions", kind="troubleshooter")
    publish(site, "questions", questions(site, "questions"))
    make_contract("btcusdt-perp", texts={})
    new(site, "contract", kind="contract", slug="btcusdt-perp")
    publish(site, "contract")
    new(site, "contract taken back", kind="contract")
    publish(site, "contract taken back")
    ether = {"symbol": "ETHUSDT-PERP", "form": "linear", "base": "ETH", "quote": "USDT", "settle": "USDT"}
    make_contract(site.articles["contract taken back"].slug, texts={}, **ether)
    hidden = site.hidden("contract that is not listed", "slug")
    make_contract(f"{hidden}-usdt", texts={}, is_listed=False)


def _make_facts(site: Site) -> None:
    shown, hidden = partial(site.shown, "fact"), partial(site.hidden, "fact")
    now = value(shown("value").upper(), until=_day(1), note=hidden("note"))
    then = value(hidden("value of tomorrow").upper(), _day(1), source=hidden("source of tomorrow"))
    then.note = hidden("note of tomorrow")
    keep_fact(f"{shown('subject')}.mark", now, then, unit="token", en=hidden("name of a kind without a table"))
    mine = partial(site.hidden, "fact of a draft")
    keep_fact(f"{mine('subject')}.mark", value(mine("value").upper(), source=mine("source")), unit="token")


def _day(days: int) -> str:
    return f"{timezone.now() + days * DAY:%Y-%m-%d}"


def _make_words(site: Site) -> None:
    shown, hidden = partial(site.shown, "word"), partial(site.hidden, "word")
    told = {"en": f"{shown('definition')} in short."}
    word("shown", en=shown("term"), also={"en": shown("other name")}, rejected={"en": hidden("rejected")},
         definitions=told, note=hidden("note for writers"))  # fmt: skip
    mine = partial(site.hidden, "hidden word")
    told = {"en": f"{mine('definition')} in short."}
    word("kept", en=mine("term"), also={"en": mine("other name")}, definitions=told, is_shown=False)
    mine = partial(site.hidden, "hidden word that texts use")
    word("common", en=COMMON, also={"en": mine("other name")}, definitions={"en": mine("definition")}, is_shown=False)


def news(site: Site, state: str, canaries: Canaries, **fields: Any) -> Announcement:
    values = {"slug": canaries(state, "slug"), "published_at": timezone.now() - DAY, "is_band": True, **fields}
    announcement = Announcement(**values)
    return announcing.save_announcement(announcement, {"en": told(state, canaries)}, by=site.people["editor"])


def told(state: str, canaries: Canaries) -> announcing.AnnouncementText:
    c = partial(canaries, state)
    return announcing.AnnouncementText(c("title"), f"{c('summary')} in short.", f"{c('body')} {COMMON}.")


def _make_news(site: Site) -> None:
    news(site, "news", site.shown)
    alert = news(site, "alert", site.shown, kind="phishing")
    announcing.approve_announcement(alert, by=site.people["reviewer"])
    news(site, "news taken back", site.hidden)


# What readers never see, or do not see any more


def hide(site: Site) -> None:
    _take_back(site)
    _write_drafts(site)
    _say_things(site)
    _wait(site)
    public = site.articles["public"]
    rows = RelatedArticle.objects.filter(article=public).count()
    for row, state in enumerate(NEVER_PUBLIC, rows):
        RelatedArticle.objects.create(article=public, to=site.articles[state], position=row)
    RelatedArticle.objects.create(article=public, to=site.articles["its neighbour"], position=99)
    freshness.bump()


def _take_back(site: Site) -> None:
    articles = site.articles
    for language in ("en", "zh-hans"):
        publishing.unpublish(articles["unpublished"], language, by=None)
    publishing.unpublish(articles["public"], "ja", by=None)
    publishing.unpublish(articles["with a public translation"], "en", by=None)
    publishing.unpublish(articles["contract taken back"], "en", by=None)
    articles["for agents"].audience = "agents"
    articles["for agents"].save()
    publishing.archive(articles["archived"], by=None)
    publishing.archive(articles["succeeded"], by=None, successor=articles["public"])
    SiteLanguage.objects.filter(code="tr").update(is_public=False)
    gone = Announcement.objects.rewrite(False).get(slug=site.hidden("news taken back", "slug"))
    gone.published_at = None
    announcing.save_announcement(gone, {}, by=None)


def _write_drafts(site: Site) -> None:
    editor, reviewer = site.people["editor"], site.people["reviewer"]
    new(site, "draft")
    save(site, "draft", document(site, "draft", more=f"{{fact:{site.hidden('fact of a draft', 'subject')}.mark}}"))
    submitted(site, "in review")
    reviewing.ask_changes(
        submitted(site, "changes asked"), by=reviewer, note=site.hidden("changes asked", "what to change")
    )
    reviewing.reject(submitted(site, "rejected"), by=reviewer, note=site.hidden("rejected", "reason"))
    approved = submitted(site, "scheduled")
    reviewing.approve(approved, by=reviewer, note=site.hidden("scheduled", "note of approval"))
    scheduling.schedule_publishing(approved, by=reviewer, at=timezone.now() + DAY)
    new(site, "retired draft")
    save(site, "retired draft")
    publishing.archive(site.articles["retired draft"], by=None, successor=site.articles["public"])
    new(site, "questions in draft", kind="troubleshooter")
    save(site, "questions in draft", questions(site, "questions in draft"))
    picture(site, "newer draft")
    newer = save(site, "newer draft", article=site.articles["public"])
    reviewing.comment(newer, site.hidden("newer draft", "comment"), by=reviewer)
    save(site, "translation in draft", language="ko", article=site.articles["public"])
    for article in (None, site.articles["public"]):
        state = "private draft of a new article" if article is None else "private draft"
        note = site.hidden(state, "note")
        working_drafts.keep(article, "en", document(site, state), by=editor, note=note)


def _say_things(site: Site) -> None:
    public = site.articles["public"]
    vote = feedback.Vote(False, "hard", site.hidden("reader", "comment"), "0" * 32)
    feedback.give_feedback(public, "en", vote)
    note, query = site.hidden("task", "note"), site.hidden("task", "search")
    task = ContentTask(kind="correct", article=public, language="en", note=note, query=query)
    upkeep.open_task(task, by=None)


def _wait(site: Site) -> None:
    hidden, editor = site.hidden, site.people["editor"]
    news(site, "news in draft", hidden, published_at=None)
    news(site, "future news", hidden, published_at=timezone.now() + DAY)
    news(site, "alert that waits", hidden, kind="phishing")
    news(site, "alert for risk that waits", hidden, kind="market_risk")
    alert = Announcement.objects.rewrite(False).get(slug=site.shown("alert", "slug"))
    announcing.save_announcement(alert, {"en": told("change of an alert that waits", hidden)}, by=editor)
