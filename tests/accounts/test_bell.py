"""The bell of the admin: what waits for a person, told once, read when they follow it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from supportdesk.accounts import kinds, notices
from supportdesk.accounts.models import Notice

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&%(x)s %d"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    known = {"review": kinds.Kind("“%(subject)s” waits.", "shield"), "late": kinds.Kind("%(subject)s.", gathers=True)}
    monkeypatch.setattr(kinds, "KINDS", known)


@pytest.fixture
def client(content_editor) -> Client:
    client = Client()
    client.force_login(content_editor)
    return client


def tell(person, subject="A text", link="/admin/", event="e:1", kind="review"):
    return notices.notify(person, kind, subject=subject, link=link, event=event)


def page(client, name="index", *args, **query):
    return client.get(reverse(f"admin:{name}", args=args), query)


def unread(client):
    return page(client).context["bell"].unread


def test_the_bell_counts_what_was_not_read(client, content_editor, other_editor):
    for number in range(3):
        tell(content_editor, event=f"e:{number}")
    tell(other_editor)
    assert unread(client) == 3
    assert "Notices: 3 not read" in page(client).content.decode()


def test_the_same_event_is_told_once(client, content_editor):
    tell(content_editor)
    tell(content_editor, subject="Another")
    assert [notice.subject for notice in Notice.objects.all()] == ["A text"]


def test_the_bell_lists_the_newest_ten(client, content_editor):
    for number in range(12):
        tell(content_editor, subject=f"Text {number:02}", link=f"/admin/{number}/", event=f"e:{number}")
    listed = page(client).content.decode()
    assert "Text 11" in listed
    assert "Text 02" in listed
    assert "Text 01" not in listed
    assert unread(client) == 12


def test_nobody_who_is_not_signed_in_gets_a_bell(content_editor):
    tell(content_editor)
    assert "bell" not in Client().get(reverse("admin:login")).context
    for name in ("notices", "notices_bell"):
        assert Client().get(reverse(f"admin:{name}")).status_code == 302


def test_following_a_notice_reads_it_and_its_like(client, content_editor):
    first = tell(content_editor, link="/admin/a/")
    tell(content_editor, link="/admin/a/", event="e:2")
    tell(content_editor, link="/admin/b/", event="e:3")
    answer = page(client, "notice", first.pk)
    assert (answer.status_code, answer.url) == (302, "/admin/a/")
    assert unread(client) == 1


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_a_notice_leads_to_this_site_alone(client, content_editor, link):
    assert page(client, "notice", tell(content_editor, link=link).pk).url == reverse("admin:notices")


def test_nobody_follows_or_sees_the_notices_of_others(client, other_editor):
    notice = tell(other_editor, subject="Not yours")
    assert page(client, "notice", notice.pk).status_code == 404
    assert "Not yours" not in page(client, "notices").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_marked_as_read_by_a_post_alone(client, content_editor, other_editor):
    tell(content_editor)
    tell(other_editor)
    assert page(client, "notices_read").status_code == 405
    client.post(reverse("admin:notices_read"))
    assert unread(client) == 0
    assert Notice.objects.unread().get().person == other_editor


def test_marking_needs_the_token_of_the_form(content_editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(content_editor)
    assert strict.post(reverse("admin:notices_read")).status_code == 403


def test_the_page_has_all_of_them_and_those_not_read_alone(client, content_editor):
    for number in range(60):
        tell(content_editor, subject=f"Text {number:02}", link=f"/admin/{number}/", event=f"e:{number}")
    notices.mark_read(content_editor, link="/admin/59/")
    assert page(client, "notices").context["page"].total == 60
    only = page(client, "notices", unread="1")
    assert only.context["page"].total == 59
    assert "?unread=1&amp;page=2" in only.content.decode()
    assert page(client, "notices", page="2").context["page"].number == 2


def test_a_window_that_knows_everything_is_told_so_without_words(client, content_editor):
    tell(content_editor)
    version = page(client).context["bell"].version
    answer = page(client, "notices_bell", since=version)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("change", ["new", "read"])
def test_a_window_hears_of_what_changed(client, content_editor, change):
    tell(content_editor)
    version = page(client).context["bell"].version
    if change == "new":
        tell(content_editor, subject="The second", event="e:2")
    else:
        notices.mark_read(content_editor)
    answer = page(client, "notices_bell", since=version)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert ("The second" in answer.content.decode()) == (change == "new")


@pytest.mark.parametrize("since", ["", "x", "0-0", "9" * 500])
def test_a_window_that_knows_nothing_gets_the_bell(client, content_editor, since):
    tell(content_editor)
    assert page(client, "notices_bell", since=since).status_code == 200


def test_hostile_words_are_harmless(client, content_editor):
    tell(content_editor, subject=HOSTILE)
    for shown in (page(client), page(client, "notices"), page(client, "notices_bell")):
        assert "<script>alert" not in shown.content.decode()
        assert "<img src=x" not in shown.content.decode()


def test_a_kind_whose_app_is_gone_shows_its_subject(client, content_editor):
    tell(content_editor, kind="of_an_app_that_is_off", subject="Still there")
    assert "Still there" in page(client).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_the_page_opens_in_every_language(client, content_editor, language):
    tell(content_editor)
    assert client.get(reverse("admin:notices"), headers={"Accept-Language": language}).status_code == 200


def surge(person, tickets, kind="late"):
    """A notice of each ticket, the last one the newest."""
    for number in range(tickets):
        tell(person, subject=f"Ticket {number}", link=f"/ticket/{number}/", event=f"{kind}:{number}", kind=kind)


def lines(bell):
    return [(line.notice.subject, line.count) for line in bell.newest]


def test_notices_of_a_kind_and_a_thing_are_one_line_with_its_newest(content_editor):
    tell(content_editor, subject="As it was called", link="/admin/a/", event="e:1")
    tell(content_editor, subject="As it is called", link="/admin/a/", event="e:2")
    tell(content_editor, subject="Another", link="/admin/b/", event="e:3")
    assert lines(notices.bell_of(content_editor)) == [("Another", 1), ("As it is called", 2)]


def test_a_kind_that_gathers_is_one_line_whatever_it_is_about(client, content_editor):
    tell(content_editor, subject="A review")
    surge(content_editor, 300)
    assert lines(notices.bell_of(content_editor)) == [("Ticket 299", 300), ("A review", 1)]
    assert "and 299 more like it" in page(client).content.decode()
    assert page(client, "notices").context["page"].total == 2
    assert unread(client) == 301


def test_what_was_read_stands_apart_from_what_was_not(content_editor):
    surge(content_editor, 3)
    notices.mark_read(content_editor, link="/ticket/1/")
    found = notices.bell_of(content_editor).newest
    assert [(line.count, line.notice.read_at is None) for line in found] == [(2, True), (1, False)]


def test_a_line_of_many_things_leads_to_their_list_which_has_pages(client, content_editor):
    surge(content_editor, 60)
    assert f"{reverse('admin:notices')}?kind=late&amp;unread=1" in page(client).content.decode()
    shown = page(client, "notices", kind="late", unread="1")
    assert (shown.context["page"].total, len(shown.context["lines"])) == (60, 50)
    assert "?kind=late&amp;unread=1&amp;page=2" in shown.content.decode()
    assert page(client, "notices", kind="unheard of").context["page"].total == 1


def test_the_notices_of_a_kind_are_marked_as_read_alone(client, content_editor):
    surge(content_editor, 5)
    tell(content_editor)
    assert 'name="kind" value="late"' in page(client, "notices", kind="late").content.decode()
    client.post(reverse("admin:notices_read"), {"kind": "late"})
    assert Notice.objects.unread().get().kind == "review"


@pytest.mark.parametrize("place", ["admin:index", "workspace:queue"])
def test_all_are_marked_as_read_in_the_bell(agent, place):
    surge(agent, 2)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent)
    form = strict.get(reverse(place)).content.decode().partition('class="sd-bell"')[2].partition("</details>")[0]
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    strict.post(reverse("admin:notices_read"), {"csrfmiddlewaretoken": token})
    assert notices.bell_of(agent).unread == 0


@pytest.mark.parametrize("kind", ["late", "review"])
@pytest.mark.parametrize("name", ["notices", "notices_bell", "index"])
def test_three_hundred_notices_ask_the_database_no_more_than_three(client, content_editor, name, kind):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page(client, name)
        return len(queries)

    surge(content_editor, 3, kind)
    page(client, name)
    few = asked()
    surge(content_editor, 300, kind)
    assert asked() == few


def test_the_bell_is_one_question_to_the_database(client, content_editor):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page(client, "notices_bell")
        return sum("accounts_notice" in query["sql"] for query in queries)

    for number in range(3):
        tell(content_editor, event=f"e:{number}")
    few = asked()
    for number in range(27):
        tell(content_editor, event=f"f:{number}")
    assert asked() == few == 1
