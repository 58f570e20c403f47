"""The address of a new article: made of its English title, changed at will, and refused at once where it is taken."""

import re

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.actions import addressing
from helpcenter.errors import InvalidText
from helpcenter.models import Article
from tests.helpcenter.admin_forms import article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory

ADDRESS = "admin:helpcenter_article_address"


def asked(client, **query):
    return client.get(reverse(ADDRESS), query).json()


@settings(max_examples=100)
@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9 _-]{0,200}", fullmatch=True))
def test_a_proposal_is_ascii_short_and_cut_between_words(title):
    slug = addressing.address_of(title)
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= addressing.LONGEST_PROPOSAL


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Lost your 2FA device?", "lost-your-2fa-device"),
        ("Fees: maker & taker (USD-M)", "fees-maker-taker-usd-m"),
        ("Café  _ résumé", "cafe-resume"),
        ("强平价格是怎么算的", ""),
        ("a" * 70, "a" * 60),
        (f"{'word ' * 11}longword end", "-".join(["word"] * 11)),
        (f"{'word ' * 11}four", f"{'word-' * 11}four"),
    ],
)
def test_titles_as_addresses(title, slug):
    assert addressing.address_of(title) == slug


@pytest.mark.django_db
def test_a_proposal_is_one_that_no_article_has_or_had():
    moved = ArticleFactory(slug="fees")
    assert addressing.propose_slug("Fees") == "fees-2"
    addressing.move_article(moved, "fees-2", by=None)
    assert addressing.propose_slug("Fees") == "fees-3"
    assert addressing.propose_slug("Fees", but=moved.pk) == "fees"


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["", "a b", "gebühren", "费用", "a/b", "x" * 121])
def test_what_cannot_be_an_address_is_refused(slug):
    with pytest.raises(InvalidText):
        addressing.refuse_slug(slug)


@pytest.mark.django_db
def test_a_clash_is_told_while_it_is_typed(editor):
    article = ArticleFactory(slug="fees")
    found = asked(editor, slug="fees")
    assert found["is_refused"]
    assert "Another article has the address “fees”" in found["message"]
    assert asked(editor, slug="fees", article=article.pk) == {"message": "", "is_refused": False}
    assert asked(editor, slug="other") == {"message": "", "is_refused": False}


@pytest.mark.django_db
def test_an_old_address_of_another_article_is_told_and_may_be_taken(editor):
    addressing.move_article(ArticleFactory(slug="fees"), "all-fees", by=None)
    found = asked(editor, slug="fees")
    assert not found["is_refused"]
    assert "old address of “all-fees”" in found["message"]


@pytest.mark.django_db
@pytest.mark.parametrize("article", ["", "x", "9" * 30, "²"])
def test_a_proposal_for_whatever_article(editor, article):
    assert asked(editor, title="Fees", article=article) == {"slug": "fees"}


@pytest.mark.django_db
def test_translators_and_agents_choose_no_addresses(translator, agent):
    for person in (translator, agent):
        assert signed_in(person).get(reverse(ADDRESS), {"title": "Fees"}).status_code == 403


@pytest.mark.django_db
def test_an_empty_address_is_made_of_the_english_title_without_any_script(editor):
    form = article_form(slug="", text_title="How fees work", _continue="1")
    assert editor.post(reverse("admin:helpcenter_article_add"), form).status_code == 302
    assert Article.objects.reading([]).get().slug == "how-fees-work"


@pytest.mark.django_db
def test_a_title_in_another_language_makes_no_address(editor):
    form = article_form(language="ja", slug="", source_language="ja", _continue="1")
    page = editor.post(reverse("admin:helpcenter_article_add"), form)
    assert "Type an address in English words" in html(page)
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_taken_address_is_refused_in_the_form_with_the_way_out(editor):
    ArticleFactory(slug="fees")
    page = editor.post(reverse("admin:helpcenter_article_add"), article_form(slug="fees", _continue="1"))
    told = page.context["adminform"].form.errors["slug"]
    assert list(told) == ["Another article has the address “fees”. Choose a different one."]


@pytest.mark.django_db
def test_an_article_keeps_its_address_where_the_field_is_emptied(editor):
    article = ArticleFactory(slug="fees", texts={"en": "Text."})
    assert editor.post(change("article", article.pk), article_form(article, slug="", _continue="1")).status_code == 302
    assert Article.objects.reading([]).get().slug == "fees"
