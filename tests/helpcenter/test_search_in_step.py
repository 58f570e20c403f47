"""The index is a cache of what is published: it follows every change, and a change alone."""

import random

import pytest
from django.core.management import call_command
from django.db import transaction

from helpcenter.actions import publishing
from helpcenter.enums import ArticleKind, Audience
from helpcenter.search import asking, indexing
from helpcenter.search.backend import SearchUnavailable
from supportdesk.ui.languages import content_languages
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.indexes import indexed, slugs
from tests.helpcenter.searching import found, refresh, write

# Whoosh leaves files open that it could not read to the end.
pytestmark = [
    pytest.mark.usefixtures("empty_index"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


def test_each_language_has_an_index_for_everybody_and_one_for_agents():
    expected = [alias for code in content_languages() for alias in (code, f"{code}.agents")]
    assert indexing.aliases() == expected
    assert indexing.aliases("zh-hans") == ["zh-hans", "zh-hans.agents"]


def test_a_sync_adds_changes_and_removes():
    article = write("a", en="Alphaword\n-")
    assert indexing.sync("en").written == 1
    assert slugs("alphaword") == ["a"]
    publish_text(article, "en", "Betaword.")
    assert indexing.sync("en").written == 1
    assert (slugs("alphaword"), slugs("betaword")) == ([], ["a"])
    publishing.unpublish(article, "en", by=None)
    assert indexing.sync("en").removed == 1
    assert slugs("betaword") == []
    assert indexed() == {}


def test_a_sync_of_what_is_in_step_changes_nothing():
    write("a", en="Alphaword\n-")
    indexing.sync("en")
    before = indexing.backend("en").folder.file.read_text()
    assert not indexing.sync("en").changed
    assert indexing.backend("en").folder.file.read_text() == before


def test_a_text_is_indexed_in_its_own_language_only():
    write("a", en="Alphaword\n-", ja="別の話\n-")
    refresh("en", "ja", "ko")
    assert slugs("alphaword", "en") == ["a"]
    assert slugs("alphaword", "ja") == []
    assert indexed("ko") == {}


def test_haystacks_own_command_makes_every_index_anew():
    write("a", en="Alphaword\n-", ja="別の話\n-")
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert slugs("alphaword", "en") == ["a"]
    assert slugs("別の話", "ja") == ["a"]


def test_texts_for_agents_lie_in_an_index_of_their_own():
    ArticleFactory(agents_only=True, texts={"en": "secretword"})
    public = write("public", en="Publicword\n-")
    refresh("en")
    assert indexed("en").keys() == {public.pk}
    assert len(indexed("en.agents")) == 1


def test_an_article_changes_sides_with_its_audience():
    article = write("a", en="Alphaword\n-")
    refresh("en")
    for audience, alias, other in ((Audience.AGENTS, "en.agents", "en"), (Audience.PUBLIC, "en", "en.agents")):
        article.audience = audience
        article.save()
        refresh("en")
        assert article.pk in indexed(alias)
        assert article.pk not in indexed(other)


@pytest.mark.parametrize("hide", [publishing.archive, lambda article, by: article.states.all().delete()])
def test_an_archived_article_leaves_the_index(hide):
    article = write("a", en="Alphaword\n-")
    refresh("en")
    hide(article, by=None)
    refresh("en")
    assert indexed() == {}


def test_a_restored_article_comes_back():
    article = write("a", en="Alphaword\n-")
    publishing.archive(article, by=None)
    refresh("en")
    publishing.restore(article, by=None)
    refresh("en")
    assert slugs("alphaword") == ["a"]


def test_drafts_are_not_indexed():
    article = write("a", en="Alphaword\n-")
    refresh("en")
    save_text(article, "en", "Draftword.")
    save_text(ArticleFactory(), "en", "Draftword.")
    assert not indexing.sync("en").changed
    assert slugs("draftword") == []


def test_what_was_rolled_back_is_not_found():
    def publish_and_fail():
        with transaction.atomic():
            write("a", en="Alphaword\n-")
            raise LookupError

    write("b", en="Betaword\n-")
    with pytest.raises(LookupError):
        publish_and_fail()
    refresh("en")
    assert slugs("alphaword") == []


def test_topic_and_kind_follow_the_article(client):
    article = write("a", en="Alphaword\n-")
    CategoryFactory(slug="elsewhere", name_en="Elsewhere")
    refresh("en")
    article.category = CategoryFactory(slug="moved", name_en="Moved")
    article.kind = ArticleKind.GUIDE
    article.save()
    refresh("en")
    assert found(client, "en", "alphaword", category="moved", kind="guide") == ["a"]
    assert found(client, "en", "alphaword", category="elsewhere") == []


def test_headings_of_a_text_are_found_with_their_text():
    write("a", en="Title\nIntro.\n\n## Betaheading {#one}\n\nGammatext.")
    refresh("en")
    for word in ("title", "betaheading", "gammatext"):
        assert slugs(word) == ["a"]


def test_a_restored_database_with_the_same_numbers_gets_its_own_texts():
    """After a restore from a backup the next revision has the number of one that is gone, and another text."""
    mark = transaction.savepoint()
    write("a", en="Alphaword\n-")
    refresh("en")
    transaction.savepoint_rollback(mark)
    write("a", en="Betaword\n-")
    refresh("en")
    assert (slugs("alphaword"), slugs("betaword")) == ([], ["a"])


def test_many_edits_leave_no_duplicate():
    articles = [write(f"a-{number}", en=f"Alphaword {number}\n-") for number in range(4)]
    indexing.sync("en")
    chance = random.Random(7)
    for number in range(25):
        for article in chance.sample(articles, chance.randint(1, 3)):
            publish_text(article, "en", f"Alphaword edit {number}.")
        indexing.sync("en")
    searcher = indexing.backend("en").searcher()
    numbers = [fields["django_id"] for fields in searcher.reader().all_stored_fields()]
    assert sorted(numbers) == sorted(str(article.pk) for article in articles)
    assert sorted(slugs("alphaword")) == [f"a-{number}" for number in range(4)]


def test_many_edits_do_not_fill_the_disk():
    article = write("a", en="Alphaword\n-")
    for number in range(30):
        publish_text(article, "en", f"Edit {number}.")
        indexing.sync("en")
    folder = indexing.backend("en").folder
    assert len(list(folder.path.iterdir())) <= 6
    assert len(list(folder.path.glob("build-*/*"))) <= 20


def test_the_lag_counts_what_is_still_to_learn_and_to_forget():
    assert indexing.lag("en") > 0  # no index yet
    first = write("a", en="Alphaword\n-")
    indexing.sync("en")
    assert indexing.lag("en") == 0
    write("b", en="Betaword\n-")
    publishing.unpublish(first, "en", by=None)
    assert indexing.lag("en") == 2


def test_looking_creates_no_index():
    write("a", en="Alphaword\n-")
    with pytest.raises(SearchUnavailable):
        asking.ask("alphaword", "en")
    assert not indexing.backend("en").folder.file.exists()
