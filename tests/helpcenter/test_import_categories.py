"""The tree of categories comes in with its order and names; what is bad in it is named and left out."""

import pytest

from helpcenter.models import Category
from tests.helpcenter.importing import TREE, errors, run
from tests.helpcenter.samples import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_the_tree_of_categories_comes_in_with_its_order_and_names(folder):
    assert errors(run(folder, {"categories.yaml": TREE})) == []
    rows = [(row.slug, row.parent and row.parent.slug) for row in Category.objects.in_order()]
    assert rows == [("trading", None), ("orders", "trading"), ("margin", "trading"), ("account", None)]
    trading = Category.objects.get(slug="trading")
    assert (trading.name_en, trading.name_ja, trading.name_ar) == ("Trading", "取引", "التداول")


BAD_CATEGORIES = {
    "broken YAML": "- slug: [a",
    "no list": "slug: a",
    "an empty file": "",
    "no slug": "- name: {en: A}",
    "a slug with spaces": "- slug: a b",
    "words as a category": "- trading",
    "a name that is not by language": "- slug: a\n  name: Trading",
    "children that are no list": "- slug: a\n  children: b",
    "a date that does not exist": "- slug: a\n  changed: 2026-13-45",
    "a control character": "- slug: a\n  name: {en: 'A\x07'}",
    "not UTF-8": "- slug: a\n  name: {en: Gebühr}".encode("latin-1"),
    "the same slug twice": "- slug: a\n- slug: b\n- slug: a",
    "a category below itself": "- {slug: a, children: [{slug: a}]}",
    "four levels": "- {slug: a, children: [{slug: b, children: [{slug: c, children: [{slug: d}]}]}]}",
    "a name of 121 characters": f"- slug: a\n  name: {{en: {'x' * 121}}}",
    "very deep": "[" * 5000,
}


@pytest.mark.both
@pytest.mark.parametrize("name", BAD_CATEGORIES)
def test_bad_categories_are_named_left_out_whole_and_stop_nothing_else(folder, name):
    report = run(folder, {"categories.yaml": BAD_CATEGORIES[name], "en/good.md": document()})
    assert [file for file, _ in errors(report)] == ["categories.yaml"]
    assert list(Category.objects.values_list("slug", "parent")) == [("help", None)]
    assert report.published == 1
