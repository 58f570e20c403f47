"""Synonyms are entered without doubles and blanks, one way or both, and what means nothing is refused."""

import pytest
from django.urls import reverse

from helpcenter.models import Synonym

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["强平, 爆仓", "强平,爆仓,", "  强平 ,爆仓 , 强平"])
def test_synonyms_are_stored_without_doubles_and_blanks(editor, typed):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "zh-hans", "words": typed})
    assert answer.status_code == 302
    assert Synonym.objects.get().terms() == ["强平", "爆仓"]


def test_synonyms_may_hold_one_way(editor):
    typed = {"language": "en", "words": "die ,kids,die=> testament、 will"}
    assert editor.post(reverse("admin:helpcenter_synonym_add"), typed).status_code == 302
    synonym = Synonym.objects.get()
    assert synonym.words == "die, kids => testament, will"
    assert synonym.sides() == (["die", "kids"], ["testament", "will"])


NOTHING = ["", "alone", "alone,", ",,,", " , ", "x" * 401, "a, b\0", "a, b =>", "=> a, b", "a => a", "a => b => c"]


@pytest.mark.parametrize("typed", NOTHING)
def test_synonyms_that_mean_nothing_are_refused(editor, typed):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "", "words": typed})
    assert "words" in answer.context["adminform"].form.errors
    assert Synonym.objects.count() == 0


@pytest.mark.parametrize("typed", ["强平，爆仓", "強平、爆倉", "رسوم، عمولة"])
def test_synonyms_may_be_parted_by_the_comma_of_their_language(editor, typed):
    editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "", "words": typed})
    assert [len(row.terms()) for row in Synonym.objects.all()] == [2]


def test_the_same_synonyms_twice_are_an_error_of_the_form(editor):
    form = {"language": "en", "words": "fee, cost"}
    editor.post(reverse("admin:helpcenter_synonym_add"), form)
    assert editor.post(reverse("admin:helpcenter_synonym_add"), form).status_code == 200
    assert Synonym.objects.count() == 1


def test_synonyms_of_an_unknown_language_are_refused(editor):
    answer = editor.post(reverse("admin:helpcenter_synonym_add"), {"language": "tlh", "words": "a, b"})
    assert "language" in answer.context["adminform"].form.errors
