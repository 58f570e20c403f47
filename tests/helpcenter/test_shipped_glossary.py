"""The glossary of a release: new words come, what staff changed stays, and what both changed waits for a person."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.actions import glossary_import
from helpcenter.actions.shipped_glossary import Glossary
from helpcenter.enums import EventKind
from helpcenter.models import Article, ContentEvent, GlossaryTerm, SlugRedirect
from supportdesk.releases import settling
from supportdesk.releases.bringing import Fate, bring, bring_always
from supportdesk.releases.models import ShippedRow
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db
HEAD = "key,part_of_speech,definition_en,en,ja,avoid,note\n"
MARGIN = "margin,noun,Funds set aside.,margin,証拠金,ja:マージン,Also accepted: ja 担保.\n"
FEE = "fee,noun,A charge.,fee,手数料,,\n"


@pytest.fixture
def release(tmp_path: Path):
    def bring_words(*rows: str, ja: str = "", uses: str = "", always: bool = True) -> dict[Fate, int]:
        (tmp_path / "glossary").mkdir(exist_ok=True)
        (tmp_path / "glossary.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        (tmp_path / "glossary" / "ja.yaml").write_text(ja, encoding="utf-8")
        (tmp_path / "glossary" / "uses.yaml").write_text(uses, encoding="utf-8")
        done = (bring_always if always else bring)(Glossary(tmp_path))
        return {fate: count for fate, count in done.counts.items() if count}

    return bring_words


def change(key: str, **values: str) -> None:
    """Change a word as staff do."""
    word = GlossaryTerm.objects.get(key=key)
    for name, value in values.items():
        setattr(word, name, value)
    word.save()


def word(key: str) -> GlossaryTerm:
    return GlossaryTerm.objects.get(key=key)


def test_a_site_gets_all_words_in_their_order_with_their_history(release):
    assert release(MARGIN, FEE) == {Fate.ADDED: 2}
    assert [row.key for row in GlossaryTerm.objects.all()] == ["margin", "fee"]
    assert (word("margin").term_ja, word("margin").also_ja, word("margin").rejected_ja) == (
        "証拠金",
        "担保",
        "マージン",
    )
    assert set(GlossaryTerm.history.values_list("history_change_reason", flat=True)) == {"release"}
    assert ContentEvent.objects.filter(kind=EventKind.GLOSSARY, language="ja").exists()


def test_a_second_time_changes_nothing(release):
    release(MARGIN, FEE)
    before = ContentEvent.objects.count()
    assert release(MARGIN, FEE) == {Fate.SAME: 2}
    assert ContentEvent.objects.count() == before


def test_a_word_that_nobody_touched_gets_the_words_of_the_release(release):
    release(MARGIN, FEE)
    assert release(MARGIN.replace("set aside", "held"), FEE) == {Fate.RENEWED: 1, Fate.SAME: 1}
    assert word("margin").definition_en == "Funds held."


def test_many_words_of_a_release_are_read_with_as_few_questions_as_two(release):
    def asked(count: int) -> int:
        def rows(meaning):
            return [f"word{n},noun,{meaning} {n}.,word {n},語{n},,\n" for n in range(count)]

        release(*rows("Old"))
        with CaptureQueriesContext(connection) as caught:
            assert release(*rows("New")) == {Fate.RENEWED: count}
        return sum(query["sql"].startswith("SELECT") for query in caught)

    assert asked(2) == asked(9)


def test_what_staff_changed_stays_where_the_release_is_as_it_was(release):
    release(MARGIN)
    change("margin", definition_en="Our own sentence.")
    assert release(MARGIN) == {Fate.SAME: 1}
    assert word("margin").definition_en == "Our own sentence."


def test_changes_of_both_in_different_parts_are_kept(release):
    release(MARGIN)
    change("margin", definition_en="Our own sentence.", also_ja="担保\nマージン金")
    newer = MARGIN.replace("Also accepted: ja 担保.", '"Also accepted: ja 担保, ja 担保金."')
    done = release(newer, ja="margin:\n  definition: 資金。\n")
    assert done == {Fate.MERGED: 1}
    assert (word("margin").definition_en, word("margin").definition_ja) == ("Our own sentence.", "資金。")
    assert set(word("margin").also_ja.splitlines()) == {"担保", "マージン金", "担保金"}


def test_the_same_part_changed_by_both_stays_and_is_offered(release, content_editor):
    release(MARGIN)
    change("margin", definition_en="Our own sentence.")
    assert release(MARGIN.replace("set aside", "held")) == {Fate.KEPT: 1}
    assert word("margin").definition_en == "Our own sentence."
    offered = ShippedRow.objects.get(kind="helpcenter.glossaryterm", key="margin")
    settling.take_release(offered, by=content_editor)
    assert word("margin").definition_en == "Funds held."
    assert release(MARGIN.replace("set aside", "held")) == {Fate.SAME: 1}


def test_a_word_that_staff_removed_stays_away(release):
    release(MARGIN, FEE)
    GlossaryTerm.objects.get(key="fee").delete()
    assert release(MARGIN, FEE.replace("charge", "price")) == {Fate.SAME: 1, Fate.AWAY: 1}


def test_a_word_that_the_release_has_no_more_stays(release):
    release(MARGIN, FEE)
    assert release(MARGIN) == {Fate.SAME: 1, Fate.LEFT: 1}


def test_order_and_endings_of_lines_are_no_changes(release):
    release(MARGIN, FEE)
    change("margin", position=9, also_ja=" 担保\r\n\r\n")
    assert release(MARGIN, FEE) == {Fate.SAME: 2}


def test_an_article_that_comes_later_explains_its_word_then(release):
    uses = "subjects: {margin: [margin]}\narticles: {margin: modes}\n"
    release(MARGIN, uses=uses)
    assert word("margin").article is None
    article = ArticleFactory(slug="modes")
    assert release(MARGIN, uses=uses) == {Fate.RENEWED: 1}
    assert word("margin").article == article
    assert release(MARGIN, uses=uses) == {Fate.SAME: 1}


def test_an_article_that_moved_goes_on_explaining_its_word(release):
    uses = "subjects: {margin: [margin]}\narticles: {margin: modes}\n"
    article = ArticleFactory(slug="modes")
    release(MARGIN, uses=uses)
    Article.objects.filter(pk=article.pk).update(slug="margin-modes")
    SlugRedirect.objects.create(slug="modes", article=article)
    assert release(MARGIN, uses=uses) == {Fate.SAME: 1}
    assert word("margin").article == article


def test_a_site_that_never_took_the_glossary_is_left_alone(release):
    assert release(MARGIN, FEE, always=False) == {}
    GlossaryTerm.objects.create(key="fee", term_en="our fee")
    assert release(MARGIN, FEE, always=False) == {}
    assert GlossaryTerm.objects.count() == 1


def test_a_site_that_took_it_before_this_was_remembered_goes_on_with_it(release):
    glossary_import.import_glossary([("glossary.csv", (HEAD + MARGIN + FEE).encode())], by=None)
    change("fee", definition_en="Our own sentence.")
    newer = MARGIN.replace("set aside", "held"), FEE.replace("charge", "price")
    assert release(*newer, always=False) == {Fate.RENEWED: 1, Fate.KEPT: 1}
    assert (word("margin").definition_en, word("fee").definition_en) == ("Funds held.", "Our own sentence.")


def test_the_command_leaves_alone_what_staff_changed():
    call_command("import_glossary", verbosity=0)
    change("margin", definition_en="Our own sentence.")
    call_command("import_glossary", verbosity=0)
    assert word("margin").definition_en == "Our own sentence."
