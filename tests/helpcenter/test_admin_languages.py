"""Languages of the site are switched, ordered and given fallbacks, and what follows is told before."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from helpcenter import freshness
from helpcenter.models import PopularSearch, SiteLanguage
from tests.helpcenter.admin_forms import change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('["zh-hant", "en"]', ["zh-hant", "en"]),
        ("[]", []),
        ('["tlh"]', None),
        ('["zh-hans"]', None),
        ('"en"', None),
        ("{}", None),
        ("[1]", None),
        ("[[]]", None),
        ("en", None),
        ("null", None),
    ],
)
def test_fallbacks_of_a_language_are_codes_of_other_languages(administrator, typed, expected):
    row = SiteLanguage.objects.get(code="zh-hans")
    before = row.fallbacks
    form = {"is_public": "on", "fallbacks": typed, "position": row.position}
    answer = signed_in(administrator).post(change("sitelanguage", row.pk), form)
    assert answer.status_code == (200 if expected is None else 302)
    assert SiteLanguage.objects.get(pk=row.pk).fallbacks == (before if expected is None else expected)


def test_a_language_needs_no_fallbacks(administrator):
    row = SiteLanguage.objects.get(code="ja")
    form = {"is_public": "on", "fallbacks": "", "position": row.position}
    assert signed_in(administrator).post(change("sitelanguage", row.pk), form).status_code == 302
    assert SiteLanguage.objects.get(pk=row.pk).fallbacks == []


def test_a_language_that_is_switched_off_is_gone_at_once(administrator):
    row = SiteLanguage.objects.get(code="ko")
    assert Client().get("/ko/").status_code == 200
    form = {"fallbacks": json.dumps(row.fallbacks), "position": row.position}
    signed_in(administrator).post(change("sitelanguage", row.pk), form)
    assert Client().get("/ko/").status_code == 302


def test_an_order_that_was_dragged_is_seen_at_once(administrator):
    client = signed_in(administrator)
    for name, rows in (
        ("sitelanguage", SiteLanguage.objects.order_by("position")),
        ("popularsearch", [PopularSearch.objects.create(text_en=text, position=n) for n, text in enumerate("ab")]),
    ):
        first, second = rows[:2]
        before = freshness.stored_number()
        data = {"updatedItems": [[str(first.pk), second.position], [str(second.pk), first.position]]}
        url = reverse(f"admin:helpcenter_{name}_sortable_update")
        assert client.post(url, data, content_type="application/json").status_code == 200
        assert freshness.stored_number() > before


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"updatedItems": [["4711", 1]]}', '{"updatedItems": [["1", -5]]}'])
def test_an_order_that_makes_no_sense_is_refused(administrator, body):
    before = list(SiteLanguage.objects.order_by("pk").values_list("position", flat=True))
    url = reverse("admin:helpcenter_sitelanguage_sortable_update")
    assert signed_in(administrator).post(url, body, content_type="application/json").status_code == 400
    assert list(SiteLanguage.objects.order_by("pk").values_list("position", flat=True)) == before


def test_who_switches_a_language_off_is_told_what_becomes_of_its_texts(administrator):
    article = ArticleFactory(texts={"en": "Text.", "ko": "Text."})
    save_text(article, "ko", "A draft.")
    ArticleFactory(texts={"en": "Text.", "ko": "Text."})
    save_text(ArticleFactory(texts={"en": "Text."}), "ko", "Never public.")
    row = SiteLanguage.objects.get(code="ko")
    form = {"fallbacks": ""}
    page = html(signed_in(administrator).post(change("sitelanguage", row.pk), form, follow=True))
    assert "한국어 is off" in page
    assert "2 public ones, 2 drafts, 0 planned" in page
    again = html(signed_in(administrator).post(change("sitelanguage", row.pk), form, follow=True))
    assert "is off" not in again, "said once"
