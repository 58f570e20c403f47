"""The search meets its bars on real help articles in twelve languages; they lie beside the checkout, never in it."""

import json
import random
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from helpcenter.actions import counting
from helpcenter.actions.shipped_synonyms import Synonyms
from helpcenter.models import Article
from helpcenter.outline import load
from helpcenter.search import asking, evaluation, indexing
from supportdesk.releases.bringing import bring
from supportdesk.ui.languages import content_languages
from tests.helpcenter import searching
from tests.services import need_corpus

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

# Mean reciprocal rank over all languages, and in each language with at least ten questions of the kind.
BARS = {"heading": 0.97, "drop30": 0.93, "body6": 0.94, "prefix": 0.87, "typo": 0.97}
FLOORS = {"heading": 0.92, "typo": 0.92, "body6": 0.92, "drop30": 0.88, "prefix": 0.84}
GENERATED = ("zh-hant", "vi")  # the file has no questions in these
GENERATED_FLOORS = {**FLOORS, "heading": 0.95}
BOTH = "-both"  # what is generated from the library too, beyond what the design asks for
EACH = 400  # generated questions of a kind: all that a language has; thirty of them say little of a floor
# Judged questions in the words of traders: the share with a right page in the first five. These were looked at while
# the search was built; `docs/search.md` has the ones that were not.
REACHED = {"en": 0.85, "es": 0.90, "ja": 0.90, "ko": 0.90, "ru": 0.90, "zh-hans": 0.90}
DEMO = settings.BASE_DIR / "fixtures"
QUESTIONS = Path(__file__).with_name("questions")
NONSENSE, SEED = 100, 4711  # of its own: the floor was measured with another


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """The articles and the demo content with its synonyms, published and indexed; the database is put back later."""
    data = need_corpus()
    with django_db_blocker.unblock(), searching.kept_database():
        searching.clear_indexes()
        for folder in (data / "corpus", DEMO / "help"):
            assert searching.publish_folder(folder)
        bring(Synonyms(DEMO / "synonyms"))
        call_command("rebuild_search", verbosity=0)
        yield data
        counting.searches.drop()
        searching.clear_indexes()


def pieces(text, language):
    """What a question is made of: words; of Chinese, two characters, which is what most words there are."""
    if not language.startswith("zh"):
        return text.split()
    return re.findall(r"[a-zA-Z0-9]+|[^\W_]{1,2}", text)


def joined(parts, language):
    """Chinese without blanks, except between the words of a name or of a text that is left in English."""
    if not language.startswith("zh"):
        return " ".join(parts)
    return re.sub(r"(?<=[a-zA-Z0-9])\0(?=[a-zA-Z0-9])", " ", "\0".join(parts)).replace("\0", "")


def dropped(chance, text, language):
    """The text without 30 % of its words."""
    parts = pieces(text, language)
    kept = sorted(chance.sample(range(len(parts)), max(1, round(len(parts) * 0.7))))
    return joined([parts[place] for place in kept], language)


def six(chance, text, language):
    """Six neighbouring words of a sentence."""
    sentences = [pieces(sentence, language) for sentence in re.split(r"[\n.。，,：:；;！!？?（）()「」“”]", text)]
    long = [parts for parts in sentences if len(parts) >= 6]
    if not long:
        return ""
    parts = chance.choice(long)
    start = chance.randint(0, len(parts) - 6)
    return joined(parts[start : start + 6], language)


def generate(language, asked_for):
    """Seeded questions from the headings and texts of some articles in a language, with every page that has the heading
    as right."""
    chance = random.Random(f"questions/{language}")
    articles = list(Article.objects.published_in(language).reading([language], "title", "html", "outline"))
    texts = {article.slug: indexing.document(article, language, "") for article in articles}
    owners: dict[str, set[str]] = {}
    for article in articles:
        parts = load(article.published_text("outline", language))
        for heading in {article.published_text("title", language), *(part.title for part in parts if part.title)}:
            owners.setdefault(heading, set()).add(article.slug)
    headings = [heading for heading in sorted(owners) if owners[heading] & asked_for]
    chance.shuffle(headings)
    for heading in headings[:EACH]:
        yield "heading", heading, owners[heading]
    for heading in [heading for heading in headings if len(pieces(heading, language)) >= 4][:EACH]:
        yield "drop30", dropped(chance, heading, language), owners[heading]
    own = sorted(texts.keys() & asked_for)
    for slug in chance.sample(own, min(EACH, len(own))):
        if question := six(chance, texts[slug]["body"], language):
            yield "body6", question, {other for other, text in texts.items() if question in text["body"]} | {slug}


@pytest.fixture(scope="module")
def report(corpus, django_db_blocker, tmp_path_factory):
    """What the command prints of the questions in the file, of those that are generated from the corpus as the file's
    own are, and of nonsense."""
    of_corpus = {path.stem for path in (corpus / "corpus").glob("*/*.md")}
    of_both = of_corpus | {path.stem for path in (DEMO / "help").glob("*/*.md")}
    with django_db_blocker.unblock():
        rows = [
            {"lang": language, "kind": f"{kind}{source}", "q": question, "relevant": sorted(right)}
            for language in GENERATED
            for source, asked_for in (("", of_corpus), (BOTH, of_both))
            for kind, question, right in generate(language, asked_for)
        ]
    for language in content_languages():
        for question in evaluation.nonsense(language, NONSENSE, SEED):
            rows.append({"lang": language, "kind": "nonsense", "q": question, "relevant": []})
    own = tmp_path_factory.mktemp("questions") / "generated.json"
    own.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    with django_db_blocker.unblock():
        return printed(corpus / "search_queries.json", *sorted(QUESTIONS.glob("*_seen.json")), own, json=True)


def printed(*paths, **options):
    out = StringIO()
    call_command("evaluate_search", *map(str, paths), stdout=out, **options)
    return json.loads(out.getvalue()) if options.get("json") else out.getvalue()


def of_file(report, kind):
    """The scores of the file's own languages for a kind of question."""
    return {
        code: row
        for code in content_languages()
        if code not in GENERATED and (row := report["scores"].get(f"{code}/{kind}"))
    }


def test_the_whole_corpus_is_indexed(corpus):
    files = [*(corpus / "corpus").glob("*/*.md"), *(DEMO / "help").glob("*/*.md")]
    files = [path for path in files if path.parent.name in content_languages()]
    assert len(files) > 2000
    assert sum(len(indexing.wanted(alias)) for alias in indexing.aliases()) == len(files)
    assert {alias: indexing.lag(alias) for alias in indexing.aliases()} == dict.fromkeys(indexing.aliases(), 0)


@pytest.mark.parametrize("kind", BARS)
def test_all_languages_together_reach_the_bar(report, kind):
    rows = of_file(report, kind).values()
    assert sum(row["n"] for row in rows) >= 100
    assert sum(row["mrr"] * row["n"] for row in rows) / sum(row["n"] for row in rows) >= BARS[kind]


@pytest.mark.parametrize("kind", FLOORS)
def test_no_language_falls_below_its_floor(report, kind):
    rows = {code: row["mrr"] for code, row in of_file(report, kind).items() if row["n"] >= 10}
    assert len(rows) >= 5
    assert {code: mrr for code, mrr in rows.items() if mrr < FLOORS[kind]} == {}


@pytest.mark.parametrize("kind", ["heading", "drop30", "body6"])
@pytest.mark.parametrize("language", GENERATED)
def test_languages_without_questions_of_their_own_reach_their_floor(report, language, kind):
    row = report["scores"][f"{language}/{kind}"]
    assert row["n"] >= 15
    assert row["mrr"] >= GENERATED_FLOORS[kind]


@pytest.mark.parametrize("kind", ["heading", "drop30", "body6"])
@pytest.mark.parametrize("language", GENERATED)
def test_with_the_library_beside_the_corpus_they_reach_it_too(report, language, kind):
    row = report["scores"][f"{language}/{kind}{BOTH}"]
    assert row["n"] >= 15
    assert row["mrr"] >= GENERATED_FLOORS[kind]


def test_hardly_a_question_stays_without_an_answer(report):
    rows = [row for kind in BARS for row in of_file(report, kind).values()]
    assert sum(row["zero"] * row["n"] for row in rows) / sum(row["n"] for row in rows) <= 0.01


@pytest.mark.parametrize("language", REACHED)
def test_natural_questions_find_no_less_than_they_did(report, language):
    """A right page in the first five for 85 % of the questions in English and 90 % in the others. Many share no word
    with their answer: the one-way synonyms lead to it."""
    row = report["scores"][f"{language}/trader"]
    assert row["n"] == 20
    assert row["s5"] >= REACHED[language]


@pytest.mark.parametrize("language", content_languages())
def test_nonsense_finds_nothing(report, language):
    row = report["scores"][f"{language}/nonsense"]
    assert row["n"] == NONSENSE
    assert row["zero"] >= 0.95


def test_the_report_says_how_fast_and_how_strict_the_search_was(report):
    assert 0 < report["cpu_ms"]["p50"] <= report["cpu_ms"]["p95"]
    assert 0 < report["floor"] < 1
    assert {"n", "s1", "s5", "mrr", "zero"} == report["scores"]["en/heading"].keys()


def test_pages_rank_as_the_measured_search(corpus):
    """What was measured is what readers get, a page at a time."""
    questions = json.loads((corpus / "search_queries.json").read_text(encoding="utf-8"))
    slugs = dict(Article.objects.values_list("pk", "slug"))
    client = Client()
    for question in random.Random(1).sample(questions, 40):
        measured = [slugs[result.article] for result in asking.ask(question["q"], question["lang"]).results[:10]]
        assert searching.found(client, question["lang"], question["q"]) == measured


def test_excerpts_of_the_corpus_show_the_words_of_the_question(corpus):
    """In nine of ten first results the title or the excerpt has a mark, in every language."""
    questions = json.loads((corpus / "search_queries.json").read_text(encoding="utf-8"))
    client = Client()
    marked: dict[str, list[bool]] = {}
    for question in random.Random(2).sample([row for row in questions if row["kind"] == "body6"], 60):
        rows = searching.search_json(client, question["lang"], question["q"])["results"]
        marked.setdefault(question["lang"], []).append("<mark>" in rows[0]["excerpt"])
    assert {code: sum(seen) / len(seen) for code, seen in marked.items() if sum(seen) / len(seen) < 0.9} == {}


# The command itself, on a few questions


def few(corpus, tmp_path, rows):
    path = tmp_path / "few.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_command_prints_a_table(corpus, tmp_path):
    rows = [
        {"lang": "en", "kind": "heading", "q": "Then... who controls Bitcoin?", "relevant": ["about-us-control"]},
        {"lang": "en", "kind": "heading", "q": "Then... who controls Bitcoin?", "relevant": ["no-such-page"]},
        {"lang": "ja", "kind": "heading", "q": "qqqqzzzz xxxxwwww", "relevant": ["about-us-control"]},
    ]
    table = printed(few(corpus, tmp_path, rows), misses=True)
    lines = {line.split()[0]: line.split()[1:] for line in table.splitlines() if "/" in line.split(" ")[0]}
    assert lines["en/heading"] == ["2", "0.500", "0.500", "0.500", "0.000"]
    assert lines["ja/heading"] == ["1", "0.000", "0.000", "0.000", "1.000"]
    assert lines["ALL/heading"][0] == "3"
    assert "CPU per query: p50" in table
    assert "ja: qqqqzzzz xxxxwwww -> -" in table


def test_the_command_counts_nonsense_when_it_is_asked_to(corpus, tmp_path):
    rows = [{"lang": "en", "kind": "heading", "q": "bitcoin", "relevant": ["x"]}]
    shares = printed(few(corpus, tmp_path, rows), json=True, nonsense=True)["nonsense_empty"]
    assert shares.keys() == set(content_languages())
    assert min(shares.values()) >= 0.95
