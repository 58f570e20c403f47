"""A link to a section or a step leads somewhere sensible in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.outline import Part
from helpcenter.sharing import anchors
from tests.helpcenter.dom import read
from tests.helpcenter.factories import ArticleFactory, publish_text
from tests.helpcenter.samples import examples

pytestmark = pytest.mark.django_db

SOURCE = "## Need {#need}\n\nA.\n\n## Do {#do}\n\n### Open {step:open}\n\nB.\n\n### Confirm {step:confirm}\n\nC."


def element(page, anchor):
    (found,) = page.all(id=anchor)
    return found


def heading_of(found):
    """The words of the heading or step that an anchor stands in."""
    while found.tag not in ("h2", "h3", "li"):
        found = found.parent
    return found.words if found.tag != "li" else found.all("h3")[0].words


def test_anchors_are_the_same_in_every_language(client):
    ArticleFactory(slug="x", guide=True, texts=dict.fromkeys(("en", "ja", "ar", "zh-hans"), SOURCE))
    for code in ("en", "ja", "ar", "zh-hans"):
        page = read(client, f"/{code}/articles/x/")
        assert {"need", "do", "step-open", "step-confirm"} <= {found["id"] for found in page.all(id=True)}


def test_a_heading_without_a_key_in_one_language_is_found_by_the_key_of_the_other(client):
    translation = SOURCE.replace("## Need {#need}", "## 必要なもの").replace("## Do {#do}", "## 手順")
    ArticleFactory(slug="x", guide=True, texts={"en": SOURCE, "ja": translation})
    page = read(client, "/ja/articles/x/")
    assert heading_of(element(page, "need")) == "必要なもの#"
    assert heading_of(element(page, "do")) == "手順#"


def test_a_key_that_only_a_translation_has_is_found_in_the_source(client):
    ArticleFactory(slug="x", texts={"en": "## Need\n\nA.", "zh-hans": "## 需要 {#need}\n\n甲。"})
    assert heading_of(element(read(client, "/zh-hans/articles/x/"), "section-1")) == "需要#"


def test_a_step_that_a_stale_translation_lacks_leads_to_the_notice_that_names_it(client):
    item = ArticleFactory(slug="x", guide=True, texts={"en": SOURCE, "ko": SOURCE})
    publish_text(item, "en", SOURCE + "\n\n### Wait {step:wait}\n\nD.\n\n## Fees {#fees}\n\nE.")
    page = read(client, "/ko/articles/x/")
    assert "Wait" in element(page, "step-wait").words
    assert "Fees" in element(page, "fees").words
    assert element(page, "step-wait").parent.parent.get("class") == "notice warn"


def test_a_step_that_a_translation_leaves_out_leads_to_the_one_before_it(client):
    ArticleFactory(
        slug="x", guide=True, texts={"en": SOURCE, "tr": SOURCE.replace("### Confirm {step:confirm}\n\n", "")}
    )
    page = read(client, "/tr/articles/x/")
    assert heading_of(element(page, "step-confirm")) == "Open#"
    assert [step["name"] for step in page.linked_data["HowTo"]["step"]] == ["Open"], (
        "what stands in is no step of its own"
    )


def test_a_part_with_nothing_before_it_leads_to_the_beginning_of_the_text(client):
    ArticleFactory(slug="x", texts={"en": "## A {#a}\n\nOne.\n\n## B {#b}\n\nTwo.", "tr": "## B {#b}\n\nİki."})
    page = read(client, "/tr/articles/x/")
    assert element(page, "a").place < page.one("div", data_content=True).place


def test_a_text_that_is_cut_alike_gets_no_anchor_more(client):
    ArticleFactory(slug="x", guide=True, texts={"en": SOURCE, "ko": SOURCE})
    for code in ("en", "ko"):
        assert not read(client, f"/{code}/articles/x/").main.all("span", id=True)


def test_standing_in_costs_no_question_to_the_database(client, django_assert_max_num_queries):
    ArticleFactory(slug="x", source_language="vi", texts={"vi": SOURCE, "en": "## N\n\nA.", "ko": "## 가\n\n나."})
    with django_assert_max_num_queries(5):
        client.get("/ko/articles/x/")


def test_words_that_look_like_an_anchor_are_left_alone(client):
    ArticleFactory(slug="x", texts={"en": '` id="section-1">`\n\n## One\n\nText.', "ja": "## 一 {#one}\n\n本文。"})
    page = read(client, "/en/articles/x/")
    assert ' id="section-1">' in page.main.words
    page = read(client, "/ja/articles/x/")
    assert heading_of(element(page, "section-1")) == "一#"


_KEYS = st.lists(st.sampled_from(["section:a", "section:b", "section:c", "step:a", "step:b", "section:1"]), unique=True)


def parts(keys):
    return [Part(key, anchors.anchor_of(key), key, key) for key in keys]


@given(_KEYS, st.lists(_KEYS, max_size=3))
@examples(200)
def test_every_anchor_of_every_language_leads_somewhere_and_none_twice(own, others):
    shown = parts(own)
    here = {part.anchor for part in shown}
    found = anchors.stand_ins(shown, [parts(keys) for keys in others])
    everywhere = {part.anchor for keys in others for part in parts(keys)}
    assert set(found) == everywhere - here
    assert set(found.values()) <= here | {""}
    markup = "".join(f'<h2 id="{part.anchor}">x</h2>' for part in shown)
    placed = anchors.placed(markup, found)
    assert all(placed.count(f'id="{anchor}"') == (1 if place else 0) for anchor, place in found.items())
