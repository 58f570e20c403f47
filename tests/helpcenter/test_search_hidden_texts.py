"""What is not public is never found, corrected to or counted; what is for agents is found by agents."""

import re

import pytest

from helpcenter.actions import publishing
from helpcenter.enums import Audience, Stage
from helpcenter.search import indexing
from tests.helpcenter import searching
from tests.helpcenter.factories import ArticleFactory, save_text
from tests.helpcenter.searching import ask, fill, found, refresh, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


def unpublished(article):
    for language in ("en", "ja"):
        publishing.unpublish(article, language, by=None)


def archived(article):
    publishing.archive(article, by=None)


def agents_only(article):
    article.audience = Audience.AGENTS
    article.save()


PATHS = ["/en/search/?q=canaryword", "/ja/search/?q=canaryword", "/en/search/?q=canaryw", "/ja/search/?q=カナリア"]
PATHS += [f"{path}&format=json" for path in PATHS] + ["/en/search/?q=public+canaryword&all=1"]


@pytest.mark.parametrize("hide", [unpublished, archived, agents_only])
@pytest.mark.parametrize("index", ["in step", "behind", "missing"])
def test_a_text_that_is_no_longer_public_is_not_found(client, hide, index):
    article = write(
        "canary", en="Tralala title\nThe canaryword sings tralala.", ja="カナリア tralala\ncanaryword tralala"
    )
    write("public", en="Public\npublic", ja="公開\n-")
    refresh("en", "ja")
    assert found(client, "en", "canaryword") == ["canary"]
    hide(article)
    if index == "missing":
        searching.clear_indexes()
    refresh(*(("en", "ja") if index == "in step" else ("ko",)))
    for path in PATHS:
        assert "tralala" not in client.get(path).content.decode().lower(), path


@pytest.mark.parametrize("path", PATHS)
def test_drafts_and_agents_texts_are_not_found(client, path):
    save_text(ArticleFactory(slug="draft"), "en", "The canaryword sings tralala.")
    later = write("later", en="Public\nPublic text.")
    save_text(later, "en", "Now with canaryword tralala.")
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword tralala", "ja": "カナリア tralala"})
    refresh("en", "ja")
    page = client.get(path).content.decode()
    assert "tralala" not in page
    assert "agents" not in found(client, "en", "canaryword")


def test_a_word_for_agents_corrects_nobody(client):
    write("public", en="Public\nText.")
    ArticleFactory(agents_only=True, texts={"en": "The canaryword."})
    save_text(ArticleFactory(), "en", "The draftedword.")
    refresh("en")
    for typed in ("canarywort", "draftedwort"):
        assert search_json(client, "en", typed)["corrected"] == ""


def test_counts_of_filters_count_no_hidden_text(client):
    guide = ArticleFactory(guide=True, texts={"en": "wallet"})
    ArticleFactory(texts={"en": "wallet"})
    agents_only(ArticleFactory(guide=True, texts={"en": "wallet"}))
    refresh("en")
    page = client.get("/en/search/", {"q": "wallet"}).content.decode()
    assert re.findall(r'class="num">(\d+)<', page) == ["1"] * len(re.findall(r'class="num"', page))
    assert guide.slug in page


def test_agents_find_what_is_for_them_before_what_is_public():
    write("public", en="Canaryword\n-")
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword"})
    refresh("en")
    assert ask("canaryword", "en", for_agents=True) == (["agents", "public"], Stage.ALL_WORDS)
    assert ask("canaryword", "en")[0] == ["public"]


def test_what_only_agents_texts_answer_is_not_called_nothing():
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword"})
    fill("en")
    refresh("en")
    slugs, stage = ask("canaryword", "en", for_agents=True)
    assert slugs == ["agents"]
    assert stage != Stage.NOTHING


def test_public_readers_never_open_the_index_for_agents(client):
    write("public", en="Wallet\n-")
    refresh("en")
    agents = indexing.backend("en.agents").folder
    for file in agents.path.rglob("*.toc"):
        file.write_bytes(b"not an index")  # whoever opens it says so
    indexing.backend("en.agents").close()
    for path in ("/en/search/?q=wallet", "/en/search/?q=walet", "/en/search/?q=qqqq&all=1", "/en/suggest/?q=wall"):
        assert client.get(path).status_code == 200
    assert not agents.is_damaged()
