"""Any text can be indexed, and what is beside it stays searchable."""

import pytest

from helpcenter.search import indexing
from helpcenter.search.plan import plan
from tests.helpcenter.searching import engine_at, refresh, row, search_json, write

# Whoosh leaves files open that it could not read to the end.
pytestmark = [
    pytest.mark.usefixtures("closed_engines"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


TEXTS = {
    "tatweel alone": "alphaword ـ ـــ",
    "combining marks": "alphaword \u0301\u0302 \u064e",
    "emoji": "alphaword 🚀👩‍👩‍👧",
    "one very long word": "alphaword " + "x" * 70_000,
    "one very long run": "alphaword " + "强" * 20_000,
    "right to left marks": "\u202ealphaword\u202c \u200f",
    "private use": "alphaword \ue000\U000f0000",
    "control characters": "alphaword \x01\x02\x7f",
    "many languages": "alphaword 强平 출금 محفظة ลูกค้า हिन्दी Ελλάδα עברית",
    "nothing else": "alphaword",
    "only punctuation": "alphaword ... !!! ؟ 。",
}


@pytest.mark.usefixtures("empty_index")
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
@pytest.mark.parametrize("case", TEXTS)
def test_any_text_can_be_indexed_and_the_language_stays_searchable(client, case, language):
    write("a", **{language.replace("-", "_"): f"Title\n{TEXTS[case]}"})
    write("b", **{language.replace("-", "_"): "Betaword\n-"})
    refresh(language)
    for question, slug in (("alphaword", "a"), ("betawrod", "b"), ("betaw", "b")):
        data = search_json(client, language, question)
        assert (data["results"][0]["slug"], data["stage"] != "database") == (slug, True)


@pytest.mark.parametrize("text", ["<p></p>", "", "<p>&lt;b&gt; &amp; &#1600;</p>", "<p>ـ</p>"])
def test_a_build_of_any_text_has_a_lexicon(tmp_path, text):
    engine = engine_at(tmp_path, "ar")
    indexing.build(engine, [row(1, "ـ", text, language="ar"), row(2, "محفظة", "<p>x</p>", language="ar")])
    assert "محفظه" in engine.lexicon()
    assert [hit.article for hit in engine.find(plan("محفظة", "ar"), all_words=True)] == [2]
