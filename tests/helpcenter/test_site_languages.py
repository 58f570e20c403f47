"""Languages of a site: one that is switched off, and one that the operator adds."""

import shutil
from copy import deepcopy

import pytest
from django.utils.translation import gettext, override

from helpcenter import freshness
from helpcenter.actions import drafting
from helpcenter.models import Article, Revision, SiteLanguage, TranslationState
from tests.helpcenter.dom import TWELVE, Page, fold, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text, stored
from tests.own_site import OwnSite

PATHS = ("", "articles/fees/", "categories/money/", "announcements/", "search/?q=fees", "feedback/fees/thanks/")


def switch(is_public, *codes):
    SiteLanguage.objects.filter(code__in=codes).update(is_public=is_public)
    freshness.bump()


def fall_back(code, *codes):
    SiteLanguage.objects.filter(code=code).update(fallbacks=list(codes))
    freshness.bump()


@pytest.fixture(scope="module")
def written(module_rows):
    texts = {code: drafting.Text(f"Fees {code}", "Text.") for code in ("en", "ko", "ja", "zh-hans", "zh-hant")}
    with module_rows():
        return ArticleFactory(slug="fees", category=CategoryFactory(slug="money"), texts=texts)


@pytest.fixture
def article(written, db):
    return deepcopy(written)


def notices(page):
    return [band.words for band in page.all("div", class_="band")]


# Switched off


@pytest.mark.parametrize("path", [*PATHS, "announcements/feed/"])
def test_a_page_in_a_language_that_is_off_leads_to_the_same_page_in_the_next_best(client, article, path):
    switch(False, "ko")
    response = client.get(f"/ko/{path}")
    assert response.status_code == 302
    assert response["Location"].partition("?")[0] == f"/en/{path.partition('?')[0]}"
    assert "public" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("off", "shown"), [("ko", "en"), ("zh-hant", "zh-hans"), ("en", "ja")])
def test_the_reader_is_told_so_in_the_language_that_is_shown(client, article, path, off, shown):
    fall_back("en", "ja")
    switch(False, off)
    page = Page(client.get(f"/{off}/{path}", follow=True).content.decode())
    names = {"ko": "한국어", "zh-hant": "繁體中文", "en": "English"}
    with override(shown):
        message = gettext(
            "This help centre is not available in %(name)s at the moment. You see the page in another language."
        )
    assert notices(page) == [fold(message % {"name": names[off]})]


@pytest.mark.parametrize(
    ("off", "fallbacks", "asked", "shown"),
    [(["ko"], [], "ko", "en"), (["ko"], ["ja", "ru"], "ko", "ja"), (["ko", "ja"], ["ja", "ru"], "ko", "ru"),
     (["zh-hant"], ["ja"], "zh-hant", "zh-hans"), (["zh-hant", "zh-hans"], ["ja"], "zh-hant", "ja"),
     (["ko", "en"], [], "ko", "zh-hans"), ([code for code in TWELVE if code != "ar"], [], "ko", "ar")],
)  # fmt: skip
def test_the_next_best_language_is_one_that_is_on(client, article, off, fallbacks, asked, shown):
    fall_back(asked, *fallbacks)
    switch(False, *off, "xx")
    response = client.get(f"/{asked}/articles/fees/", follow=True)
    assert len(response.redirect_chain) == 1
    assert response.redirect_chain[0][0].startswith(f"/{shown}/articles/fees/")
    assert response.status_code == 200


def test_what_was_asked_is_asked_again_in_the_other_language(client, article):
    switch(False, "ko")
    response = client.get("/ko/search/?q=강제+청산&kind=faq", follow=True)
    page = Page(response.content.decode())
    assert page.main.one("input", name="q")["value"] == "강제 청산"
    assert client.get("/ko/categories/money/?page=2")["Location"].startswith("/en/categories/money/?page=2")


def test_no_menu_and_no_page_offers_a_language_that_is_off(client, article):
    switch(False, "ko", "zh-hant")
    for path in ("", "articles/fees/", "search/?q=fees"):
        page = read(client, f"/en/{path}")
        assert not {"ko", "zh-Hant"} & page.menu.keys()
        assert not {"ko", "zh-Hant"} & page.alternates.keys()


def test_texts_and_drafts_stay_and_come_back(client, article):
    draft = save_text(article, "ko", drafting.Text("초안", "Text."))
    before = Revision.objects.count()
    switch(False, "ko")
    assert client.get("/ko/articles/fees/").status_code == 302
    assert Revision.objects.count() == before
    assert TranslationState.objects.get(article=article, language="ko").latest == draft
    assert stored(article, "title", "ko") == "Fees ko"
    switch(True, "ko")
    page = read(client, "/ko/articles/fees/")
    assert page.one("h1").words == "Fees ko"
    assert notices(page) == []


def test_translators_go_on_working_while_a_language_is_off(client, article):
    switch(False, "ko")
    publish_text(article, "ko", drafting.Text("새 제목", "Text."))
    switch(True, "ko")
    assert read(client, "/ko/articles/fees/").one("h1").words == "새 제목"


@pytest.mark.parametrize("value", ["en", "ja", "nonsense", "", "<script>alert(1)</script>", "x" * 5000, "ko\0"])
def test_nobody_can_make_a_page_say_so_of_a_language_that_is_on(client, article, value):
    switch(False, "ko")
    page = Page(client.get("/en/articles/fees/", {"off": value}).content.decode())
    assert notices(page) == []
    assert len(page.scripts) == 2


def test_a_language_that_is_on_again_is_no_longer_called_off_on_pages_that_were_kept(client, article):
    switch(False, "ko")
    assert notices(read(client, "/en/?off=ko"))
    switch(True, "ko")
    assert notices(read(client, "/en/?off=ko")) == []


def test_a_missing_page_is_missing_in_the_other_language_too(client, article):
    switch(False, "ko")
    response = client.get("/ko/articles/absent/", follow=True)
    assert response.status_code == 404


def test_a_site_with_every_language_off_sends_nobody_in_circles(client, article):
    switch(False, *TWELVE)
    SiteLanguage.objects.create(code="xx", is_public=False)
    freshness.bump()
    response = client.get("/ko/articles/fees/", follow=True)
    assert len(response.redirect_chain) <= 1


def test_an_operator_switches_a_language_off_in_the_admin(client, article, administrator):
    assert client.get("/ko/").status_code == 200
    client.force_login(administrator)
    row = SiteLanguage.objects.get(code="ko")
    form = {"fallbacks": '["ja"]', "position": row.position}
    response = client.post(f"/admin/helpcenter/sitelanguage/{row.pk}/change/", form)
    assert response.status_code == 302, response.context["errors"]
    client.logout()
    assert client.get("/ko/articles/fees/")["Location"].startswith("/ja/articles/fees/")


@pytest.mark.parametrize("fallbacks", ['["qq"]', '["ko"]', '"ja"', "{}", "[1]", "nonsense"])
def test_the_admin_refuses_fallbacks_that_make_no_sense(client, administrator, fallbacks):
    client.force_login(administrator)
    row = SiteLanguage.objects.get(code="ko")
    form = {"fallbacks": fallbacks, "position": row.position, "is_public": "on"}
    response = client.post(f"/admin/helpcenter/sitelanguage/{row.pk}/change/", form)
    assert response.status_code == 200
    assert response.context["errors"]
    assert SiteLanguage.objects.get(code="ko").fallbacks == []


# Added, on a site of its own: its columns do not exist in the database of these tests

THAI = """---
title: "ค่าธรรมเนียม"
slug: fees
lang: th
category: money
---

ค่าธรรมเนียมการซื้อขายคือ 0.05%
"""
# In the process that goes on with the site: starting another one takes longer than most of what it does.
SET_UP = """
from django.core.management import call_command
call_command("set_up", verbosity=0)
"""
STATUSES = """
from django.test import Client
print([Client().get(path).status_code for path in {}])
"""
READ = """
from django.test import Client
from django.db import connection
client = Client()
for path in ("/th/", "/th/articles/fees/", "/en/articles/fees/", "/ja/articles/fees/", "/th/categories/money/",
             "/th/search/?q=ค่าธรรมเนียม", "/sitemap.xml"):
    answer = client.get(path)
    print("=====", path, answer.status_code)
    print(answer.content.decode())
"""


def pages_of(printed):
    """Path -> (status, body) of what `READ` printed."""
    found = {}
    for part in printed.split("===== ")[1:]:
        head, _, body = part.partition("\n")
        path, _, status = head.rpartition(" ")
        found[path] = (int(status), body)
    return found


@pytest.fixture(scope="module")
def thai_site(tmp_path_factory):
    """A site that ran with the twelve for a while, then got Thai, and a text in it."""
    folder = tmp_path_factory.mktemp("thai")
    for code, text in (("th", THAI), ("en", "---\ntitle: Fees\ncategory: money\n---\n\nThe fee is 0.05%.\n")):
        (folder / "texts" / code).mkdir(parents=True)
        (folder / "texts" / code / "fees.md").write_text(text, encoding="utf-8")
    site = OwnSite(folder, EXTRA_LANGUAGES="th", SITE_URL="http://testserver")
    site.run(f"{SET_UP}call_command('import_articles', {str(folder / 'texts')!r}, publish=True, verbosity=0)")
    return site


@pytest.fixture(scope="module")
def thai_pages(thai_site):
    return pages_of(thai_site.run(READ))


def test_an_added_language_has_its_pages(thai_pages):
    assert {path: status for path, (status, _) in thai_pages.items()} == dict.fromkeys(thai_pages, 200)
    page = Page(thai_pages["/th/articles/fees/"][1])
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("th", "ltr")
    assert page.one("h1").words == "ค่าธรรมเนียม"
    assert "0.05%" in page.main.one("div", data_content=True).words
    assert not page.main.all("div", class_="notice")


def test_an_added_language_is_in_every_menu_under_its_own_name(thai_pages):
    for path in ("/th/", "/en/articles/fees/", "/ja/articles/fees/"):
        page = Page(thai_pages[path][1])
        assert "ไทย" in page.menu["th"].one("span").words
        assert page.alternates["th"].startswith("/th/")


def test_an_added_language_is_listed_found_and_in_the_sitemap(thai_pages):
    assert "ค่าธรรมเนียม" in Page(thai_pages["/th/categories/money/"][1]).main.one("ul", class_="rows").words
    assert "/th/articles/fees/" in thai_pages["/th/search/?q=ค่าธรรมเนียม"][1]
    assert "http://testserver/th/articles/fees/" in thai_pages["/sitemap.xml"][1]


def test_other_languages_still_fall_back_as_they_did(thai_pages):
    assert Page(thai_pages["/ja/articles/fees/"][1]).one("h1").words == "Fees"


def test_the_set_up_brings_back_what_a_migration_dropped(thai_site):
    """SQLite makes a table anew to change it, and leaves out columns that the migrations do not know."""
    columns = [row[1] for row in thai_site.sql("PRAGMA table_info(helpcenter_article)") if row[1].endswith("_th")]
    assert len(columns) == 5
    for name in columns:
        thai_site.sql(f"ALTER TABLE helpcenter_article DROP COLUMN {name}")
    assert "Ready; 1 published text" in thai_site.manage("set_up")
    pages = pages_of(thai_site.run(READ))
    assert Page(pages["/th/articles/fees/"][1]).one("h1").words == "ค่าธรรมเนียม"
    assert "Ready; 0 published text" in thai_site.manage("set_up")


def test_the_history_of_a_topic_knows_the_added_language(thai_site):
    printed = thai_site.run(
        "from helpcenter.models import Category\n"
        "topic = Category.objects.get(slug='money')\n"
        "topic.name_th = 'เงิน'\n"
        "topic.save()\n"
        "print(topic.history.first().name_th)"
    )
    assert printed.strip() == "เงิน"


def test_a_language_that_is_taken_away_again_leaves_a_site_that_works(thai_site, tmp_path):
    shutil.copy(thai_site.database, tmp_path / "site.sqlite3")
    site = OwnSite(tmp_path)
    paths = ("/en/articles/fees/", "/th/articles/fees/", "/en/search/?q=fee", "/en/categories/money/", "/sitemap.xml")
    printed = site.run(f"{SET_UP}{STATUSES.format(paths)}")
    assert str([200, 404, 200, 200, 200]) in printed


@pytest.mark.parametrize(("codes", "paths"), [("tl,fil", ["/tl/", "/fil/"]), ("TH, ,th,en", ["/th/"])])
def test_codes_that_django_does_not_know_and_carelessly_written_ones_work(tmp_path, codes, paths):
    site = OwnSite(tmp_path, EXTRA_LANGUAGES=codes)
    printed = site.run(f"{SET_UP}{STATUSES.format(paths)}")
    assert str([200] * len(paths)) in printed


@pytest.mark.django_db
def test_the_database_of_these_tests_has_the_twelve_alone():
    names = {field.name for field in Article._meta.get_fields()}
    assert "title_ar" in names
    assert not {"title_th", "title_xx"} & names
