"""Each role opens exactly its own pages of the admin: one table with the status of every cell."""

import re
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from helpcenter.models import Article, Category, SiteLanguage
from supportdesk.accounts.models import User
from tests.accounts.one_of_each import made
from tests.helpcenter.admin_forms import category_form
from tests.module_rows import ModuleRows
from tests.people import make_person

pytestmark = pytest.mark.django_db


# Who asks:    nobody  trader  agent  translator  content editor  administrator
NOBODY_ELSE = (302, 302, 403, 403, 403, 200)


EDITORS = (302, 302, 403, 403, 200, 200)
TRANSLATORS = (302, 302, 403, 200, 200, 200)
ALL_STAFF = (302, 302, 200, 200, 200, 200)
NONE = (302, 302, 403, 403, 403, 403)
POST_ALONE = (302, 302, 405, 405, 405, 405)
LED_ON = (302, 302, 302, 302, 302, 302)
OF_ANOTHER = (302, 302, 302, 302, 302, 200)  # led to the start page, as for a row that is not there
EDITORS_LED_ON = (302, 302, 302, 302, 200, 200)  # the others as for a row that is not there
# Model -> its list, the form to add one, an object, its history, the question before it is deleted.
MATRIX = {
    "accounts.user": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "accounts.apitoken": (ALL_STAFF, ALL_STAFF, OF_ANOTHER, OF_ANOTHER, NONE),  # everybody has their own
    "tickets_webhooks.endpoint": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets_webhooks.sending": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "auth.group": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "django_tasks_database.dbtaskresult": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets_channels.incomingmail": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets_channels.outgoingmail": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets_channels.deadaddress": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "outbox.outbox": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "releases.shippedrow": (EDITORS, NONE, EDITORS, EDITORS_LED_ON, NONE),  # each sees what they may change
    "helpcenter.article": (TRANSLATORS, EDITORS, TRANSLATORS, LED_ON, NONE),  # its history is a screen of its own
    "helpcenter.announcement": (EDITORS, EDITORS, EDITORS, EDITORS, NONE),
    "helpcenter.category": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, NOBODY_ELSE),
    "helpcenter.tag": (EDITORS, EDITORS, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.picture": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, NOBODY_ELSE),
    "helpcenter.synonym": (EDITORS, EDITORS, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.linkhost": (EDITORS, EDITORS, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.contract": (EDITORS, EDITORS, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.glossaryterm": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, NOBODY_ELSE),
    "helpcenter.popularsearch": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "helpcenter.sitelanguage": (EDITORS, NONE, EDITORS, EDITORS, NONE),
    "helpcenter.fact": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, EDITORS),
    "helpcenter.factkind": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, NOBODY_ELSE),
    "helpcenter.region": (EDITORS, EDITORS, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.translationstate": (TRANSLATORS, NONE, TRANSLATORS, TRANSLATORS, NONE),
    "helpcenter.teammember": (TRANSLATORS, NOBODY_ELSE, TRANSLATORS, TRANSLATORS, NOBODY_ELSE),
    "helpcenter.revision": (TRANSLATORS, NONE, TRANSLATORS, TRANSLATORS, NONE),
    "helpcenter.finding": (EDITORS, NONE, EDITORS, EDITORS, NONE),
    "helpcenter.feedback": (EDITORS, NONE, EDITORS, EDITORS, NONE),
    "helpcenter.searchlog": (EDITORS, NONE, EDITORS, EDITORS, NONE),
    "helpcenter.contenttask": (TRANSLATORS, EDITORS, TRANSLATORS, TRANSLATORS, EDITORS),
    "helpcenter.checkinterval": (EDITORS, NOBODY_ELSE, EDITORS, EDITORS, NOBODY_ELSE),
    "helpcenter.contentevent": (EDITORS, NONE, EDITORS, EDITORS, NONE),
    "helpcenter.memorysegment": (TRANSLATORS, NONE, TRANSLATORS, TRANSLATORS, NONE),
    # Team leads have these too: tests/tickets/test_admin.py
    "tickets.topic": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.topicfield": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.department": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.agent": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.macro": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.savedview": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.tag": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.triagerule": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.triagelabel": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.triagetable": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.surgesetup": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.surgetext": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.surgerule": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.signalsource": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.marketsignal": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.surgetransition": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.incident": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.bulksend": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.bulkrecipient": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.ticket": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.ticketevent": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.pendingrequest": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.routingsetup": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.routingdecision": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.decline": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.presencechange": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.calendar": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NONE),
    "tickets.slapolicy": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.warnlevel": (NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE, NOBODY_ELSE),
    "tickets.policyedition": (NOBODY_ELSE, NONE, NOBODY_ELSE, NOBODY_ELSE, NONE),
}
PAGES = ("changelist", "add", "change", "history", "delete")
WHO = ("nobody", "trader", "agent", "translator", "content editor", "administrator")


@pytest.fixture(scope="module")
def signed_in(module_rows: ModuleRows) -> dict[str, Client]:
    """Who -> a browser in which they are signed in, in the order of WHO."""
    with module_rows():
        people = {
            "trader": make_person(),
            "agent": make_person("Agents"),
            "translator": make_person("Translators"),
            "content editor": make_person("Content editors"),
            "administrator": make_person(is_superuser=True),
        }
        found = {"nobody": Client(), **{name: Client() for name in people}}
        for name, user in people.items():
            found[name].force_login(user)
    return found


@pytest.fixture
def clients(signed_in: dict[str, Client], db: None) -> dict[str, Client]:
    """Browsers of a test's own with the same cookies: what it does in one is not there in the next test."""
    found = {who: Client() for who in signed_in}
    for who, client in found.items():
        client.cookies = SimpleCookie(signed_in[who].cookies)
    return found


def address(model: str, page: str, pk: object) -> str:
    name = f"admin:{model.replace('.', '_')}_{page}"
    return reverse(name) if page in ("changelist", "add") else reverse(name, args=[pk])


@pytest.mark.parametrize("model", MATRIX)
def test_each_role_gets_the_status_of_its_cell(clients, model):
    pk = made(model)
    urls = {screen: address(model, screen, pk) for screen in PAGES}
    found = {screen: tuple(client.get(url).status_code for client in clients.values()) for screen, url in urls.items()}
    assert found == dict(zip(PAGES, MATRIX[model], strict=True))


FURTHER = [
    ("index", (), ALL_STAFF),
    ("password_change", (), (302,) * 6),
    ("jsi18n", (), ALL_STAFF),
    ("helpcenter_article_preview", ("en",), TRANSLATORS),
    ("helpcenter_article_translate", ("ja",), TRANSLATORS),
    ("helpcenter_article_exchange", (), TRANSLATORS),
    ("helpcenter_article_unpublish", ("en",), EDITORS),
    ("helpcenter_article_archive", (), EDITORS),
    ("helpcenter_article_figures", (), EDITORS),
    ("helpcenter_article_texts", ("en",), TRANSLATORS),
    ("helpcenter_article_review", ("en",), TRANSLATORS),
    ("helpcenter_article_draft", ("en",), POST_ALONE),
    ("helpcenter_article_lock", ("en",), POST_ALONE),
    ("helpcenter_article_used", (), TRANSLATORS),
    ("helpcenter_article_address", (), EDITORS),
    ("helpcenter_article_new_draft", ("en",), POST_ALONE),
    ("helpcenter_article_waiting", (), TRANSLATORS),
    ("helpcenter_article_calendar", (), TRANSLATORS),
    ("helpcenter_article_broken_links", (), TRANSLATORS),
    ("helpcenter_article_replace", (), TRANSLATORS),
    ("helpcenter_article_pictures", (), POST_ALONE),
    ("helpcenter_article_picture", ("abc", 480), (302, 302, 403, 404, 404, 404)),
    ("helpcenter_article_links", (), TRANSLATORS),
    ("helpcenter_article_facts", (), TRANSLATORS),
    ("helpcenter_article_parts", (), POST_ALONE),
    ("helpcenter_article_try", (), POST_ALONE),
    ("helpcenter_announcement_links", (), EDITORS),
    ("helpcenter_announcement_facts", (), EDITORS),
    ("helpcenter_announcement_parts", (), POST_ALONE),
    ("helpcenter_announcement_try", (), POST_ALONE),
    ("helpcenter_announcement_decide", (), LED_ON),
    ("helpcenter_article_feedback", (), EDITORS),
    ("helpcenter_article_still_true", (), EDITORS),
    ("helpcenter_articles_feedback", (), EDITORS),
    ("helpcenter_desk", ("due",), EDITORS),
    ("helpcenter_desk_search", (), POST_ALONE),
    ("helpcenter_desk_confirm", (), POST_ALONE),
    ("notices", (), ALL_STAFF),
    ("notices_bell", (), ALL_STAFF),
    ("notices_read", (), POST_ALONE),
    ("notice_settings", (), ALL_STAFF),
    ("notice", (1,), (302, 302, 404, 404, 404, 404)),
    ("helpcenter_fact_import", (), EDITORS),
    ("helpcenter_translation_work", (), TRANSLATORS),
    ("helpcenter_teammember_mine", (), TRANSLATORS),
    ("auth_user_password_change", (), NOBODY_ELSE),
    ("helpcenter_fact_export", (), TRANSLATORS),
    ("helpcenter_glossaryterm_import", (), EDITORS),
    ("helpcenter_glossaryterm_export", (), TRANSLATORS),
    ("helpcenter_category_import", (), EDITORS),
    ("helpcenter_category_export", (), TRANSLATORS),
    ("helpcenter_synonym_import", (), EDITORS),
    ("helpcenter_synonym_export", (), EDITORS),
    ("tickets_calendar_holidays", (), NOBODY_ELSE),
    ("tickets_slapolicy_promised", (), NOBODY_ELSE),
    ("tickets_triagerule_try", (), NOBODY_ELSE),
    ("releases_shippedrow_choose", (), POST_ALONE),
]
TABLES = ("fact", "glossaryterm", "category", "synonym")
WITHOUT_A_ROW = {"index", "password_change", "jsi18n", "helpcenter_teammember_mine"}
WITHOUT_A_ROW |= {"tickets_slapolicy_promised", "tickets_triagerule_try"}
WITHOUT_A_ROW |= {f"helpcenter_{model}_{verb}" for model in TABLES for verb in ("import", "export")}
WITHOUT_A_ROW |= {
    "helpcenter_article_address",
    "helpcenter_article_exchange",
    "helpcenter_articles_feedback",
    "helpcenter_desk",
}
WITHOUT_A_ROW |= {"helpcenter_desk_search", "helpcenter_desk_confirm"}
TOOLS = ("new_draft", "waiting", "calendar", "broken_links", "replace", "pictures", "picture")
WITHOUT_A_ROW |= {f"helpcenter_article_{tool}" for tool in TOOLS}
EDITOR = ("links", "facts", "parts", "try")
WITHOUT_A_ROW |= {f"helpcenter_{model}_{tool}" for model in ("article", "announcement") for tool in EDITOR}
WITHOUT_A_ROW |= {"helpcenter_announcement_decide"}  # of the announcement that the test makes
WITHOUT_A_ROW |= {"notices", "notices_bell", "notices_read", "notice", "notice_settings"}


@pytest.mark.parametrize(("name", "arguments", "row"), FURTHER, ids=[name for name, *_ in FURTHER])
def test_each_role_gets_the_status_of_its_cell_on_further_pages(clients, name, arguments, row):
    other = {"auth_user_password_change": "accounts.user", "tickets_calendar_holidays": "tickets.calendar"}
    model = other.get(name, "helpcenter.article")
    own = [] if name in WITHOUT_A_ROW else [made(model)]
    if name == "helpcenter_announcement_decide":
        arguments = (made("helpcenter.announcement"),)
    url = reverse(f"admin:{name}", args=[*own, *arguments])
    assert {who: client.get(url).status_code for who, client in clients.items()} == dict(zip(WHO, row, strict=True))


def test_nobody_is_left_out_of_the_table():
    """A model that comes to the admin has to be put into the table."""
    assert {model._meta.label_lower for model in admin.site._registry} == set(MATRIX)


def test_every_page_of_the_admin_is_in_the_table():
    known = {f"{model.replace('.', '_')}_{page}" for model in MATRIX for page in PAGES} | {name for name, *_ in FURTHER}
    answered_otherwise = {"login", "logout", "password_change_done", "autocomplete", "view_on_site", "app_list"}
    of_libraries = re.compile(r"\w+_(simple_history|sortable_update)")  # below
    found = {pattern.name for entry in admin.site.get_urls() for pattern in getattr(entry, "url_patterns", [entry])}
    assert {name for name in found - {None} if not of_libraries.fullmatch(name)} - known - answered_otherwise == set()


@pytest.mark.parametrize(
    ("model", "row"),
    [("helpcenter.category", TRANSLATORS), ("helpcenter.synonym", EDITORS), ("helpcenter.glossaryterm", TRANSLATORS)],
    ids=["category", "synonym", "glossary"],
)
def test_an_earlier_version_is_open_to_those_who_may_see_the_row(clients, model, row):
    pk = made(model)
    app, name = model.split(".")
    history = admin.site._registry[next(m for m in admin.site._registry if m._meta.label_lower == model)].model.history
    url = reverse(f"admin:{app}_{name}_simple_history", args=[pk, history.first().history_id])
    assert {who: client.get(url).status_code for who, client in clients.items()} == dict(zip(WHO, row, strict=True))


@pytest.mark.parametrize("who", ["agent", "translator"])
def test_an_earlier_version_is_put_back_by_nobody_who_may_not_change_the_row(clients, who):
    category = Category.objects.get(pk=made("helpcenter.category"))
    before = (category.slug, category.name_en)
    url = reverse("admin:helpcenter_category_simple_history", args=[category.pk, category.history.first().history_id])
    assert clients[who].post(url, category_form(slug="stolen", name_en="Stolen")).status_code == 403
    assert Category.objects.values_list("slug", "name_en").get(pk=category.pk) == before
    assert clients["content editor"].post(url, category_form(slug="back", name_en="Back")).status_code == 302
    assert Category.objects.get(pk=category.pk).name_en == "Back"


@pytest.mark.parametrize("model", ["helpcenter_sitelanguage", "helpcenter_popularsearch"])
@pytest.mark.parametrize("who", WHO[:-1])
def test_the_order_of_rows_is_changed_by_nobody_who_may_not_change_them(clients, model, who):
    first, second = SiteLanguage.objects.order_by("position")[:2]
    before = list(SiteLanguage.objects.order_by("position").values_list("code", "position"))
    data = {"updatedItems": [[str(first.pk), second.position], [str(second.pk), first.position]]}
    answer = clients[who].post(reverse(f"admin:{model}_sortable_update"), data, content_type="application/json")
    assert answer.status_code in (302, 403)
    assert list(SiteLanguage.objects.order_by("position").values_list("code", "position")) == before


def test_the_list_of_what_could_be_chosen_is_open_to_those_who_may_see_it(clients):
    made("helpcenter.article")
    asked = {"app_label": "helpcenter", "model_name": "article", "field_name": "category", "term": ""}
    found = {who: client.get(reverse("admin:autocomplete"), asked).status_code for who, client in clients.items()}
    assert found == dict(zip(WHO, TRANSLATORS, strict=True))


# Changing


@pytest.mark.parametrize("who", ["agent", "translator", "content editor"])
@pytest.mark.parametrize(
    "model", ["accounts.user", "auth.group", "helpcenter.sitelanguage", "helpcenter.popularsearch"]
)
def test_a_post_to_what_a_role_may_not_change_is_refused(clients, model, who):
    url = address(model, "change", made(model))
    assert clients[who].post(url, {"name": "x", "email": "x@example.com", "is_superuser": "on"}).status_code == 403


@pytest.mark.parametrize("model", [model for model, rows in MATRIX.items() if rows[1] == NONE])
@pytest.mark.parametrize("who", ["content editor", "administrator"])
def test_nothing_adds_or_deletes_a_record(clients, model, who):
    pk = made(model)
    assert clients[who].post(address(model, "add", pk), {}).status_code == 403
    assert clients[who].post(address(model, "delete", pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["agent", "translator"])
def test_only_those_who_publish_take_a_text_back(clients, who):
    pk = made("helpcenter.article")
    assert clients[who].post(reverse("admin:helpcenter_article_unpublish", args=[pk, "en"])).status_code == 403
    assert (
        clients["content editor"].get(reverse("admin:helpcenter_article_preview", args=[pk, "en"])).status_code == 200
    )


@pytest.mark.parametrize("who", ["agent", "translator"])
def test_only_those_who_publish_retire_an_article_or_bring_it_back(clients, who):
    url = reverse("admin:helpcenter_article_archive", args=[made("helpcenter.article")])
    assert clients[who].post(url, {}).status_code == 403
    assert Article.objects.get().archived_at is None
    assert clients["content editor"].post(url, {}).status_code == 302
    assert clients[who].post(url, {"_restore": "1"}).status_code == 403
    assert Article.objects.get().archived_at is not None


def test_an_editor_cannot_make_themselves_an_administrator(clients):
    me = User.objects.filter(groups__name="Content editors").get()
    clients["content editor"].post(address("accounts.user", "change", me.pk), {"email": me.email, "is_superuser": "on"})
    assert not User.objects.get(pk=me.pk).is_superuser
