"""Find and replace over many texts: a preview, then one draft of each text that was chosen; nothing is published."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, replacing
from helpcenter.content.replacing import Search
from helpcenter.enums import Significance
from helpcenter.errors import InvalidText, StalePlan
from helpcenter.models import Revision, TeamMember, TranslationState
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.samples import examples

ALL = ("en", "zh-hans", "ja", "ar")


def plan(words, by, person=None, languages=ALL, **options):
    return replacing.plan(Search(words, **options), by, languages=languages, person=person)


def apply(chosen, keys=None, fingerprint=None, by=None):
    keys = {hit.key for hit in chosen.hits} if keys is None else keys
    options = {"by": by, "note": "", "significance": Significance.MINOR}
    return replacing.apply(chosen, keys, fingerprint=fingerprint or chosen.fingerprint, **options)


def newest(article, language="en"):
    return TranslationState.objects.get(article=article, language=language).latest


# The words


@pytest.mark.parametrize(
    ("search", "text", "result"),
    [
        (Search("margin"), "margin, Margin, margins", "M, Margin, Ms"),
        (Search("margin", is_case_kept=False), "margin, Margin", "M, M"),
        (Search("margin", is_word=True), "margin, margins", "M, margins"),
        (Search("(a.c)"), "(a.c) abc", "M abc"),
        (Search("爆仓"), "被爆仓了", "被M了"),
    ],
)
def test_words_are_taken_literally(search, text, result):
    assert search.replaced(text, "M") == result


@examples(200)
@given(st.text(max_size=80), st.text(min_size=1, max_size=4), st.text(max_size=4))
def test_what_replaces_is_put_in_as_it_stands(text, words, by):
    assert Search(words).replaced(text, by) == text.replace(words, by)


def test_an_occurrence_says_its_line_and_what_stands_around_it():
    found = Search("fee").occurrences("One.\n\nThe fee is low.", is_body=True)
    assert [(o.line, o.before, o.found, o.after) for o in found] == [(3, "The ", "fee", " is low.")]


# The texts


@pytest.mark.django_db
def test_a_plan_names_texts_of_all_chosen_languages_and_changes_nothing():
    article = ArticleFactory(slug="one", texts={"en": "The Vault.", "ja": "Vault です。"})
    ArticleFactory(slug="two", texts={"en": "Nothing."})
    chosen = plan("Vault", "Safe")
    assert [hit.key for hit in chosen.hits] == [f"{article.pk}:en", f"{article.pk}:ja"]
    assert plan("Vault", "Safe", languages=["en"]).count == 1
    assert Revision.objects.count() == 3


@pytest.mark.django_db
def test_each_chosen_text_gets_a_draft_and_readers_see_nothing_of_it(client):
    article = ArticleFactory(slug="one", texts={"en": "The Vault.", "ja": "Vault です。"})
    chosen = plan("Vault", "Safe")
    outcome = apply(chosen, {chosen.hits[0].key})
    assert [revision.body for revision in outcome.saved] == ["The Safe."]
    assert newest(article, "ja").body == "Vault です。"
    assert "The Vault." in client.get("/en/articles/one/").content.decode()


@pytest.mark.django_db
def test_title_and_summary_are_replaced_too():
    text = drafting.Text("Vault", "Text.", "The Vault in short.")
    article = ArticleFactory(texts={"en": text})
    apply(plan("Vault", "Safe"))
    assert (newest(article).title, newest(article).summary) == ("Safe", "The Safe in short.")


@pytest.mark.django_db
def test_replacing_goes_on_from_a_draft_that_waits():
    article = ArticleFactory(texts={"en": "The Vault."})
    save_text(article, "en", "The new Vault.")
    chosen = plan("Vault", "Safe")
    assert chosen.hits[0].waits
    apply(chosen)
    assert newest(article).body == "The new Safe."


@pytest.mark.django_db
def test_a_translation_that_was_out_of_date_stays_so():
    article = ArticleFactory(texts={"en": "## A {#a}\n\nOne.", "ja": "## A {#a}\n\nVault。"})
    publish_text(article, "en", "## A {#a}\n\nTwo.")
    apply(plan("Vault", "Safe"))
    assert newest(article, "ja").outdated == ["section:a"]


@pytest.mark.django_db
def test_a_plan_that_is_no_longer_true_is_refused():
    article = ArticleFactory(texts={"en": "The Vault."})
    before = plan("Vault", "Safe").fingerprint
    save_text(article, "en", "The other Vault.")
    with pytest.raises(StalePlan):
        apply(plan("Vault", "Safe"), fingerprint=before)


@pytest.mark.django_db
def test_what_cannot_be_stored_is_left_out_and_named():
    article = ArticleFactory(texts={"en": drafting.Text("Vault", "Text.")})
    other = ArticleFactory(texts={"en": "The Vault."})
    outcome = apply(plan("Vault", "x" * 201))
    assert [(revision.article_id, "The title has" in why) for revision, why in outcome.refused] == [(article.pk, True)]
    assert [revision.article_id for revision in outcome.saved] == [other.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "by"), [("a", "b"), (" ", "b"), ("same", "same")])
def test_words_that_are_too_short_or_stay_the_same_are_refused(words, by):
    with pytest.raises(InvalidText):
        plan(words, by)


@pytest.mark.django_db
def test_a_translator_replaces_in_the_languages_of_their_team_alone(translator):
    ArticleFactory(slug="one", texts={"en": "The Vault.", "ja": "Vault です。"})
    TeamMember.objects.create(person=translator, language="ja")
    assert [hit.revision.language for hit in plan("Vault", "Safe", translator).hits] == ["ja"]


@pytest.mark.django_db
def test_replacing_needs_its_right(agent):
    with pytest.raises(PermissionDenied):
        plan("Vault", "Safe", agent)


@pytest.mark.django_db
def test_the_screen_previews_then_saves_what_was_chosen(content_editor):
    article = ArticleFactory(slug="one", texts={"en": "The <b>Vault</b>.", "ja": "Vault です。"})
    desk, address = signed_in(content_editor), reverse("admin:helpcenter_article_replace")
    asked = {"words": "Vault", "by": "<Safe>", "languages": ["en", "ja"], "is_case_kept": "on", "significance": "minor"}
    page = html(desk.post(address, asked))
    assert "2 places in 2 texts" in page
    assert "<ins>&lt;Safe&gt;</ins>" in page
    fingerprint = plan("Vault", "<Safe>", content_editor, languages=["en", "ja"]).fingerprint
    answer = desk.post(
        address, {**asked, "_apply": "1", "fingerprint": fingerprint, "texts": [f"{article.pk}:ja"]}, follow=True
    )
    assert "1 draft was saved." in html(answer)
    assert newest(article, "ja").body == "<Safe> です。"
    assert newest(article, "ja").created_by == content_editor
    assert "Vault" in newest(article, "en").body
