"""What was translated before: it follows what readers see, and is offered where the same or like words come again."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from helpcenter.actions import drafting, publishing, remembering
from helpcenter.content.segments import Segment
from helpcenter.models import ContentEvent, MemorySegment
from supportdesk.outbox import delivery
from tests.helpcenter.admin_forms import html, listed, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.test_translation_screen import NEW, SOURCE, filled, latest, screen, shown

pytestmark = pytest.mark.django_db

ENGLISH = "Choose the amount.\n\n## Why {#why}\n\nBecause it is fair.\n\n- Fees are low\n- 42\n"
JAPANESE = "金額を選びます。\n\n## なぜ {#why}\n\n公正だからです。\n\n- 手数料が低い\n- 42\n"


@pytest.fixture
def article():
    return ArticleFactory(slug="fees", texts={"en": ENGLISH, "ja": JAPANESE})


@pytest.fixture
def told(article):
    """The memory after the outbox has told it of everything."""
    delivery.deliver_due()
    return article


def remembered(language="ja"):
    return dict(MemorySegment.objects.filter(language=language).values_list("source", "target"))


def offered(article, text, language="ja", is_fuzzy=True):
    wanted = remembering.Wanted(Segment("x/0", "x", text), is_fuzzy)
    return [(match.score, match.entry.target) for match in remembering.offers(article, language, [wanted])["x/0"]]


def test_a_public_translation_is_remembered_segment_by_segment(told):
    assert remembered() == {
        "Fees (en)": "Fees (ja)",
        "Choose the amount.": "金額を選びます。",
        "Why": "なぜ",
        "Because it is fair.": "公正だからです。",
        "Fees are low": "手数料が低い",
    }


def test_hearing_of_it_twice_changes_nothing(told):
    before = list(MemorySegment.objects.order_by("key").values_list("key", "source", "target", "used_at"))
    for event in ContentEvent.objects.all():
        remembering.remember(event.pk)
    assert list(MemorySegment.objects.order_by("key").values_list("key", "source", "target", "used_at")) == before


def test_a_draft_is_not_remembered(told):
    save_text(told, "ja", JAPANESE.replace("公正", "公平"))
    delivery.deliver_due()
    assert remembered()["Because it is fair."] == "公正だからです。"


def test_a_part_that_is_older_than_the_source_is_not_remembered(told):
    publish_text(told, "en", ENGLISH.replace("fair", "cheap"))
    text = drafting.Text("題", JAPANESE, outdated=("section:why",))
    publish_text(told, "ja", text)
    delivery.deliver_due()
    assert "Because it is cheap." not in remembered()
    assert remembered()["Choose the amount."] == "金額を選びます。"


@pytest.mark.parametrize("take_away", ["unpublish", "archive"])
def test_what_readers_see_no_more_is_offered_no_more(told, take_away):
    if take_away == "unpublish":
        publishing.unpublish(told, "ja", by=None)
    else:
        publishing.archive(told, by=None)
    delivery.deliver_due()
    assert remembered() == {}


def test_a_restored_article_is_remembered_again(told):
    publishing.archive(told, by=None)
    publishing.restore(told, by=None)
    delivery.deliver_due()
    assert remembered()["Why"] == "なぜ"


def test_the_command_builds_what_is_not_there(article):
    MemorySegment.objects.all().delete()
    call_command("remember_translations", verbosity=0)
    assert len(remembered()) == 5


def test_the_same_text_is_offered_before_like_ones_and_others_are_not(told):
    assert offered(told, "Because  it is fair.")[0] == (100, "公正だからです。")
    ((score, target),) = offered(told, "Because it is fair!")
    assert (score < 100, target) == (True, "公正だからです。")
    assert offered(told, "Something else entirely, of which nobody wrote.") == []
    assert offered(told, "Because it is fair!", is_fuzzy=False) == []
    assert offered(told, "Why", language="ko") == []


def test_the_memory_of_a_language_is_read_once_however_many_segments_are_asked_for(told, django_assert_num_queries):
    wanted = [remembering.Wanted(Segment(f"x/{n}", "x", f"Text {n}"), is_fuzzy=True) for n in range(30)]
    with django_assert_num_queries(1):
        remembering.offers(told, "ja", wanted)


# On the translation screen


@pytest.fixture
def desk(translator):
    return signed_in(translator)


def test_a_part_that_says_the_same_elsewhere_is_filled_on_demand(told, desk):
    other = ArticleFactory(slug="other", texts={"en": ENGLISH.replace("Choose the amount.", "Never seen.")})
    page = desk.get(screen(other))
    row = shown(page)["section:why"]
    assert ("Because it is fair.", 100) in [(hit.segment, hit.match.score) for hit in row.memory]
    data = filled(page, **{"heading:title": "題", "_fill": ""})
    rows = shown(desk.post(screen(other), data))
    assert (rows["section:why"].words.heading, rows["section:why"].words.text) == (
        "なぜ",
        "公正だからです。\n\n- 手数料が低い\n- 42",
    )
    assert rows["title"].words.heading == "題"
    assert not rows["intro"].words
    assert latest(other) is None


def test_what_has_not_changed_needs_no_help(told, desk):
    guide = ArticleFactory(guide=True, texts={"en": SOURCE, "ja": SOURCE})
    publish_text(guide, "en", SOURCE + NEW)
    delivery.deliver_due()
    rows = shown(desk.get(screen(guide)))
    assert not any(row.memory for name, row in rows.items() if name != "step:wait")


# The list


def test_the_memory_is_searched_in_both_languages_and_by_language(told, desk):
    url = listed("memorysegment")
    assert "公正だからです。" in html(desk.get(url, {"q": "fair"}))
    assert "公正だからです。" in html(desk.get(url, {"q": "公正"}))
    assert "公正だからです。" not in html(desk.get(url, {"q": "fair", "language": "ko"}))
    assert '<span lang="ja" dir="ltr">' in html(desk.get(url))


def test_nobody_writes_into_the_memory_by_hand(told, administrator, agent):
    client = signed_in(administrator)
    assert client.get(reverse("admin:helpcenter_memorysegment_add")).status_code == 403
    assert signed_in(agent).get(listed("memorysegment")).status_code == 403
