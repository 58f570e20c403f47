"""A folder of documents comes in: what is good is stored and published, what is bad is named and left out whole."""

import io
import json
import os

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from helpcenter.actions.folder_import import FolderImport
from helpcenter.enums import FindingKind
from helpcenter.models import (
    Announcement,
    Article,
    Category,
    ContentEvent,
    Finding,
    Picture,
    PictureFile,
    Revision,
    Tag,
    TranslationState,
)
from supportdesk.ui.languages import column
from tests.helpcenter.factories import stored
from tests.helpcenter.samples import document, drawing, encoded, files_below, png_claiming, write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
FIVE = ["en", "zh-hans", "ja", "ko", "ar"]
MODELS = (Article, Revision, TranslationState, Category, Tag, Picture, PictureFile, Announcement, Finding, ContentEvent)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "help"


def run(folder, files, **options):
    options = {"publish": True, **options}
    return FolderImport(write_folder(folder, files), **options).run()


def errors(report):
    return [(error.file, error.line) for error in report.errors]


def warnings(report):
    return [(warning.file, warning.line) for warning in report.warnings]


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


# --- Bad files ------------------------------------------------------------------------------------------------------

NUL = "One.\n\nTwo\0three."
BAD_DOCUMENTS = {
    # name: (the document, the line that is to blame, a word of the message)
    "another language than its folder": (document(lang="ja"), 4, "folder"),
    "an unknown language": (document(lang="klingon"), 4, "language"),
    "no front matter": ("Just text.\n", 1, "front matter"),
    "an empty file": ("", 1, "front matter"),
    "front matter without an end": ('---\ntitle: "A"\ncategory: help\n\nText.\n', 1, "end"),
    "a quotation mark that is never closed": ('---\ntitle: "A\ncategory: help\n---\n\nText.\n', None, "YAML"),
    "a tab in front of a key": ('---\ntitle: "A"\n\tcategory: help\n---\n\nText.\n', 3, "YAML"),
    "two colons": ("---\ntitle: A\ncategory: help: me\n---\n\nText.\n", 3, "YAML"),
    "a list instead of keys": ("---\n- title\n- category\n---\n\nText.\n", 1, "keys"),
    "words instead of keys": ("---\ntitle\n---\n\nText.\n", 1, "keys"),
    "Python in YAML": ("---\ntitle: !!python/object/apply:os.getcwd []\n---\n\nText.\n", 2, "YAML"),
    "an unknown anchor": ("---\ntitle: *nobody\n---\n\nText.\n", 2, "YAML"),
    "very deep YAML": (f"---\ntitle: {'[' * 20_000}\n---\n\nText.\n", 1, "YAML"),
    "a date that does not exist": (document(changed="2026-13-45"), 1, "YAML"),
    "no title": (document(title=None), 1, "title"),
    "an empty title": (document(title='"  "'), 2, "title"),
    "a title in pieces": (document(title="[one, two]"), 2, "title"),
    "a title of 201 characters": (document(title="清" * 201), 2, "201"),
    "no category": (document(category=None), 1, "category"),
    "a category that is no slug": (document(category="How it works?"), 3, "category"),
    "a category that climbs": (document(category="../../etc"), 3, "category"),
    "a summary of 301 characters": (document(summary="x" * 301), 4, "301"),
    "an unknown type": (document(type="poem"), 4, "poem"),
    "an unknown audience": (document(audience="everyone"), 4, "everyone"),
    "an unknown source language": (document(source_lang="tlh"), 4, "tlh"),
    "promoted neither true nor false": (document(promoted="maybe"), 4, "promoted"),
    "tags that are no list": (document(tags="one"), 4, "tags"),
    "a tag with spaces": (document(tags="[good, not good]"), 4, "tags"),
    "a related path": (document(related="[../secret]"), 4, "related"),
    "a slug with a path": (document(slug="../../etc/passwd"), 4, "slug"),
    "a slug with spaces": (document(slug="a b"), 4, "slug"),
    "a slug of another script": (document(slug="清算"), 4, "slug"),
    "a slug with a long s": (document(slug="ſlug"), 4, "slug"),
    "a slug with the sign of kelvin": (document(slug="\u212aelvin"), 4, "slug"),
    "a slug with a line end": (document(slug='"a\\nb"'), 4, "slug"),
    "a slug of 121 letters": (document(slug="a" * 121), 4, "121"),
    "a null character": (document(NUL), 8, "null"),
    "a null character in the title": (document(title='"a\\0b"'), 2, "null"),
    "a text of more than 400,000 characters": (document("a" * 400_001), None, "400"),
    "not UTF-8": (document("One.\n\nGebühr").encode("latin-1"), 8, "UTF-8"),
    "UTF-16": (document().encode("utf-16"), 1, "UTF-8"),
    "Shift JIS": (document("清算価格").encode("shift-jis"), 6, "UTF-8"),
    "half a character": (document("清").encode()[:-2], 6, "UTF-8"),
    "a link that climbs out": (document("One.\n\n[x](../../../etc/passwd)"), 8, "climbs"),
    "a picture that climbs out": (document("![x](../../secret.png)"), 6, "climbs"),
    "a picture that climbs out of its folder": (document("![x](pictures/../../../a.png)"), 6, "climbs"),
    "a link in angle brackets that climbs out": (document("[x](<../../a b.md>)"), 6, "climbs"),
    "a reference that climbs out": (document("One [x].\n\n[x]: ../../secret.md"), 8, "climbs"),
    "an encoded link that climbs out": (document("[x](%2e%2e/%2e%2e/secret.md)"), 6, "climbs"),
    "a missing picture": (document("One.\n\nTwo\n![x](pictures/none.png)"), 9, "none.png"),
    "a missing picture by reference": (document("![x][p]\n\n[p]: pictures/none.png"), None, "none.png"),
    "a missing picture in a link": (document("[![x](pictures/none.png)](fees.md)"), 6, "none.png"),
    "a missing picture with a caption": (document('![x](pictures/none.png "Caption")'), 6, "none.png"),
    "a picture without a name": (document("![x](pictures/)"), 6, "pictur"),
    "a picture named by a pattern": (document("![x](pictures/*)"), 6, "pictur"),
    "a picture with a very long name": (document(f"![x](pictures/{'a' * 300}.png)"), 6, "pictur"),
    "a picture whose name does not fit": (document(f"![x](pictures/{'b' * 120}.png)"), 6, "pictur"),
    "a picture that is a program": (document("One.\n\n![x](pictures/program.png)"), 8, "program.png"),
    "a picture that is damaged": (document("![x](pictures/damaged.png)"), 6, "damaged.png"),
    "a picture that is huge": (document("![x](pictures/huge.png)"), 6, "huge.png"),
    "a second picture that is missing": (document("![x](pictures/fine.png)\n\n![x](pictures/none.png)"), 8, "none.png"),
}
PICTURES = {
    "en/pictures/program.png": b"MZ\x90\0" + b"\0" * 600,
    "en/pictures/damaged.png": encoded("PNG", drawing(300, 300))[:200],
    "en/pictures/huge.png": png_claiming(20_000, 20_000),
    "en/pictures/fine.png": encoded("PNG"),
    f"en/pictures/{'b' * 120}.png": encoded("PNG"),
}


@pytest.mark.both
@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_a_bad_file_is_named_with_its_line_and_left_out_and_the_rest_comes_in(folder, name):
    content, line, word = BAD_DOCUMENTS[name]
    bad = document("Bad.") if content is None else content
    report = run(folder, {"en/bad.md": bad, "en/good.md": document("Good."), **PICTURES})
    (error,) = report.errors
    assert error.file == "en/bad.md"
    assert line is None or error.line == line
    assert word in error.message
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]
    assert stored(Article.objects.get(), "body", "en") == "Good.\n"


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_nothing_of_a_bad_file_stays(folder, media, name):
    content, _, _ = BAD_DOCUMENTS[name]
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    if "category: help" in text:
        content = text.replace("category: help", "category: bad-only\ntags: [bad-only]")
        content = content.encode("latin-1") if isinstance(BAD_DOCUMENTS[name][0], bytes) else content
    run(folder, {"en/bad.md": content, **PICTURES})
    assert counts() == dict.fromkeys(counts(), 0)
    assert files_below(media) == {}


def make_symlink(folder):
    (folder / "en/bad.md").symlink_to(folder / "outside.txt")


def make_dangling_symlink(folder):
    (folder / "en/bad.md").symlink_to(folder / "nowhere.md")


def make_symlink_to_itself(folder):
    (folder / "en/bad.md").symlink_to(folder / "en/bad.md")


def make_fifty_megabytes(folder):
    with (folder / "en/bad.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)


def make_folder(folder):
    (folder / "en/bad.md").mkdir()


@pytest.mark.parametrize(
    "make",
    [make_symlink, make_dangling_symlink, make_symlink_to_itself, make_fifty_megabytes, make_folder],
    ids=lambda make: make.__name__,
)
def test_what_is_no_ordinary_file_is_named_and_left_out(folder, make):
    write_folder(folder, {"en/good.md": document(), "outside.txt": document()})
    make(folder)
    report = run(folder, {})
    assert [file for file, _ in errors(report)] == ["en/bad.md"]
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


def test_a_language_folder_that_is_a_symbolic_link_is_not_followed(folder, tmp_path):
    write_folder(tmp_path / "elsewhere", {"bad.md": document()})
    write_folder(folder, {"en/good.md": document()})
    (folder / "ja").symlink_to(tmp_path / "elsewhere")
    report = run(folder, {})
    assert [file for file, _ in errors(report)] == ["ja/bad.md"]
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


@pytest.mark.parametrize("link", ["en/pictures/a.png", "en/pictures"])
def test_pictures_behind_a_symbolic_link_are_not_taken(folder, tmp_path, link):
    outside = write_folder(tmp_path / "elsewhere", {"a.png": encoded("PNG")})
    write_folder(folder, {"en/bad.md": document("![x](pictures/a.png)"), "en/good.md": document()})
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(outside / "a.png" if link.endswith("png") else outside)
    report = run(folder, {})
    assert errors(report) == [("en/bad.md", 6)]
    assert not PictureFile.objects.exists()


def test_a_picture_of_50_mb_is_refused(folder):
    write_folder(folder, {"en/bad.md": document("![x](pictures/a.png)"), "en/pictures/a.png": encoded("PNG")})
    with (folder / "en/pictures/a.png").open("ab") as file:
        file.truncate(50 * 1024 * 1024)
    assert errors(run(folder, {})) == [("en/bad.md", 6)]


@pytest.mark.parametrize("code", ["de", "tlh", "zh-cn", "xx"])
def test_a_folder_of_a_language_that_the_site_does_not_have_is_named(folder, code):
    report = run(folder, {f"{code}/bad.md": document(), "en/good.md": document()})
    assert errors(report) == [(f"{code}/bad.md", 1)]
    assert report.imported == 1


def test_a_slug_used_twice_in_a_language_is_named_and_the_first_stays(folder):
    files = {"en/a.md": document("First.", slug="same"), "en/b.md": document("Second.", slug="same")}
    report = run(folder, {**files, "ja/c.md": document("三", slug="same")})
    assert errors(report) == [("en/b.md", 4)]
    assert "en/a.md" in report.errors[0].message
    assert stored(Article.objects.get(), "body", "en") == "First.\n"
    assert stored(Article.objects.get(), "body", "ja") == "三\n"


def test_many_bad_files_are_all_named(folder):
    bad = {f"en/{number}.md": content for number, (content, _, _) in enumerate(BAD_DOCUMENTS.values())}
    report = run(folder, {**bad, **{f"{code}/good.md": document() for code in FIVE}, **PICTURES})
    assert {file for file, _ in errors(report)} == set(bad)
    assert report.published == len(FIVE)


def test_a_bad_new_version_leaves_everything_of_the_old_one(folder, media):
    good = document("![x](pictures/a.png)", tags="[one]", related="[other]")
    run(folder, {"en/a.md": good, "en/other.md": document(), "en/pictures/a.png": encoded("PNG")})
    before, kept = counts(), files_below(media)
    bad = document("![x](pictures/a.png) ![y](pictures/none.png)", tags="[two]", category="new", audience="agents")
    report = run(folder, {"en/a.md": bad, "en/pictures/a.png": encoded("PNG", drawing(99))})
    article = Article.objects.get(slug="a")
    assert len(report.errors) == 1
    assert counts() == before
    assert files_below(media) == kept
    assert (article.audience, article.category.slug) == ("public", "help")
    assert [row.to.slug for row in article.related_rows.all()] == ["other"]


def test_related_articles_of_a_bad_file_are_not_taken(folder):
    run(folder, {"en/a.md": document(related="[other]"), "en/other.md": document(), "en/third.md": document()})
    run(folder, {"en/a.md": document("![x](pictures/none.png)", related="[third]")})
    assert [row.to.slug for row in Article.objects.get(slug="a").related_rows.all()] == ["other"]


def test_a_bad_source_does_not_make_its_translation_the_source(folder):
    """Without `source_lang` the others are translated from English, whether its file is good or not."""
    files = {"en/a.md": document("![x](pictures/none.png)"), "ja/a.md": document("日本語")}
    assert len(run(folder, files).errors) == 1
    assert Article.objects.get().source_language == "en"


def test_a_source_that_is_mended_later_counts(folder):
    files = {"en/a.md": document("![x](pictures/none.png)", category="trading"), "ja/a.md": document("日本語")}
    run(folder, files)
    run(folder, {"en/a.md": document("Mended.", category="trading", promoted="true")})
    article = Article.objects.get()
    assert (article.category.slug, article.is_promoted) == ("trading", True)


def test_a_file_name_that_is_not_utf_8_can_still_be_reported(folder):
    write_folder(folder, {"en/good.md": document()})
    (folder / os.fsdecode(b"en/b\xffd.md")).write_text(document())
    printed = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(folder), "--json", stdout=printed)
    assert len(json.loads(printed.getvalue().encode())["errors"]) == 1


# --- What is changed on the way in, with a warning ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("One.\n\n<script>alert(1)</script>", 8),
        ("One\ntwo <iframe src=x></iframe>", 7),
        ("<div onclick=x>One</div>", 6),
        ("One.\n\n![x](/img/old.png)", 8),
        ("One.\n\n![x](https://elsewhere.example/a.png)", 8),
        ("[x](/en/old-page)", 6),
        ("## A {#a}\n\n## B {#a}", 8),
        ("[x](no-such-article.md)", 1),
    ],
)
def test_what_is_changed_on_the_way_in_is_warned_of_by_file_and_line(folder, body, line):
    report = run(folder, {"en/odd.md": document(body)})
    assert report.errors == []
    assert set(warnings(report)) == {("en/odd.md", line)}
    html = stored(Article.objects.get(), "html", "en")
    assert not [odd for odd in ("<script", "<iframe", "onclick", "/img/", "elsewhere", "old-page") if odd in html]


@pytest.mark.parametrize("body", ["One.\n\nTwo <script>alert(1)</script>", "One.\n\n![x](/img/a.png)"])
def test_announcements_are_warned_of_too(folder, body):
    report = run(folder, {"announcements/en/odd.md": document(body, category=None)})
    assert set(warnings(report)) == {("announcements/en/odd.md", 7)}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("One.\n\n[x](https://unknown.example/)", FindingKind.LINK_HOST),
        ("One.\n\nKxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z", FindingKind.SECRET),
    ],
)
def test_findings_are_recorded_for_review_and_do_not_keep_an_import_from_going_public(folder, body, kind):
    report = run(folder, {"en/odd.md": document(body)})
    assert (report.errors, report.published) == ([], 1)
    assert warnings(report) == [("en/odd.md", 8)]
    assert [(finding.kind, finding.line) for finding in Finding.objects.open()] == [(kind, 3)]


@pytest.mark.parametrize(
    "body", ["Write `![x](pictures/none.png)`.", "```\n[x](../../../secret)\n```", "\\[x](../../../y)"]
)
def test_markdown_that_is_shown_as_an_example_is_no_reference(folder, body):
    assert errors(run(folder, {"en/how-to-write.md": document(body)})) == []


# --- What is good ---------------------------------------------------------------------------------------------------


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


# --- Categories and announcements -----------------------------------------------------------------------------------

TREE = """- slug: trading
  name: {en: Trading, ja: 取引, ar: التداول}
  description: {en: How to trade.}
  children:
  - slug: orders
    name: {en: Orders}
  - slug: margin
- slug: account
"""


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


def news(body="Text.", **front):
    return document(body, category=None, published_at="2026-11-16T10:00:00Z", **front)


def test_announcements_come_in_by_language_with_their_window(folder):
    text = {"kind": "maintenance", "starts_at": "2026-11-25T02:00:00Z", "ends_at": "2026-11-25T02:20:00Z"}
    files = {f"announcements/{code}/pause.md": news(f"Text {code}.", band="true", **text) for code in FIVE}
    assert run(folder, files).announcements == 5
    item = Announcement.objects.get()
    assert (item.slug, item.kind, item.is_band, item.source_language) == ("pause", "maintenance", True, "en")
    assert item.ends_at.isoformat() == "2026-11-25T02:20:00+00:00"
    assert [getattr(item, column("body", code)) for code in FIVE] == [f"Text {code}.\n" for code in FIVE]


def test_an_announcement_of_another_source_language_keeps_it(folder):
    files = {"announcements/ja/a.md": news(source_lang="ja", kind="phishing"), "announcements/en/a.md": news()}
    run(folder, files)
    item = Announcement.objects.get()
    assert (item.source_language, item.kind) == ("ja", "phishing")


BAD_NEWS = {
    "another language than its folder": (news(lang="ja"), 4),
    "no front matter": ("Text.\n", 1),
    "no title": (news(title=None), 1),
    "an unknown kind": (news(kind="party"), 4),
    "a day without a time": (document(category=None, published_at="2026-11-16"), 3),
    "words instead of a moment": (document(category=None, published_at="soon"), 3),
    "an end before its beginning": (news(starts_at="2026-11-25T02:00:00Z", ends_at="2026-11-25T01:00:00Z"), None),
    "a band neither true nor false": (news(band="maybe"), 4),
    "a slug with spaces": (news(slug="a b"), 4),
    "not UTF-8": (news("Gebühr").encode("latin-1"), 6),
    "a null character": (news(NUL), 8),
    "a link that climbs out": (news("[x](../../../../etc/passwd)"), 6),
}


@pytest.mark.both
@pytest.mark.parametrize("name", BAD_NEWS)
def test_a_bad_announcement_is_named_with_its_line_and_left_out(folder, name):
    content, line = BAD_NEWS[name]
    report = run(folder, {"announcements/en/bad.md": content, "announcements/en/good.md": news()})
    ((file, found),) = errors(report)
    assert file == "announcements/en/bad.md"
    assert line is None or found == line
    assert list(Announcement.objects.values_list("slug", flat=True)) == ["good"]


def test_an_announcement_slug_used_twice_in_a_language_is_named(folder):
    files = {
        "announcements/en/a.md": news("First.", slug="same"),
        "announcements/en/b.md": news("Second.", slug="same"),
    }
    assert errors(run(folder, files)) == [("announcements/en/b.md", 4)]
    assert Announcement.objects.get().body_en == "First.\n"


# --- The command ----------------------------------------------------------------------------------------------------


def command(folder, *options):
    """Exit code, what it printed, what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", str(folder), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_ends_with_1_where_a_file_was_left_out_and_names_it(folder):
    write_folder(folder, {"en/bad.md": "Just text.", "en/good.md": document("<iframe></iframe>"), "LICENSE": "x"})
    code, out, err = command(folder)
    assert code == 1
    assert "en/bad.md:1: " in err
    assert "en/good.md:6: " in err
    assert "LICENSE" in out
    assert Article.objects.count() == 1


def test_the_command_ends_with_0_where_everything_came_in_even_with_warnings(folder):
    write_folder(folder, {"en/good.md": document("<iframe></iframe>")})
    assert command(folder)[0] == 0


def test_the_report_is_json_where_asked_and_nothing_else(folder):
    write_folder(folder, {"en/bad.md": "Just text.", "ja/good.md": document("<b x>清算</b>"), "LICENSE": "x"})
    code, out, _ = command(folder, "--json")
    report = json.loads(out)
    assert (code, report["imported"], report["published"], report["ignored"]) == (1, 1, 0, ["LICENSE"])
    assert [(error["file"], error["line"]) for error in report["errors"]] == [("en/bad.md", 1)]
    assert [(warning["file"], warning["line"]) for warning in report["warnings"]] == [("ja/good.md", 6)]


def test_a_dry_run_reports_everything_and_stores_nothing(folder, media):
    files = {"categories.yaml": TREE, "announcements/en/a.md": news(), "en/pictures/a.png": encoded("PNG")}
    write_folder(folder, {**files, "en/a.md": document("![x](pictures/a.png)"), "en/bad.md": "Just text."})
    before = counts()
    code, out, _ = command(folder, "--dry-run", "--publish", "--json")
    report = json.loads(out)
    assert (code, report["imported"], report["announcements"], len(report["errors"])) == (1, 1, 1, 1)
    assert counts() == before
    assert files_below(media) == {}


def test_progress_is_shown(folder):
    write_folder(folder, {f"en/a{number}.md": document() for number in range(60)})
    assert "50 of 60" in command(folder)[1]


@pytest.mark.parametrize("place", ["nowhere", "a-file"])
def test_a_folder_that_is_none_is_refused(folder, place):
    write_folder(folder, {"a-file": "x"})
    with pytest.raises(CommandError):
        call_command("import_articles", str(folder / place))


def test_an_empty_folder_is_no_error(folder):
    folder.mkdir()
    assert command(folder)[0] == 0
    assert counts() == dict.fromkeys(counts(), 0)
