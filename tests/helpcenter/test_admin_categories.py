"""The tree of categories is named in every language, sorted, and never deeper than three levels."""

import pytest
from django.test import Client
from django.urls import reverse

from helpcenter.models import Category
from tests.helpcenter.admin_forms import category_form, change, html, listed, signed_in
from tests.helpcenter.factories import ArticleFactory, CategoryFactory

pytestmark = pytest.mark.django_db


def test_a_category_has_a_name_in_every_language(editor):
    names = {"name_zh_hans": "费用", "name_ar": "الرسوم", "name_ja": "手数料"}
    assert editor.post(reverse("admin:helpcenter_category_add"), category_form(**names)).status_code == 302
    row = Category.objects.get()
    assert (row.name_en, row.name_zh_hans, row.name_ar, row.name_ja) == ("Fees", "费用", "الرسوم", "手数料")


def test_a_category_may_be_named_in_one_language_only(editor):
    form = category_form(name_en="", name_ja="手数料")
    answer = editor.post(reverse("admin:helpcenter_category_add"), form)
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert answer.context["adminform"].form.errors
    assert Client().get("/en/").status_code == 200


def test_the_tree_is_listed_parents_before_children(editor):
    trading = CategoryFactory(slug="trading", position=20)
    CategoryFactory(slug="account", position=10)
    CategoryFactory(slug="orders", parent=trading, position=5)
    listing = [row.slug for row in editor.get(listed("category")).context["cl"].result_list]
    assert listing == ["account", "trading", "orders"]


def test_branches_stay_together_where_two_siblings_have_one_position():
    for name in ("b", "a"):
        top = CategoryFactory(slug=name, position=10)
        CategoryFactory(slug=f"{name}-child", parent=top, position=10)
    assert [row.slug for row in Category.objects.in_order()] == ["a", "a-child", "b", "b-child"]


def test_positions_are_numbers_also_with_a_different_count_of_digits():
    for position in (100, 20, 3):
        CategoryFactory(slug=f"at-{position}", position=position)
    assert [row.slug for row in Category.objects.in_order()] == ["at-3", "at-20", "at-100"]


def test_the_tree_is_sorted_by_a_column_on_wish(editor):
    trading = CategoryFactory(slug="trading")
    CategoryFactory(slug="account", parent=trading)
    rows = editor.get(listed("category"), {"o": "1"}).context["cl"].result_list
    assert [row.slug for row in rows] == ["account", "trading"]


def test_the_tree_is_named_in_the_language_of_the_person(editor):
    CategoryFactory(name_en="Fees", name_zh_hans="费用")
    assert "费用" in html(editor.get(listed("category"), headers={"Accept-Language": "zh-hans"}))


def chain(*names: str, parent: Category | None = None) -> list[Category]:
    rows = []
    for name in names:
        parent = CategoryFactory(slug=name, parent=parent)
        rows.append(parent)
    return rows


def test_a_fourth_level_is_refused(editor):
    *_, third = chain("one", "two", "three")
    answer = editor.post(reverse("admin:helpcenter_category_add"), category_form(parent=third.pk))
    assert "parent" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("parent", ["x", "4711", "9" * 30, "-1"])
def test_a_parent_that_is_not_there_is_an_error_of_the_form(editor, parent):
    answer = editor.post(reverse("admin:helpcenter_category_add"), category_form(parent=parent))
    assert "parent" in answer.context["adminform"].form.errors


def test_a_branch_cannot_be_hung_so_deep_that_its_leaves_are_on_a_fourth_level(editor):
    _, second = chain("one", "two")
    top, _ = chain("branch", "leaf")
    answer = editor.post(change("category", top.pk), category_form(slug="branch", parent=second.pk))
    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors


def test_a_branch_is_hung_where_its_leaves_are_on_the_third_level(editor):
    (one,) = chain("one")
    top, _ = chain("branch", "leaf")
    answer = editor.post(change("category", top.pk), category_form(slug="branch", parent=one.pk))
    assert answer.status_code == 302


def test_a_category_cannot_be_its_own_ancestor(editor):
    first, _, third = chain("one", "two", "three")
    for parent in (first, third):
        answer = editor.post(change("category", first.pk), category_form(slug="one", parent=parent.pk))
        assert answer.context["adminform"].form.errors
    assert Category.objects.get(pk=first.pk).parent is None


def test_a_category_with_articles_is_not_deleted(administrator):
    article = ArticleFactory()
    client = signed_in(administrator)
    client.post(reverse("admin:helpcenter_category_delete", args=[article.category.pk]), {"post": "yes"})
    assert Category.objects.filter(pk=article.category.pk).exists()


def test_a_new_name_of_a_category_is_seen_at_once_and_the_old_one_is_kept_in_its_history(editor):
    article = ArticleFactory(texts={"en": "Text."})
    Client().get("/en/")
    form = category_form(slug=article.category.slug, name_en="Costs")
    assert editor.post(change("category", article.category.pk), form).status_code == 302
    assert "Costs" in html(Client().get("/en/"))
    assert article.category.history.count() == 2
