"""Language teams: who puts them together, who can be in one, and what waits in a person's languages."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.actions import access, translating
from helpcenter.enums import TeamRole
from helpcenter.models import TeamMember
from tests.helpcenter.admin_forms import change, html, listed, signed_in
from tests.helpcenter.factories import ArticleFactory, CategoryFactory
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

ADD = reverse("admin:helpcenter_teammember_add")
MINE = reverse("admin:helpcenter_teammember_mine")


def member(person, language="ja", role=TeamRole.TRANSLATOR):
    return TeamMember.objects.create(person=person, language=language, role=role)


def posted(person, language="ja", role="translator"):
    return {"language": language, "person": person.pk, "role": role}


def roles():
    return set(TeamMember.objects.values_list("language", "person__name", "role"))


@pytest.fixture
def lead(person):
    """The lead of the Japanese team, who has no right over teams otherwise."""
    user = person("Translators", name="Aiko Mori")
    member(user, "ja", TeamRole.LEAD)
    return user


def test_a_content_lead_puts_a_team_together(content_lead, translator):
    client = signed_in(content_lead)
    assert client.post(ADD, posted(translator)).status_code == 302
    one = TeamMember.objects.get()
    assert client.post(change("teammember", one.pk), {"role": "reviewer"}).status_code == 302
    assert roles() == {("ja", "Lin Yu", "reviewer")}
    assert LogEntry.objects.filter(object_id=one.pk).count() == 2
    client.post(reverse("admin:helpcenter_teammember_delete", args=[one.pk]), {"post": "yes"})
    assert roles() == set()


def test_who_a_member_is_stays(content_lead, translator, other_editor):
    one = member(translator)
    signed_in(content_lead).post(change("teammember", one.pk), posted(other_editor, "ko", "lead"))
    assert roles() == {("ja", "Lin Yu", "lead")}


def test_a_person_is_in_a_team_once(content_lead, translator):
    member(translator)
    answer = signed_in(content_lead).post(ADD, posted(translator, role="reviewer"))
    assert "Lin Yu is in this team already" in html(answer)
    assert signed_in(content_lead).post(ADD, posted(translator, "ko")).status_code == 302


def test_only_active_staff_can_be_in_a_team(content_lead, trader, person):
    left = person("Translators", name="Left", is_active=False)
    client = signed_in(content_lead)
    assert "Toma Trader" not in html(client.get(ADD))
    for one in (trader, left):
        assert client.post(ADD, posted(one)).status_code == 200
    assert client.post(ADD, posted(content_lead, "xx")).status_code == 200
    assert roles() == set()


def test_a_language_lead_puts_their_own_team_together(lead, translator):
    client = signed_in(lead)
    assert client.post(ADD, posted(translator)).status_code == 302
    assert client.post(ADD, posted(translator, "ko")).status_code == 200
    assert roles() == {("ja", "Aiko Mori", "lead"), ("ja", "Lin Yu", "translator")}


def test_a_language_lead_leaves_other_teams_alone(lead, translator):
    client, one = signed_in(lead), member(translator, "ko")
    assert client.post(change("teammember", one.pk), {"role": "lead"}).status_code == 403
    delete = reverse("admin:helpcenter_teammember_delete", args=[one.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert ("ko", "Lin Yu", "translator") in roles()


@pytest.mark.parametrize("group", ["Content editors", "Translators"])
def test_whoever_leads_no_language_only_looks_at_teams(person, translator, group):
    client, one = signed_in(person(group)), member(translator)
    assert client.get(listed("teammember")).status_code == 200
    assert client.post(ADD, posted(translator, "ko")).status_code == 403
    assert client.post(change("teammember", one.pk), {"role": "lead"}).status_code == 403
    assert roles() == {("ja", "Lin Yu", "translator")}


def test_a_lead_who_is_no_longer_staff_leads_nothing(lead):
    lead.is_staff = False
    assert access.led_languages(lead) == []


def test_the_list_goes_by_language_and_leads_come_first(content_lead, translator, lead, other_editor):
    member(translator, "ja")
    member(other_editor, "zh-hans")
    page = signed_in(content_lead).get(listed("teammember"))
    shown = [(one.language, str(one.person)) for one in page.context["cl"].result_list]
    assert shown == [("zh-hans", "Omar Haddad"), ("ja", "Aiko Mori"), ("ja", "Lin Yu")]


def test_a_team_of_a_language_that_is_gone_is_still_shown(content_lead, translator):
    one = member(translator, "qq")
    assert ">qq<" in html(signed_in(content_lead).get(listed("teammember")))
    assert signed_in(content_lead).get(change("teammember", one.pk)).status_code == 200
    assert signed_in(translator).get(MINE).status_code == 200


# My languages


def test_my_languages_show_what_waits_there(translator, other_editor):
    article = ArticleFactory(slug="fees", texts={"en": "Text.", "ko": "Text."})
    ArticleFactory(slug="mine", texts={"en": "Text."})
    member(translator)
    member(other_editor, "ko")
    page = signed_in(translator).get(MINE)
    (team,) = page.context["teams"]
    assert (team["language"].code, team["role"], team["waiting"]) == ("ja", "Translator", 2)
    translating.assign(article, "ja", by=other_editor, to=other_editor)
    (team,) = signed_in(translator).get(MINE).context["teams"]
    assert [row.slug for row, _cell in team["rows"]] == ["mine"]


def test_who_is_in_no_team_sees_all_languages_that_they_write_in(content_editor):
    teams = signed_in(content_editor).get(MINE).context["teams"]
    assert [team["language"].code for team in teams] == access.written_languages(content_editor)
    assert len(teams) == 12


def test_agents_have_no_languages(agent):
    assert signed_in(agent).get(MINE).status_code == 403
    assert access.written_languages(agent) == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_questions_does_not_grow(content_lead, translator, person, count):
    fill(CategoryFactory(), count)
    for number in range(count):
        member(person("Translators", email=f"translator{number}@example.com"), "ja")
    member(translator)
    for client, url in ((signed_in(translator), MINE), (signed_in(content_lead), listed("teammember"))):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert len(queries) <= 12, url
