"""Generated articles as a folder of Markdown, in the form that the product imports (docs/markdown.md)."""

import random
from pathlib import Path

import yaml

from bench.vocabulary import SEED, Vocabulary, vocabulary

TOPICS = 12
SECTIONS_OF_TOPIC = 3
TAGS = 60
BLOCK = 100  # an article links to others of the same hundred, so that 1,000 articles are a part of 10,000
SENTENCE = {"en": (6, 15), "zh-hans": (6, 14), "ja": (5, 12)}  # words
WORDS_OF_TITLE = {"en": (3, 6), "zh-hans": (2, 5), "ja": (2, 4)}


def write_folder(root: Path, articles: int, languages: tuple[str, ...]) -> None:
    """A folder with `articles` articles in each of the languages, and the categories."""
    for language in languages:
        (root / language).mkdir(parents=True)
        for number in range(articles):
            path = root / language / f"{slug(number)}.md"
            path.write_text(document(number, language, articles), encoding="utf-8")
    tree = yaml.safe_dump(categories(languages), allow_unicode=True, sort_keys=False)
    (root / "categories.yaml").write_text(tree, encoding="utf-8")


def slug(number: int) -> str:
    return f"article-{number:05}"


def category_slugs() -> list[str]:
    """Topics and their sections; articles belong to sections."""
    return [f"topic-{t}" for t in range(TOPICS)] + [_section(t, s) for t in range(TOPICS) for s in _sections()]


def categories(languages: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        {**_category(f"topic-{t}", languages), "children": [_category(_section(t, s), languages) for s in _sections()]}
        for t in range(TOPICS)
    ]


def document(number: int, language: str, articles: int) -> str:
    """The file of one article; `articles` is how many there are to link to."""
    rng = random.Random(f"{SEED}/{number}")  # what is the same in every language
    category = _section(rng.randrange(TOPICS), rng.randrange(SECTIONS_OF_TOPIC))
    tags = ", ".join(f"tag-{n}" for n in sorted(rng.sample(range(TAGS), 2)))
    related = ", ".join(slug(n) for n in _neighbours(rng, number, articles, 3))
    is_guide = number % 4 == 0
    head = ["---", f'title: "{title(number, language)}"', f"slug: {slug(number)}", f"lang: {language}"]
    head += [f"category: {category}", f"type: {'guide' if is_guide else 'faq'}"]
    head += [f"tags: [{tags}]", f"related: [{related}]"]
    head += ["promoted: true"] if number < 4 else []
    links = [slug(n) for n in _neighbours(rng, number, articles, 2)]
    return "\n".join([*head, "---", "", body(number, language, links=links, is_guide=is_guide)])


def title(number: int, language: str) -> str:
    rng = random.Random(f"{SEED}/{number}/{language}/title")
    words = vocabulary(language).draw_content(rng, rng.randint(*WORDS_OF_TITLE[language]))
    return vocabulary(language).join(words).capitalize()


def body(number: int, language: str, *, links: list[str], is_guide: bool) -> str:
    """About 4 KB of Markdown in English: sections, lists, a callout, links, and steps in a guide."""
    rng = random.Random(f"{SEED}/{number}/{language}")
    words = vocabulary(language)
    parts = [f"## {_heading(rng, words)} {{#part-0}}", paragraph(rng, words)]
    for place in range(1, rng.randint(3, 5)):
        parts += [f"## {_heading(rng, words)} {{#part-{place}}}", paragraph(rng, words), _block(rng, words)]
        parts += [paragraph(rng, words)]
    parts += [_links(rng, words, links)]
    if is_guide:
        for step in range(rng.randint(4, 6)):
            parts += [f"### {_heading(rng, words)} {{step:step-{step}}}", paragraph(rng, words)]
    return "\n\n".join(parts) + "\n"


def sentence(rng: random.Random, words: Vocabulary) -> str:
    drawn = words.draw(rng, rng.randint(*SENTENCE[words.language]))
    return words.join(drawn).capitalize() + words.stop


def paragraph(rng: random.Random, words: Vocabulary) -> str:
    return (" " if words.joiner else "").join(sentence(rng, words) for _ in range(rng.randint(2, 5)))


def _heading(rng: random.Random, words: Vocabulary) -> str:
    return words.join(words.draw_content(rng, rng.randint(2, 4))).capitalize()


def _block(rng: random.Random, words: Vocabulary) -> str:
    kind = rng.choice(("list", "list", "callout", "table"))
    if kind == "list":
        return "\n".join(f"- {sentence(rng, words)}" for _ in range(rng.randint(3, 5)))
    if kind == "callout":
        return f":::{rng.choice(('note', 'tip', 'warning'))}\n{paragraph(rng, words)}\n:::"
    rows = [f"| {_heading(rng, words)} | `{rng.randint(1, 999)}` |" for _ in range(3)]
    return "\n".join([f"| {_heading(rng, words)} | {_heading(rng, words)} |", "|---|---|", *rows])


def _links(rng: random.Random, words: Vocabulary, links: list[str]) -> str:
    return (" " if words.joiner else "").join(
        f"{sentence(rng, words)} [{_heading(rng, words)}]({link}.md){words.stop}" for link in links
    )


def _neighbours(rng: random.Random, number: int, articles: int, count: int) -> list[int]:
    start = number - number % BLOCK
    others = [n for n in range(start, min(start + BLOCK, articles)) if n != number]
    return rng.sample(others, min(count, len(others)))


def _sections() -> range:
    return range(SECTIONS_OF_TOPIC)


def _section(topic: int, section: int) -> str:
    return f"topic-{topic}-{section}"


def _category(name: str, languages: tuple[str, ...]) -> dict[str, object]:
    rng = random.Random(f"{SEED}/{name}")
    names = {code: _heading(rng, vocabulary(code)) for code in languages}
    return {"slug": name, "name": names, "description": {c: sentence(rng, vocabulary(c)) for c in languages}}
