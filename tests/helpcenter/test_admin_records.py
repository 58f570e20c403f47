"""Records are read and not changed, lists stay cheap, and no page of the admin needs an exception of the policy."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpcenter.actions import publishing
from helpcenter.enums import EventKind, Stage
from helpcenter.models import Article, ContentEvent, Feedback, Finding, SearchLog, Tag
from tests.helpcenter.admin_forms import (
    HOSTILE,
    SECRET,
    announcement_form,
    change,
    fill,
    html,
    listed,
    preview,
    signed_in,
    unpublishing,
    words,
)
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db


# Records


def test_a_second_person_accepts_a_finding_with_a_reason(editor, other_editor):
    article = ArticleFactory()
    revision = save_text(article, "en", f"Key {SECRET}.", by=other_editor)
    finding = Finding.objects.get()
    answer = editor.post(change("finding", finding.pk), {"reason": "a published test vector"})
    assert answer.status_code == 302
    publishing.publish(revision, by=None)
    assert stored(article, "title", "en")


def test_nobody_accepts_what_they_wrote_or_without_a_reason(editor, content_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=content_editor)
    finding = Finding.objects.get()
    answer = editor.post(change("finding", finding.pk), {"reason": "I know what I do"}, follow=True)
    assert any("Somebody else" in word for word in words(answer))
    assert "reason" in editor.post(change("finding", finding.pk), {"reason": ""}).context["adminform"].form.errors
    assert Finding.objects.open().count() == 1


def test_a_finding_that_was_refused_is_not_announced_as_changed(editor, content_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=content_editor)
    answer = editor.post(change("finding", Finding.objects.get().pk), {"reason": "I know what I do"}, follow=True)
    assert not any("successfully" in word for word in words(answer))


def test_a_finding_that_was_refused_is_in_no_log(editor, content_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=content_editor)
    editor.post(change("finding", Finding.objects.get().pk), {"reason": "I know what I do"})
    assert not LogEntry.objects.exists()


def test_an_accepted_finding_stays_accepted_by_who_took_it(editor, content_editor, other_editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.", by=other_editor)
    finding = Finding.objects.get()
    editor.post(change("finding", finding.pk), {"reason": "a published test vector"})
    assert editor.post(change("finding", finding.pk), {"reason": "another"}).status_code == 403
    assert Finding.objects.values_list("accepted_by", "reason").get() == (content_editor.pk, "a published test vector")


def test_the_secret_itself_is_in_no_record_but_the_text(editor):
    save_text(ArticleFactory(), "en", f"Key {SECRET}.")
    for url in (listed("finding"), change("finding", Finding.objects.get().pk), listed("contentevent")):
        assert SECRET not in html(editor.get(url))


def test_who_leaves_is_deleted_and_what_they_did_stays(administrator, content_lead, other_editor):
    article = ArticleFactory()
    publish_text(article, "en", "[x](https://elsewhere.example)", by=content_lead)
    publishing.accept_finding(Finding.objects.get(), by=other_editor, reason="a partner of ours")
    for person in (content_lead, other_editor):
        url = reverse("admin:accounts_user_delete", args=[person.pk])
        assert signed_in(administrator).post(url, {"post": "yes"}).status_code == 302
    assert list(article.revisions.values_list("created_by", flat=True)) == [None]
    assert Finding.objects.open().count() == 0
    assert ContentEvent.objects.filter(article=article, by=None).count() == 3


@pytest.mark.parametrize("key", ["x", "0", "9" * 30, "%00", "1_2F"])
def test_a_row_that_is_not_there_has_no_pages(administrator, key):
    client, found = signed_in(administrator), {}
    for model in admin.site._registry:
        for screen in ("change", "history", "delete"):
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{screen}", args=[key])
            found[url] = client.get(url).status_code
    earlier = reverse("admin:helpcenter_category_simple_history", args=[key, key])
    found[earlier] = client.get(earlier).status_code
    assert set(found.values()) <= {302, 403, 404}


LISTS = (
    "article",
    "announcement",
    "category",
    "tag",
    "picture",
    "synonym",
    "linkhost",
    "popularsearch",
    "sitelanguage",
    "revision",
    "finding",
    "feedback",
    "searchlog",
    "contentevent",
)


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_lists_of_thirty_take_the_queries_of_lists_of_three(administrator):
    client = signed_in(administrator)
    fill(3)
    few = {model: queries_of(client, listed(model)) for model in LISTS}
    fill(27)
    assert {model: queries_of(client, listed(model)) for model in LISTS} == few
    assert max(few.values()) <= 15


def test_a_list_of_thirty_in_another_language_takes_the_queries_of_one_of_three(editor):
    def queries() -> dict[str, int]:
        found = {}
        for model in ("article", "category", "revision"):
            editor.get(listed(model), headers={"Accept-Language": "zh-hans"})
            with CaptureQueriesContext(connection) as captured:
                editor.get(listed(model), headers={"Accept-Language": "zh-hans"})
            found[model] = len(captured)
        return found

    fill(3)
    few = queries()
    fill(27)
    assert queries() == few


def test_an_article_with_thirty_of_everything_takes_the_queries_of_one_with_three(editor):
    fill(1)
    article = Article.objects.get()

    def grow(count: int) -> None:
        for number in range(count):
            other = ArticleFactory()
            article.tag_rows.create(tag=Tag.objects.create(slug=f"own-{other.pk}"), position=number)
            article.related_rows.create(to=other, position=number)
            publish_text(article, "en", f"Text {other.pk}")

    grow(3)
    few = queries_of(editor, change("article", article.pk, "ja"))
    grow(27)
    assert queries_of(editor, change("article", article.pk, "ja")) == few


@pytest.mark.parametrize("result", ["nothing", "foreign", "poem", ""])
def test_searches_are_filtered_by_what_they_found(editor, result):
    for stage in (Stage.NOTHING, Stage.OTHER_LANGUAGE, Stage.ALL_WORDS):
        SearchLog.objects.create(token=stage, query=stage, language="en", hits=0, stage=stage)
    rows = editor.get(listed("searchlog"), {"result": result}).context["cl"].result_list
    expected = {"nothing": {"nothing"}, "foreign": {"other_language"}}
    assert {row.stage for row in rows} == expected.get(result, {"nothing", "other_language", "all_words"})


def test_what_readers_wrote_is_shown_as_text(editor):
    article = ArticleFactory(texts={"en": "x"})
    Feedback.objects.create(article=article, language="en", helpful=False, comment=HOSTILE, day=timezone.now())
    SearchLog.objects.create(token="t", query=HOSTILE, language="en", hits=0, stage=Stage.NOTHING)
    for model, row in (("feedback", Feedback.objects.get()), ("searchlog", SearchLog.objects.get())):
        for url in (listed(model), change(model, row.pk)):
            assert not re.search(r"<script>alert|<img src=x", html(editor.get(url)))


# What every page of the admin keeps to


class Inline(HTMLParser):
    """What a strict content security policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        runs = tag == "script" and names.get("type", "text/javascript") in ("text/javascript", "module", "")
        self.inside = tag if tag == "style" or (runs and "src" not in names) else ""
        address = names.get("src") or (names.get("href") if tag == "link" else "") or ""
        self.found += [address] if address.startswith(("http:", "https:", "//", "javascript:")) else []

    def handle_data(self, data):
        self.found += [f"<{self.inside}>{data.strip()[:60]}"] if self.inside and data.strip() else []

    def handle_endtag(self, tag):
        self.inside = ""


def all_pages() -> list[str]:
    fill(1)
    article = Article.objects.get()
    save_text(article, "en", f"{SECRET} [x](https://e.example)")
    pages = [reverse("admin:index"), reverse("admin:password_change"), unpublishing(article.pk, "en"), preview(article)]
    for model in admin.site._registry:
        name, row = f"{model._meta.app_label}_{model._meta.model_name}", model.objects.first()
        pages += [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")]
        pages += [reverse(f"admin:{name}_{screen}", args=[row.pk]) for screen in ("change", "history", "delete") if row]
    return pages


def test_no_page_of_the_admin_holds_anything_that_the_policy_refuses(administrator):
    client = signed_in(administrator)
    refused, seen = {}, 0
    for url in [*all_pages(), *(change("article", Article.objects.get().pk, code) for code in ("ja", "ar"))]:
        answer = client.get(url, follow=True)
        assert answer.status_code in (200, 403), url
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        seen += answer.status_code == 200
        if found := Inline(html(answer)).found:
            refused[url] = found
    assert refused == {}
    assert seen > 50


def test_the_login_page_holds_nothing_that_the_policy_refuses():
    answer = Client().get(reverse("admin:login"))
    assert Inline(html(answer)).found == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_the_admin_speaks_the_language_of_the_browser(editor, language):
    page = html(editor.get(reverse("admin:index"), headers={"Accept-Language": language}))
    assert f'lang="{language}"' in page
    assert (f'dir="{"rtl" if language == "ar" else "ltr"}"') in page


def test_every_page_of_the_admin_is_drawn_in_another_language_too(administrator):
    client = signed_in(administrator)
    for url in all_pages():
        assert client.get(url, headers={"Accept-Language": "ar"}, follow=True).status_code in (200, 403), url


def test_pages_of_the_admin_are_never_kept(editor):
    for url in (reverse("admin:index"), listed("article"), change("article", ArticleFactory().pk)):
        assert "no-store" in editor.get(url).headers["Cache-Control"]


def test_a_preview_is_never_kept_either(editor):
    article = ArticleFactory(texts={"en": "Text."})
    save_text(article, "en", "Draft.")
    assert "no-store" in editor.get(preview(article)).headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_change_needs_a_token_of_our_own_form(content_editor, method):
    article = ArticleFactory(texts={"en": "Text."})
    client = Client(enforce_csrf_checks=True)
    client.force_login(content_editor)
    for url in (change("article", article.pk), unpublishing(article.pk, "en"), listed("article")):
        assert getattr(client, method)(url, {}).status_code in (403, 405)
    assert stored(article, "title", "en")


def test_the_moment_of_an_announcement_makes_pages_new_when_it_comes(editor):
    """Its rows are owed to the outbox with the moment as their time."""
    later = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    when = {"published_at_0": f"{later:%Y-%m-%d}", "published_at_1": f"{later:%H:%M}"}
    editor.post(reverse("admin:helpcenter_announcement_add"), announcement_form(**when))
    assert ContentEvent.objects.filter(kind=EventKind.INSTANT, at=later).count() == 1
