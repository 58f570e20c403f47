"""A change of one step makes that step of the translations outdated, and nothing else."""

import pytest

from helpcenter.actions import drafting, publishing
from helpcenter.enums import Significance
from helpcenter.models import TranslationState
from helpcenter.outline import Change
from supportdesk.ui.languages import content_languages
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text

pytestmark = pytest.mark.django_db

SOURCE = """Introduction.

## Do it {#do}

### Open the page {step:open}

Click once.

### Confirm {step:confirm}

Click twice.
"""
TRANSLATION = (
    SOURCE.replace("Introduction.", "はじめに。").replace("Click once.", "一回。").replace("Click twice.", "二回。")
)


@pytest.fixture
def guide():
    return ArticleFactory(guide=True, texts={"en": SOURCE, "ja": TRANSLATION})


def outdated(article, language="ja"):
    state = TranslationState.objects.get(article=article, language=language)
    return [(part.key, part.change) for part in state.outdated_parts]


def test_a_fresh_translation_is_up_to_date(guide):
    assert outdated(guide) == []


def test_a_changed_step_marks_that_step_alone(guide):
    publish_text(guide, "en", SOURCE.replace("Click twice.", "Click three times."))
    assert outdated(guide) == [("step:confirm", Change.CHANGED)]


def test_a_new_step_is_reported_as_added(guide):
    publish_text(guide, "en", SOURCE + "\n### Wait {step:wait}\n\nA day.\n")
    assert outdated(guide) == [("step:wait", Change.ADDED)]


def test_a_removed_step_is_reported_with_the_words_of_the_translation(guide):
    publish_text(guide, "en", SOURCE[: SOURCE.index("### Confirm")])
    state = TranslationState.objects.get(article=guide, language="ja")
    assert [(part.key, part.change, part.title) for part in state.outdated_parts] == [
        ("step:confirm", Change.REMOVED, "Confirm")
    ]


def test_white_space_is_no_change(guide):
    publish_text(guide, "en", SOURCE.replace("Click once.", "Click  \n once."))
    assert outdated(guide) == []


def test_a_new_translation_is_up_to_date_again(guide):
    publish_text(guide, "en", SOURCE.replace("Click twice.", "Click three times."))
    publish_text(guide, "ja", TRANSLATION.replace("二回。", "三回。"))
    assert outdated(guide) == []


def test_going_back_to_the_old_source_makes_the_translation_current(guide):
    publish_text(guide, "en", SOURCE.replace("Click twice.", "Click three times."))
    publish_text(guide, "en", SOURCE)
    assert outdated(guide) == []


def test_a_changed_title_is_a_part_of_its_own(guide):
    publish_text(guide, "en", drafting.Text("Another title", SOURCE))
    assert outdated(guide) == [("title", Change.CHANGED)]


def test_a_translation_cut_differently_from_the_start_is_current():
    article = ArticleFactory(texts={"en": "## A\n\none\n\n## B\n\ntwo", "ru": "## Всё\n\nодно"})
    assert outdated(article, "ru") == []
    publish_text(article, "en", "## A\n\none\n\n## B\n\nchanged")
    assert outdated(article, "ru") == [("section:2", Change.ADDED)]


def test_parts_named_as_outdated_stay_so_until_translated_again(guide):
    text = drafting.Text("T", TRANSLATION + " ", outdated=("step:open",))
    publish_text(guide, "ja", text)
    assert outdated(guide) == [("step:open", Change.CHANGED)]


def test_an_unpublished_source_leaves_translations_alone():
    article = ArticleFactory(texts={"ja": "## A\n\n一"})
    assert outdated(article) == []


# One part at a time


THREE = "## A {#a}\n\nOne.\n\n## B {#b}\n\nTwo.\n\n## C {#c}\n\nThree."


def keys(article, language="ja"):
    return [part.key for part in TranslationState.objects.get(article=article, language=language).outdated_parts]


def test_a_translation_catches_up_part_by_part_as_its_parts_are_touched():
    article = ArticleFactory(texts={"en": THREE, "ja": THREE})
    publish_text(article, "en", THREE.replace("One", "Uno").replace("Two", "Due"))
    assert keys(article) == ["section:a", "section:b"]
    publish_text(article, "ja", THREE.replace("One", "いち"))
    assert keys(article) == ["section:b"]
    publish_text(article, "ja", THREE.replace("One", "いち").replace("Two", "に"))
    assert keys(article) == []


def test_a_part_that_the_source_got_stays_missing_when_another_is_touched():
    article = ArticleFactory(texts={"en": THREE, "ja": THREE})
    publish_text(article, "en", f"{THREE}\n\n## D {{#d}}\n\nFour.")
    publish_text(article, "ja", THREE.replace("One", "いち"))
    assert keys(article) == ["section:d"]


@pytest.mark.parametrize("significance", ["typo", "minor"])
def test_a_change_of_wording_leaves_every_translation_true(significance):
    article = ArticleFactory(texts={"en": THREE, "ja": THREE, "ru": THREE})
    save = drafting.save_revision
    text = drafting.Text("A title", THREE.replace("One", "Ome"))
    publish_text(article, "en", drafting.Text("A title", THREE))
    publish_text(article, "ja", drafting.Text("題", THREE.replace("One", "いち").replace("Two", "に")))
    before = keys(article)
    publishing.publish(save(article, "en", text, by=None, significance=significance), by=None)
    assert keys(article) == before
    publish_text(article, "en", drafting.Text("A title", THREE.replace("One", "Ome").replace("Three", "Tres")))
    assert keys(article) == [*before, "section:c"]


def test_a_translation_of_a_wording_change_is_as_new_as_one_of_the_text_before():
    article = ArticleFactory(texts={"en": THREE})
    reworded = drafting.Text(f"{article.slug.replace('-', ' ').capitalize()} (en)", THREE.replace("One", "Ome"))
    minor = drafting.save_revision(article, "en", reworded, by=None, significance="minor")
    publishing.publish(minor, by=None)
    publish_text(article, "ja", THREE)
    assert keys(article) == []
    publish_text(article, "en", THREE)  # back to the first wording
    assert keys(article) == []


# Exactly what changed, in every language


LANGUAGES = tuple(code for code in content_languages() if code != "en")
PARTS = {
    "intro": ("Introduction.", "A new introduction."),
    "section:do": ("## Do it", "## Do this"),
    "step:open": ("Click once.", "Click 2 times."),
    "step:confirm": ("Click twice.", "Click 3 times."),
}


@pytest.fixture
def everywhere():
    return ArticleFactory(guide=True, texts={"en": SOURCE, **dict.fromkeys(LANGUAGES, TRANSLATION)})


def stale(article):
    return {code: outdated(article, code) for code in LANGUAGES}


@pytest.mark.parametrize("key", PARTS)
def test_a_change_of_one_part_makes_that_part_outdated_in_all_languages_and_nothing_else(everywhere, key):
    publish_text(everywhere, "en", SOURCE.replace(*PARTS[key]))
    assert stale(everywhere) == dict.fromkeys(LANGUAGES, [(key, Change.CHANGED)])


@pytest.mark.parametrize("significance", [Significance.TYPO, Significance.MINOR])
def test_a_change_of_wording_makes_nothing_outdated_and_a_real_one_after_it_does(everywhere, significance):
    wording = SOURCE.replace("Click once.", "Click just once.")
    text = drafting.Text(everywhere.slug, wording)
    publish_text(everywhere, "en", drafting.Text(text.title, SOURCE))
    for code in LANGUAGES:
        publish_text(everywhere, code, drafting.Text(f"{code} {everywhere.slug}", TRANSLATION + "\n"))
    revision = drafting.save_revision(everywhere, "en", text, by=None, significance=significance)
    publishing.publish(revision, by=None)
    assert stale(everywhere) == dict.fromkeys(LANGUAGES, [])
    publish_text(everywhere, "en", drafting.Text(text.title, wording.replace("Click twice.", "Click 3 times.")))
    assert stale(everywhere) == dict.fromkeys(LANGUAGES, [("step:confirm", Change.CHANGED)])


def test_one_language_that_catches_up_leaves_the_others_outdated(everywhere):
    publish_text(everywhere, "en", SOURCE.replace("Click twice.", "Click 3 times."))
    publish_text(everywhere, "ar", drafting.Text("عنوان", TRANSLATION.replace("二回。", "3 مرات.")))
    assert stale(everywhere) == {**dict.fromkeys(LANGUAGES, [("step:confirm", Change.CHANGED)]), "ar": []}


def test_what_is_ready_for_translators_later_is_outdated_for_readers_at_once(everywhere):
    revision = save_text(everywhere, "en", SOURCE.replace("Click twice.", "Click 3 times."))
    publishing.publish(revision, by=None, is_ready=False)
    assert stale(everywhere) == dict.fromkeys(LANGUAGES, [("step:confirm", Change.CHANGED)])
    assert drafting.source_revision(everywhere).number == 1
