"""A good file is stored and published with every key, translation and picture that it names."""

import pytest
from django.core.exceptions import PermissionDenied

from helpcenter.models import Article, Category, ContentEvent, PictureFile, Revision, TranslationState
from tests.helpcenter.factories import stored
from tests.helpcenter.importing import FIVE, counts, errors, run, warnings
from tests.helpcenter.samples import document, encoded, files_below

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_every_key_of_the_front_matter_arrives(folder):
    text = document(
        "Text.", title='"Mark price"', slug="mark-price", lang="en", category="trading", type="guide",
        summary='"In short."', audience="agents", source_lang="en", tags="[2fa, sign-in]", promoted="true",
        source="bitcoin.org",
    )  # fmt: skip
    run(folder, {"en/a.md": text})
    article = Article.objects.get()
    assert (article.slug, article.kind, article.audience) == ("mark-price", "guide", "agents")
    assert (article.category.slug, article.source_language, article.is_promoted) == ("trading", "en", True)
    assert [row.tag.slug for row in article.tag_rows.all()] == ["2fa", "sign-in"]
    assert stored(article, "title", "en") == "Mark price"
    assert stored(article, "summary", "en") == "In short."
    assert Revision.objects.get().extra == "source: bitcoin.org"


@pytest.mark.parametrize(
    ("language", "body", "sentence"),
    [
        ("en", "The first. The second.", "The first."),
        ("zh-hans", "第一句。第二句。", "第一句。"),
        ("ja", "一つ目です。二つ目です。", "一つ目です。"),
        ("ko", "첫 문장입니다. 둘째 문장입니다.", "첫 문장입니다."),
        ("ar", "هل هذا أول؟ نعم.", "هل هذا أول؟"),
        ("en", "## Heading\n\nThe first. The second.", "The first."),
        ("en", "![A picture](/img/x.png)\n\nThe first. The second.", "The first."),
    ],
)
def test_what_is_missing_is_filled_as_documented(folder, language, body, sentence):
    run(folder, {f"{language}/mark-price.md": document(body, category="new-topic")})
    article = Article.objects.get()
    assert (article.slug, article.kind, article.audience) == ("mark-price", "faq", "public")
    assert stored(article, "summary", language) == sentence
    assert article.category.name_en == "New topic"


@pytest.mark.parametrize(
    ("written", "title"),
    [("No", "No"), ("yes", "yes"), ("1.10", "1.10"), ("12:30", "12:30"), ("1_000", "1_000"), ("0x1F", "0x1F")],
)
def test_a_title_without_quotation_marks_is_taken_as_it_is_written(folder, written, title):
    report = run(folder, {"en/a.md": document(title=written)})
    assert report.errors == []
    assert stored(Article.objects.get(), "title", "en") == title


@pytest.mark.parametrize("written", ["007", "no", "null", "on", "0x10", "1_0", "2fa", "2026-01-01"])
def test_a_slug_is_taken_as_it_is_written(folder, written):
    assert errors(run(folder, {"en/a.md": document(slug=written)})) == []
    assert Article.objects.get().slug == written


def test_byte_order_marks_and_windows_line_ends_are_no_part_of_the_text(folder):
    run(folder, {"en/a.md": b"\xef\xbb\xbf" + document("One.\n\nTwo.").replace("\n", "\r\n").encode()})
    assert stored(Article.objects.get(), "body", "en") == "One.\n\nTwo.\n"


def test_translations_join_their_source_and_are_up_to_date(folder):
    report = run(folder, {f"{code}/a.md": document(f"## A {{#a}}\n\n{code}") for code in FIVE})
    assert (report.imported, report.published, report.errors) == (5, 5, [])
    article = Article.objects.get()
    assert article.source_language == "en"
    assert all(state.is_published and not state.outdated for state in TranslationState.objects.all())


def test_a_source_other_than_english_speaks_for_the_article(folder):
    japanese = document("日本語", source_lang="ja", category="trading", tags="[one]")
    files = {"ja/a.md": japanese, "en/a.md": document("English", category="other"), "ko/a.md": document("한국어")}
    assert errors(run(folder, files)) == []
    article = Article.objects.get()
    assert (article.source_language, article.category.slug) == ("ja", "trading")
    assert [row.tag.slug for row in article.tag_rows.all()] == ["one"]
    korean = Revision.objects.get(language="ko")
    assert korean.based_on.language == "ja"


def test_keys_of_the_article_are_read_from_the_source_language_only(folder):
    files = {"en/a.md": document(), "ja/a.md": document(category="other", type="guide", promoted="true")}
    run(folder, files)
    article = Article.objects.get()
    assert (article.category.slug, article.kind, article.is_promoted) == ("help", "faq", False)
    assert not Category.objects.filter(slug="other").exists()


def test_without_publish_everything_is_a_draft(folder):
    report = run(folder, {"en/a.md": document(), "ja/a.md": document()}, publish=False)
    assert (report.imported, report.published) == (2, 0)
    assert not TranslationState.objects.published().exists()
    assert Revision.objects.count() == 2


@pytest.mark.both
def test_importing_again_changes_nothing(folder, media):
    files = {f"{code}/a.md": document(f"{code} ![x](pictures/a.jpg)", tags="[one]") for code in FIVE}
    files |= {"en/b.md": document(related="[a]"), "en/pictures/a.jpg": encoded("JPEG")}
    run(folder, files)
    before, kept = counts(), files_below(media)
    report = run(folder, {})
    assert (report.imported, report.published, report.unchanged) == (0, 0, 6)
    assert counts() == before
    assert files_below(media) == kept


def test_a_changed_source_makes_unchanged_translations_outdated(folder):
    text = "## A {#a}\n\none\n\n## B {#b}\n\ntwo"
    run(folder, {"en/a.md": document(text), "ja/a.md": document(text), "ko/a.md": document(text)})
    run(folder, {"en/a.md": document(text.replace("two", "three")), "ko/a.md": document(text.replace("two", "셋"))})
    states = {state.language: [part.key for part in state.outdated_parts] for state in TranslationState.objects.all()}
    assert states == {"en": [], "ja": ["section:b"], "ko": []}


def test_parts_named_as_outdated_are_so_until_the_file_no_longer_names_them(folder):
    text = "## A {#a}\n\none"
    run(folder, {"en/a.md": document(text), "ja/a.md": document(text, outdated='["section:a"]')})
    state = TranslationState.objects.get(language="ja")
    assert [part.key for part in state.outdated_parts] == ["section:a"]
    run(folder, {"ja/a.md": document(text)})
    state.refresh_from_db()
    assert state.outdated_parts == []


def test_related_articles_come_in_their_order_and_unknown_ones_are_warned_of(folder):
    files = {"en/a.md": document(related="[c, nobody, b, a]"), "en/b.md": document(), "en/c.md": document()}
    report = run(folder, files)
    assert [row.to.slug for row in Article.objects.get(slug="a").related_rows.all()] == ["c", "b"]
    assert [file for file, _ in warnings(report)] == ["en/a.md"]
    assert "nobody" in report.warnings[0].message


@pytest.mark.parametrize(
    "name", ["截图.png", "スクリーン.png", "스크린샷.webp", "لقطة.png", "shot (1).png", "shot(1).png"]
)
def test_a_picture_with_any_name_is_taken_and_shown(folder, name):
    kind = "WEBP" if name.endswith("webp") else "PNG"
    files = {"en/a.md": document(f"![x](<pictures/{name}>)"), f"en/pictures/{name}": encoded(kind)}
    report = run(folder, files)
    assert (report.errors, report.warnings) == ([], [])
    assert "<img" in stored(Article.objects.get(), "html", "en")


def test_a_picture_by_reference_is_taken_and_shown(folder):
    files = {"en/a.md": document("![x][p]\n\n[p]: pictures/a.png"), "en/pictures/a.png": encoded("PNG")}
    assert errors(run(folder, files)) == []
    assert "<img" in stored(Article.objects.get(), "html", "en")


def test_a_language_may_use_the_picture_of_another(folder):
    body = "![x](pictures/a.png)"
    files = {"en/a.md": document(body), "ja/a.md": document(body), "en/pictures/a.png": encoded("PNG")}
    assert errors(run(folder, files)) == []
    assert "<img" in stored(Article.objects.get(), "html", "ja")
    assert list(PictureFile.objects.values_list("language", flat=True)) == ["en"]


def test_only_folders_of_languages_are_read_and_the_rest_is_listed(folder):
    files = {"en/a.md": document(), "en/notes.txt": "x", "README.md": "x", "LICENSE": "x", "img/a.png": b"x"}
    report = run(folder, {**files, "_includes/b.md": document(), ".git/config": "x"})
    assert report.ignored == [".git", "LICENSE", "README.md", "_includes", "img"]
    assert report.imported == 1


def test_importing_needs_its_rights(folder, translator, content_lead):
    with pytest.raises(PermissionDenied):
        run(folder, {"en/a.md": document()}, by=translator)
    assert not Article.objects.exists()
    assert run(folder, {}, by=content_lead).published == 1
    assert set(ContentEvent.objects.values_list("by", flat=True)) == {content_lead.pk}
