"""An article is looked at again by a day: its owner hears of it in time, and says that it is still true."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from helpcenter.actions import publishing, upkeep
from helpcenter.enums import EventKind, TaskKind
from helpcenter.errors import InvalidTime
from helpcenter.models import Article, CheckInterval, ContentEvent, ContentTask
from helpcenter.tasks import remind_of_checks
from supportdesk.accounts.models import Notice
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, State
from tests.helpcenter.admin_forms import article_form, change, html, signed_in, words
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
NOON = "2026-11-22T12:00:00+00:00"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


def due(days, owner=None, **fields):
    """A public article that is to be looked at again in so many days."""
    return ArticleFactory(texts={"en": "Text."}, review_by=TODAY + timedelta(days=days), owner=owner, **fields)


def stored(article):
    return Article.objects.reading([]).get(pk=article.pk)


# Still true


def test_what_is_still_true_is_looked_at_again_after_half_a_year(content_editor):
    article = upkeep.confirm_true(due(-3), by=content_editor)
    assert stored(article).review_by == TODAY + timedelta(days=180)
    assert stored(article).checked_at == timezone.now()
    event = ContentEvent.objects.get(kind=EventKind.CHECKED)
    assert (event.article_id, event.by) == (article.pk, content_editor)


@pytest.mark.parametrize(("rows", "days"), [({"": 90}, 90), ({"guide": 30}, 180), ({"": 90, "faq": 14}, 14)])
def test_the_interval_is_that_of_the_kind(content_editor, rows, days):
    for kind, every in rows.items():
        CheckInterval.objects.create(kind=kind, days=every)
    assert upkeep.confirm_true(due(0), by=content_editor).review_by == TODAY + timedelta(days=days)


def test_another_day_may_be_chosen(content_editor):
    day = TODAY + timedelta(days=10)
    assert upkeep.confirm_true(due(0), by=content_editor, again_by=day).review_by == day


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_day_that_does_not_lie_ahead_is_refused(content_editor, days):
    article = due(-3)
    with pytest.raises(InvalidTime, match="does not lie ahead"):
        upkeep.confirm_true(article, by=content_editor, again_by=TODAY + timedelta(days=days))
    assert stored(article).checked_at is None


@pytest.mark.parametrize("name", ["translator", "agent", "trader"])
def test_who_does_not_write_articles_cannot_confirm_them(request, name):
    article = due(-3)
    with pytest.raises(PermissionDenied):
        upkeep.confirm_true(article, by=request.getfixturevalue(name))
    assert stored(article).checked_at is None


def test_a_task_to_check_is_done_with_it(content_editor):
    article = due(0)
    task = ContentTask.objects.create(kind=TaskKind.CHECK, article=article)
    other = ContentTask.objects.create(kind=TaskKind.CORRECT, article=article)
    upkeep.confirm_true(article, by=content_editor)
    assert list(ContentTask.objects.open()) == [other]
    task.refresh_from_db()
    assert task.done_by == content_editor


# On the screens


def test_one_is_confirmed_on_its_own_page(editor):
    article = due(-3)
    url = reverse("admin:helpcenter_article_still_true", args=[article.pk])
    assert editor.get(url).context["form"].initial["again_by"] == TODAY + timedelta(days=180)
    answer = editor.post(url, {"again_by": "2027-01-31"}, follow=True)
    assert stored(article).review_by == date(2027, 1, 31)
    assert words(answer) == ["Still true. It is looked at again by 2027-01-31."]


@pytest.mark.parametrize("typed", ["2026-11-22", "2020-01-01", "tomorrow", "2026-13-45"])
def test_a_day_that_cannot_be_is_an_error_beside_the_field(editor, typed):
    article = due(-3)
    answer = editor.post(reverse("admin:helpcenter_article_still_true", args=[article.pk]), {"again_by": typed})
    assert answer.context["form"].errors["again_by"]
    assert typed in html(answer), "what was typed stays"
    assert stored(article).checked_at is None


def test_several_are_confirmed_at_once(editor):
    articles = [due(-days) for days in (1, 2, 3)]
    keys = [articles[0].pk, articles[2].pk]
    answer = editor.post(reverse("admin:helpcenter_desk_confirm"), {"article": keys}, follow=True)
    assert words(answer) == ["2 articles are still true."]
    assert [stored(article).checked_at is not None for article in articles] == [True, False, True]


@pytest.mark.parametrize("keys", [[], ["x"], ["-1"], ["9" * 40], ["²"]])
def test_nothing_ticked_confirms_nothing(editor, keys):
    article = due(-1)
    editor.post(reverse("admin:helpcenter_desk_confirm"), {"article": keys})
    assert stored(article).checked_at is None


def test_translators_confirm_nothing_on_the_screens(translator):
    article, client = due(-1), signed_in(translator)
    assert client.post(reverse("admin:helpcenter_desk_confirm"), {"article": [article.pk]}).status_code == 403
    assert client.post(reverse("admin:helpcenter_article_still_true", args=[article.pk])).status_code == 403
    assert stored(article).checked_at is None


def test_the_list_has_the_overdue_first_and_is_narrowed_to_an_owner(editor, content_editor, other_editor):
    mine, nobodys = due(2, content_editor), due(-1)
    due(3, other_editor)
    due(8)
    publishing.archive(due(-5), by=content_editor)
    ArticleFactory(review_by=TODAY)

    def listed(**query):
        rows = editor.get(reverse("admin:helpcenter_desk", args=["due"]), query).context["rows"]
        return [row["pk"] for row in rows]

    assert listed()[:2] == [nobodys.pk, mine.pk]
    assert len(listed()) == 3
    assert (listed(owner="me"), listed(owner="nobody")) == ([mine.pk], [nobodys.pk])


def test_owner_and_day_are_set_on_the_form(editor, content_editor, other_editor):
    article = ArticleFactory(texts={"en": "Text."})
    fields = article_form(article, owner=str(other_editor.pk), review_by="2027-02-01")
    assert editor.post(change("article", article.pk), fields).status_code == 302
    assert (stored(article).owner, stored(article).review_by) == (other_editor, date(2027, 2, 1))


def test_owners_are_people_who_work_on_content(editor, trader, agent, content_editor, translator):
    article = ArticleFactory(texts={"en": "Text."})
    form = editor.get(change("article", article.pk)).context["adminform"].form
    assert set(form.fields["owner"].queryset) == {content_editor, translator}
    assert editor.post(change("article", article.pk), article_form(article, owner=str(trader.pk))).status_code == 200
    assert stored(article).owner is None


# Reminders


def reminded():
    return sorted((notice.person.name, notice.kind) for notice in Notice.objects.select_related("person"))


@pytest.mark.parametrize(
    ("days", "kind"),
    [(8, None), (7, "check_soon"), (1, "check_soon"), (0, None), (-1, "check_overdue"), (-30, "check_overdue")],
)
def test_the_owner_hears_a_week_before_and_on_the_day_after(content_editor, days, kind):
    due(days, content_editor)
    upkeep.remind(TODAY)
    assert reminded() == ([("Clara Weiss", kind)] if kind else [])


def test_leads_hear_of_what_nobody_owns(content_lead, content_editor, administrator):
    due(-1)
    upkeep.remind(TODAY)
    assert reminded() == [("Lena Brandt", "check_overdue")]


def test_leads_hear_of_what_belongs_to_a_closed_account(content_lead, content_editor, administrator, person):
    due(-1, person("Content editors", name="Gone", is_active=False))
    upkeep.remind(TODAY)
    assert reminded() == [("Lena Brandt", "check_overdue")]


def test_without_leads_it_is_for_an_administrator(administrator):
    due(-1)
    upkeep.remind(TODAY)
    assert reminded() == [("Ada Admin", "check_overdue")]


def test_each_reminder_comes_once_however_often_the_job_runs(content_editor):
    due(5, content_editor)
    counts = [upkeep.remind(TODAY + timedelta(days=day)) for day in range(10)]
    assert counts == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert Outbox.objects.filter(consumer="mail").count() == 2


def test_a_new_day_is_reminded_of_anew(content_editor):
    article = due(-1, content_editor)
    upkeep.remind(TODAY)
    upkeep.confirm_true(article, by=content_editor, again_by=TODAY + timedelta(days=20))
    assert upkeep.remind(TODAY + timedelta(days=13)) == 1


def test_a_text_that_readers_do_not_see_reminds_nobody(content_editor):
    ArticleFactory(review_by=TODAY, owner=content_editor)
    publishing.archive(due(-1, content_editor), by=content_editor)
    assert upkeep.remind(TODAY + timedelta(days=1)) == 0


def test_the_daily_job_reminds(content_editor):
    due(-1, content_editor)
    remind_of_checks.call()
    assert reminded() == [("Clara Weiss", "check_overdue")]


# Mail

SAID = {
    "en": "should have been checked by now",
    "ja": "",
    "ar": "",
    "xx-unknown": "should have been checked by now",
}


@pytest.mark.parametrize("language", SAID)
def test_the_owner_gets_a_mail_in_their_language_with_a_link_and_no_text(person, settings, language):
    owner = person("Content editors", language=language, email="owner@example.com")
    article = due(-1, owner)
    upkeep.remind(TODAY)
    assert delivery.deliver_due() >= 1
    (message,) = mail.outbox
    link = f"{settings.SITE_URL}/admin/helpcenter/article/{article.pk}/still-true/"
    page, kind = message.alternatives[0]
    assert message.to == ["owner@example.com"]
    assert link in message.body
    assert f'href="{link}"' in page
    assert kind == "text/html"
    assert SAID[language] in message.subject
    assert 'dir="rtl"' in page or language != "ar"
    assert Notice.objects.get().mailed_at == timezone.now()


def test_a_mail_is_sent_once_though_the_outbox_tells_twice(content_editor):
    due(-1, content_editor)
    upkeep.remind(TODAY)
    delivery.deliver_due()
    Outbox.objects.update(state=State.PENDING)
    delivery.deliver_due()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_is_tried_again_and_costs_nothing_else(content_editor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    due(-1, content_editor)
    assert upkeep.remind(TODAY) == 1
    delivery.deliver_due()
    owed = Outbox.objects.get(consumer="mail")
    assert (owed.state, owed.attempts, "refused" in owed.error) == (State.PENDING, 1, True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery.deliver_due(now=lambda: timezone.now() + timedelta(minutes=1))
    assert len(mail.outbox) == 1


def test_a_title_cannot_write_headers(content_editor):
    due(-1, content_editor)
    upkeep.remind(TODAY)
    Notice.objects.update(subject="A title\nBcc: everybody@example.com")
    delivery.deliver_due()
    assert mail.outbox[0].subject.count("\n") == 0
    assert mail.outbox[0].bcc == []


def test_a_person_who_left_gets_no_mail(content_editor):
    due(-1, content_editor)
    upkeep.remind(TODAY)
    content_editor.is_active = False
    content_editor.save()
    delivery.deliver_due()
    assert mail.outbox == []
