"""The article x language matrix: what its cells say, in which order, how much it costs, and who takes what."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpcenter import freshness, matrix, tree
from helpcenter.actions import publishing, reviewing, translating
from helpcenter.errors import NotAllowedNow
from helpcenter.localization import Progress
from helpcenter.matrix import Asked
from helpcenter.models import Article, ContentEvent, PictureFile, ReadCount, SiteLanguage, TeamMember, TranslationState
from supportdesk.ui.languages import content_languages
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_BYTES = 300 * 1024
ADDRESS = "/admin/helpcenter/translationstate/"
FIRST = "## A {#a}\n\nThe fee is 1 %."
THEN = "## A {#a}\n\nThe fee is 2 %."


def seen(asked=None, now=None):
    return matrix.matrix(asked or Asked(), now or timezone.now())


def cells(row):
    return dict(zip(content_languages(), row.cells, strict=True))


def progress_of(slug, language, now=None):
    row = next(row for row in seen(now=now).rows if row.slug == slug)
    return cells(row)[language].progress


def read(article, count, days=1):
    hour = (timezone.now() - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    ReadCount.objects.create(article=article, language="en", hour=hour, count=count)


@pytest.fixture
def article():
    return ArticleFactory(slug="fees", texts={"en": FIRST, "ja": FIRST})


# What cells say


def test_a_row_says_where_each_language_stands(article):
    found = cells(seen().rows[0])
    assert found["en"].progress == Progress.SOURCE
    assert found["ja"].progress == Progress.UP_TO_DATE
    assert found["ko"].progress == Progress.MISSING


def test_a_major_change_of_the_source_counts_days_and_turns_red(article):
    changed = timezone.now()
    publish_text(article, "en", THEN)
    assert progress_of("fees", "ja") == Progress.OUTDATED
    later = changed + timedelta(days=21, minutes=5)
    row = seen(now=later).rows[0]
    assert (cells(row)["ja"].progress, cells(row)["ja"].days) == (Progress.OVERDUE, 21)
    assert row.oldest == 21


def test_days_count_from_the_first_change_that_was_not_followed(article):
    publish_text(article, "en", THEN)
    first = ContentEvent.objects.filter(article=article, language="en").order_by("-pk").first().at
    publish_text(article, "en", THEN.replace("2", "3"))
    row = seen(now=first + timedelta(days=5, minutes=1)).rows[0]
    assert cells(row)["ja"].days == 5


def test_a_change_that_is_not_handed_over_waits(article, content_lead):
    publishing.publish(save_text(article, "en", THEN), by=None, is_ready=False)
    assert progress_of("fees", "ja") == Progress.WAITING
    translating.make_ready(article, by=content_lead)
    assert progress_of("fees", "ja") == Progress.OUTDATED


def test_work_on_a_text_shows_before_what_is_wrong_with_the_public_one(article, content_editor):
    publish_text(article, "en", THEN)
    draft = save_text(article, "ja", THEN, by=content_editor)
    assert progress_of("fees", "ja") == Progress.DRAFT
    reviewing.submit(draft, by=content_editor)
    assert progress_of("fees", "ja") == Progress.IN_REVIEW


def test_archived_articles_are_not_shown(article):
    publishing.archive(article, by=None)
    assert seen().rows == []


def test_coverage_counts_what_is_public_and_up_to_date(article):
    ArticleFactory(slug="other", texts={"en": FIRST})
    publish_text(article, "en", THEN)
    found = {one.code: one.percent for one in seen().columns}
    assert (found["en"], found["ja"], found["ko"]) == (100, 0, 0)
    publish_text(article, "ja", THEN)
    assert {one.code: one.percent for one in seen().columns}["ja"] == 50


def test_a_picture_of_another_language_or_without_words_is_marked(article, editor):
    publish_text(article, "ja", "## A {#a}\n\n![](pictures/a.png)")
    assert matrix.picture_faults([article.pk]) == {(article.pk, "ja"): True}
    assert "a picture has no words beside it" in html(editor.get(ADDRESS))


def test_a_picture_with_words_in_its_own_language_is_not_marked(article):
    publish_text(article, "ja", "## A {#a}\n\n![図](pictures/a.png)")
    assert matrix.picture_faults([article.pk]) == {}
    assert not PictureFile.objects.exists()


# Order and filters


def test_what_is_read_most_and_needs_most_comes_first(article):
    quiet = ArticleFactory(slug="quiet", texts={"en": FIRST})
    read(quiet, 5)
    read(article, 4000, days=31)
    assert [row.slug for row in seen().rows] == ["quiet", "fees"]
    read(article, 50)
    assert [(row.slug, row.reads) for row in seen().rows] == [("fees", 50), ("quiet", 5)]


def test_what_nobody_reads_and_nobody_has_translated_stands_below_what_is_read_and_stale():
    read_much = ArticleFactory(slug="read", texts=dict.fromkeys(content_languages(), FIRST))
    ArticleFactory(slug="unread", texts={"en": FIRST})
    publish_text(read_much, "en", THEN)
    for code in content_languages():
        if code not in ("en", "ja"):
            publish_text(read_much, code, THEN)
    read(read_much, 12)
    assert progress_of("read", "ja") == Progress.OUTDATED
    assert [row.slug for row in seen().rows] == ["read", "unread"]


def test_the_matrix_is_ordered_by_address_or_by_age_on_wish(article):
    publish_text(article, "en", THEN)
    ArticleFactory(slug="a-first", texts={"en": FIRST})
    assert [row.slug for row in seen(Asked(order="slug")).rows] == ["a-first", "fees"]
    assert [row.slug for row in seen(Asked(order="oldest")).rows] == ["fees", "a-first"]


def test_a_topic_stands_for_all_below_it():
    top = CategoryFactory(slug="top")
    below = CategoryFactory(slug="below", parent=top)
    ArticleFactory(slug="inside", category=below, texts={"en": FIRST})
    ArticleFactory(slug="outside", texts={"en": FIRST})
    assert [row.slug for row in seen(Asked(topic="top")).rows] == ["inside"]
    assert seen(Asked(topic="no-such-topic")).rows == []


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        (Asked(language="ja"), ["guide"]),
        (Asked(language="ko"), ["fees", "guide"]),
        (Asked(language="en"), []),
        (Asked(progress="up_to_date"), ["fees"]),
        (Asked(progress="up_to_date", language="ko"), []),
        (Asked(kind="guide"), ["guide"]),
        (Asked(search="GUID"), ["guide"]),
        (Asked(search="fees (ja)"), ["fees"]),
        (Asked(search="' OR 1=1 --"), []),
    ],
)
def test_each_filter_of_the_matrix_leaves_what_it_names(article, asked, slugs):
    ArticleFactory(slug="guide", guide=True, texts={"en": "1. Do {#do}"})
    assert sorted(row.slug for row in seen(asked).rows) == slugs


def test_my_work_alone(article, content_editor, editor):
    ArticleFactory(slug="other", texts={"en": FIRST})
    translating.assign(article, "ko", by=content_editor, to=content_editor)
    answer = editor.get(ADDRESS, {"mine": "on"})
    assert [row.slug for row in answer.context["page"].items] == ["fees"]
    assert "work of Clara Weiss" in html(answer)


@pytest.mark.parametrize("query", ["?page=999", "?page=x", "?state=zz&topic=zz&kind=zz&language=zz&order=zz", "?q=%00"])
def test_what_cannot_be_read_counts_as_empty(article, editor, query):
    assert editor.get(ADDRESS + query).status_code == 200


# The page


def test_cells_speak_in_words_and_lead_to_the_text(article, editor):
    publish_text(article, "en", THEN)
    page = html(editor.get(ADDRESS))
    assert "日本語: Source changed · the source changed 0 days ago" in page
    assert "한국어: Missing" in page
    assert f"/admin/helpcenter/article/{article.pk}/" in page


def test_titles_are_in_the_persons_language_or_the_next_best(article, editor):
    answer = editor.get(ADDRESS, headers={"accept-language": "ja"})
    assert answer.context["page"].items[0].title == "Fees (ja)"
    answer = editor.get(ADDRESS, headers={"accept-language": "ko"})
    assert answer.context["page"].items[0].title == "Fees (en)"
    assert '<a href="/admin/helpcenter/article/1/change/" lang="en"' in html(answer).replace(f"/{article.pk}/", "/1/")


def test_a_language_that_is_switched_off_is_marked(article, editor):
    SiteLanguage.objects.filter(code="ja").update(is_public=False)
    freshness.reset()
    heads = {head["column"].code: head["is_off"] for head in editor.get(ADDRESS).context["columns"]}
    assert heads["ja"]
    assert not heads["en"]


def test_hostile_words_are_shown_as_words(article, editor):
    publish_text(ArticleFactory(slug="bad"), "en", "Text.")
    page = html(editor.get(ADDRESS, {"q": "<script>alert(1)</script>"}))
    assert "<script>alert(1)</script>" not in page


def test_the_address_that_people_know_leads_there(editor):
    answer = editor.get("/admin/helpcenter/translations/?language=ja")
    assert answer.headers["Location"] == ADDRESS + "?language=ja"


def test_the_matrix_is_among_the_screens_of_the_start_page(editor):
    assert ADDRESS in html(editor.get("/admin/"))


def test_agents_do_not_see_it(agent):
    assert signed_in(agent).get(ADDRESS).status_code == 403


def test_the_table_as_a_file_holds_all_that_is_asked_for(article, editor):
    Article.objects.filter(pk=article.pk).write_published("en", {"title": "=cmd()"})
    fill(article.category, 60)
    data = editor.get(ADDRESS, {"format": "csv", "order": "slug"}).content
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 61
    mine = next(row for row in rows if row["slug"] == "fees")
    assert (mine["title"], mine["ja"], mine["ko"]) == ("'=cmd()", "Up to date", "Missing")


# What it costs


def cost(client, address=ADDRESS):
    freshness.reset()
    tree.forget()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        body = answer.content
    assert answer.status_code == 200
    return len(queries), len(body)


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_questions_does_not_grow(editor, count):
    first = fill(CategoryFactory(), count, "en", "ja", "ko")
    publish_text(first, "en", THEN)
    assert cost(editor)[0] <= MOST_QUERIES
    assert cost(editor, reverse("admin:helpcenter_translation_work", args=[first.pk]))[0] <= MOST_QUERIES


def test_two_thousand_articles_in_twelve_languages(editor):
    first = fill(CategoryFactory(), 1)
    revision = first.revisions.get()
    Article.objects.bulk_create(
        Article(slug=f"many-{n:04}", category=first.category, title_en=f"Article number {n}") for n in range(1, 2000)
    )
    made = Article.objects.exclude(pk=first.pk).values_list("pk", flat=True)
    TranslationState.objects.bulk_create(
        (
            TranslationState(
                article_id=pk,
                language=code,
                latest=revision,
                published=revision,
                ready=revision,
                published_at=timezone.now(),
                outdated=[{"key": "title", "change": "changed", "title": ""}] if pk % 3 and code != "en" else [],
            )
            for pk in made
            for code in content_languages()
        ),
        batch_size=1000,
    )
    queries, size = cost(editor)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES


# Whose work it is


def work(article):
    return reverse("admin:helpcenter_translation_work", args=[article.pk])


def assignee(article, language):
    return TranslationState.objects.of(article).get(language=language).assignee


def test_a_translator_takes_a_translation_and_gives_it_back(article, translator):
    client = signed_in(translator)
    answer = client.post(work(article), {"language": "ja", "_take": "1"}, follow=True)
    assert "is the work of Lin Yu now" in html(answer)
    assert assignee(article, "ja") == translator
    client.post(work(article), {"language": "ja", "_release": "1"})
    assert assignee(article, "ja") is None


def test_an_editor_assigns_a_member_of_the_team(article, editor, translator):
    TeamMember.objects.create(language="ja", person=translator)
    assert "Lin Yu" in html(editor.get(work(article)))
    editor.post(work(article), {"language": "ja", "to": translator.pk, "_assign": "1"})
    assert assignee(article, "ja") == translator


def test_nobody_outside_the_team_is_assigned(article, editor, translator):
    for to in (translator.pk, "x", "", 10**30):
        assert editor.post(work(article), {"language": "ja", "to": to, "_assign": "1"}).status_code == 404
    assert assignee(article, "ja") is None


def test_a_translator_neither_takes_other_languages_nor_gives_work_to_others(article, translator, person):
    other = person("Translators")
    TeamMember.objects.create(language="ja", person=translator)
    TeamMember.objects.create(language="ja", person=other)
    client = signed_in(translator)
    assert client.post(work(article), {"language": "ko", "_take": "1"}).status_code == 403
    assert client.post(work(article), {"language": "ja", "to": other.pk, "_assign": "1"}).status_code == 403
    assert client.post(work(article), {"language": "xx", "_take": "1"}).status_code == 403
    assert assignee(article, "ja") is None


def test_who_cannot_write_is_not_assigned(article, content_editor, agent):
    with pytest.raises(NotAllowedNow):
        translating.assign(article, "ja", by=content_editor, to=agent)


def test_agents_do_not_assign(article, agent):
    assert signed_in(agent).get(work(article)).status_code == 403
    with pytest.raises(PermissionDenied):
        translating.assign(article, "ja", by=agent, to=agent)


def test_a_source_is_handed_over_to_translators(article, editor):
    publishing.publish(save_text(article, "en", THEN), by=None, is_ready=False)
    assert "Ready for translators" in html(editor.get(work(article)))
    answer = editor.post(work(article), {"_ready": "1"}, follow=True)
    assert "is ready for translators" in html(answer)
    state = TranslationState.objects.of(article).get(language="en")
    assert state.ready_id == state.published_id


def test_what_is_not_public_is_not_handed_over(editor):
    article = ArticleFactory(slug="new")
    save_text(article, "en", FIRST)
    answer = editor.post(work(article), {"_ready": "1"}, follow=True)
    assert "Publish the source first" in html(answer)


def test_a_translator_does_not_hand_over(article, translator):
    assert signed_in(translator).post(work(article), {"_ready": "1"}).status_code == 403


# What waits for a translator


def waiting(person, language):
    found = matrix.matrix(matrix.Asked(language=language, shown_in=language), timezone.now())
    return [row.slug for row in matrix.waiting_in(found, person, language)]


def test_what_waits_for_a_translator_begins_with_their_own_work(article, translator, other_editor):
    for slug in ("mine", "theirs", "read-much"):
        ArticleFactory(slug=slug, texts={"en": FIRST})
    read(Article.objects.get(slug="read-much"), 100)
    translating.assign(Article.objects.get(slug="mine"), "ja", by=translator, to=translator)
    translating.assign(Article.objects.get(slug="theirs"), "ja", by=other_editor, to=other_editor)
    assert waiting(translator, "ja") == ["mine", "read-much"]
    publish_text(article, "en", THEN)
    assert waiting(translator, "ja") == ["mine", "read-much", "fees"]


def test_nothing_waits_where_the_source_is_not_ready(article, translator):
    publishing.publish(save_text(article, "en", THEN), by=None, is_ready=False)
    assert waiting(translator, "ja") == []
