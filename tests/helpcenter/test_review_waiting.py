"""The list of what waits holds what a person may decide on; what they are asked for by name comes first."""

import pytest
from django.urls import reverse

from helpcenter.actions import publishing, reviewing
from helpcenter.enums import TeamRole
from helpcenter.models import TeamMember
from tests.helpcenter.admin_forms import signed_in
from tests.helpcenter.factories import ArticleFactory, save_text
from tests.helpcenter.reviewed import OLD, submitted

pytestmark = pytest.mark.django_db


WAITING = "/admin/helpcenter/article/waiting/"


def test_the_list_holds_what_a_person_may_decide_on(editor, other, lead, translator, content_editor):
    article = submitted(content_editor)
    waiting = reverse("admin:helpcenter_article_waiting")
    rows = {name: len(client.get(waiting).context["rows"]) for name, client in
            {"author": editor, "other": other, "lead": lead, "translator": signed_in(translator)}.items()}  # fmt: skip
    assert rows == {"author": 0, "other": 1, "lead": 1, "translator": 0}
    publishing.archive(article, by=None)
    assert len(other.get(waiting).context["rows"]) == 0


def test_the_language_of_a_team_is_for_its_reviewers(other, lead, translator, content_editor):
    TeamMember.objects.create(language="ja", person=translator, role=TeamRole.REVIEWER)
    article = ArticleFactory(texts={"en": OLD})
    for language in ("ja", "ko"):
        reviewing.submit(save_text(article, language, OLD, by=content_editor), by=content_editor)
    waiting = reverse("admin:helpcenter_article_waiting")
    seen = {
        name: [state.language for state, _ in client.get(waiting).context["rows"]]
        for name, client in {"other": other, "lead": lead, "team": signed_in(translator)}.items()
    }
    assert seen == {"other": ["ko"], "lead": ["ja", "ko"], "team": ["ja"]}
    filtered = lead.get(waiting, {"language": "ko"}).context["rows"]
    assert [state.language for state, _ in filtered] == ["ko"]


def test_who_is_asked_by_name_sees_that_first(other, other_editor, content_editor):
    submitted(content_editor)
    mine = submitted(content_editor, reviewer=other_editor)
    rows = other.get(reverse("admin:helpcenter_article_waiting")).context["rows"]
    assert rows[0][0].article == mine
