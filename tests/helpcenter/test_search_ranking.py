"""The compiled query ranks as the plain sum of what its terms score, and Haystack's own interface works."""

import math
import random
from collections import defaultdict
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.utils.translation import override
from haystack.query import SearchQuerySet
from whoosh import query as whoosh_query

from helpcenter.models import Article
from helpcenter.search import indexing
from helpcenter.search.backend import MOST_HITS, NAMELESS
from helpcenter.search.plan import BOOSTS, CHARACTER, plan
from helpcenter.search.scores import RARITY
from tests.helpcenter import searching
from tests.helpcenter.searching import engine_at, row

LATIN = ["wallet", "fee", "withdraw", "order", "margin", "price", "index", "limit", "the", "of", "and", "key"]
VIETNAMESE = ["ví", "phí", "rút", "lệnh", "quỹ", "giá", "vì", "mã", "mà", "của", "và", "khóa"]
HAN = ["强", "平", "价", "格", "保", "证", "金", "费", "率", "币"]


@pytest.fixture(autouse=True)
def _closed():
    yield
    searching.close_engines()


def sentence(chance, language, longest):
    if language in ("en", "vi"):
        known = LATIN if language == "en" else VIETNAMESE
        return " ".join(chance.choices(known, weights=range(len(known), 0, -1), k=chance.randint(1, longest)))
    return "".join(chance.choices(HAN, weights=range(len(HAN), 0, -1), k=chance.randint(2, longest)))


def corpus(chance, language, size):
    for pk in range(1, size + 1):
        headings = "\n".join(sentence(chance, language, 4) for _ in range(chance.randint(0, 2)))
        title, body = sentence(chance, language, 5), sentence(chance, language, chance.choice([5, 30, 120]))
        yield row(pk, title, f"<p>{body}</p>", headings=headings, language=language)


def groups_of(asked):
    """Per thing wanted, every (field, term, weight) that may hold it."""
    for wanted in asked.wanted:
        stemmed = [(field, t, boost * w) for t, w in wanted.terms.items() for field, boost in BOOSTS.items()]
        yield stemmed + [("words", word, weight) for word, weight in wanted.plain.items()]


def rarity(searcher, field, term):
    """What makes the rarity of a term in a field that of the term in all texts together, as steep as it counts."""
    documents, texts = searcher.doc_count_all(), BOOSTS if field in BOOSTS else ()
    found = {
        name: {hit.docnum for hit in searcher.search(whoosh_query.Term(name, term), limit=None)}
        for name in {*texts, field}
    }
    own, together = (
        math.log(documents / (len(places) + 1)) + 1 for places in (found[field], set().union(*found.values()))
    )
    return together**RARITY / own


def brute_force(engine, asked, *, all_words):
    """Article -> sum of the scores of each single term, as a loop over single-term searches."""
    searcher = engine.searcher()
    total = defaultdict(float)

    def add(parts):
        holders = set()
        for field, term, weight in parts:
            shared = rarity(searcher, field, term)
            for hit in searcher.search(whoosh_query.Term(field, term, boost=weight), limit=None):
                total[int(hit["django_id"])] += hit.score * shared
                holders.add(int(hit["django_id"]))
        return holders

    holders = [add(group) for group in groups_of(asked)]
    extra = [("pairs", pair, asked.pair_weight) for pair in asked.pairs]
    if not all_words:
        extra += [(field, c, boost * CHARACTER) for c in asked.characters for field, boost in BOOSTS.items()]
    optional = add(extra)
    matching = set.intersection(*holders) if all_words else set.union(*holders, optional)
    return {article: total[article] for article in matching}


def assert_ranked(engine, asked, limits):
    """For each limit, the best by brute force, with the scores of brute force."""
    for all_words in (True, False):
        expected = brute_force(engine, asked, all_words=all_words)
        best = sorted(expected.values(), reverse=True)
        for limit in limits:
            hits = engine.find(asked, all_words=all_words, limit=limit)
            assert [hit.score for hit in hits] == pytest.approx(best[:limit])
            assert [expected[hit.article] for hit in hits] == pytest.approx([hit.score for hit in hits])


SIZES = [(3, seed) for seed in range(6)] + [(40, seed) for seed in range(6)] + [(300, seed) for seed in range(2)]


@pytest.mark.parametrize(("size", "seed"), SIZES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_a_plan_ranks_like_the_sum_of_its_terms(tmp_path, size, language, seed):
    chance = random.Random(f"{language}/{size}/{seed}")
    engine = engine_at(tmp_path, language)
    indexing.build(engine, corpus(chance, language, size))
    for _ in range(6):
        asked = plan(sentence(chance, language, 6), language)
        first = asked.wanted[0].or_terms({chance.choice(LATIN + HAN): 0.7, "missing": 0.35})
        assert_ranked(engine, asked, limits=(1, 5, MOST_HITS))
        assert_ranked(engine, replace(asked, wanted=(first, *asked.wanted[1:])), limits=(5, MOST_HITS))


def test_the_best_of_more_hits_than_are_kept_are_the_best(tmp_path):
    chance = random.Random(1)
    engine = engine_at(tmp_path)
    indexing.build(engine, [row(pk, "wallet fee", f"<p>{sentence(chance, 'en', 40)}</p>") for pk in range(1, 700)])
    for question in ("wallet", "wallet fee", "fee order", "wallet withdraw order"):
        assert_ranked(engine, plan(question, "en"), limits=(MOST_HITS,))


def test_what_lacks_a_name_of_the_question_counts_less(tmp_path):
    scores = []
    for section in ("1", "2"):
        engine = engine_at(tmp_path / section)
        about = [{**row(pk, f"Part {pk}", "<p>A monero page.</p>"), "section": section} for pk in range(1, 7)]
        others = [row(pk, "Scan a code", "<p>Scan it.</p>") for pk in range(7, 20)]
        indexing.build(engine, [*about, *others])
        scores.append({hit.article: hit.score for hit in engine.find(plan("monero scan", "en"), all_words=False)})
    without, within = scores
    assert within == pytest.approx({pk: score * (1 if pk < 7 else NAMELESS) for pk, score in without.items()})


def test_a_score_is_bm25f_with_the_weights_of_the_recipe(tmp_path):
    engine = engine_at(tmp_path)
    texts = {1: ("wallet", "<p>wallet wallet fee of the key</p>"), 2: ("order key", "<p>fee</p>"), 3: ("x", "<p>y</p>")}
    indexing.build(engine, [row(pk, *text) for pk, text in texts.items()])

    def bm25(frequency, length, mean, b):
        return 3 * frequency / (frequency + 2 * (1 - b + b * length / mean))

    rare = (math.log(3 / 2) + 1) ** RARITY
    title = 1.5 * rare * bm25(1, 1, 4 / 3, 0.3)
    body = rare * bm25(2, 6, 8 / 3, 0.75)
    words = 0.3 * rare * bm25(3, 7, 12 / 3, 0.75)
    (hit,) = engine.find(plan("wallet", "en"), all_words=True)
    assert hit.score == pytest.approx(title + body + words)


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("wallet", [("Wallet", "About it."), ("Other", "The wallet, once. " + "Filler here. " * 30)]),
        ("how does it work", [("How does it work", "Thus."), ("Work", "It does. How?")]),
        ("wallet fee", [("Wallet fee", "-"), ("Wallet", "The fee."), ("Wallet", "A price.")]),
        ("network fee", [("A", "The network fee rises."), ("B", "The fee of the network falls somewhat.")]),
    ],
)
@pytest.mark.django_db
def test_the_closer_text_comes_first(client, question, texts):
    searching.clear_indexes()
    for number, (title, body) in reversed(list(enumerate(texts))):
        searching.write(f"a-{number}", en=f"{title}\n{body}")
    searching.refresh("en")
    assert searching.found(client, "en", question) == [f"a-{number}" for number in range(len(texts))]


# Haystack


@pytest.fixture
def twenty(db):
    """Twenty articles on fees, each a little longer than the one before, and one on something else."""
    searching.clear_indexes()
    for number in range(20):
        searching.write(f"fee-{number:02}", en="Fees\nA fee applies. " + "More words. " * number)
    searching.write("other", en="Wallets\nNothing more.", ja="財布\n出金")
    searching.refresh("en", "ja")


def slugs(results):
    names = dict(Article.objects.values_list("pk", "slug"))
    return [names[int(result.pk)] for result in results]


@pytest.mark.usefixtures("twenty")
def test_a_search_query_set_finds_counts_and_loads_articles():
    found = SearchQuerySet(using="en").filter(content="fee")
    assert found.count() == len(found) == 20
    assert len(list(found)) == 20
    assert {result.object.slug for result in found} == {f"fee-{number:02}" for number in range(20)}
    assert {result.model for result in found} == {Article}


@pytest.mark.usefixtures("twenty")
def test_a_slice_of_a_search_query_set_is_that_slice():
    everything = slugs(SearchQuerySet(using="en").filter(content="fee"))
    assert len(everything) == 20
    for start, stop in [(0, 5), (5, 12), (3, 4), (7, 20), (9, 11), (0, 20), (19, 40), (4, 4), (None, 3), (13, None)]:
        assert slugs(SearchQuerySet(using="en").filter(content="fee")[start:stop]) == everything[start:stop]
    assert slugs([SearchQuerySet(using="en").filter(content="fee")[17]]) == everything[17:18]


@pytest.mark.usefixtures("twenty")
def test_a_search_query_set_asks_the_index_of_the_active_language():
    with override("ja"):
        assert slugs(SearchQuerySet().filter(content="出金")) == ["other"]
    with override("en"):
        assert slugs(SearchQuerySet().filter(content="出金")) == []
        assert slugs(SearchQuerySet().filter(content="wallets")) == ["other"]


@pytest.mark.usefixtures("twenty")
def test_models_narrow_a_search_query_set_to_what_there_is():
    assert SearchQuerySet(using="en").models(Article).filter(content="fee").count() == 20


@pytest.mark.django_db
def test_all_words_of_a_filter_are_wanted():
    """Haystack joins the words of a filter by AND, which is no word of the question."""
    searching.clear_indexes()
    searching.write("both", en="Something\nThis says ledger, then keeper.")
    searching.write("one", en="Something\nThis says ledger.")
    searching.write("apart", en="Something\nAnd the ledger and and.")
    searching.refresh("en")
    assert slugs(SearchQuerySet(using="en").filter(content="ledger keeper")) == ["both"]
    assert slugs(SearchQuerySet(using="en").auto_query("keeper ledger")) == ["both"]


@pytest.mark.usefixtures("twenty")
def test_a_search_for_everything_finds_everything():
    assert SearchQuerySet(using="en").all().count() == 21


HOSTILE = ["", "   ", "?", "\x00", "(", "fee)", '"', "AND", "NOT fee", "*", "fee~", "[a TO", "x" * 10_000]


@pytest.mark.usefixtures("twenty")
def test_no_text_breaks_a_search_query_set():
    for text in HOSTILE:
        assert SearchQuerySet(using="en").filter(content=text).count() >= 0
        assert SearchQuerySet(using="en").auto_query(text).count() >= 0


@pytest.mark.usefixtures("twenty")
def test_haystacks_own_commands_write_the_same_index():
    before = SearchQuerySet(using="en").filter(content="fee").count()
    call_command("clear_index", interactive=False, using=["en"], verbosity=0)
    call_command("update_index", using=["en"], verbosity=0)
    assert SearchQuerySet(using="en").filter(content="fee").count() == before == 20
    assert indexing.sync("en").changed is False
