"""Cards: what messengers and social networks show of a link."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from helpcenter.actions import drafting, picturing
from supportdesk.settings.languages import SHIPPED
from tests.helpcenter.dom import TWELVE, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory
from tests.helpcenter.samples import drawing, encoded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SITE = "http://testserver"
# Names of locales as Open Graph's readers know them: https://developers.facebook.com/docs/internationalization/
LOCALES = {
    "en": "en_US", "zh-hans": "zh_CN", "zh-hant": "zh_TW", "ja": "ja_JP", "ko": "ko_KR", "ru": "ru_RU", "es": "es_ES",
    "fr": "fr_FR", "pt-br": "pt_BR", "tr": "tr_TR", "vi": "vi_VN", "ar": "ar_AR",
}  # fmt: skip


def card(page):
    """property -> its values in order."""
    found = {}
    for meta in page.all("meta", property=True):
        found.setdefault(meta["property"], []).append(meta["content"])
    return found


def test_every_shipped_language_has_a_locale():
    assert set(LOCALES) == {code for code, _ in SHIPPED}


def test_an_article_names_itself_its_address_and_its_languages(client):
    ArticleFactory(
        slug="x", texts={code: drafting.Text(f"Title {code}", "Text.", 'A "sum" & <more>') for code in TWELVE}
    )
    for language in TWELVE:
        found = card(read(client, f"/{language}/articles/x/"))
        assert found["og:title"] == [f"Title {language}"]
        assert found["og:description"] == ['A "sum" & <more>']
        assert found["og:url"] == [f"{SITE}/{language}/articles/x/"]
        assert found["og:type"] == ["article"]
        assert found["og:site_name"] == [settings.SITE_NAME]
        assert found["og:locale"] == [LOCALES[language]]
        assert set(found["og:locale:alternate"]) == set(LOCALES.values()) - {LOCALES[language]}


def test_a_text_in_another_language_says_which(client):
    ArticleFactory(slug="x", texts={"ja": "本文。", "fr": "Texte."}, source_language="ja")
    page = read(client, "/ko/articles/x/")
    found = card(page)
    assert found["og:locale"] == ["ja_JP"]
    assert found["og:locale:alternate"] == ["fr_FR"]
    assert found["og:url"] == [SITE + page.canonical] == [f"{SITE}/ja/articles/x/"]


@pytest.mark.parametrize("path", ["", "categories/topic/", "articles/x/", "announcements/", "announcements/news/"])
def test_without_a_picture_of_its_own_a_page_shows_the_sites(client, path):
    AnnouncementFactory(slug="news", published_at=timezone.now() - timedelta(hours=1))
    ArticleFactory(slug="x", category=CategoryFactory(slug="topic"), texts={"en": "Text."})
    page = read(client, f"/en/{path}")
    found = card(page)
    assert found["og:image"] == [f"{SITE}/static/ui/img/share.png"]
    assert (found["og:image:width"], found["og:image:height"]) == (["1200"], ["630"])
    assert page.one("meta", name="twitter:card")["content"] == "summary_large_image"
    assert found["og:title"][0]


def test_the_first_picture_of_an_article_is_its_image_in_its_true_size(client):
    picturing.save_picture("page.png", "en", encoded("PNG", drawing(1600, 900)), by=None)
    article = "![Where “Save” & more are](pictures/page.png)\n\nText."
    ArticleFactory(slug="x", texts={"en": article})
    found = card(read(client, "/en/articles/x/"))
    assert found["og:image:alt"] == ["Where “Save” & more are"]
    (address,) = found["og:image"]
    response = client.get(address.removeprefix(SITE))
    assert response.status_code == 200
    (settings.SCRATCH / "card.webp").write_bytes(response.content)
    with Image.open(settings.SCRATCH / "card.webp") as image:
        assert ([str(image.width)], [str(image.height)]) == (found["og:image:width"], found["og:image:height"])


def test_the_picture_of_the_site_is_small_and_of_the_size_that_it_claims():
    path = settings.BASE_DIR / "supportdesk" / "ui" / "static" / "ui" / "img" / "share.png"
    with Image.open(path) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert path.stat().st_size < 30_000


@pytest.mark.parametrize("path", ["search/?q=x", "articles/nothing/"])
def test_pages_that_nobody_shares_have_no_card(client, path):
    response = client.get(f"/en/{path}")
    assert b"og:title" not in response.content
